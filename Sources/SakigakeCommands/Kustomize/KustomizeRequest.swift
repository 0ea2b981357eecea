import Kustomize

/// A build that was asked for on the command line.
struct KustomizeRequest {
  var directory = "."
  var options = KustomizeOptions()
  var output: String?

  init() {}

  /// Reads `kustomize build …` where nothing in it is unusual.
  ///
  /// The parser of arguments takes longer than building a small overlay: it looks at every command there is.
  /// - Returns: nil for anything else, `--help` and mistakes among it, which the parser is asked about.
  init?(quickly arguments: [String]) {
    guard arguments.count >= 2, arguments[0] == "kustomize", arguments[1] == "build" else { return nil }
    var hasDirectory = false
    var rest = arguments.dropFirst(2)
    while let argument = rest.popFirst() {
      switch argument {
      case "--load-restrictor=LoadRestrictionsNone": options.allowsFilesOutside = true
      case "--load-restrictor=LoadRestrictionsRootOnly": options.allowsFilesOutside = false
      case "--enable-managedby-label": options.addsManagedByLabel = true
      case "-o", "--output":
        guard let value = rest.popFirst(), !value.hasPrefix("-"), output == nil else { return nil }
        output = value
      default:
        guard !argument.hasPrefix("-"), !hasDirectory else { return nil }
        (directory, hasDirectory) = (argument, true)
      }
    }
  }

  func run() throws {
    let result = try Kustomize.build(directory, shownAs: directory, files: DiscTree.files, options)
    result.warnings.forEach { Console.error($0) }
    guard let output else { return Console.output(bytes: result.yaml) }
    if Files.isDirectory(output) {
      try writeEach(of: result, into: output)
    } else {
      try Files.write(result.yaml, to: output)
    }
  }

  /// A file of each object, its namespace before the name where there are several.
  private func writeEach(of result: KustomizeResult, into directory: String) throws {
    let hasSeveral = Set(result.objects.compactMap(\.namespace)).count > 1
    for object in result.objects {
      let prefix = hasSeveral ? object.namespace.map { $0.lowercased() + "_" } ?? "" : ""
      try Files.write(Array(result.yaml[object.range]), to: "\(directory)/\(prefix)\(object.fileName)")
    }
  }
}
