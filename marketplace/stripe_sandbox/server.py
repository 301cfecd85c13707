"""The sandbox on a local port, with its post."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from marketplace.stripe_sandbox import sandbox
from marketplace.stripe_sandbox.delivery import Post

HOST = "127.0.0.1"


class Quiet(WSGIRequestHandler):
    """Without a line for each request: `/knobs` lists the calls."""

    protocol_version = "HTTP/1.0"  # a connection a call, so that closing waits for no idle one

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def bound(app: Flask, port: int, host: str = HOST) -> BaseWSGIServer:
    """A server that holds the port but doesn't serve yet; port 0: a free one. OSError when taken."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(128)
    except OSError:
        door.close()
        raise
    return make_server(host, port, app, threaded=True, request_handler=Quiet, fd=door.detach())


def serve(app: Flask, port: int, host: str = HOST) -> None:
    """Serve until interrupted."""
    server = bound(app, port, host)
    post = Post(app)
    post.start()
    try:
        server.serve_forever()
    finally:
        server.server_close()
        post.stop()
        sandbox.of(app).store.close()


@contextmanager
def running(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve from a thread of this process; gives the sandbox's address, for `STRIPE_API_BASE`."""
    server = bound(app, port)
    server.daemon_threads = False  # type: ignore[attr-defined]  # closing waits for calls that are being answered
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    post = Post(app)
    post.start()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        post.stop()
        sandbox.of(app).store.close()
