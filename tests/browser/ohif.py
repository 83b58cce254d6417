"""OHIF as its makers build it, in front of a running server: its files, and our DICOMweb beside them."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

DIST = Path(__file__).parents[2] / ".peers" / "package" / "dist"
TYPES = {".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".html": "text/html"}
CONFIG = b"""
window.config = {
  routerBasename: '/', extensions: [], modes: [], showStudyList: true, maxNumberOfWebWorkers: 1,
  investigationalUseDialog: { option: 'never' }, defaultDataSourceName: 'lightwell',
  dataSources: [{
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'lightwell',
    configuration: {
      friendlyName: 'Lightwell', name: 'lightwell', qidoRoot: location.origin + '/dicom-web',
      wadoRoot: location.origin + '/dicom-web', wadoUriRoot: location.origin + '/wado',
      qidoSupportsIncludeField: false, supportsFuzzyMatching: false, supportsWildcard: true,
      imageRendering: 'wadors', thumbnailRendering: 'wadors', enableStudyLazyLoad: true,
      bulkDataURI: { enabled: true }, singlepart: 'bulkdata,video,pdf',
    },
  }],
};
"""


class Ohif(ThreadingHTTPServer):
    """Serves OHIF, and hands DICOMweb requests to a server with a token; remembers how they were answered."""

    daemon_threads = True

    def __init__(self, server_url: str, token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.client = httpx.Client(base_url=server_url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        self.answers: list[tuple[str, int]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where OHIF is."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Ohif  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stays quiet."""

    def do_GET(self) -> None:
        """A file of OHIF, its configuration, or an answer of the server behind."""
        path = self.path.partition("?")[0]
        if path.startswith(("/dicom-web", "/wado")):
            return self._hand_over()
        if path == "/app-config.js":
            return self._send(200, "text/javascript", CONFIG)
        file = DIST / path.lstrip("/")
        file = file if file.is_file() and file.name != "sw.js" else DIST / "index.html"
        return self._send(200, TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes())

    def _hand_over(self) -> None:
        answer = self.server.client.get(self.path, headers={"Accept": self.headers.get("Accept", "*/*")})
        self.server.answers.append((self.path, answer.status_code))
        self._send(answer.status_code, answer.headers.get("content-type", ""), answer.content)

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
