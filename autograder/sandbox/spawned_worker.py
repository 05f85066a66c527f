"""A worker without fork: a fresh interpreter for each check (Windows, macOS; inside the sandbox).

Started by :mod:`autograder.sandbox.spawned`. Its standard input is the lifeline: one line that
says where to connect, and its end means that the judge is gone. Everything after that is the
same worker as in a fork.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from autograder.sandbox import limits as limits_
from autograder.sandbox import profiles, worker

NOT_AHEAD = ("torch._dynamo",)
"""Takes longer to import than most exercises take; a fork gets it for nothing."""


def _watch_lifeline(lifeline: int) -> None:
    """Leave when the judge does, whatever the student's code is doing."""
    while os.read(lifeline, 1024):
        pass
    os._exit(0)


def _settings(lifeline: int) -> dict[str, Any]:
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(lifeline, 1)
        if not part:
            os._exit(0)
        line += part
    settings = json.loads(line)
    assert isinstance(settings, dict)
    return settings


def main() -> None:
    # The student's code must find an empty standard input, not the lifeline.
    lifeline = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    settings = _settings(lifeline)
    threading.Thread(target=_watch_lifeline, args=(lifeline,), daemon=True).start()
    profiles.preload(settings["profile"], skip=NOT_AHEAD)
    sock = socket.create_connection(("127.0.0.1", settings["port"]))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(bytes.fromhex(settings["token"]))
    channel = worker.Channel(sock)
    job = channel.receive()
    worker.SCRATCH = job["scratch"]
    folder = Path(worker.SCRATCH, "work")
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chdir(folder)
    for name in ("HOME", "TMPDIR", "TEMP", "TMP"):
        os.environ[name] = worker.SCRATCH
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(  # type: ignore[union-attr]
            encoding="utf-8", errors="backslashreplace", line_buffering=True
        )
    worker.settle(job["seed"], job["affinity"])
    if sys.platform == "linux":
        limits_.apply_rlimits(limits_.Limits(**job["limits"]), processes=False)
    sock.sendall(worker.WALLED)
    try:
        worker.serve(channel)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
