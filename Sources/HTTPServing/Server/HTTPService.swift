import Kubernetes

/// What a connection says of who is at its other end.
package struct HTTPPeer: Sendable {
  /// The client's certificate (DER), verified by the TLS layer against the roots that the server was given.
  package var clientCertificate: [UInt8]?
}

/// What a server serves. All but `answer` is called on an event loop, which other connections share: it must not block.
package protocol HTTPService: Sendable {
  /// Looks at a request before its body is there, and says who it is from (`request.user`).
  /// - Returns: an answer where the request is refused; nil lets it go on.
  func admit(_ request: inout APIRequest, authorization: String?, from peer: HTTPPeer) -> APIResponse?
  /// As what a request is taken whose method is none of `APIRequest.Method`, such as HEAD; nil answers 405.
  func method(for name: String, path: String) -> APIRequest.Method?
  /// The answer, where it can be had at once.
  func answerNow(_ request: APIRequest) -> APIResponse?
  /// The answer, where `answerNow` gave none. Runs on the connection's event loop until it suspends.
  func answer(_ request: APIRequest) async -> APIResponse
  /// Whether the answer is one without a foreseeable end, such as a watch: it is not compressed.
  func isLongRunning(_ request: APIRequest) -> Bool
}

extension HTTPService {
  package func admit(_ request: inout APIRequest, authorization: String?, from peer: HTTPPeer) -> APIResponse? { nil }
  package func method(for name: String, path: String) -> APIRequest.Method? { name == "HEAD" ? .get : nil }
  package func answerNow(_ request: APIRequest) -> APIResponse? { nil }
  package func isLongRunning(_ request: APIRequest) -> Bool { false }
}
