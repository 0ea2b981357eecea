/// What a server takes from its clients at most. Where a number is kube-apiserver's, its source is named.
package struct HTTPLimits: Sendable {
  /// Open at one time; further ones are closed as they come.
  package var connectionsMax = 16_384
  /// Names and values of a request's header together.
  package var headerBytesMax = 256 << 10
  package var headerFieldsMax = 256
  /// Of a request, chunked or not; one byte more is answered 413.
  package var bodyBytesMax = 3 << 20
  /// For TLS to be agreed on.
  package var handshakeSecondsMax = 10.0
  /// For a new connection's first header to be there (`ReadHeaderTimeout` in apiserver's `secure_serving.go`).
  package var headerSecondsMax = 32.0
  /// Between an answer and the whole header of the next request (`IdleTimeout` there).
  package var idleSecondsMax = 90.0
  /// For a request's body to be there (apiserver's `--request-timeout`).
  package var bodySecondsMax = 60.0
  /// For a client to take the next part of an answer; then its connection is cut. Until then it holds at most
  /// `unsentBytesMax` and one piece of the body.
  package var stalledSecondsMax = 60.0
  /// Of a connection that waits for its client to read; nothing is asked of a body beyond it.
  package var unsentBytesMax = 128 << 10
  /// That what a refused request still sends is read and thrown away, so that its client gets to read the answer.
  package var lingerSecondsMax = 5.0
  /// Streams of one HTTP/2 connection at one time (`MaxConcurrentStreams` in apiserver's `secure_serving.go`).
  package var streamsMax = 250
  /// From the end of serving to the cut of what is still being answered.
  package var shutdownSecondsMax = 3.0

  package init() {}
}
