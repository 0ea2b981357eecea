#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program to run: nothing of the parent's environment or descriptors reaches it unless it is named here.
public struct Command: Sendable {
  /// Absolute path of the program.
  public var executable: String
  /// Without argv[0].
  public var arguments: [String]
  /// argv[0]; the executable's path where nil.
  public var calledAs: String?
  public var environment: [(name: String, value: String)]
  public var workingDirectory: String?

  public init(
    _ executable: String, _ arguments: [String] = [], calledAs: String? = nil,
    environment: [(name: String, value: String)] = [], workingDirectory: String? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.calledAs = calledAs
    self.environment = environment
    self.workingDirectory = workingDirectory
  }

  /// The absolute path that `name` stands for: itself where it has a slash, else the first hit in `path`.
  /// Nil where nothing executable is there.
  public static func locate(_ name: String, path: String = "/usr/local/bin:/usr/bin:/bin") -> String? {
    func isProgram(_ candidate: String) -> Bool {
      var info = stat()
      return stat(candidate, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && access(candidate, X_OK) == 0
    }
    if name.hasPrefix("/") { return isProgram(name) ? name : nil }
    if name.isEmpty || name.contains("/") { return nil }
    return path.split(separator: ":").map { "\($0)/\(name)" }.first(where: isProgram)
  }
}

/// Why a program could not be started.
public struct SpawnError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Step: Sendable { case resources, workingDirectory, execution }
  public var step: Step
  public var executable: String
  /// `errno`.
  public var code: Int32

  public init(_ step: Step, _ executable: String, code: Int32) {
    self.step = step
    self.executable = executable
    self.code = code
  }

  public var description: String {
    let why = String(cString: strerror(code))
    return switch step {
    case .resources: "cannot start \(executable): \(why)"
    case .workingDirectory: "cannot start \(executable) in its working directory: \(why)"
    case .execution: "cannot execute \(executable): \(why)"
    }
  }
}

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
  case exited(Int32)
  case signaled(Int32)

  public var isSuccess: Bool { self == .exited(0) }
  /// As a shell reports it: 128 plus the signal's number where a signal ended the process.
  public var shellCode: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let number): 128 + number
    }
  }
  public var description: String {
    switch self {
    case .exited(let code): "exit code \(code)"
    case .signaled(let number): "signal \(number)"
    }
  }
}
