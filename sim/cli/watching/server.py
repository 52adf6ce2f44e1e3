"""Hands the board out to browsers on this machine, and to nobody else.

``/`` is the frame, ``/report`` the last picture, ``/notices`` a stream of server-sent events, each
a notice as JSON. Nothing can be changed by a request. A page of another site that has the name of
its server changed to this machine's address (DNS rebinding) asks with that name, and is refused.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, Final

from sim.cli.watching.board import Board, Notice

HERE: Final = "127.0.0.1"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_ASSETS: Final = {
    "/": ("frame.html", "text/html; charset=utf-8"),
    "/frame.js": ("frame.js", "text/javascript; charset=utf-8"),
    "/frame.css": ("frame.css", "text/css; charset=utf-8"),
}
_BEAT: Final = 10.0
"""Seconds after which a stream says that it is there, and so finds out whether anybody is."""


@contextmanager
def serving(board: Board) -> Iterator[str]:
    """Serve the board on a free port of this machine; gives the address."""
    with _Server((HERE, 0), _Handler) as server:
        server.board = board
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="serve")
        thread.start()
        try:
            yield f"http://{HERE}:{server.server_port}/"
        finally:
            board.close()
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    board: Board

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes while it is told something is none."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer a request."""
        path = self.path.partition("?")[0]
        if self.headers.get("Host") not in self._names():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif path in _ASSETS:
            name, kind = _ASSETS[path]
            text = files("sim.cli.watching").joinpath(name).read_text("utf-8")
            self._answer(text, kind, {"Content-Security-Policy": _POLICY})
        elif path == "/report":
            # The page brings a policy of its own, by which it may ask for nothing.
            policy = {"Content-Security-Policy": "frame-ancestors 'self'"}
            self._answer(self.server.board.latest.page, "text/html; charset=utf-8", policy)
        elif path == "/notices":
            self._notices()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _names(self) -> tuple[str, str]:
        port = self.server.server_port
        return f"{HERE}:{port}", f"localhost:{port}"

    def _answer(self, text: str, kind: str, headers: dict[str, str]) -> None:
        body = text.encode("utf-8")
        self._head(kind, {**headers, "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _head(self, kind: str, headers: dict[str, str]) -> None:
        self.send_response(HTTPStatus.OK)
        usual = {
            "Content-Type": kind,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        for name, value in {**usual, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _notices(self) -> None:
        """Every notice from the latest on, until the browser or the board has gone."""
        self._head("text/event-stream", {})
        number, board = 0, self.server.board
        while not board.is_closed:
            notice = board.after(number, _BEAT)
            number = notice.number if notice else number
            self.wfile.write(_event(notice) if notice else b":\n\n")
            self.wfile.flush()

    def log_message(self, format: str, *values: Any) -> None:
        """Say nothing: the terminal is for verdicts."""


def _event(notice: Notice) -> bytes:
    data = {
        "picture": notice.picture,
        "verdict": notice.verdict,
        "mistakes": notice.mistakes,
    }
    return f"data: {json.dumps(data)}\n\n".encode("ascii")
