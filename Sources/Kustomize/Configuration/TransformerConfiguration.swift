/// Which fields transformers change: the tables, and what a build's configurations and CRDs add
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/internal/plugins/builtinconfig/transformerconfig.go).
struct TransformerConfiguration {
  var namePrefix: [FieldSpec] = []
  var nameSuffix: [FieldSpec] = []
  var namespace: [FieldSpec] = []
  var commonLabels: [FieldSpec] = []
  var labels: [FieldSpec] = []
  var templateLabels: [FieldSpec] = []
  var commonAnnotations: [FieldSpec] = []
  var nameReference: [NameReference] = []
  var varReference: [FieldSpec] = []
  var images: [FieldSpec] = []
  var replicas: [FieldSpec] = []

  /// What is referred to, and the fields that refer to it by name.
  struct NameReference: Equatable {
    var target = GVK()
    var referrers: [FieldSpec] = []
  }

  /// Two entries say of one field both that it is to be made and that it is not.
  struct Conflict: Error {
    var path: String
  }

  static let standard: TransformerConfiguration = {
    var result = TransformerConfiguration()
    result.namePrefix = fields(FieldTables.namePrefix)
    result.nameSuffix = fields(FieldTables.nameSuffix)
    result.namespace = fields(FieldTables.namespace)
    result.commonLabels = fields(FieldTables.commonLabels)
    result.templateLabels = fields(FieldTables.templateLabels)
    result.commonAnnotations = fields(FieldTables.commonAnnotations)
    result.varReference = fields(FieldTables.varReference)
    result.images = fields(FieldTables.images)
    result.replicas = fields(FieldTables.replicas)
    for line in FieldTables.nameReference.pieces("\n") {
      if line.hasSuffix(":") {
        result.nameReference.append(NameReference(target: kind(line.dropLast())))
      } else {
        result.nameReference[result.nameReference.count - 1].referrers += fields(String(line))
      }
    }
    result.sort()
    return result
  }()

  private static func fields(_ table: String) -> [FieldSpec] {
    table.pieces("\n").flatMap { line -> [FieldSpec] in
      let words = line.pieces(" ")
      let creates = words[0].hasPrefix("+")
      let path = String(creates ? words[0].dropFirst() : words[0])
      let head = path.prefix { $0 != "/" }
      if let ways = FieldTables.shorthands[String(head)] {
        return ways.map {
          FieldSpec(gvk: kind($0.kinds[...]), path: $0.path + path.dropFirst(head.count), creates: creates)
        }
      }
      guard words.count > 1 else { return [FieldSpec(path: path, creates: creates)] }
      return words[1].pieces(",").map { FieldSpec(gvk: kind($0), path: path, creates: creates) }
    }
  }

  private static func kind(_ text: Substring) -> GVK {
    let parts = text.pieces(":", keepingEmpty: true)
    guard parts.count == 2 else { return GVK(kind: String(text)) }
    let sides = parts[0].pieces("/", keepingEmpty: true)
    // `%` is a slash within a group, which one entry of the tables has.
    let group = String(sides[0]).replacing("%", with: "/")
    return GVK(group: group, version: sides.count > 1 ? String(sides[1]) : "", kind: String(parts[1]))
  }

  mutating func sort() {
    func sorted(_ fields: [FieldSpec]) -> [FieldSpec] {
      let keys = fields.map { GVK.SortKey($0.gvk) }
      return fields.indices.sorted { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] < keys[$1] }.map { fields[$0] }
    }
    namePrefix = sorted(namePrefix)
    nameSuffix = sorted(nameSuffix)
    namespace = sorted(namespace)
    commonLabels = sorted(commonLabels)
    labels = sorted(labels)
    templateLabels = sorted(templateLabels)
    commonAnnotations = sorted(commonAnnotations)
    nameReference.sort { GVK.SortKey($0.target) < GVK.SortKey($1.target) }
    varReference = sorted(varReference)
    images = sorted(images)
    replicas = sorted(replicas)
  }

  static func merge(_ fields: inout [FieldSpec], _ more: [FieldSpec]) throws(Conflict) {
    for field in more {
      if let known = fields.first(where: { $0.gvk.isSelected(by: field.gvk) && $0.path == field.path }) {
        guard known.creates == field.creates else { throw Conflict(path: field.path) }
      } else {
        fields.append(field)
      }
    }
  }

  mutating func addReference(_ reference: NameReference) throws(Conflict) {
    if let index = nameReference.firstIndex(where: { $0.target == reference.target }) {
      try Self.merge(&nameReference[index].referrers, reference.referrers)
    } else {
      nameReference.append(reference)
    }
  }

  mutating func merge(_ other: TransformerConfiguration) throws(Conflict) {
    try Self.merge(&namePrefix, other.namePrefix)
    try Self.merge(&nameSuffix, other.nameSuffix)
    try Self.merge(&namespace, other.namespace)
    try Self.merge(&commonLabels, other.commonLabels)
    try Self.merge(&labels, other.labels)
    try Self.merge(&templateLabels, other.templateLabels)
    try Self.merge(&commonAnnotations, other.commonAnnotations)
    for reference in other.nameReference { try addReference(reference) }
    try Self.merge(&varReference, other.varReference)
    try Self.merge(&images, other.images)
    try Self.merge(&replicas, other.replicas)
    sort()
  }
}

extension TransformerConfiguration {
  /// Reads a configuration file.
  init(_ node: YAMLNode, file: String) throws(KustomizeError) {
    var reader = try FieldReader(node, file: file, "a transformer configuration", .converting)
    namePrefix = try Self.fields(&reader, "namePrefix")
    nameSuffix = try Self.fields(&reader, "nameSuffix")
    namespace = try Self.fields(&reader, "namespace")
    commonLabels = try Self.fields(&reader, "commonLabels")
    labels = try Self.fields(&reader, "labels")
    templateLabels = try Self.fields(&reader, "templateLabels")
    commonAnnotations = try Self.fields(&reader, "commonAnnotations")
    varReference = try Self.fields(&reader, "varReference")
    images = try Self.fields(&reader, "images")
    replicas = try Self.fields(&reader, "replicas")
    for element in try reader.list("nameReference") {
      var inner = try FieldReader(element, in: reader, "an entry of nameReference")
      let target = try GVK(&inner)
      nameReference.append(NameReference(target: target, referrers: try Self.fields(&inner, "fieldSpecs")))
      try inner.refuseOthers()
    }
    try reader.refuseOthers()
    sort()
  }

  private static func fields(_ reader: inout FieldReader, _ name: String) throws(KustomizeError) -> [FieldSpec] {
    var fields: [FieldSpec] = []
    for element in try reader.list(name) { fields.append(try FieldSpec(element, in: reader)) }
    return fields
  }
}
