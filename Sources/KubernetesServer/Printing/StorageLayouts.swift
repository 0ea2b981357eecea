import Kubernetes

/// Volumes, claims, and the limits of namespaces.
extension TableLayout {
  private static let volumeColumns = [
    Column("StorageClass", "The class it belongs to."), Column("VolumeAttributesClass", "Its attributes, by name."),
  ]

  static let persistentVolume = TableLayout(
    [
      .name,
      Column("Capacity", "How large it is."),
      Column("Access Modes", "How it can be mounted."),
      Column("Reclaim Policy", "What becomes of it when its claim goes."),
      Column("Status", "Whether it is in use."),
      Column("Claim", "The claim that holds it."),
    ] + volumeColumns + [
      Column("Reason", "Why it is in that state."), .age,
      Column("VolumeMode", wide: true, "Whether it has a file system."),
    ]
  ) { object, now in
    let claim = object[path: ["spec", "claimRef"]]
    return [
      object.printedName, .string(object[path: ["spec", "capacity", "storage"]]?.scalarText ?? "0"),
      .string(accessModes(object[path: ["spec", "accessModes"]])),
      .string(object.text("spec", "persistentVolumeReclaimPolicy") ?? ""), .string(phase(object)),
      .string(claim.map { "\($0.text("namespace") ?? "")/\($0.text("name") ?? "")" } ?? ""),
      .string(object.text("spec", "storageClassName") ?? ""),
      .string(object.text("spec", "volumeAttributesClassName") ?? "<unset>"),
      .string(object.text("status", "reason") ?? ""), object.printedAge(now),
      .string(object.text("spec", "volumeMode") ?? "<unset>"),
    ]
  }

  static let persistentVolumeClaim = TableLayout(
    [
      .name,
      Column("Status", "Whether it has a volume."),
      Column("Volume", "The volume that it holds."),
      Column("Capacity", "How large that is."),
      Column("Access Modes", "How that can be mounted."),
    ] + volumeColumns + [.age, Column("VolumeMode", wide: true, "Whether it has a file system.")]
  ) { object, now in
    let volume = object.text("spec", "volumeName") ?? ""
    let capacity = object[path: ["status", "capacity", "storage"]]?.scalarText ?? "0"
    return [
      object.printedName, .string(phase(object)), .string(volume), .string(volume.isEmpty ? "" : capacity),
      .string(volume.isEmpty ? "" : accessModes(object[path: ["status", "accessModes"]])),
      .string(object.text("spec", "storageClassName") ?? ""),
      .string(object.text("spec", "volumeAttributesClassName") ?? "<unset>"), object.printedAge(now),
      .string(object.text("spec", "volumeMode") ?? "<unset>"),
    ]
  }

  private static func phase(_ object: JSONValue) -> String {
    object.text("metadata", "deletionTimestamp") != nil ? "Terminating" : object.text("status", "phase") ?? ""
  }

  /// `RWO,ROX`: each once, in this order.
  private static func accessModes(_ modes: JSONValue?) -> String {
    let short = [
      ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP"),
    ]
    return short.filter { modes?.arrayValue?.contains(.string($0.0)) == true }.map(\.1).joined(separator: ",")
  }

  static let storageClass = TableLayout([
    .name,
    Column("Provisioner", "Who makes the volumes."),
    Column("ReclaimPolicy", "What becomes of a volume when its claim goes."),
    Column("VolumeBindingMode", "When a volume is made."),
    Column("AllowVolumeExpansion", "Whether a claim may ask for more later."),
    .age,
  ]) { object, now in
    let isDefault =
      object[path: ["metadata", "annotations", "storageclass.kubernetes.io/is-default-class"]] == "true"
    return [
      .string((object.text("metadata", "name") ?? "") + (isDefault ? " (default)" : "")),
      .string(object.text("provisioner") ?? ""), .string(object.text("reclaimPolicy") ?? "Delete"),
      .string(object.text("volumeBindingMode") ?? "Immediate"),
      .bool(object["allowVolumeExpansion"]?.boolValue ?? false), object.printedAge(now),
    ]
  }

