import Kubernetes

/// A short name for a content: FNV-1a over its JSON, ten letters.
enum ContentHash {
  static func of(_ value: JSONValue) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in value.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let alphabet = Array("bcdfghjkmnpqrstvwxz2456789".unicodeScalars)
    var text = ""
    for _ in 0..<10 {
      text.unicodeScalars.append(alphabet[Int(hash % UInt64(alphabet.count))])
      hash /= UInt64(alphabet.count)
    }
    return text
  }
}
