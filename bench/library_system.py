"""A simulated library system that speaks SIP2: `python -m bench.library_system PORT`. Every reader's password fits."""

from __future__ import annotations

import socketserver
import sys

from tongwen.standards import sip2

_FIXED = " " * 14 + "01920260301   Z080000" + "0000" * 6


class _Talk(socketserver.StreamRequestHandler):
    """One connection: the terminal's log-in, then questions about readers."""

    def handle(self) -> None:
        content = b""
        while block := self.request.recv(4096):
            *messages, content = (content + block).split(b"\r")
            for one in messages:
                self.request.sendall(sip2.encode(_answer(sip2.decode(one, sip2.STANDARD)), sip2.STANDARD))


def _answer(asked: sip2.Message) -> sip2.Message:
    if asked.code == "93":
        return sip2.Message("94", "1", (), asked.sequence)
    patron = asked.first("AA")
    fields = (("AO", ""), ("AA", patron), ("AE", "量度读者"), ("BL", "Y"), ("CQ", "Y"), ("PA", "20991231"))
    return sip2.Message("64", _FIXED, fields, asked.sequence)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with _Server(("127.0.0.1", int(sys.argv[1])), _Talk) as server:
        server.serve_forever()
