import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reading what a person named on the command line.
enum Files {
  static let bytesMax = 4 << 20

  /// - Throws: `CommandFailure` that names the file.
  static func text(of path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.wrongInput, "error: \(path): no such file, or it may not be read")
    }
    guard data.count <= bytesMax else {
      throw CommandFailure(.wrongInput, "error: \(path): larger than \(bytesMax >> 20) MiB")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw CommandFailure(.wrongInput, "error: \(path): not UTF-8")
    }
    return text
  }

  /// All of standard input, as long as a file may be.
  static func standardInput() throws -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandFailure(.worldFailed, "error: standard input: \(String(cString: strerror(errno)))")
      }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= bytesMax else {
        throw CommandFailure(.wrongInput, "error: standard input: larger than \(bytesMax >> 20) MiB")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure(.wrongInput, "error: standard input: not UTF-8")
    }
    return text
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func isDirectory(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
  }

  /// The names in a directory, sorted; hidden ones left out.
  static func names(in path: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw CommandFailure(.wrongInput, "error: \(path): cannot be read")
    }
  }

  static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// The path of what `file` names as `name`: beside it, unless it is absolute.
  static func beside(_ file: String, _ name: String) -> String {
    guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
    return file[...slash] + name
  }

  /// A new directory that only its owner may enter.
  static func makeTemporaryDirectory(_ name: String) throws -> String {
    var template = Array((FileManager.default.temporaryDirectory.path + "/\(name)-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw CommandFailure(
        .worldFailed, "error: no temporary directory can be made: \(String(cString: strerror(errno)))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes a whole file or nothing.
  static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw CommandFailure(.worldFailed, "error: \(path) cannot be written: \(error)")
    }
  }

  /// Writes a file that is not there yet, and the directories above it.
  /// - Throws: `CommandFailure` where there is one, which stays as it is.
  static func writeNew(_ text: String, to path: String, isProgram: Bool = false) throws {
    do {
      let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
      if isProgram { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
    } catch {
      throw CommandFailure(.worldFailed, "error: \(path) cannot be written: \(error)")
    }
  }

  /// Writes a file and the directories that lead to it.
  static func write(_ text: String, at path: String) throws {
    let directory = path.split(separator: "/").dropLast().joined(separator: "/")
    do {
      try FileManager.default.createDirectory(atPath: "/" + directory, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(.worldFailed, "error: /\(directory) cannot be made: \(error)")
    }
    try write(text, to: path)
  }

  static func bytes(of path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.worldFailed, "error: \(path) cannot be read")
    }
    return Array(data)
  }
}
