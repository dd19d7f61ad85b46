"""Lets the embedded server's web page show in plain words what is stored encrypted.

The browser asks this endpoint to decrypt what the page shows: summaries, current details, a fact. It listens
on this machine only, for as long as the embedded server runs, and answers that web page only. A service for
many needs one that knows who asks; this is not it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from google.protobuf.json_format import MessageToJson, Parse, ParseError
from temporalio.api.common.v1 import Payloads

from client.converter import EncryptingCodec, UnreadablePayload
from client.keys import Keys

HOST = "127.0.0.1"
LONGEST_REQUEST = 16 * 1024 * 1024


@contextmanager
def serving_codec(keys: Keys, ui_port: int) -> Iterator[str]:
    """Decrypt for the web page for the length of the block.

    Args:
        keys: what to decrypt with.
        ui_port: where the web page is, on this machine.

    Yields:
        The endpoint's URL, for `ServerOptions.codec_endpoint`.
    """
    with _CodecServer(keys, ui_port) as server:
        thread = threading.Thread(target=server.serve_forever, name="codec", daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _CodecServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, keys: Keys, ui_port: int) -> None:
        self.codec = EncryptingCodec(keys)
        self.origins = {f"http://{host}:{ui_port}" for host in (HOST, "localhost")}
        super().__init__((HOST, 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Temporal's codec protocol: POST /decode, payloads in, payloads out, as protocol buffers in JSON."""

    server: _CodecServer
    # A browser that opens a connection and says nothing must not hold a thread for ever.
    timeout = 30

    def do_OPTIONS(self) -> None:
        """Answer the browser, which asks first whether the page may ask."""
        self._answer(HTTPStatus.NO_CONTENT if self._asked_by_the_page() else HTTPStatus.FORBIDDEN)

    def do_POST(self) -> None:
        """Decrypt."""
        length = self.headers.get("Content-Length", "")
        if not self._asked_by_the_page():
            self._answer(HTTPStatus.FORBIDDEN, "Only the embedded server's web page may ask.")
        elif urlsplit(self.path).path != "/decode":
            self._answer(HTTPStatus.NOT_FOUND, "There is /decode only.")
        elif not length.isdecimal() or int(length) > LONGEST_REQUEST:
            self._answer(HTTPStatus.BAD_REQUEST, "The request says no length that can be accepted.")
        else:
            self._decode(self.rfile.read(int(length)))

    def _decode(self, body: bytes) -> None:
        try:
            given = Parse(body, Payloads())
            shown = Payloads(payloads=[self.server.codec.decrypt(payload) for payload in given.payloads])
        except (ParseError, UnicodeDecodeError):
            self._answer(HTTPStatus.BAD_REQUEST, "The request holds no payloads.")
        except UnreadablePayload as error:
            self._answer(HTTPStatus.BAD_REQUEST, str(error))
        else:
            self._answer(HTTPStatus.OK, MessageToJson(shown, indent=None), "application/json")

    def _asked_by_the_page(self) -> bool:
        # Any other page that the same browser shows could ask too.
        return self.headers.get("Origin") in self.server.origins

    def _answer(self, status: HTTPStatus, text: str = "", kind: str = "text/plain; charset=utf-8") -> None:
        body = text.encode()
        self.send_response(status)
        if self._asked_by_the_page():
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
            self.send_header("Access-Control-Allow-Methods", "POST")
            wanted = self.headers.get("Access-Control-Request-Headers", "content-type")
            self.send_header("Access-Control-Allow-Headers", wanted)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the terminal for every payload shown."""
