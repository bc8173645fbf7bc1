"""A receiver of requests that behaves as its path says, and writes each request as a line of JSON into a file.

    http_sink.py RECORDS [CERTIFICATE KEY]

Prints its port. `/first/500,429,200` answers with these statuses in turn, the last one for ever.
"""
import json
import socket
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

records = sys.argv[1]
lock = threading.Lock()
counts = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        if self.path.startswith("/deaf"):
            # Or else the body would be taken for the next request, and be answered.
            self.close_connection = True
            self.connection.close()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock, open(records, "a") as file:
            headers = {name.lower(): value for name, value in self.headers.items()}
            record = {"method": self.command, "path": self.path, "headers": headers, "body": body.decode("latin-1")}
            file.write(json.dumps(record) + "\n")
            place = counts[self.path] = counts.get(self.path, 0) + 1
        kind, _, rest = self.path[1:].partition("/")
        getattr(self, "answer_" + kind.partition("?")[0], self.answer_ok)(rest.partition("?")[0], place, body)

    do_GET = do_PUT = do_POST

    def say(self, status, body=b"ok", fields=()):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_ok(self, rest, place, body):
        self.say(200)

    def answer_first(self, rest, place, body):
        statuses = rest.split(",")
        status, _, wish = statuses[min(place, len(statuses)) - 1].partition(";")
        self.say(int(status), b"said " + status.encode(), [("Retry-After", wish)] if wish else [])

    def answer_echo(self, rest, place, body):
        text = self.path + " " + " ".join(self.headers.values()) + " " + body.decode("latin-1")
        self.say(int((rest or "200").split("/")[0]), text.encode("latin-1"))

    def answer_redirect(self, rest, place, body):
        self.say(302, b"", [("Location", "http://169.254.169.254/latest/meta-data/")])

    def answer_half(self, rest, place, body):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"x" * 50)
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def answer_stalled(self, rest, place, body):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"xx")
        self.wfile.flush()
        # Until the client has had enough of it.
        self.connection.recv(1)

    def answer_early(self, rest, place, body):
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def answer_gone(self, rest, place, body):
        self.connection.shutdown(socket.SHUT_RDWR)

    def answer_endless(self, rest, place, body):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def answer_fields(self, rest, place, body):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        try:
            while True:
                self.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        except OSError:
            pass

    def answer_nonsense(self, rest, place, body):
        self.wfile.write(b"\x00\xff\x00 what?\r\n\r\n")
        self.connection.shutdown(socket.SHUT_RDWR)

    def answer_slow(self, rest, place, body):
        time.sleep(float(rest or 60))
        try:
            self.say(200)
        except OSError:
            pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
