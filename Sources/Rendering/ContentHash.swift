import Kubernetes

/// A short name for a content: FNV-1a over its JSON, ten letters.
enum ContentHash {
  static func of(_ value: JSONValue) -> String {
    FNV1a(value.bytes).value.letters(10, of: "bcdfghjkmnpqrstvwxz2456789")
  }
}
