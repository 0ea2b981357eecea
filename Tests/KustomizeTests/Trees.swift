import Foundation
import Kustomize

/// Trees of files in memory, built.
enum Trees {
  /// - Parameter files: texts by their path; the kustomization to build is in `directory`.
  static func build(
    _ files: [String: String], _ directory: String = "", _ options: KustomizeOptions = .init()
  ) throws(KustomizeError) -> KustomizeResult {
    let tree = Dictionary(uniqueKeysWithValues: files.map { ("/" + $0.key, Array($0.value.utf8)) })
    return try Kustomize.build(
      "/" + directory, shownAs: directory.isEmpty ? "." : directory, files: FileTree(memory: tree), options)
  }

  static func text(_ files: [String: String], _ directory: String = "") throws(KustomizeError) -> String {
    String(decoding: try build(files, directory).yaml, as: UTF8.self)
  }

  /// The error of a build; nil where there is none.
  static func error(_ files: [String: String], _ directory: String = "") -> KustomizeError? {
    do throws(KustomizeError) {
      _ = try build(files, directory)
      return nil
    } catch {
      return error
    }
  }

  /// All files below a directory of the disc, by their path from there.
  static func load(_ directory: URL) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    let root = directory.standardizedFileURL.path
    let enumerator = FileManager.default.enumerator(atPath: root)
    while let path = enumerator?.nextObject() as? String {
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isDirectory), !isDirectory.boolValue
      else { continue }
      files["/" + path] = Array(try Data(contentsOf: URL(filePath: root + "/" + path)))
    }
    return files
  }
}
