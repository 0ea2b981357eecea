import ArgumentParser
struct LocalCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "local") }
struct DemoCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "demo") }
