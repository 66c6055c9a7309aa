"""Clients that cost almost nothing, so that the server is what is measured: sockets kept open, requests made before.

A process of its own: `python -m bench.clients PORT PATH SECONDS WARM CLIENTS < bodies` sends each line of its input
as one JSON request and prints {"accepted", "refused", "rate", "p50", "p95", "p99"} (a second; milliseconds). With `-`
for PATH each line is a whole request, in base64, sent again and again where `AGAIN` is added at the end.
"""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

_LIMIT = 30.0  # seconds for one answer
_FINE = {200, 201, 302}


@dataclass
class Client:
    """One open connection that sends requests one after the other until time is up."""

    port: int
    requests: Iterable[bytes]
    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    last: str = ""

    def run(self, start: float, end: float) -> None:
        """Send; answers from before `start` are the warming-up and do not count."""
        try:
            self._send(start, end)
        except OSError as fault:
            self.last = f"{type(fault).__name__}: {fault}"

    def _send(self, start: float, end: float) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=_LIMIT) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for request in self.requests:
                begun = time.perf_counter()
                if begun >= end:
                    return
                connection.sendall(request)
                status = self._answer(connection)
                ended = time.perf_counter()
                if begun < start or ended > end:
                    continue
                if status in _FINE:
                    self.latencies.append(ended - begun)
                else:
                    self.refused += 1
            if time.perf_counter() < end and not self.last:
                self.last = "the requests ran out"

    def _answer(self, connection: socket.socket) -> int:
        data = connection.recv(65536)
        while b"\r\n\r\n" not in data:
            data += self._more(connection)
        head, _blank, body = data.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if lengths:
            while len(body) < int(lengths[0].split(b":")[1]):
                body += self._more(connection)
        else:
            while not body.endswith(b"0\r\n\r\n"):  # in chunks, the last of them empty
                body += self._more(connection)
        status = int(head.split(b" ", 2)[1])
        if status not in _FINE:
            self.last = body[:300].decode("utf-8", "replace")
        return status

    @staticmethod
    def _more(connection: socket.socket) -> bytes:
        data = connection.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def request(path: str, body: bytes) -> bytes:
    """One POST of JSON over HTTP/1.1."""
    head = ("Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(body)}")
    return "\r\n".join((f"POST {path} HTTP/1.1", *head, "", "")).encode() + body


def measure(
    port: int, path: str, bodies: Iterable[str], *, seconds: float, warm: float, clients: int, again: bool = False
) -> dict[str, Any]:
    """Let clients send for so long (after warming up), in a process of their own; what it printed."""
    words = [str(port), path, str(seconds), str(warm), str(clients), *(["AGAIN"] if again else [])]
    done = subprocess.run(
        [sys.executable, "-m", "bench.clients", *words],
        input="\n".join(bodies),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(port: int, path: str, seconds: float, warm: float, clients: int, again: bool = False) -> dict[str, Any]:
    """Send what stands on standard input."""
    raw = path == "-"
    requests = [base64.b64decode(line) if raw else request(path, line.encode().rstrip()) for line in sys.stdin]
    shares = [list(islice(requests, n, None, clients)) or requests for n in range(clients)]
    crew = [Client(port, cycle(share) if again else share) for share in shares]
    start = time.perf_counter() + warm
    threads = [threading.Thread(target=one.run, args=(start, start + seconds)) for one in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(t for one in crew for t in one.latencies)

    def share(part: float) -> float:
        return round(times[min(len(times) - 1, int(part * len(times)))] * 1000, 1) if times else float("nan")

    return {
        "accepted": len(times),
        "refused": sum(one.refused for one in crew),
        "seconds": seconds,
        "rate": round(len(times) / seconds, 1),
        "p50": share(0.5),
        "p95": share(0.95),
        "p99": share(0.99),
        "said": next((one.last for one in crew if one.last), ""),
    }


if __name__ == "__main__":
    told = sys.argv[1:]
    found = main(int(told[0]), told[1], float(told[2]), float(told[3]), int(told[4]), "AGAIN" in told[5:])
    print(json.dumps(found))