  static let volumeDriver = TableLayout([
    .name,
    Column("AttachRequired", "boolean", "Whether volumes are attached to nodes first."),
    Column("PodInfoOnMount", "boolean", "Whether the driver is told of the pod."),
    Column("StorageCapacity", "boolean", "Whether the driver tells how much room it has."),
    Column("TokenRequests", "Audiences of tokens that the driver wants."),
    Column("RequiresRepublish", "boolean", "Whether the driver is asked again and again."),
    Column("Modes", "Kinds of volumes."),
    .age,
  ]) { object, now in
    func flag(_ key: String, _ fallback: Bool = false) -> JSONValue {
      .bool(object[path: ["spec", key]]?.boolValue ?? fallback)
    }
    let modes = object.elements("spec", "volumeLifecycleModes").compactMap(\.stringValue).joined(separator: ",")
    let tokens = object[path: ["spec", "tokenRequests"]]?.arrayValue?.compactMap { $0.text("audience") }
    return [
      object.printedName, flag("attachRequired", true), flag("podInfoOnMount"), flag("storageCapacity"),
      .string(tokens?.joined(separator: ",") ?? "<unset>"), flag("requiresRepublish"),
      .string(modes.isEmpty ? "<none>" : modes), object.printedAge(now),
    ]
  }

  static let volumeNode = TableLayout([.name, Column("Drivers", "integer", "How many drivers it has."), .age]) {
    object, now in
    [object.printedName, .integer(Int64(object.elements("spec", "drivers").count)), object.printedAge(now)]
  }

  static let volumeAttachment = TableLayout([
    .name, Column("Attacher", "Who attaches it."), Column("PV", "The volume."), Column("Node", "The node."),
    Column("Attached", "boolean", "Whether it is attached."), .age,
  ]) { object, now in
    [
      object.printedName, .string(object.text("spec", "attacher") ?? ""),
      .string(object.text("spec", "source", "persistentVolumeName") ?? ""),
      .string(object.text("spec", "nodeName") ?? ""), .bool(object[path: ["status", "attached"]]?.boolValue ?? false),
      object.printedAge(now),
    ]
  }

  static let limitRange = TableLayout([.name, Column("Created At", "date", "When it was created.")]) { object, _ in
    [object.printedName, .string(object.text("metadata", "creationTimestamp") ?? "<unknown>")]
  }

  static let resourceQuota = TableLayout([
    .name, .age, Column("Request", "What is used of the requests."), Column("Limit", "What is used of the limits."),
  ]) { object, now in
    let hard = object[path: ["status", "hard"]]?.objectValue?.sortedByKey() ?? [:]
    func use(_ areLimits: Bool) -> JSONValue {
      .string(
        hard.filter { $0.key.hasPrefix("limits.") == areLimits }.map { member in
          let used = object[path: ["status", "used", member.key]]?.scalarText ?? "0"
          return "\(member.key): \(used)/\(member.value.scalarText)"
        }.joined(separator: ", "))
    }
    return [object.printedName, object.printedAge(now), use(false), use(true)]
  }

  static let priorityClass = TableLayout([
    .name, Column("Value", "integer", "How important the pods are."),
    Column("Global-Default", "boolean", "Whether pods that name no class have this one."), .age,
    Column("PreemptionPolicy", "Whether the pods may push out others."),
  ]) { object, now in
    [
      object.printedName, .integer(object.number("value") ?? 0), .bool(object["globalDefault"]?.boolValue ?? false),
      object.printedAge(now), .string(object.text("preemptionPolicy") ?? "PreemptLowerPriority"),
    ]
  }

  static let runtimeClass = TableLayout([.name, Column("Handler", "What the node calls it."), .age]) { object, now in
    [object.printedName, .string(object.text("handler") ?? ""), object.printedAge(now)]
  }
}
