import Kustomize

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The disc, as builds of kustomizations read it.
///
/// Whether a file may be read is decided on its path with every symbolic link followed, and it is opened by that path,
/// whose last part may not have become a link since.
enum DiscTree {
  static let bytesMax = 256 << 20

  static let files = FileTree(resolve: { resolve($0) }, read: { read($0) })

  private static func resolve(_ path: String) -> (path: String, kind: FileTree.Kind)? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    var status = stat()
    guard stat(real, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return (String(cString: real), .directory)
    case S_IFREG: return (String(cString: real), .file)
    default: return nil
    }
  }

  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= off_t(bytesMax) else {
      return nil
    }
    let size = Int(status.st_size)
    var isComplete = true
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = systemRead(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
        if got < 0, errno == EINTR { continue }
        if got <= 0 {
          isComplete = got == 0
          break
        }
        count += got
      }
    }
    return isComplete ? bytes : nil
  }

  private static func systemRead(_ descriptor: Int32, _ base: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, base, count)
    #else
      Darwin.read(descriptor, base, count)
    #endif
  }
}
