/// Options that kubectl takes with and without a value: `--dry-run` is `--dry-run=client`.
///
/// They are spelled out before the command line is parsed, for the parser's own way (`defaultAsFlag`) ignores the value
/// of `--option=value` where another option follows, and any value that it does not know.
enum BareOptions {
  private static let table: [String: [String: (bare: String, values: [String])]] = [
    "apply": ["--dry-run": ("client", ["none", "client", "server"]), "--wait": ("true", ["true", "false"])],
    "delete": ["--dry-run": ("client", ["none", "client", "server"])],
    "install": ["--dry-run": ("client", ["none", "client", "server"]), "--wait": ("true", ["true", "false"])],
    "operator": ["--leader-elect": ("true", ["true", "false"]), "--placeholders": ("true", ["true", "false"])],
  ]

  static func spelledOut(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, let options = table[command] else { return arguments }
    return arguments.enumerated().map { index, argument in
      guard let option = options[argument] else { return argument }
      let next = index + 1 < arguments.count ? arguments[index + 1] : ""
      return option.values.contains(next) ? argument : "\(argument)=\(option.bare)"
    }
  }
}
