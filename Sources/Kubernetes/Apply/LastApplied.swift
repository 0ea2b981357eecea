/// The annotation in which kubectl kept, before there was server-side apply, what it applied last.
///
/// kubectl alone goes from one to the other without conflicts, and the annotation is kept right for a way back
/// (https://github.com/kubernetes/apimachinery/blob/master/pkg/util/managedfields/internal/lastappliedmanager.go).
enum LastApplied {
  static let manager = "kubectl"
  private static let annotation = "kubectl.kubernetes.io/last-applied-configuration"
  private static let path = ["metadata", "annotations", annotation]
  /// Bytes that the annotations of an object may have together; the annotation is left out where it would not fit.
  private static let annotationBytesMax = 256 << 10

  /// What was applied from the client's side and still is as it was; nil where nothing is known of it.
  static func fields(of live: JSONValue, apiVersion: String, _ schema: MergeSchema) -> FieldSet? {
    guard let text = live[path: path]?.stringValue, !text.isEmpty, let applied = try? JSONValue(parsing: text),
      applied["apiVersion"]?.stringValue == apiVersion, ApplyCheck.mistake(in: applied, schema) == nil
    else { return nil }
    let changes = FieldChanges.between(applied, live, schema.root)
    return FieldSet.stated(by: applied, schema.root).subtracting(changes.set).subtracting(changes.removed)
  }

  /// Notes what a kubectl applied in the object that comes of it, where there is such a note.
  static func note(_ configuration: JSONValue, in merged: inout JSONValue, by manager: String) {
    guard manager == Self.manager, let noted = merged[path: path]?.stringValue, !noted.isEmpty else { return }
    var applied = configuration
    if applied[path: path] != nil { applied[path: path] = nil }
    let text = sorted(applied).text + "\n"
    let annotations = merged["metadata"]?["annotations"]?.objectValue ?? [:]
    let bytes = annotations.reduce(0) { sum, member in
      let value = member.key == annotation ? text : member.value.stringValue ?? ""
      return sum + member.key.utf8.count + value.utf8.count
    }
    let note: JSONValue? = bytes > annotationBytesMax ? .none : .some(.string(text))
    if note != merged[path: path] { merged[path: path] = note }
  }

  /// As Go writes maps.
  private static func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object): .object(JSONObject(distinct: object.sortedByKey().map { ($0.key, sorted($0.value)) }))
    case .array(let elements): .array(elements.map(sorted))
    default: value
    }
  }
}
