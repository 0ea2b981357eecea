extension SchemaTable {
  /// Volumes that pods mount.
  static let volumes = """
    @ io.k8s.api.core.v1 v1
    VolumeMount | A volume, and where it appears in a container.
    - mountPath! string #3 | The path in the container.
    - mountPropagation string #5? (Bidirectional,HostToContainer,None) | Whether mounts made later are shared: None, \
      HostToContainer or Bidirectional.
    - name! string #1 | The volume's name.
    - readOnly bool #2 | Whether it can only be read.
    - recursiveReadOnly string #7? | Whether that holds for mounts below it: Disabled, IfPossible or Enabled.
    - subPath string #4 | A path within the volume.
    - subPathExpr string #6 | The same, with $(NAME) replaced by variables.
    VolumeDevice | A volume given as a block device.
    - devicePath! string #2 | The path in the container.
    - name! string #1 | The volume's name.
    Volume | Something that containers can mount. Beside its name it has one source.
    - awsElasticBlockStore AWSElasticBlockStoreVolumeSource #2.4? | Source: a disk of Amazon EBS, in the old in-tree \
      form.
    - azureDisk AzureDiskVolumeSource #2.22? | Source: a disk of Azure, in the old in-tree form.
    - azureFile AzureFileVolumeSource #2.18? | Source: a share of Azure, in the old in-tree form.
    - cephfs CephFSVolumeSource #2.14? | Source: CephFS, in the old in-tree form.
    - cinder CinderVolumeSource #2.13? | Source: OpenStack Cinder, in the old in-tree form.
    - configMap ConfigMapVolumeSource #2.19? | Source: the keys of a ConfigMap as files.
    - csi CSIVolumeSource #2.28? | Source: a CSI driver's volume for this pod alone.
    - downwardAPI DownwardAPIVolumeSource #2.16? | Source: fields of the pod as files.
    - emptyDir EmptyDirVolumeSource #2.2? | Source: an empty directory that lives as long as the pod.
    - ephemeral EphemeralVolumeSource #2.29? | Source: a claim made for this pod alone.
    - fc FCVolumeSource #2.17? | Source: Fibre Channel.
    - flexVolume FlexVolumeSource #2.12? | Source: a FlexVolume plugin, in the old form.
    - flocker FlockerVolumeSource #2.15? | Source: Flocker, in the old in-tree form.
    - gcePersistentDisk GCEPersistentDiskVolumeSource #2.3? | Source: a disk of Google, in the old in-tree form.
    - gitRepo GitRepoVolumeSource #2.5? | Source: a git repository, in the old form.
    - glusterfs GlusterfsVolumeSource #2.9? | Source: GlusterFS, in the old in-tree form.
    - hostPath HostPathVolumeSource #2.1? | Source: a path of the node.
    - image ImageVolumeSource #2.30? | Source: the content of an image.
    - iscsi ISCSIVolumeSource #2.8? | Source: iSCSI.
    - name! string #1 | Unique in the pod; a DNS label.
    - nfs NFSVolumeSource #2.7? | Source: an NFS export.
    - persistentVolumeClaim PersistentVolumeClaimVolumeSource #2.10? | Source: a claim in the same namespace.
    - photonPersistentDisk PhotonPersistentDiskVolumeSource #2.23? | Source: Photon, in the old in-tree form.
    - portworxVolume PortworxVolumeSource #2.24? | Source: Portworx, in the old in-tree form.
    - projected ProjectedVolumeSource #2.26? | Source: several sources in one directory.
    - quobyte QuobyteVolumeSource #2.21? | Source: Quobyte, in the old in-tree form.
    - rbd RBDVolumeSource #2.11? | Source: Ceph RBD, in the old in-tree form.
    - scaleIO ScaleIOVolumeSource #2.25? | Source: ScaleIO, in the old in-tree form.
    - secret SecretVolumeSource #2.6? | Source: the keys of a Secret as files.
    - storageos StorageOSVolumeSource #2.27? | Source: StorageOS, in the old in-tree form.
    - vsphereVolume VsphereVirtualDiskVolumeSource #2.20? | Source: vSphere, in the old in-tree form.
    KeyToPath | A key, and the file it becomes.
    - key! string #1 | The key.
    - mode int32 #3? | The file's mode.
    - path! string #2 | The file's path.
    ConfigMapVolumeSource | A ConfigMap as files.
    - defaultMode int32 #3? | The files' mode. 0644 by default.
    - items [KeyToPath] #2 atomic | Which keys; all where absent.
    - name string #1.1 | The ConfigMap's name.
    - optional bool #4? | Whether the pod starts without it.
    SecretVolumeSource | A Secret as files.
    - defaultMode int32 #3? | The files' mode. 0644 by default.
    - items [KeyToPath] #2 atomic | Which keys; all where absent.
    - optional bool #4? | Whether the pod starts without it.
    - secretName string #1 | The Secret's name.
    CSIVolumeSource | A CSI driver's volume.
    - driver! string #1 | The driver.
    - fsType string #3? | The file system.
    - nodePublishSecretRef LocalObjectReference #5? | A Secret for the driver.
    - readOnly bool #2? | Whether it can only be read.
    - volumeAttributes {string} #4 | What the driver wants to know.
    DownwardAPIVolumeSource | Fields of the pod as files.
    - defaultMode int32 #2? | The files' mode. 0644 by default.
    - items [DownwardAPIVolumeFile] #1 atomic | The files.
    DownwardAPIVolumeFile | A field of the pod as a file.
    - fieldRef ObjectFieldSelector #2? | The field.
    - mode int32 #4? | The file's mode.
    - path! string #1 | The file's path.
    - resourceFieldRef ResourceFieldSelector #3? | A request or limit of a container.
    EmptyDirVolumeSource | An empty directory.
    - medium string #1 | Memory, or the node's disk where empty.
    - sizeLimit Quantity #2? | The most that it may hold.
    HostPathVolumeSource | A path of the node.
    - path! string #1 | The path.
    - type string #2? (BlockDevice,CharDevice,Directory,DirectoryOrCreate,File,FileOrCreate,Socket) | What must be \
      there: Directory, File, Socket … or nothing in particular where empty.
    ImageVolumeSource | The content of an image.
    - pullPolicy string #2 (Always,IfNotPresent,Never) | Always, IfNotPresent or Never.
    - reference string #1 | The image.
    NFSVolumeSource | An NFS export.
    - path! string #2 | The exported path.
    - readOnly bool #3 | Whether it can only be read.
    - server! string #1 | The server.
    PersistentVolumeClaimVolumeSource | A claim.
    - claimName! string #1 | The claim's name.
    - readOnly bool #2 | Whether it can only be read.
    ProjectedVolumeSource | Several sources in one directory.
    - defaultMode int32 #2? | The files' mode. 0644 by default.
    - sources [VolumeProjection] #1 always atomic | The sources.
    VolumeProjection | One of the sources.
    - clusterTrustBundle ClusterTrustBundleProjection #5? | Certificates that are trusted.
    - configMap ConfigMapProjection #3? | A ConfigMap.
    - downwardAPI DownwardAPIProjection #2? | Fields of the pod.
    - secret SecretProjection #1? | A Secret.
    - serviceAccountToken ServiceAccountTokenProjection #4? | A token of the service account.
    ClusterTrustBundleProjection | Certificates that are trusted.
    - labelSelector LabelSelector #3? | Which bundles, by label.
    - name string #1? | Which bundle, by name.
    - optional bool #5? | Whether the pod starts without it.
    - path! string #4 | The file's path.
    - signerName string #2? | Which bundles, by signer.
    ConfigMapProjection | A ConfigMap as files.
    - items [KeyToPath] #2 atomic | Which keys; all where absent.
    - name string #1.1 | The ConfigMap's name.
    - optional bool #4? | Whether the pod starts without it.
    SecretProjection : ConfigMapProjection | A Secret as files.
    DownwardAPIProjection | Fields of the pod as files.
    - items [DownwardAPIVolumeFile] #1 atomic | The files.
    ServiceAccountTokenProjection | A token of the service account.
    - audience string #1 | For whom the token is meant.
    - expirationSeconds int64 #2? | Seconds that it is valid. 3600 by default.
    - path! string #3 | The file's path.
    EphemeralVolumeSource | A claim made for a pod alone.
    - volumeClaimTemplate PersistentVolumeClaimTemplate #1? | What the claim will be like.
    PersistentVolumeClaimTemplate | What a claim will be like.
    - metadata ObjectMeta #1 | Labels and annotations of the claim.
    - spec! PersistentVolumeClaimSpec #2 | What is claimed.
    PersistentVolumeClaimSpec | What is claimed.
    - accessModes [string] #1 atomic | ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.
    - dataSource TypedLocalObjectReference #7? | What it is filled with.
    - dataSourceRef TypedObjectReference #8? | The same, from any namespace.
    - resources VolumeResourceRequirements #2 | How large.
    - selector LabelSelector #4? | Which volumes.
    - storageClassName string #5? | Which class of storage.
    - volumeAttributesClassName string #9? | Which attributes.
    - volumeMode string #6? (Block,Filesystem) | Filesystem or Block.
    - volumeName string #3 | Which volume.
    VolumeResourceRequirements | How large a volume.
    - limits {Quantity} #1 | At most.
    - requests {Quantity} #2 | At least.
    TypedLocalObjectReference atomic | An object of the same namespace.
    - apiGroup string #1? always | Its group.
    - kind! string #2 | Its kind.
    - name! string #3 | Its name.
    TypedObjectReference : TypedLocalObjectReference | An object of any namespace.
    - namespace string #4? | Its namespace.
    GitRepoVolumeSource
    - directory string #3
    - repository! string #1
    - revision string #2
    ISCSIVolumeSource
    - chapAuthDiscovery bool #8
    - chapAuthSession bool #11
    - fsType string #5 | The file system, such as ext4.
    - initiatorName string #12?
    - iqn! string #2
    - iscsiInterface string #4 default=default
    - lun! int32 #3
    - portals [string] #7 atomic
    - readOnly bool #6 | Whether it can only be read.
    - secretRef LocalObjectReference #10?
    - targetPortal! string #1
    GlusterfsVolumeSource
    - endpoints! string #1
    - path! string #2
    - readOnly bool #3 | Whether it can only be read.
    RBDVolumeSource
    - fsType string #3 | The file system, such as ext4.
    - image! string #2
    - keyring string #6 default=/etc/ceph/keyring
    - monitors! [string] #1 atomic
    - pool string #4 default=rbd
    - readOnly bool #8 | Whether it can only be read.
    - secretRef LocalObjectReference #7?
    - user string #5 default=admin
    FlexVolumeSource
    - driver! string #1
    - fsType string #2 | The file system, such as ext4.
    - options {string} #5
    - readOnly bool #4 | Whether it can only be read.
    - secretRef LocalObjectReference #3?
    CinderVolumeSource
    - fsType string #2 | The file system, such as ext4.
    - readOnly bool #3 | Whether it can only be read.
    - secretRef LocalObjectReference #4?
    - volumeID! string #1
    CephFSVolumeSource
    - monitors! [string] #1 atomic
    - path string #2
    - readOnly bool #6 | Whether it can only be read.
    - secretFile string #4
    - secretRef LocalObjectReference #5?
    - user string #3
    AzureFileVolumeSource
    - readOnly bool #3 | Whether it can only be read.
    - secretName! string #1
    - shareName! string #2
    ScaleIOVolumeSource
    - fsType string #9 default=xfs | The file system, such as ext4.
    - gateway! string #1
    - protectionDomain string #5
    - readOnly bool #10 | Whether it can only be read.
    - secretRef! LocalObjectReference #3?
    - sslEnabled bool #4
    - storageMode string #7 default=ThinProvisioned
    - storagePool string #6
    - system! string #2
    - volumeName string #8
    StorageOSVolumeSource
    - fsType string #3 | The file system, such as ext4.
    - readOnly bool #4 | Whether it can only be read.
    - secretRef LocalObjectReference #5?
    - volumeName string #1
    - volumeNamespace string #2
    """
}
