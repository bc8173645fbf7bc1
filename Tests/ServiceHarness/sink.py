"""A receiver of webhooks that behaves badly, and tells repetitions apart as its senders say it can: by Idempotency-Key."""
import json
import random
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Sink:
    """Answers some requests with 500, 429 or nothing at all, some of these after it has taken the message."""

    def __init__(self, seed, badness=0.3):
        self.random = random.Random(seed)
        self.badness = badness
        self.lock = threading.Lock()
        # In the order of their first arrival.
        self.messages = {}
        self.repetitions = 0
        self.differing = []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.take(self, self.headers["Idempotency-Key"], body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def take(self, request, key, body):
        with self.lock:
            mood = self.random.random() / self.badness if self.badness else 9
            takes = mood > 1 or mood < 0.5
            if takes and key in self.messages:
                self.repetitions += 1
                if json.loads(body) != self.messages[key]:
                    self.differing.append(key)
            elif takes:
                self.messages[key] = json.loads(body)
        if mood < 0.25 or 0.5 <= mood < 0.6:
            request.close_connection = True
            request.connection.shutdown(2)
            return
        status = 200 if mood > 1 else 429 if mood > 0.9 else 500
        if 0.25 <= mood < 0.3:
            time.sleep(0.3)
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def taken(self):
        with self.lock:
            return dict(self.messages)

    def stop(self):
        self.server.shutdown()
