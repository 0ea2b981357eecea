import ChildProcesses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file or directory operation that failed, and on what.
package struct FileError: Error, CustomStringConvertible {
  var path: String
  var code: Int32
  init(_ path: String, code: Int32 = errno) {
    self.path = path
    self.code = code
  }
  package var description: String { "\(path): \(String(cString: strerror(code)))" }
}

/// Directories and files under the data directory that only their owner can read.
package enum PrivateDirectory {
  package static func create(_ path: String) throws(FileError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + component
      if mkdir(made, 0o700) != 0, errno != EEXIST { throw FileError(made) }
    }
  }

  static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw FileError(path) }
    defer { close(descriptor) }
    fchmod(descriptor, mode)
    try writeAll(bytes, to: descriptor, path)
  }

  /// Readers see the old contents or the new, also after a crash.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(temporary) }
    do {
      defer { close(descriptor) }
      try writeAll(bytes, to: descriptor, temporary)
      guard fsync(descriptor) == 0 else { throw FileError(temporary) }
    }
    guard rename(temporary, path) == 0 else { throw FileError(path) }
  }

  static func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError(path) }
      rest = rest.dropFirst(count)
    }
  }

  /// The whole file; nil where there is none.
  package static func read(_ path: String, bytesMax: Int = 1 << 26) throws(FileError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw FileError(path)
    }
    defer { close(descriptor) }
    var result: [UInt8] = []
    while result.count < bytesMax {
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
        count = systemRead(descriptor, buffer.baseAddress, buffer.count)
        initialized = max(0, count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw FileError(path) }
      if count == 0 { return result }
      result += chunk
    }
    throw FileError(path, code: EFBIG)
  }

  static func isDirectory(_ path: String) -> Bool { FileIdentity(path: path)?.isDirectory ?? false }

  package static func entries(_ path: String) -> [String] { FileIdentity.entries(of: path) }

  /// Removes a directory and what is in it; links are removed, not followed.
  package static func remove(_ path: String) {
    guard let identity = FileIdentity(path: path, followingLinks: false) else { return }
    if identity.isDirectory {
      for name in entries(path) { remove(path + "/" + name) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
