import Crypto
internal import Kubernetes

/// Appends to the names of generated objects a hash of what they hold, so that whatever uses them changes with them
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/hasher/hasher.go).
struct HashTransformer: Transformer {
  func transform(_ set: ResourceSet) throws(KustomizeError) {
    var hasChanged = false
    for resource in set.resources where resource.needsHash {
      let hash = try Self.hash(of: resource)
      resource.rememberID()
      resource.setName("\(resource.name)-\(hash)")
      hasChanged = true
    }
    if hasChanged { set.namesChanged() }
  }

  static func hash(of resource: Resource) throws(KustomizeError) -> String {
    let node = resource.node
    func field(_ name: String) throws(KustomizeError) -> JSONValue {
      guard let value = node[name] else { return "" }
      guard case .scalar(let scalar) = value.content else {
        do throws(YAMLWriter.Failure) { return Self.sorted(try value.json()) } catch {
          throw KustomizeError(at: Place(file: resource.file, point: error.point), error.message)
        }
      }
      return .string(scalar.text)
    }
    // The name counts as empty: kustomize looks it up where it is not, and hashes must be the same.
    var members: [(key: String, value: JSONValue)] = []
    switch resource.kind {
    case "ConfigMap":
      let binary = try field("binaryData")
      if binary.objectValue != nil { members.append(("binaryData", binary)) }
      members += [("data", try field("data")), ("kind", "ConfigMap"), ("name", "")]
    case "Secret":
      members = [("data", try field("data")), ("kind", "Secret"), ("name", "")]
      let texts = try field("stringData")
      if texts.objectValue != nil { members.append(("stringData", texts)) }
      members.append(("type", try field("type")))
    default:
      do throws(YAMLWriter.Failure) { return encode(GoJSON.bytes(Self.sorted(try node.json()))) } catch {
        throw KustomizeError(at: Place(file: resource.file, point: error.point), error.message)
      }
    }
    return encode(GoJSON.bytes(.object(JSONObject(distinct: members))))
  }

  /// Keys by their bytes, at all levels.
  private static func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object):
      let members = object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      return .object(JSONObject(distinct: members.map { ($0.key, sorted($0.value)) }))
    case .array(let elements): return .array(elements.map(sorted))
    default: return value
    }
  }

  /// Ten hexadecimal digits, those that could spell words replaced.
  private static func encode(_ bytes: [UInt8]) -> String {
    let replacements: [Character: Character] = ["0": "g", "1": "h", "3": "k", "a": "m", "e": "t"]
    let hex = SHA256.hash(data: bytes).prefix(5).flatMap { byte -> [Character] in
      let digits = String(byte, radix: 16)
      return Array(digits.count == 1 ? "0" + digits : digits)
    }
    return String(hex.map { replacements[$0] ?? $0 })
  }
}

/// JSON as Go's encoder writes it: `<`, `>`, `&` and the two line separators are escaped, too.
enum GoJSON {
  static func bytes(_ value: JSONValue) -> [UInt8] {
    let plain = value.bytes
    var result: [UInt8] = []
    result.reserveCapacity(plain.count)
    var index = 0
    while index < plain.count {
      let byte = plain[index]
      switch byte {
      case UInt8(ascii: "<"): result.append(contentsOf: "\\u003c".utf8)
      case UInt8(ascii: ">"): result.append(contentsOf: "\\u003e".utf8)
      case UInt8(ascii: "&"): result.append(contentsOf: "\\u0026".utf8)
      case 0xE2 where index + 2 < plain.count && plain[index + 1] == 0x80 && plain[index + 2] & 0xFE == 0xA8:
        result.append(contentsOf: plain[index + 2] == 0xA8 ? "\\u2028".utf8 : "\\u2029".utf8)
        index += 2
      default: result.append(byte)
      }
      index += 1
    }
    return result
  }
}
