/// The names that FieldsV1 gives to list elements.
enum ListKey {
  /// `k:{"containerPort":80,"protocol":"TCP"}` for each element, keys in alphabetical order.
  /// - Throws: where an element lacks a key, or two elements have the same keys.
  static func names(
    of elements: [JSONValue], _ keys: [MergeSchema.Key], at path: String = ""
  ) throws(PatchError) -> [String] {
    let sorted = keys.sorted { $0.name < $1.name }
    var names: [String] = []
    names.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let name = name(of: element, sorted) else {
        let wanted = keys.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw PatchError(.notApplicable, "\(path): element \(index) in list with keys \(wanted) does not have them")
      }
      names.append(name)
    }
    if names.count > 1, Set(names).count != names.count {
      var seen: Set<String> = []
      let twice = names.first { !seen.insert($0).inserted }?.dropFirst(2) ?? ""
      throw PatchError(.notApplicable, "\(path): duplicate entries for key \(twice)")
    }
    return names
  }

  private static func name(of element: JSONValue, _ keys: [MergeSchema.Key]) -> String? {
    var identity = JSONObject()
    for key in keys {
      switch element[key.name] ?? key.defaultValue {
      case nil, .null, .array, .object: return nil
      case let value?: identity[key.name] = value
      }
    }
    return "k:" + JSONValue.object(identity).text
  }

  /// `v:"…"`.
  static func name(ofValue value: JSONValue) -> String { "v:" + value.text }
}
