"""A receiver to try klink_webhook.py with: KLINK_WEBHOOK_SECRET=whsec_test python3 receiver.py

PORT is where it listens (8080), KLINK_WEBHOOK_URL the URL that the sender signs, if it is another
than the one that is printed.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import klink_webhook

MAX_BODY = 1 << 20
MAX_DISCARDED = 16 << 20  # who sends more gets no answer, as the connection is reset


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds in which bytes must come

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self.answer(411, "length_missing")
        elif int(length) > MAX_BODY:
            self.discard(min(int(length), MAX_DISCARDED))
            self.answer(413, "body_too_large")
        elif urlsplit(self.path).path != path:
            self.discard(int(length))
            self.answer(404, "wrong_path")
        else:
            body = self.rfile.read(int(length))
            signatures = self.headers.get_all("X-Signature", [])
            try:
                self.answer(*klink_webhook.receive(verifier, body, signatures, events, handle))
            except Exception as e:
                say(f"failed: {e!r}")
                self.answer(500, "handler_failed")

    def discard(self, length):
        while length > 0:
            chunk = self.rfile.read(min(length, 1 << 16))
            length -= len(chunk) or length

    def answer(self, status, code):
        body = json.dumps({"code": code}).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status in (411, 413):
            self.send_header("Connection", "close")  # the rest of the body was not read
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def say(line):
    print(line + "\n", end="", flush=True)  # in one piece, as several threads print


def handle(event):
    say(f"handled {event['event']} {event.get('id')}")


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Receiver)
url = os.environ.get("KLINK_WEBHOOK_URL") or f"http://127.0.0.1:{server.server_port}/hook"
path = urlsplit(url).path
verifier = klink_webhook.Verifier(url, [os.environ["KLINK_WEBHOOK_SECRET"]])
events = klink_webhook.MemoryEvents()
print("listening for", url, flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    server.server_close()
