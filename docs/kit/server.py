#!/usr/bin/env python3
"""A reference server of Tongwen's call-back kit: how a library system answers "is this reader's password right?".

Needs nothing but Python 3.9 or newer. Copy it, and replace `Readers` by a look-up in your own system; the rest is the
protocol (docs/reference/kit.md). Licence: Apache-2.0, as all of Tongwen.

    TONGWEN_KIT_SECRET=... python3 server.py --readers readers.json --port 8443 --certificate chain.pem --key key.pem

readers.json: {"R001": {"id": "7", "password": "...", "name": "...", "expires_on": "2027-12-31"}, ...}
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import hmac
import json
import os
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROTOCOL = "1"
TOLERANCE = 300  # Seconds by which the two clocks may differ.
LONGEST = 65_536  # No request is longer.


class Refusal(Exception):
    """The request is not answered: HTTP status and a word for the log."""

    def __init__(self, status, word):
        super().__init__(word)
        self.status = status
        self.word = word


class Readers:
    """The readers of this library. Passwords are kept as scrypt digests only, also in memory."""

    def __init__(self, rows):
        self.rows = {name: (facts, self._kept(facts["password"])) for name, facts in rows.items()}
        self.nobody = self._kept("nobody has this password")

    @staticmethod
    def _kept(password, salt=None):
        salt = salt or os.urandom(16)
        return salt, hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1)

    def find(self, name, password):
        """Return the reader's facts, or None. As long is spent on unknown names as on wrong passwords."""
        facts, (salt, digest) = self.rows.get(name, (None, self.nobody))
        right = hmac.compare_digest(self._kept(password, salt)[1], digest)
        return facts if facts is not None and right and password else None


class Nonces:
    """The numbers of the requests of the last minutes: none is answered twice."""

    def __init__(self):
        self.seen = {}
        self.lock = threading.Lock()

    def is_new(self, nonce, now):
        """Remember a nonce; tell whether it is new."""
        with self.lock:
            self.seen = {one: at for one, at in self.seen.items() if now - at <= 2 * TOLERANCE}
            if nonce in self.seen:
                return False
            self.seen[nonce] = now
            return True


def signature(secret, *parts):
    """HMAC-SHA256 over the parts, joined by line feeds, in hexadecimal."""
    return hmac.new(secret.encode(), b"\n".join(parts), hashlib.sha256).hexdigest()


class Kit:
    """The protocol: check who asks, then answer."""

    def __init__(self, secret, readers):
        self.secret = secret
        self.readers = readers
        self.nonces = Nonces()

    def check(self, headers, body, now):
        """Refuse what was not signed with the common secret, is of another time, or was sent before."""
        stamp, nonce = headers.get("Tongwen-Timestamp", ""), headers.get("Tongwen-Nonce", "")
        wanted = signature(self.secret, b"request", stamp.encode(), nonce.encode(), body)
        if not hmac.compare_digest(wanted, headers.get("Tongwen-Signature", "")):
            raise Refusal(401, "signature")
        if headers.get("Tongwen-Kit") != PROTOCOL:
            raise Refusal(400, "protocol")
        if not stamp.isdecimal() or abs(now - int(stamp)) > TOLERANCE:
            raise Refusal(401, "timestamp")
        if not 16 <= len(nonce) <= 64 or not self.nonces.is_new(nonce, now):
            raise Refusal(409, "nonce")

    def answer(self, action, body):
        """Return what is said to an action."""
        if action == "health":
            return {"result": "ready", "protocol": PROTOCOL, "capabilities": ["authenticate"]}
        if action != "authenticate":
            raise Refusal(404, "action")
        try:
            asked = json.loads(body)
            name, password = asked["name"], asked.get("password", "")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refusal(400, "body") from None
        if not isinstance(name, str) or not isinstance(password, str):
            raise Refusal(400, "body")
        return self.authenticate(name, password)

    def authenticate(self, name, password):
        """Say whether name and password fit together. Unknown readers and wrong passwords are answered alike."""
        facts = self.readers.find(name, password)
        if facts is None:
            return {"result": "denied", "reason": "credentials"}
        if facts.get("blocked"):
            return {"result": "denied", "reason": "blocked", "message": facts.get("message", "")}
        if facts.get("expires_on", "9999-12-31") < datetime.date.today().isoformat():
            return {"result": "denied", "reason": "expired"}
        told = ("id", "name", "email", "category", "expires_on")
        return {"result": "accepted", "patron": {one: facts[one] for one in told if facts.get(one)}}


def handler(kit):
    """Return a request handler that answers by this kit."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > LONGEST:
                self.close_connection = True
                self.say(413, {"error": "length"})
                return
            body = self.rfile.read(int(length))
            try:
                kit.check(self.headers, body, time.time())
                self.say(200, kit.answer(self.path.rstrip("/").rpartition("/")[2], body))
            except Refusal as refusal:
                self.say(refusal.status, {"error": refusal.word})

        def say(self, status, said):
            """Answer, signed: also refusals are, so that nobody else can refuse in our name."""
            body = json.dumps(said, ensure_ascii=False).encode()
            nonce = self.headers.get("Tongwen-Nonce", "")
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            signed = signature(kit.secret, b"answer", nonce.encode(), str(status).encode(), body)
            self.send_header("Tongwen-Signature", signed)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, text, *parts):
            """One line a request; neither names nor passwords stand in the address."""
            sys.stderr.write("%s %s\n" % (self.log_date_time_string(), text % parts))

    return Handler


def main():
    parser = argparse.ArgumentParser(description="Reference server of Tongwen's call-back kit")
    parser.add_argument("--readers", required=True, help="JSON file of readers")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--certificate", help="PEM chain; without it only this machine can be served")
    parser.add_argument("--key", help="PEM key")
    asked = parser.parse_args()
    secret = os.environ.get("TONGWEN_KIT_SECRET", "")
    if len(secret) < 32:
        parser.error("TONGWEN_KIT_SECRET must be set, to 32 characters or more")
    if not asked.certificate and asked.host not in ("127.0.0.1", "localhost", "::1"):
        parser.error("passwords do not travel without TLS: give --certificate and --key")
    with open(asked.readers, encoding="utf-8") as file:
        readers = Readers(json.load(file))
    server = ThreadingHTTPServer((asked.host, asked.port), handler(Kit(secret, readers)))
    if asked.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(asked.certificate, asked.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print("listening on %s:%d" % server.server_address[:2], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
