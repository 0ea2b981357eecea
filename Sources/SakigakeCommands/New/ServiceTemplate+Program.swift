/// A program with nothing but Python's own library: it serves, tells whether it is well, and ends in peace.
extension ServiceTemplate {
  var program: String {
    #"""
    #!/usr/bin/env python3
    """Serves JSON at /, and says at /healthz that it is well."""
    import json
    import os
    import signal
    import sys
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


    def answer(path):
        """The status and the body for a path."""
        if path == "/healthz":
            return 200, {"status": "ok"}
        if path == "/":
            return 200, {"service": os.environ.get("SERVICE", "\#(name)"), "pod": os.environ.get("POD_NAME", "")}
        return 404, {"error": "not found"}


    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, body = answer(self.path.split("?", 1)[0])
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format, *args):
            if self.path != "/healthz":
                print(json.dumps({"path": self.path, "message": format % args}), flush=True)


    class Server(ThreadingHTTPServer):
        daemon_threads = False  # Requests under way are finished before the end.
        request_queue_size = 128


    def main():
        # The pod's own address: pods of a local cluster share one machine.
        address = (os.environ.get("POD_IP", "127.0.0.1"), int(os.environ.get("PORT", "\#(port)")))
        server = Server(address, Handler)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        print(json.dumps({"message": "serving %s:%d" % address}), flush=True)
        server.serve_forever()
        server.server_close()
        return 0


    if __name__ == "__main__":
        sys.exit(main())

    """#
  }

  var test: String {
    """
    import unittest

    import server


    class AnswerTest(unittest.TestCase):
        def test_it_is_well(self):
            self.assertEqual(server.answer("/healthz"), (200, {"status": "ok"}))

        def test_it_says_who_it_is(self):
            status, body = server.answer("/")
            self.assertEqual((status, body["service"]), (200, "\(name)"))

        def test_what_is_not_there(self):
            self.assertEqual(server.answer("/nowhere")[0], 404)


    if __name__ == "__main__":
        unittest.main()

    """
  }

  var image: String {
    """
    FROM python:3.13-slim
    COPY app/server.py /app/server.py
    # Nobody: pods are not run as root here.
    USER 65532:65532
    ENTRYPOINT ["python3", "/app/server.py"]

    """
  }
}
