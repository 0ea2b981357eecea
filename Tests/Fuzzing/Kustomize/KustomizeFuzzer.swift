import Kubernetes
import Kustomize

/// The builder of kustomizations.
///
/// Whatever tree comes in is built or refused in short time, twice the same; what is refused is refused at a place that
/// is there; what is built can be read again, object by object, and building that again changes nothing; nor does a
/// kustomization in between that asks for nothing.
public struct KustomizeFuzzer: Fuzzer {
  /// Seconds that one tree may take on a busy machine; each is built up to five times.
  static let secondsMax = 10.0

  private let trees = RandomKustomizations()
  private let mutator = TextMutator(
    tokens: [
      ":", ": ", "- ", "\n", "\n  ", "\t", "#", "&a ", "*a", "<<: *a\n", "!!str ", "|", "'", "\"", "\\", "{", "}", "[",
      "]", ",", "---\n", "...\n", "null", "~", "$patch: delete\n", "$patch: replace\n", "..", "../overlay", "/",
      "kind: List\nitems:\n", "namespace: x\n", "name: web\n", "fieldPath: a.[b=c].d\n", "*", ".*", "(", "[a-",
      "$(WHO)",
      "resources:\n- .\n", "99999999999999999999", "1e400", ".nan", "\u{feff}", "\u{85}",
    ], bytes: [[0x00], [0xFF], [0x0D]])

  public init() {}

  /// What Linux gives a thread, and the command's main one.
  public var stackBytes: Int { 8 << 20 }

  public func check(_ random: inout SeededRandom) throws {
    var tree = trees.tree(&random)
    let isSpoilt = random.oneIn(3)
    if isSpoilt {
      let path = random.pick(tree.files.keys.sorted())
      let spoilt = mutator.mutated(Array((tree.files[path] ?? "").utf8), &random)
      tree.files[path] = String(decoding: spoilt, as: UTF8.self)
    }
    let start = FuzzRun.now()
    try check(tree)
    let seconds = FuzzRun.now() - start
    try require(seconds < Self.secondsMax, "took \(seconds) s:\n\(Self.shown(tree))")
  }

  private func check(_ tree: RandomKustomizations.Tree) throws {
    let first = try build(tree)
    try require(try build(tree)?.yaml == first?.yaml, "another time is another:\n\(Self.shown(tree))")
    guard let first else { return }
    try checkObjects(of: first, tree)
    if tree.isBare {
      var wrapped = tree
      wrapped.files["/wrapper/kustomization.yaml"] = "resources: [..\(tree.root)]\n"
      wrapped.root = "/wrapper"
      try require(
        try build(wrapped)?.yaml == first.yaml, "a kustomization that asks for nothing changes it:\n\(Self.shown(tree))"
      )
    }
    try checkAgain(first, tree)
  }

  /// - Returns: nil where the tree is refused, at a place that is there.
  private func build(_ tree: RandomKustomizations.Tree) throws -> KustomizeResult? {
    do throws(KustomizeError) {
      let files = FileTree(memory: tree.files.mapValues { Array($0.utf8) })
      return try Kustomize.build(tree.root, files: files)
    } catch {
      let path = error.file
      let isDirectory = tree.files.keys.contains { $0.hasPrefix(path + "/") }
      guard !path.isEmpty, isDirectory || tree.files[path] != nil else {
        throw Finding("\"\(error)\" names no file of the tree:\n\(Self.shown(tree))")
      }
      // Line breaks are line feeds, carriage returns, or both.
      let breaks = (tree.files[path] ?? "").utf8.filter { $0 == 0x0A || $0 == 0x0D }.count
      try require(error.line <= breaks + 1, "\"\(error)\" names no line of the file:\n\(Self.shown(tree))")
      try require(!error.message.isEmpty, "an error says nothing:\n\(Self.shown(tree))")
      return nil
    }
  }

  private func documents(_ bytes: some Sequence<UInt8>, _ tree: RandomKustomizations.Tree) throws -> [YAMLNode] {
    do throws(YAMLSyntaxError) { return try YAMLReader.documents(in: Array(bytes), .init(rules: .version3)) } catch {
      throw Finding("what is built cannot be read: \(error.message)\n\(Self.shown(tree))")
    }
  }

  private func checkObjects(of result: KustomizeResult, _ tree: RandomKustomizations.Tree) throws {
    let all = try documents(result.yaml, tree)
    try require(
      all.count == result.objects.count,
      "\(result.objects.count) objects, \(all.count) are written:\n\(Self.shown(tree))")
    for object in result.objects {
      let one = try documents(result.yaml[object.range], tree)
      try require(one.count == 1, "an object's range holds \(one.count):\n\(Self.shown(tree))")
      try require(tree.files[object.file] != nil, "\"\(object.file)\" is no file of the tree:\n\(Self.shown(tree))")
    }
  }

  /// What is built is built again to the same, unless patches left what is no object, or the build's own annotations;
  /// Unicode's line separators come out as kustomize writes them, which is not what it reads.
  private func checkAgain(_ result: KustomizeResult, _ tree: RandomKustomizations.Tree) throws {
    let text = String(decoding: result.yaml, as: UTF8.self)
    guard tree.isBare, !text.contains("config.kubernetes.io/"), !text.contains("config.k8s.io/"),
      !text.unicodeScalars.contains(where: { [0x85, 0x2028, 0x2029].contains($0.value) })
    else { return }
    let again = RandomKustomizations.Tree(
      files: ["/kustomization.yaml": "resources: [all.yaml]\nsortOptions: {order: fifo}\n", "/all.yaml": text])
    let isWhole = result.objects.allSatisfy { object in
      let node = try? documents(result.yaml[object.range], tree).first
      let kind = node?["kind"]?.text ?? ""
      return !kind.isEmpty && !kind.hasSuffix("List") && !(node?["metadata"]?["name"]?.text ?? "").isEmpty
    }
    guard isWhole, !result.objects.isEmpty else { return }
    try require(try build(again)?.yaml == result.yaml, "it is built to another:\n\(text)\nof\n\(Self.shown(tree))")
  }

  private static func shown(_ tree: RandomKustomizations.Tree) -> String {
    tree.files.sorted { $0.key < $1.key }.map { "==> \($0.key)\n\($0.value)" }.joined(separator: "\n")
      + "\nbuilt: \(tree.root)"
  }
}
