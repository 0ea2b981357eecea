import Kubernetes

/// Volumes, claims and their classes (pkg/apis/core/validation, pkg/apis/storage/validation).
extension Findings {
  private static let accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
  private static let reclaimPolicies = ["Delete", "Recycle", "Retain"]

  private mutating func accessModes(_ spec: JSONValue, _ field: Field, _ detail: String = "") {
    let modes = (spec["accessModes"]?.arrayValue ?? []).compactMap(\.stringValue)
    let at = field.child("accessModes")
    if modes.isEmpty { required(at, detail) }
    for mode in modes where !Self.accessModes.contains(mode) { unsupported(at, .string(mode), Self.accessModes) }
    if modes.contains("ReadWriteOncePod"), modes.contains(where: { $0 != "ReadWriteOncePod" }) {
      forbidden(at, "may not use ReadWriteOncePod with other access modes")
    }
  }

  private mutating func storage(_ value: JSONValue?, _ field: Field) {
    guard let value, let amount = try? Quantity(json: value) else { return required(field) }
    if amount <= .zero { invalid(field, value, "must be greater than zero") }
  }

  mutating func persistentVolumeClaim(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    accessModes(spec, field, "at least 1 access mode is required")
    labelSelector(spec["selector"], field.child("selector"))
    storage(spec[path: ["resources", "requests", "storage"]], field.child("resources").key("storage"))
    if let name = spec["storageClassName"]?.stringValue, !name.isEmpty, let problem = Names.subdomain(name) {
      invalid(field.child("storageClassName"), name, problem)
    }
    oneOf(spec["volumeMode"], ["Block", "Filesystem"], field.child("volumeMode"))
    guard let old else { return }
    claimUpdate(object, old: old, field)
  }

