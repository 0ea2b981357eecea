/// `$(NAME)` in commands, arguments and values, as Kubernetes expands it: `$$` stands for one `$`, and a reference
/// to a variable that is not there stays as it is (kubernetes.io, "Define Dependent Environment Variables").
package enum VariableExpansion {
  package static func expand(_ text: String, _ variables: [String: String]) -> String {
    guard text.utf8.contains(0x24) else { return text }
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      switch rest.first {
      case "$":
        result += "$"
        rest = rest.dropFirst()
      case "(":
        guard let end = rest.firstIndex(of: ")") else {
          result += "$("
          rest = rest.dropFirst()
          continue
        }
        let name = rest[rest.index(after: rest.startIndex)..<end]
        result += variables[String(name)] ?? "$(\(name))"
        rest = rest[rest.index(after: end)...]
      default:
        result += "$"
      }
    }
    return result + rest
  }
}
