import Kubernetes

/// The label and name suffix that tell the revisions of one Deployment apart.
///
/// Upstream hashes a Go struct dump (pkg/util/hash), which nobody else can reproduce; any stable hash of the template
/// serves, as long as equal templates get equal names. This one is FNV-1a over the template's JSON, its members sorted
/// on every level, written with upstream's vowel-free alphabet.
enum PodTemplateHash {
  static let label = "pod-template-hash"

  static func of(_ template: PodTemplate, collisions: Int = 0) -> String {
    var hash = FNV1a()
    func add(_ byte: UInt8) { hash.add(byte) }
    func mix(_ value: JSONValue) {
      switch value {
      case .object(let object):
        add(0x7B)
        for member in object.sortedByKey() {
          member.key.utf8.forEach(add)
          add(0x3A)
          mix(member.value)
        }
      case .array(let elements):
        add(0x5B)
        elements.forEach(mix)
      case .string(let text):
        add(0x22)
        text.utf8.forEach(add)
      case .integer(let number): withUnsafeBytes(of: number.littleEndian) { $0.forEach(add) }
      case .double(let number): withUnsafeBytes(of: number.bitPattern.littleEndian) { $0.forEach(add) }
      case .bool(let flag): add(flag ? 2 : 1)
      case .null: add(0)
      }
    }
    mix(template.json)
    if collisions > 0 { mix(.integer(Int64(collisions))) }
    return hash.value.letters(10, of: "bcdfghjklmnpqrstvwxz2456789")
  }
}
