extension SchemaTable {
  /// Volumes that outlive pods, and claims on them.
  static let persistentVolumes = """
    @ io.k8s.api.core.v1 v1
    PersistentVolumeClaim kind | Asks for a volume, and holds it once there is one.
    - spec PersistentVolumeClaimSpec #2 | What is asked for.
    - status PersistentVolumeClaimStatus #3 | What was given.
    PersistentVolumeClaimStatus | What a claim was given.
    - accessModes [string] #2 atomic | How the volume can be mounted.
    - allocatedResourceStatuses {string} #7 granular
    - allocatedResources {Quantity} #5
    - capacity {Quantity} #3 | How large it is.
    - conditions [PersistentVolumeClaimCondition] #4 merge=type map=type
    - currentVolumeAttributesClassName string #8?
    - modifyVolumeStatus ModifyVolumeStatus #9?
    - phase string #1 (Bound,Lost,Pending) | Pending, Bound or Lost.
    PersistentVolumeClaimCondition | One aspect of a claim's state.
    - lastProbeTime Time #3 | When it was last looked at.
    - lastTransitionTime Time #4 | When it last changed.
    - message string #6 | For people.
    - reason string #5 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    ModifyVolumeStatus | How far a change of the volume's attributes is.
    - status! string #2 (InProgress,Infeasible,Pending)
    - targetVolumeAttributesClassName string #1
    PersistentVolume kind | A volume of the cluster.
    - spec PersistentVolumeSpec #2 | What the volume is, and for whom.
    - status PersistentVolumeStatus #3 | Whether it is in use.
    PersistentVolumeSpec | What a volume is, and for whom. One source.
    - accessModes [string] #3 atomic | How it can be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, \
      ReadWriteOncePod.
    - awsElasticBlockStore AWSElasticBlockStoreVolumeSource #2.2?
    - azureDisk AzureDiskVolumeSource #2.16?
    - azureFile AzureFilePersistentVolumeSource #2.13?
    - capacity {Quantity} #1 | How large it is.
    - cephfs CephFSPersistentVolumeSource #2.9?
    - cinder CinderPersistentVolumeSource #2.8?
    - claimRef ObjectReference #4? granular | The claim that holds it.
    - csi CSIPersistentVolumeSource #2.22? | A volume of a CSI driver.
    - fc FCVolumeSource #2.10?
    - flexVolume FlexPersistentVolumeSource #2.12?
    - flocker FlockerVolumeSource #2.11?
    - gcePersistentDisk GCEPersistentDiskVolumeSource #2.1?
    - glusterfs GlusterfsPersistentVolumeSource #2.4?
    - hostPath HostPathVolumeSource #2.3? | A directory of the node, for tests on one node.
    - iscsi ISCSIPersistentVolumeSource #2.7?
    - local LocalVolumeSource #2.20? | A disk of one node.
    - mountOptions [string] #7 atomic | Options of mount.
    - nfs NFSVolumeSource #2.5? | A directory of an NFS server.
    - nodeAffinity VolumeNodeAffinity #9? | Nodes that can reach it.
    - persistentVolumeReclaimPolicy string #5 (Delete,Recycle,Retain) | What becomes of it when its claim goes: \
      Retain or Delete.
    - photonPersistentDisk PhotonPersistentDiskVolumeSource #2.17?
    - portworxVolume PortworxVolumeSource #2.18?
    - quobyte QuobyteVolumeSource #2.15?
    - rbd RBDPersistentVolumeSource #2.6?
    - scaleIO ScaleIOPersistentVolumeSource #2.19?
    - storageClassName string #6 | The class it belongs to.
    - storageos StorageOSPersistentVolumeSource #2.21?
    - volumeAttributesClassName string #10? | The attributes it has, by name.
    - volumeMode string #8? (Block,Filesystem) | Filesystem or Block. Filesystem by default.
    - vsphereVolume VsphereVirtualDiskVolumeSource #2.14?
    GCEPersistentDiskVolumeSource
    - fsType string #2 | The file system, such as ext4.
    - partition int32 #3
    - pdName! string #1
    - readOnly bool #4 | Whether it can only be read.
    AWSElasticBlockStoreVolumeSource
    - fsType string #2 | The file system, such as ext4.
    - partition int32 #3
    - readOnly bool #4 | Whether it can only be read.
    - volumeID! string #1
    GlusterfsPersistentVolumeSource
    - endpoints! string #1
    - endpointsNamespace string #4?
    - path! string #2
    - readOnly bool #3 | Whether it can only be read.
    RBDPersistentVolumeSource
    - fsType string #3 | The file system, such as ext4.
    - image! string #2
    - keyring string #6 default=/etc/ceph/keyring
    - monitors! [string] #1 atomic
    - pool string #4 default=rbd
    - readOnly bool #8 | Whether it can only be read.
    - secretRef SecretReference #7?
    - user string #5 default=admin
    SecretReference atomic | A secret of any namespace.
    - name string #1
    - namespace string #2
    ISCSIPersistentVolumeSource
    - chapAuthDiscovery bool #8
    - chapAuthSession bool #11
    - fsType string #5 | The file system, such as ext4.
    - initiatorName string #12?
    - iqn! string #2
    - iscsiInterface string #4 default=default
    - lun! int32 #3
    - portals [string] #7 atomic
    - readOnly bool #6 | Whether it can only be read.
    - secretRef SecretReference #10?
    - targetPortal! string #1
    CinderPersistentVolumeSource
    - fsType string #2 | The file system, such as ext4.
    - readOnly bool #3 | Whether it can only be read.
    - secretRef SecretReference #4?
    - volumeID! string #1
    CephFSPersistentVolumeSource
    - monitors! [string] #1 atomic
    - path string #2
    - readOnly bool #6 | Whether it can only be read.
    - secretFile string #4
    - secretRef SecretReference #5?
    - user string #3
    FCVolumeSource
    - fsType string #3 | The file system, such as ext4.
    - lun int32 #2?
    - readOnly bool #4 | Whether it can only be read.
    - targetWWNs [string] #1 atomic
    - wwids [string] #5 atomic
    FlockerVolumeSource
    - datasetName string #1
    - datasetUUID string #2
    FlexPersistentVolumeSource
    - driver! string #1
    - fsType string #2 | The file system, such as ext4.
    - options {string} #5
    - readOnly bool #4 | Whether it can only be read.
    - secretRef SecretReference #3?
    AzureFilePersistentVolumeSource
    - readOnly bool #3 | Whether it can only be read.
    - secretName! string #1
    - secretNamespace string #4? always
    - shareName! string #2
    VsphereVirtualDiskVolumeSource
    - fsType string #2 | The file system, such as ext4.
    - storagePolicyID string #4
    - storagePolicyName string #3
    - volumePath! string #1
    QuobyteVolumeSource
    - group string #5
    - readOnly bool #3 | Whether it can only be read.
    - registry! string #1
    - tenant string #6
    - user string #4
    - volume! string #2
    AzureDiskVolumeSource
    - cachingMode string #3? (None,ReadOnly,ReadWrite)
    - diskName! string #1
    - diskURI! string #2
    - fsType string #4? default=ext4 | The file system, such as ext4.
    - kind string #6? (Dedicated,Managed,Shared)
    - readOnly bool #5? default=false | Whether it can only be read.
    PhotonPersistentDiskVolumeSource
    - fsType string #2 | The file system, such as ext4.
    - pdID! string #1
    PortworxVolumeSource
    - fsType string #2 | The file system, such as ext4.
    - readOnly bool #3 | Whether it can only be read.
    - volumeID! string #1
    ScaleIOPersistentVolumeSource
    - fsType string #9 default=xfs | The file system, such as ext4.
    - gateway! string #1
    - protectionDomain string #5
    - readOnly bool #10 | Whether it can only be read.
    - secretRef! SecretReference #3?
    - sslEnabled bool #4
    - storageMode string #7 default=ThinProvisioned
    - storagePool string #6
    - system! string #2
    - volumeName string #8
    LocalVolumeSource | A disk of one node.
    - fsType string #2? | The file system, such as ext4.
    - path! string #1
    StorageOSPersistentVolumeSource
    - fsType string #3 | The file system, such as ext4.
    - readOnly bool #4 | Whether it can only be read.
    - secretRef ObjectReference #5?
    - volumeName string #1
    - volumeNamespace string #2
    CSIPersistentVolumeSource | A volume of a CSI driver.
    - controllerExpandSecretRef SecretReference #9?
    - controllerPublishSecretRef SecretReference #6?
    - driver! string #1
    - fsType string #4 | The file system, such as ext4.
    - nodeExpandSecretRef SecretReference #10?
    - nodePublishSecretRef SecretReference #8?
    - nodeStageSecretRef SecretReference #7?
    - readOnly bool #3 | Whether it can only be read.
    - volumeAttributes {string} #5
    - volumeHandle! string #2
    VolumeNodeAffinity | Nodes that can reach a volume.
    - required NodeSelector #1?
    PersistentVolumeStatus | Whether a volume is in use.
    - lastPhaseTransitionTime Time #4?
    - message string #2
    - phase string #1 (Available,Bound,Failed,Pending,Released) | Pending, Available, Bound, Released or Failed.
    - reason string #3
    """
}
