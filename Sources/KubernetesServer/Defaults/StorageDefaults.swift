import Kubernetes

/// Defaults of volumes, claims on them and their classes (pkg/apis/core/v1/defaults.go, pkg/apis/storage/v1/defaults.go).
enum StorageDefaults {
  static func volume(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      if spec.isUnset("persistentVolumeReclaimPolicy") { spec["persistentVolumeReclaimPolicy"] = "Retain" }
      spec.setDefault("volumeMode", "Filesystem")
      spec.edit("hostPath") { $0.setDefault("type", "") }
    }
    object.editOrCreate("status") { if $0.isUnset("phase") { $0["phase"] = "Pending" } }
  }

  static func claim(_ object: inout JSONValue) {
    object.edit("spec") { $0.setDefault("volumeMode", "Filesystem") }
    object.editOrCreate("status") { if $0.isUnset("phase") { $0["phase"] = "Pending" } }
  }

  static func storageClass(_ object: inout JSONValue) {
    object.setDefault("reclaimPolicy", "Delete")
    object.setDefault("volumeBindingMode", "Immediate")
  }

  static func driver(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      spec.setDefault("attachRequired", true)
      spec.setDefault("podInfoOnMount", false)
      spec.setDefault("storageCapacity", false)
      spec.setDefault("fsGroupPolicy", "ReadWriteOnceWithFSType")
      if spec.isUnset("volumeLifecycleModes") { spec["volumeLifecycleModes"] = ["Persistent"] }
      spec.setDefault("requiresRepublish", false)
      spec.setDefault("seLinuxMount", false)
    }
  }
}
