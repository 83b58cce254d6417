"""A small server that serves the built pages and answers as Lightwell's API does, on the loopback only."""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.browser import hospital as invented
from tests.browser.hospital import DataSet, Hospital

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; "
    "connect-src 'self' ws: wss:; frame-ancestors 'none'"
)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
STUDIES = "/dicom-web/studies"
FRAME = re.compile(rf"^{STUDIES}/[\d.]+/series/([\d.]+)/instances/[\d.]+\.(\d+)/frames/\d+$")
RENDERED = re.compile(rf"^{STUDIES}/[\d.]+/series/([\d.]+)/instances/[\d.]+/frames/\d+/rendered$")
METADATA = re.compile(rf"^{STUDIES}/[\d.]+/series/([\d.]+)/metadata$")
SERIES = re.compile(rf"^{STUDIES}/([\d.]+)/series$")
NO_KEY_IMAGES = {"images": [], "rejected": [], "absent": 0, "unreadable": 0}


class MockServer(ThreadingHTTPServer):
    """The server of one test session; `hospital` is its state and may be replaced between tests."""

    daemon_threads = True

    def __init__(self, pages: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = pages
        self.hospital = Hospital()
        self.listeners: list[queue.Queue[str | None]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def base_url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def reset(self) -> Hospital:
        """A fresh hospital; live connections of the test before are let go."""
        self.hang_up()
        self.hospital = Hospital()
        return self.hospital

    def tell(self, uid: str) -> None:
        """Sends StudyArrived to every page that listens."""
        data = json.dumps({"study_instance_uid": uid, "organisation_id": 1})
        for listener in list(self.listeners):
            listener.put(f"event: StudyArrived\ndata: {data}\n\n")

    def hang_up(self) -> None:
        """Cuts every live connection."""
        for listener in list(self.listeners):
            listener.put(None)


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: MockServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stays quiet."""

    @property
    def hospital(self) -> Hospital:
        """The state of the server."""
        return self.server.hospital

    def do_GET(self) -> None:
        """Pages, session, server, live events and DICOMweb."""
        address = urlsplit(self.path)
        if address.path == "/api/server":
            return self.answer(
                {
                    "name": "",
                    "version": "0.1.0",
                    "ae_title": "LIGHTWELL",
                    "dicom_port": 11112,
                    "http_port": 8080,
                    "demo": True,
                }
            )
        if address.path == "/api/session":
            return (
                self.answer(self.hospital.session())
                if self.hospital.is_signed_in
                else self.problem(401, "not_signed_in")
            )
        if address.path.startswith(("/api/", "/dicom-web/")):
            return self.guarded(lambda: self.read(address.path, parse_qs(address.query)))
        return self.page(address.path)

    def do_POST(self) -> None:
        """Signing in, locking and unlocking."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        if self.headers.get("X-Lightwell") != "1":
            self.hospital.unguarded.append(self.path)
        if self.path == "/api/session/lock":
            self.hospital.is_locked = True
            return self.answer(None, 204)
        return self.check(body.get("password", ""), is_entry=self.path == "/api/session")

    def do_PUT(self) -> None:
        """What the person sets for themselves."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.hospital.preferences[self.path.rpartition("/")[2]] = body["value"]
        self.answer(None, 204)

    def do_DELETE(self) -> None:
        """Signing out."""
        self.hospital.is_signed_in = self.hospital.is_locked = False
        self.answer(None, 204)

    def check(self, password: str, *, is_entry: bool) -> None:
        """Opens the session for the right password."""
        if self.hospital.attempts_left <= 0:
            return self.problem(429, "too_many_attempts", retry_after_s=300)
        if password != invented.PASSWORD:
            self.hospital.attempts_left -= 1
            return self.problem(401, "sign_in_failed")
        self.hospital.is_locked = False
        self.hospital.is_signed_in = self.hospital.is_signed_in or is_entry
        return self.answer(self.hospital.session())

    def guarded(self, act: Callable[[], None]) -> None:
        """Acts only within an open session."""
        if not self.hospital.is_signed_in:
            return self.problem(401, "not_signed_in")
        if self.hospital.is_locked:
            return self.problem(423, "session_locked")
        return act()

    def read(self, path: str, query: dict[str, list[str]]) -> None:  # noqa: PLR0911 -- one for each address
        """DICOMweb and live events."""
        if path == "/api/events":
            return self.events()
        if path == "/api/views":
            return self.answer(self.hospital.views)
        if path == "/api/preferences":
            return self.answer(self.hospital.preferences)
        if path == STUDIES:
            return self.answer(found(self.hospital.studies, {key: values[0] for key, values in query.items()}))
        if match := SERIES.match(path):
            return self.answer(invented.series() if match[1] == invented.CT_UID else [])
        if match := METADATA.match(path):
            return self.answer(invented.instances(match[1]))
        if path.endswith("/key-images"):
            return self.answer(NO_KEY_IMAGES)
        if match := RENDERED.match(path):
            return self.send(200, "image/png", invented.picture(match[1]))
        if match := FRAME.match(path):
            return self.frame(match[1], int(match[2]))
        return self.problem(404, "not_found")

    def events(self) -> None:
        """Server-sent events until somebody hangs up."""
        listener: queue.Queue[str | None] = queue.Queue()
        self.server.listeners.append(listener)  # before the page can know that it listens
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b": hello\n\n")
            while (event := listener.get()) is not None:
                self.wfile.write(event.encode())
        except OSError:
            pass
        self.server.listeners.remove(listener)
        self.close_connection = True

    def frame(self, series_uid: str, place: int) -> None:
        """One frame as multipart/related."""
        part_type = f"application/octet-stream; transfer-syntax={invented.transfer_syntax(series_uid)}"
        head = f"--frame\r\nContent-Type: {part_type}\r\n\r\n"
        body = head.encode() + invented.frame(series_uid, place) + b"\r\n--frame--\r\n"
        self.send(200, 'multipart/related; type="application/octet-stream"; boundary=frame', body)

    def page(self, path: str) -> None:
        """An asset, or the entry page for every other address."""
        name = path if path.startswith("/assets/") else "/index.html"
        file = self.server.pages / name.lstrip("/")
        if not file.is_file():
            return self.problem(404, "not_found")
        return self.send(200, TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes())

    def answer(self, body: Any, status: int = 200) -> None:
        """Answers with JSON."""
        self.send(status, "application/json", b"" if body is None else json.dumps(body).encode())

    def problem(self, status: int, code: str, **more: Any) -> None:
        """Answers with an error."""
        body = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": "", **more}
        self.send(status, "application/problem+json", json.dumps(body).encode())

    def send(self, status: int, content_type: str, body: bytes) -> None:
        """Writes the whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)


def found(studies: list[DataSet], query: dict[str, str]) -> list[DataSet]:
    """The studies that match the parameters the pages use."""
    matching = [study for study in studies if _matches(study, query)]
    if query.get("order") == "oldest":
        matching.reverse()
    offset = int(query.get("offset", 0))
    return matching[offset : offset + int(query.get("limit", 50))]


def _matches(study: DataSet, query: dict[str, str]) -> bool:
    values = {tag: (attribute.get("Value") or [""])[0] for tag, attribute in study.items()}
    text = json.dumps([values["00100010"], values["00100020"], values["00080050"]], ensure_ascii=False).casefold()
    first, _, last = query.get("StudyDate", "").partition("-")
    return (
        query.get("search", "").casefold() in text
        and ("StudyInstanceUID" not in query or values["0020000D"] in query["StudyInstanceUID"].split(","))
        and query.get("ModalitiesInStudy", values["00080061"]) == values["00080061"]
        and query.get("organisation", values["00091002"]) == values["00091002"]
        and (not first or values["00080020"] >= first)
        and (not last or values["00080020"] <= last)
    )
