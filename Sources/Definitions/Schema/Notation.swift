/// How a text is written: what it is called, an example, and what is wrong with one that is not so.
struct Notation: Sendable {
  struct Mistake: Error, Sendable {
    /// Goes on after the text: `is not a host's name`.
    var message: String
    var remedy: String
  }
  /// With its article: `a host's name`.
  var noun: String
  var example: String
  /// A regular expression for editors, which know no other checks; it accepts at least what `mistake` does.
  var pattern: String?
  /// What is wrong with a text; nil where it is well.
  var mistake: @Sendable (String) -> Mistake?

  init(
    _ noun: String, example: String, pattern: String? = nil, mistake: @escaping @Sendable (String) -> Mistake?
  ) {
    self.noun = noun
    self.example = example
    self.pattern = pattern
    self.mistake = mistake
  }

  /// A notation with one thing to say about all that it is not.
  init(
    _ noun: String, example: String, pattern: String? = nil, remedy: String = "",
    accepts: @escaping @Sendable (String) -> Bool
  ) {
    let mistake = Mistake(message: "is not \(noun)", remedy: remedy.isEmpty ? "write it as \(example)" : remedy)
    self.init(noun, example: example, pattern: pattern) { accepts($0) ? nil : mistake }
  }
}