  /// A claim stays as it is, but for the volume that it is bound to, a class that it lacked, and more room once bound.
  private mutating func claimUpdate(_ object: JSONValue, old: JSONValue, _ field: Field) {
    let isBound = object[path: ["status", "phase"]] == "Bound"
    let before = old["spec"] ?? .null
    func frozen(_ spec: JSONValue) -> JSONValue {
      var copy = spec
      if before.isUnset("volumeName") { copy["volumeName"] = nil }
      if before["storageClassName"] == nil { copy["storageClassName"] = nil }
      if isBound {
        copy[path: ["resources", "requests", "storage"]] = nil
        copy["volumeAttributesClassName"] = nil
      }
      return copy
    }
    let spec = object["spec"] ?? .null
    if !SemanticEquality.equal(frozen(spec), frozen(before)) {
      forbidden(
        field,
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims")
    }
    let path = ["resources", "requests", "storage"]
    if let now = spec[path: path].flatMap({ try? Quantity(json: $0) }),
      let was = before[path: path].flatMap({ try? Quantity(json: $0) }), now < was
    {
      let capacity = object[path: ["status", "capacity", "storage"]].flatMap { try? Quantity(json: $0) } ?? .zero
      if now <= capacity {
        forbidden(
          field.child("resources").child("requests").child("storage"), "field can not be less than status.capacity")
      }
    }
  }

  private static let volumeSources: Set<String> = [
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker",
    "gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk", "portworxVolume",
    "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
  ]

  mutating func persistentVolume(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    accessModes(spec, field)
    let capacity = spec["capacity"]?.objectValue ?? [:]
    if capacity.isEmpty { required(field.child("capacity")) }
    if capacity["storage"] == nil || capacity.count > 1 {
      unsupported(field.child("capacity"), spec["capacity"] ?? [:], ["storage"])
    }
    for member in capacity { storage(member.value, field.child("capacity").key(member.key)) }
    oneOf(
      spec["persistentVolumeReclaimPolicy"], Self.reclaimPolicies, field.child("persistentVolumeReclaimPolicy"))
    let sources = (spec.objectValue ?? [:]).filter { Self.volumeSources.contains($0.key) && !$0.value.isNull }
    if sources.isEmpty { required(field, "must specify a volume type") }
    for extra in sources.dropFirst() { forbidden(field.child(extra.key), "may not specify more than 1 volume type") }
    for (source, key) in [
      ("hostPath", "path"), ("local", "path"), ("nfs", "path"), ("nfs", "server"), ("csi", "driver"),
      ("csi", "volumeHandle"),
    ] {
      if let value = spec[source], !value.isNull, value.isUnset(key) { required(field.child(source).child(key)) }
    }
    if let local = spec["local"], !local.isNull, spec.isUnset("nodeAffinity") {
      required(field.child("nodeAffinity"), "Local volume requires node affinity")
    }
    if let name = spec["storageClassName"]?.stringValue, !name.isEmpty, let problem = Names.subdomain(name) {
      invalid(field.child("storageClassName"), name, problem)
    }
    oneOf(spec["volumeMode"], ["Block", "Filesystem"], field.child("volumeMode"))
    guard let old = old?["spec"] else { return }
    for key in Self.volumeSources.sorted() where !SemanticEquality.equal(spec[key], old[key]) {
      forbidden(field.child("persistentvolumesource"), "spec.persistentvolumesource is immutable after creation")
      break
    }
    immutable(spec["volumeMode"], was: old["volumeMode"], Field("volumeMode"))
  }

  mutating func storageClass(_ object: JSONValue, old: JSONValue?) {
    let provisioner = object["provisioner"]?.stringValue ?? ""
    if provisioner.isEmpty {
      required(Field("provisioner"))
    } else if let problem = Names.qualified(provisioner.lowercased()) {
      invalid(Field("provisioner"), provisioner, problem)
    }
    oneOf(object["reclaimPolicy"], ["Delete", "Retain"], Field("reclaimPolicy"))
    oneOf(
      object["volumeBindingMode"], ["Immediate", "WaitForFirstConsumer"], Field("volumeBindingMode"), isRequired: true)
    guard let old else { return }
    if !SemanticEquality.equal(object["parameters"], old["parameters"]) {
      forbidden(Field("parameters"), "updates to parameters are forbidden.")
    }
    for key in ["provisioner", "reclaimPolicy"] where !SemanticEquality.equal(object[key], old[key]) {
      forbidden(Field(key), "updates to \(key) are forbidden.")
    }
    immutable(object["volumeBindingMode"], was: old["volumeBindingMode"], Field("volumeBindingMode"))
  }

  mutating func volumeDriver(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    if spec["attachRequired"]?.boolValue == nil { required(field.child("attachedRequired")) }
    let modes = ["Persistent", "Ephemeral"]
    for mode in (spec["volumeLifecycleModes"]?.arrayValue ?? []).compactMap(\.stringValue) where !modes.contains(mode) {
      unsupported(field.child("volumeLifecycleModes"), .string(mode), modes)
    }
    oneOf(
      spec["fsGroupPolicy"], ["File", "None", "ReadWriteOnceWithFSType"], field.child("fsGroupPolicy"))
    if let old = old?["spec"] {
      immutable(spec["attachRequired"], was: old["attachRequired"], field.child("attachedRequired"))
      immutable(spec["volumeLifecycleModes"], was: old["volumeLifecycleModes"], field.child("volumeLifecycleModes"))
    }
  }

  mutating func volumeNode(_ object: JSONValue) {
    var names: Set<String> = []
    for (index, driver) in (object[path: ["spec", "drivers"]]?.arrayValue ?? []).enumerated() {
      let at = Field("spec.drivers").at(index)
      let name = driver["name"]?.stringValue ?? ""
      if name.isEmpty {
        required(at.child("name"))
      } else if !names.insert(name).inserted {
        duplicate(at.child("name"), .string(name))
      }
      if driver.isUnset("nodeID") { required(at.child("nodeID")) }
    }
  }

  mutating func volumeAttachment(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let attacher = spec["attacher"]?.stringValue ?? ""
    if attacher.isEmpty { required(field.child("attacher")) }
    let source = spec["source"] ?? .null
    let name = source.isUnset("persistentVolumeName")
    if name, source.isUnset("inlineVolumeSpec") {
      required(field.child("source"), "must specify exactly one of inlineVolumeSpec and persistentVolumeName")
    }
    if spec.isUnset("nodeName") { required(field.child("nodeName")) }
    if let old, !SemanticEquality.equal(spec, old["spec"]) { invalid(field, spec, "field is immutable") }
  }
}
