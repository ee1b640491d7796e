"""A real HTTP server that answers what a test told it to, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional
from urllib.parse import parse_qs, urlsplit


@dataclass
class Received:
    method: str
    path: str
    query: Dict[str, str]
    headers: Dict[str, str]
    body: Any


@dataclass
class Scripted:
    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Dict[str, str] = field(default_factory=dict)
    # Close the connection without a word, as a crashing server does.
    drop: bool = False


Responder = Callable[[Received], Optional[Scripted]]


class ScriptedServer:
    """Answers come from the queue in order; when it is empty, from ``responder``; a test that asks more fails."""

    def __init__(self) -> None:
        self.received: List[Received] = []
        self.queue: List[Scripted] = []
        self.responder: Responder = lambda request: None
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def will_answer(self, *answers: Scripted) -> None:
        self.queue.extend(answers)

    def answer(self, request: Received) -> Scripted:
        self.received.append(request)
        scripted = self.queue.pop(0) if self.queue else self.responder(request)
        return scripted or Scripted(418, {"detail": f"The test did not expect {request.method} {request.path}."})

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _handler_for(server: ScriptedServer) -> type:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave as two packets; with Nagle's algorithm the second would wait 40 ms.
        disable_nagle_algorithm = True

        def respond(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            of_file = headers.get("content-type", "") in ("text/csv", "application/x-ndjson")
            body = (content if of_file else json.loads(content)) if content else None
            scripted = server.answer(Received(self.command, parts.path, query, headers, body))
            if scripted.drop:
                self.close_connection = True
                return
            try:
                self.send(scripted)
            except ConnectionError:
                self.close_connection = True  # the client stopped waiting, which is what that test is about

        def send(self, scripted: Scripted) -> None:
            payload = scripted.body if isinstance(scripted.body, bytes) else json.dumps(scripted.body).encode()
            self.send_response(scripted.status)
            for name, value in {"Content-Length": str(len(payload)), **scripted.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    return Handler
