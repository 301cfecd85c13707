"""Requests as fast as a server answers them, over kept connections, from a process of its own; and servers to ask."""

import os
import select
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS, SECONDS = 16, 5.0


@dataclass(frozen=True)
class Load:
    """What a server did: requests a second, and milliseconds at the median and the 99th percentile."""

    rate: float
    median: float
    slowest: float

    def __str__(self) -> str:
        return f"{self.rate:.0f}/s, median {self.median:.1f} ms, p99 {self.slowest:.1f} ms"


@contextmanager
def served(app: str, environment: dict[str, str], *, workers: int = 2) -> Iterator[int]:
    """The port of `app` ("module:name") under granian, as the site is served, for the length of the block."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "4", "--backpressure", "64", "--log-level", "error"]
    server = subprocess.Popen([*command, app], cwd=ROOT, env=os.environ | environment, start_new_session=True)
    try:
        _wait(port)
        yield port
    finally:
        os.killpg(server.pid, 15)
        server.wait(20)


def asked(port: int, paths: Sequence[str], seconds: float = SECONDS) -> Load:
    """All of the paths in turn over CONNECTIONS connections, after a round that counts for nothing."""
    command = [sys.executable, "-m", "tests.benchmarks.load", str(port), str(seconds), *paths]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    rate, median, slowest = map(float, answer)
    return Load(rate, median, slowest)


def memory_mb(port: int) -> float:
    """The most resident memory of any process that listens on a port, in MB."""
    found = [
        _resident(int(each.name)) for each in Path("/proc").iterdir() if each.name.isdigit() and _is_of(each, port)
    ]
    return max(found)


def _is_of(process: Path, port: int) -> bool:
    try:
        return f"--port\0{port}\0" in (process / "cmdline").read_text()
    except OSError:
        return False


def _resident(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")


class _Asker:
    """One connection: asks, reads the whole answer, asks the next."""

    def __init__(self, port: int, requests: Sequence[bytes], first: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests, self.next = requests, first
        self.ask()

    def ask(self) -> None:
        self.socket.sendall(self.requests[self.next % len(self.requests)])
        self.next += 1
        self.asked_at, self.left, self.head = time.perf_counter(), -1, b""

    def read(self) -> float | None:
        """Seconds that the answer took, once all of it is there. RuntimeError for any answer but 200."""
        got = self.socket.recv(1 << 18)
        if not got:
            raise RuntimeError("the server hung up")
        if self.left < 0:
            self.head += got
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return None
            if b" 200 " not in self.head[:16]:
                raise RuntimeError(self.head[:200].decode(errors="replace"))
            lengths = [line for line in self.head[:end].lower().split(b"\r\n") if line.startswith(b"content-length:")]
            self.left = int(lengths[0].split(b":")[1]) - (len(self.head) - end - 4)
        else:
            self.left -= len(got)
        return time.perf_counter() - self.asked_at if self.left <= 0 else None


def _round(port: int, requests: Sequence[bytes], seconds: float) -> list[float]:
    poll, askers = select.epoll(), {}
    for number in range(CONNECTIONS):
        asker = _Asker(port, requests, number * len(requests) // CONNECTIONS)  # each elsewhere on its way round
        askers[asker.socket.fileno()] = asker
        poll.register(asker.socket.fileno(), select.EPOLLIN)
    taken: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for number, _event in poll.poll(1):
            if (took := askers[number].read()) is not None:
                taken.append(took)
                askers[number].ask()
    for asker in askers.values():
        asker.socket.close()
    return taken


def main(port: str, seconds: str, *paths: str) -> None:
    head = "Host: 127.0.0.1\r\nUser-Agent: Mozilla/5.0\r\nConnection: keep-alive\r\n\r\n"
    requests = [f"GET {path} HTTP/1.1\r\n{head}".encode() for path in paths]
    _round(int(port), requests, 2.0)
    taken = sorted(_round(int(port), requests, float(seconds)))
    print(len(taken) / float(seconds), statistics.median(taken) * 1000, taken[int(len(taken) * 0.99)] * 1000)


if __name__ == "__main__":
    main(*sys.argv[1:])
