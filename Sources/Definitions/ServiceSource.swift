/// Where a definition stands, for those who meet what was made of it.
public struct ServiceSource: Sendable {
  /// From the root of its repository: no path of any machine.
  public let path: String
  private let definition: ServiceDefinition

  init(path: String, definition: ServiceDefinition) {
    self.path = path
    self.definition = definition
  }

  /// `articles/microservice.yaml:12`: the line of a section of the specification, of the nearest above it that is there,
  /// or of the service's name where no section is meant.
  public func place(of section: [String]) -> String {
    guard let first = section.first, definition.spec[first] != nil else {
      return "\(path):\(definition.namePlace.line)"
    }
    return "\(path):\(definition.line(of: section))"
  }
}

extension ServiceDefinition {
  /// - Parameter path: the file's, from the root of its repository.
  public func source(path: String) -> ServiceSource { ServiceSource(path: path, definition: self) }

  /// The line of a section's key rather than of its value, which may begin below it.
  func line(of section: [String]) -> Int {
    var node = spec
    var line = node.line
    for key in section {
      guard let member = node.members.first(where: { $0.key == key }) else { return line }
      line = member.keyLine
      node = member.value
    }
    return line
  }
}
