import Testing
import Traffic

@Suite struct TrafficTargetTests {
  @Test(arguments: [
    ("http://127.0.0.1:30080/articles?page=2", "127.0.0.1", 30080, "/articles?page=2"),
    ("http://example.com", "example.com", 80, "/"),
    ("http://localhost:8080", "localhost", 8080, "/"), ("http://localhost:8080?x=1", "localhost", 8080, "/?x=1"),
  ])
  func anAddress(_ url: String, _ host: String, _ port: Int, _ path: String) throws {
    let target = try TrafficTarget(url: url)
    #expect(target.host == host && target.port == port && target.path == path)
    #expect(try TrafficTarget(url: url, hostHeader: "api.example.com").hostHeader == "api.example.com")
  }

  @Test(arguments: [
    "", "localhost:80", "https://localhost", "http://", "http://:80", "http://localhost:", "http://localhost:0",
    "http://localhost:70000",
    "http://a:1:2/", "http://localhost/a b", "http://localhost/a\r\nx: y",
  ])
  func noAddress(_ url: String) { #expect(throws: TrafficTarget.Invalid.self) { try TrafficTarget(url: url) } }

  @Test func noHostHeader() {
    #expect(throws: TrafficTarget.Invalid.self) { try TrafficTarget(url: "http://localhost", hostHeader: "a\r\nx: y") }
  }
}
