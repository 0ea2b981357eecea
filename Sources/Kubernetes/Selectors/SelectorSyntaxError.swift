/// Why a text is not a selector.
public struct SelectorSyntaxError: Error, Equatable, CustomStringConvertible {
  public var selector: String
  public var message: String

  public init(_ selector: String, _ message: String) {
    self.selector = selector
    self.message = message
  }
  public var description: String { "the selector \"\(selector)\" cannot be read: \(message)" }
}
