"""A newspaper with an RSS feed of its last stories, on a free loopback port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# As many as a newspaper's feed shows.
_SHOWN = 50


class Newspaper:
    """`url` is its feed, `statuses` what it answered, `fault` a status that it answers
    with while it is set."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/rss.xml"
        self.statuses: Counter[int] = Counter()
        self.fault: int | None = None
        self._items: list[str] = []
        self._built = 0

    def publish(self, *texts: str) -> None:
        """On top of the feed, each with the next number as its guid."""
        for text in texts:
            number = len(self._items)
            self._items.append(
                f"<item><title>Story {number}</title><guid>urn:paper:{number}</guid>"
                f"<description>{text}</description></item>"
            )

    def answer(self, etag: str | None) -> tuple[int, str, bytes]:
        self._built += 1
        shown = "".join(self._items[: -_SHOWN - 1 : -1])
        current = f'"{sha256(shown.encode()).hexdigest()}"'
        if self.fault is not None:
            status, document = self.fault, b"<html>no</html>"
        elif etag == current:
            status, document = 304, b""
        else:
            status = 200
            document = (
                '<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title><language>en</language>'
                f"<lastBuildDate>{self._built}</lastBuildDate>{shown}</channel></rss>"
            ).encode()
        self.statuses[status] += 1
        return status, current, document


@contextmanager
def newspaper() -> Iterator[Newspaper]:
    """One that answers until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, etag, document = paper.answer(self.headers.get("If-None-Match"))
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    paper = Newspaper(server.server_address[1])
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield paper
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
