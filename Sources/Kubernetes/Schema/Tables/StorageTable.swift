extension SchemaTable {
  /// Classes of volumes, and their drivers.
  static let storage = """
    @ io.k8s.api.storage.v1 storage.k8s.io/v1
    StorageClass kind | How volumes are made for claims that name this class. Cannot be changed.
    - allowVolumeExpansion bool #6? | Whether a claim may ask for more later.
    - allowedTopologies [TopologySelectorTerm] #8 atomic | Where volumes can be made.
    - mountOptions [string] #5 atomic | Options of mount.
    - parameters {string} #3 | What the provisioner is told.
    - provisioner! string #2 | Who makes the volumes.
    - reclaimPolicy string #4? (Delete,Recycle,Retain) | What becomes of a volume when its claim goes. Delete by \
      default.
    - volumeBindingMode string #7? (Immediate,WaitForFirstConsumer) | Immediate, or WaitForFirstConsumer.
    CSIDriver kind | What a driver of volumes can do.
    - spec! CSIDriverSpec #2 | What is wanted.
    CSIDriverSpec | What the driver can do.
    - attachRequired bool #1?
    - fsGroupPolicy string #5?
    - podInfoOnMount bool #2?
    - requiresRepublish bool #7?
    - seLinuxMount bool #8?
    - storageCapacity bool #4?
    - tokenRequests [TokenRequest] #6 atomic
    - volumeLifecycleModes [string] #3 set
    TokenRequest | Asks for a token of a service account.
    - audience! string #1
    - expirationSeconds int64 #2?
    CSINode kind | The drivers of volumes that a node has.
    - spec! CSINodeSpec #2 | What is wanted.
    CSINodeSpec
    - drivers! [CSINodeDriver] #1 merge=name map=name
    CSINodeDriver
    - allocatable VolumeNodeResources #4?
    - name! string #1
    - nodeID! string #2
    - topologyKeys [string] #3 always atomic
    VolumeNodeResources
    - count int32 #1?
    VolumeAttachment kind | Attaches a volume to a node.
    - spec! VolumeAttachmentSpec #2 | What is wanted.
    - status VolumeAttachmentStatus #3 | What was last seen.
    VolumeAttachmentSpec | Which volume to which node, and by whom.
    - attacher! string #1
    - nodeName! string #3
    - source! VolumeAttachmentSource #2
    VolumeAttachmentSource
    - inlineVolumeSpec PersistentVolumeSpec #2?
    - persistentVolumeName string #1?
    VolumeAttachmentStatus | Whether it is attached.
    - attachError VolumeError #3?
    - attached! bool #1
    - attachmentMetadata {string} #2
    - detachError VolumeError #4?
    VolumeError
    - message string #2
    - time Time #1
    @ io.k8s.api.core.v1 v1
    TopologySelectorTerm atomic
    - matchLabelExpressions [TopologySelectorLabelRequirement] #1 atomic
    TopologySelectorLabelRequirement
    - key! string #1
    - values! [string] #2 atomic
    """
}
