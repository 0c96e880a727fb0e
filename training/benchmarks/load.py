"""How the server bears many clients: python training/benchmarks/load.py [--seconds 30] [--clients 8].

Starts `tagger serve` on loopback, has the clients send one 2,000-character article after another, and compares the
median latency with the time that tagging the same articles takes in one process. Writes training/results/load.json.
"""

import argparse
import json
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from tagger.article import Source
from tagger.codebook import load_codebook
from tagger.files import write_text
from tagger.labels import load_labels
from tagger.split import articles
from tagger.store import load
from tagger.tag import tag

ROOT = Path(__file__).resolve().parents[2]
CHARACTERS = 2000
ALONE = 200  # articles tagged in process
SERVE = (
    "from tagger import cli_serve; from tagger.console import group\n"
    "app = group('Load.')\n"
    "@app.callback()\ndef main(workspace: str = ''):\n    pass\n"
    "cli_serve.add(app); app(['serve', '--port', '0', '--no-open', '--coder', 'load'])\n"
)


def texts() -> list[str]:
    """Return articles of 2,000 characters, put together from labelled paragraphs of one genre each."""
    found = []
    for file in sorted((ROOT / "labels" / "paragraphs").glob("*.jsonl")):
        body = ""
        for label in load_labels(file, load_codebook(ROOT / "labels" / "codebook.toml")):
            body += f"　　{label.text}\n"
            if len(body) >= CHARACTERS:
                found.append(f"扶贫工作见闻\n\n{body[:CHARACTERS]}")
                body = ""
    return found


def alone(given: list[str]) -> list[float]:
    """Return the seconds that each article takes in this process."""
    model = load(ROOT / "models" / "default")
    taken = []
    for number in range(ALONE + 20):
        start = time.perf_counter()
        list(tag(articles(Source("article-1", given[number % len(given)])), model))
        taken.append(time.perf_counter() - start)
    return taken[20:]


class Client(threading.Thread):
    """One client on one connection; what it waits for each answer, and what went wrong."""

    def __init__(self, port: int, requests: list[bytes], until: float) -> None:
        """Take whom to ask what, until when."""
        super().__init__()
        self.waited: list[float] = []
        self.errors: list[str] = []
        self._port, self._requests, self._until = port, requests, until

    def run(self) -> None:
        """Ask, wait, ask again."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=30) as line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                number = 0
                while time.perf_counter() < self._until:
                    start = time.perf_counter()
                    line.sendall(self._requests[number % len(self._requests)])
                    status = answered(line)
                    self.waited.append(time.perf_counter() - start)
                    if status != 200:  # noqa: PLR2004
                        self.errors.append(f"status {status}")
                    number += 1
        except OSError as error:
            self.errors.append(str(error))


def answered(line: socket.socket) -> int:
    """Read one answer; return its status."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += received(line)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"content-length: (\d+)", head.lower())[1])
    left = length - len(body)
    while left > 0:
        left -= len(received(line))
    return int(head.split(b" ", 2)[1])


def received(line: socket.socket) -> bytes:
    """Return what has come; raises OSError where nothing comes any more."""
    data = line.recv(1 << 18)
    if not data:
        raise OSError("the connection was closed")
    return data


def asked(text: str) -> bytes:
    """Return a text as a request."""
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    head = "POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def loaded(given: list[str], clients: int, seconds: float) -> list[Client]:
    """Run the clients against a server of their own."""
    requests = [asked(text) for text in given]
    with subprocess.Popen([sys.executable, "-c", SERVE], stderr=subprocess.PIPE, text=True, cwd=ROOT) as server:  # noqa: S603
        said = server.stderr.readline()
        port = int(re.search(r":(\d+)/", said)[1])
        for turn in (1.0, seconds):  # the first to warm both children up
            until = time.perf_counter() + turn
            found = [Client(port, requests[n:] + requests[:n], until) for n in range(clients)]
            for client in found:
                client.start()
            for client in found:
                client.join()
        server.terminate()
        server.stderr.read()
    return found


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--output", type=Path, default=ROOT / "training" / "results" / "load.json")
    chosen = parser.parse_args()
    given = texts()
    in_process = statistics.median(alone(given))
    clients = loaded(given, chosen.clients, min(chosen.seconds, 300))
    waited = sorted(one for client in clients for one in client.waited)
    median = statistics.median(waited)
    told = {
        "clients": chosen.clients,
        "seconds": chosen.seconds,
        "characters": CHARACTERS,
        "requests": len(waited),
        "errors": [error for client in clients for error in client.errors][:10],
        "per_second": round(len(waited) / chosen.seconds, 1),
        "in_process_median_ms": round(1000 * in_process, 2),
        "latency_ms": {
            "median": round(1000 * median, 2),
            "p95": round(1000 * waited[int(0.95 * len(waited))], 2),
            "max": round(1000 * waited[-1], 2),
        },
        "times_in_process": round(median / in_process, 2),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    write_text(chosen.output, text + "\n")
    print(text)


if __name__ == "__main__":
    main()
