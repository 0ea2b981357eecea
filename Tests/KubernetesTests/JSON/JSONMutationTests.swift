import Kubernetes
import Testing

/// Broken texts end in an error with a place, never in a crash; whatever is read is written and read again the same.
@Suite struct JSONMutationTests {
  private static let texts = [
    #"{"a":[1.5e3,-0,"x\u00e9\uD83D\uDE00é",true,null,false],"bcdefghijklmnopqrstu":{"c":-12,"d":[[],{}]}}"#,
    #"["aaaaaaaaaaaaaaaaaaaaaaaa\n",12345678901234567890,1e-7,{"k":{}}]"#,
  ].map { Array($0.utf8) }
  private static let bytes = Array("{}[]\",:\\ue0123456789+-.tfn \n\u{1}é".utf8) + [0x80, 0xFF, 0xC3, 0xED, 0xF0]

  @Test(arguments: 0..<8)
  func mutatedTextsNeverCrash(_ seed: Int) throws {
    var random = SplitMix64(state: UInt64(seed))
    for round in 0..<1500 {
      let text = mutated(Self.texts[round % Self.texts.count], &random)
      do throws(JSONSyntaxError) {
        let written = try JSONValue(parsing: text).bytes
        let again = try JSONValue(parsing: written).bytes
        #expect(again == written, "seed \(seed): \(text)")
      } catch {
        #expect(error.line >= 1 && error.column >= 1, "seed \(seed): \(text)")
      }
    }
  }

  private func mutated(_ text: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<text.count, using: &random)
      let byte = Self.bytes[Int.random(in: 0..<Self.bytes.count, using: &random)]
      switch Int.random(in: 0..<4, using: &random) {
      case 0: text[place] = byte
      case 1: text.insert(byte, at: place)
      case 2: text.remove(at: place)
      default: text.swapAt(place, Int.random(in: 0..<text.count, using: &random))
      }
    }
    return text
  }
}
