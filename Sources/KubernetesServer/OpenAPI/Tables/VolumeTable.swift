extension SchemaTable {
  /// Volumes and mounts.
  static let volumes = """
    @ io.k8s.api.core.v1 v1
    VolumeMount | A volume, and where it appears in a container.
    - mountPath! string | The path in the container.
    - mountPropagation string | Whether mounts made later are shared: None, HostToContainer or Bidirectional.
    - name! string | The volume's name.
    - readOnly bool | Whether it can only be read.
    - recursiveReadOnly string | Whether that holds for mounts below it: Disabled, IfPossible or Enabled.
    - subPath string | A path within the volume.
    - subPathExpr string | The same, with $(NAME) replaced by variables.
    VolumeDevice | A volume given as a block device.
    - devicePath! string | The path in the container.
    - name! string | The volume's name.
    Volume | Something that containers can mount. Beside its name it has one source.
    - awsElasticBlockStore any | Source: a disk of Amazon EBS, in the old in-tree form.
    - azureDisk any | Source: a disk of Azure, in the old in-tree form.
    - azureFile any | Source: a share of Azure, in the old in-tree form.
    - cephfs any | Source: CephFS, in the old in-tree form.
    - cinder any | Source: OpenStack Cinder, in the old in-tree form.
    - configMap ConfigMapVolumeSource | Source: the keys of a ConfigMap as files.
    - csi CSIVolumeSource | Source: a CSI driver's volume for this pod alone.
    - downwardAPI DownwardAPIVolumeSource | Source: fields of the pod as files.
    - emptyDir EmptyDirVolumeSource | Source: an empty directory that lives as long as the pod.
    - ephemeral EphemeralVolumeSource | Source: a claim made for this pod alone.
    - fc any | Source: Fibre Channel.
    - flexVolume any | Source: a FlexVolume plugin, in the old form.
    - flocker any | Source: Flocker, in the old in-tree form.
    - gcePersistentDisk any | Source: a disk of Google, in the old in-tree form.
    - gitRepo any | Source: a git repository, in the old form.
    - glusterfs any | Source: GlusterFS, in the old in-tree form.
    - hostPath HostPathVolumeSource | Source: a path of the node.
    - image ImageVolumeSource | Source: the content of an image.
    - iscsi any | Source: iSCSI.
    - name! string | Unique in the pod; a DNS label.
    - nfs NFSVolumeSource | Source: an NFS export.
    - persistentVolumeClaim PersistentVolumeClaimVolumeSource | Source: a claim in the same namespace.
    - photonPersistentDisk any | Source: Photon, in the old in-tree form.
    - portworxVolume any | Source: Portworx, in the old in-tree form.
    - projected ProjectedVolumeSource | Source: several sources in one directory.
    - quobyte any | Source: Quobyte, in the old in-tree form.
    - rbd any | Source: Ceph RBD, in the old in-tree form.
    - scaleIO any | Source: ScaleIO, in the old in-tree form.
    - secret SecretVolumeSource | Source: the keys of a Secret as files.
    - storageos any | Source: StorageOS, in the old in-tree form.
    - vsphereVolume any | Source: vSphere, in the old in-tree form.
    KeyToPath | A key, and the file it becomes.
    - key! string | The key.
    - mode int32 | The file's mode.
    - path! string | The file's path.
    ConfigMapVolumeSource | A ConfigMap as files.
    - defaultMode int32 | The files' mode. 0644 by default.
    - items [KeyToPath] atomic | Which keys; all where absent.
    - name string | The ConfigMap's name.
    - optional bool | Whether the pod starts without it.
    SecretVolumeSource | A Secret as files.
    - defaultMode int32 | The files' mode. 0644 by default.
    - items [KeyToPath] atomic | Which keys; all where absent.
    - optional bool | Whether the pod starts without it.
    - secretName string | The Secret's name.
    CSIVolumeSource | A CSI driver's volume.
    - driver! string | The driver.
    - fsType string | The file system.
    - nodePublishSecretRef LocalObjectReference | A Secret for the driver.
    - readOnly bool | Whether it can only be read.
    - volumeAttributes {string} | What the driver wants to know.
    DownwardAPIVolumeSource | Fields of the pod as files.
    - defaultMode int32 | The files' mode. 0644 by default.
    - items [DownwardAPIVolumeFile] atomic | The files.
    DownwardAPIVolumeFile | A field of the pod as a file.
    - fieldRef ObjectFieldSelector | The field.
    - mode int32 | The file's mode.
    - path! string | The file's path.
    - resourceFieldRef ResourceFieldSelector | A request or limit of a container.
    EmptyDirVolumeSource | An empty directory.
    - medium string | Memory, or the node's disk where empty.
    - sizeLimit Quantity | The most that it may hold.
    HostPathVolumeSource | A path of the node.
    - path! string | The path.
    - type string | What must be there: Directory, File, Socket … or nothing in particular where empty.
    ImageVolumeSource | The content of an image.
    - pullPolicy string | Always, IfNotPresent or Never.
    - reference string | The image.
    NFSVolumeSource | An NFS export.
    - path! string | The exported path.
    - readOnly bool | Whether it can only be read.
    - server! string | The server.
    PersistentVolumeClaimVolumeSource | A claim.
    - claimName! string | The claim's name.
    - readOnly bool | Whether it can only be read.
    ProjectedVolumeSource | Several sources in one directory.
    - defaultMode int32 | The files' mode. 0644 by default.
    - sources [VolumeProjection] atomic | The sources.
    VolumeProjection | One of the sources.
    - clusterTrustBundle ClusterTrustBundleProjection | Certificates that are trusted.
    - configMap ConfigMapProjection | A ConfigMap.
    - downwardAPI DownwardAPIProjection | Fields of the pod.
    - secret SecretProjection | A Secret.
    - serviceAccountToken ServiceAccountTokenProjection | A token of the service account.
    ClusterTrustBundleProjection | Certificates that are trusted.
    - labelSelector LabelSelector | Which bundles, by label.
    - name string | Which bundle, by name.
    - optional bool | Whether the pod starts without it.
    - path! string | The file's path.
    - signerName string | Which bundles, by signer.
    ConfigMapProjection | A ConfigMap as files.
    - items [KeyToPath] atomic | Which keys; all where absent.
    - name string | The ConfigMap's name.
    - optional bool | Whether the pod starts without it.
    SecretProjection : ConfigMapProjection | A Secret as files.
    DownwardAPIProjection | Fields of the pod as files.
    - items [DownwardAPIVolumeFile] atomic | The files.
    ServiceAccountTokenProjection | A token of the service account.
    - audience string | For whom the token is meant.
    - expirationSeconds int64 | Seconds that it is valid. 3600 by default.
    - path! string | The file's path.
    EphemeralVolumeSource | A claim made for a pod alone.
    - volumeClaimTemplate PersistentVolumeClaimTemplate | What the claim will be like.
    PersistentVolumeClaimTemplate | What a claim will be like.
    - metadata ObjectMeta | Labels and annotations of the claim.
    - spec! PersistentVolumeClaimSpec | What is claimed.
    PersistentVolumeClaimSpec | What is claimed.
    - accessModes [string] atomic | ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.
    - dataSource TypedLocalObjectReference | What it is filled with.
    - dataSourceRef TypedObjectReference | The same, from any namespace.
    - resources VolumeResourceRequirements | How large.
    - selector LabelSelector | Which volumes.
    - storageClassName string | Which class of storage.
    - volumeAttributesClassName string | Which attributes.
    - volumeMode string | Filesystem or Block.
    - volumeName string | Which volume.
    VolumeResourceRequirements | How large a volume.
    - limits {Quantity} | At most.
    - requests {Quantity} | At least.
    TypedLocalObjectReference | An object of the same namespace.
    - apiGroup string | Its group.
    - kind! string | Its kind.
    - name! string | Its name.
    TypedObjectReference : TypedLocalObjectReference | An object of any namespace.
    - namespace string | Its namespace.
    """
}
