import ChildProcesses

/// Which program on this host stands for which image: process nodes pull nothing and run what is here.
public struct ImagePrograms: Sendable {
  /// By repository, whole (`registry.example.com/news/articles`) or only its last component (`articles`).
  public var programs: [String: String]
  /// Where `command` names without a slash are looked for.
  public var searchPath: String

  public init(_ programs: [String: String] = [:], searchPath: String = "/usr/local/bin:/usr/bin:/bin") {
    self.programs = programs
    self.searchPath = searchPath
  }

  /// Why a container has nothing to run.
  public struct Missing: Error, Sendable, Equatable, CustomStringConvertible {
    /// The image as a whole, rather than the command in it.
    public var isImage: Bool
    public var description: String
  }

  /// The program and the arguments in front of the container's own.
  /// A `command` that is executable here comes first, as it would replace an image's entrypoint.
  package func resolve(image: String, command: [String]) -> Result<
    (executable: String, calledAs: String, arguments: [String]), Missing
  > {
    let program = programs[Self.repository(of: image)] ?? programs[Self.lastComponent(of: image)]
    if let first = command.first {
      if let executable = Command.locate(first, path: searchPath) {
        return .success((executable, first, Array(command.dropFirst())))
      }
      if program != nil {
        return .failure(
          Missing(isImage: false, description: "exec: \"\(first)\": executable file not found on this host"))
      }
    } else if let program {
      return .success((program, program, []))
    }
    return .failure(
      Missing(
        isImage: true,
        description:
          "failed to pull \"\(image)\": process nodes pull no images, and no program is declared for repository "
          + "\"\(Self.repository(of: image))\""))
  }

  /// Without digest and tag; a colon before the last slash belongs to a port.
  package static func repository(of image: String) -> String {
    let named = image.prefix { $0 != "@" }
    guard let colon = named.lastIndex(of: ":"), !named[colon...].contains("/") else { return String(named) }
    return String(named[..<colon])
  }

  static func lastComponent(of image: String) -> String {
    let repository = repository(of: image)
    return repository.split(separator: "/").last.map(String.init) ?? repository
  }
}
