/// The names that FieldsV1 gives to the members of objects and the elements of lists.
/// Format: https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/serialize-pe.go
enum ElementName {
  /// Why an element has no name, in Kubernetes' words.
  struct Failure: Error {
    var index: Int
    var message: String
  }

  /// `k:{"containerPort":80,"protocol":"TCP"}` or `v:"…"` for each element; two elements may have the same name.
  static func names(of elements: [JSONValue], _ list: MergeList) throws(Failure) -> [String] {
    var names: [String] = []
    names.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      switch list.ownership {
      case .keyed(let keys): names.append(try name(of: element, keys, index))
      case .set, .whole: names.append(try name(ofValue: element, index))
      }
    }
    return names
  }

  private static func name(
    of element: JSONValue, _ keys: [MergeList.Key], _ index: Int
  ) throws(Failure) -> String {
    guard case .object(let object) = element else {
      let what = element.isNull ? "a null element" : "non-map elements"
      throw Failure(index: index, message: "associative list with keys may not have \(what)")
    }
    var name = "k:{"
    for (position, key) in keys.enumerated() {
      guard let value = object[key.name] ?? key.defaultValue else {
        throw Failure(
          index: index,
          message: "associative list with keys has an element that omits key field \"\(key.name)\" "
            + "(and doesn't have default value)")
      }
      if position > 0 { name += "," }
      name += key.written
      name += value.text
    }
    return name + "}"
  }

  private static func name(ofValue value: JSONValue, _ index: Int) throws(Failure) -> String {
    switch value {
    case .object:
      throw Failure(index: index, message: "associative list without keys has an element that's a map type")
    case .array:
      throw Failure(index: index, message: "not supported: associative list with lists as elements")
    case .null:
      throw Failure(index: index, message: "associative list without keys has an element that's an explicit null")
    default: return "v:" + value.text
    }
  }

  /// The first name that stands twice.
  static func duplicate(in names: [String]) -> String? {
    if names.count < 2 { return nil }
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }

  /// As messages write it: `.image`, `[name="app"]`, `[="v"]`.
  static func text(_ name: String) -> String {
    let content = name.dropFirst(2)
    switch name.prefix(2) {
    case "f:": return ".\(content)"
    case "v:": return "[=\(content)]"
    case "k:":
      guard let keys = (try? JSONValue(parsing: String(content)))?.objectValue else { return "[\(content)]" }
      return "[\(keys.map { "\($0.key)=\($0.value.text)" }.joined(separator: ","))]"
    default: return "[\(content)]"
    }
  }

  /// A name that somebody else wrote, in the form in which this server writes it.
  /// - Returns: nil for kinds of names that are not known, which Kubernetes ignores, too.
  static func normalized(_ name: String) throws(Failure) -> String? {
    let content = String(name.dropFirst(2))
    switch name.prefix(2) {
    case "f:": return name
    case "v:", "k:":
      guard let value = try? JSONValue(parsing: content) else {
        throw Failure(index: 0, message: "\(name) is not JSON after its colon")
      }
      if name.hasPrefix("v:") { return "v:" + value.text }
      guard let keys = value.objectValue else { throw Failure(index: 0, message: "\(name) does not name its keys") }
      return "k:" + JSONValue.object(keys.sortedByKey()).text
    case "i:":
      guard let index = Int(content) else { throw Failure(index: 0, message: "\(name) does not name an index") }
      return "i:\(index)"
    default:
      guard name.utf8.dropFirst().first == UInt8(ascii: ":") else {
        throw Failure(index: 0, message: "\(name) has no colon as its second character")
      }
      return nil
    }
  }
}
