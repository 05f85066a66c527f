"""A worker without fork: a fresh interpreter for each check (Windows, macOS; inside the sandbox).

Started by :mod:`autograder.sandbox.spawned`. Its standard input is the lifeline: one line that
says where to connect, and its end means that the judge is gone. Everything after that is the
same worker as in a fork.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import Any

from autograder.sandbox.inside import limits as limits_
from autograder.sandbox.inside import preparing, profiles, serve
from autograder.sandbox.inside.channel import WALLED, Channel
from autograder.sandbox.inside.restoring import Snapshot

CLEAN = "clean"
"""The request that ends a check without ending the process."""

NOT_AHEAD = ("torch._dynamo", "torch.export", "torch.jit")
"""What takes longer to start than most exercises take; a fork gets it for nothing."""


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
    gc.freeze()  # what was imported stays: no later collection has to walk through it
    sock = socket.create_connection(("127.0.0.1", settings["port"]))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(bytes.fromhex(settings["token"]))
    channel = _Channel(sock)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(  # type: ignore[union-attr]
            encoding="utf-8", errors="backslashreplace", line_buffering=True
        )
    channel.take()
    try:
        deque(serve.Server(channel, *preparing.prepared()).chain(), 0)
    finally:
        os._exit(0)


class _Channel(Channel):
    """The wire, and the way from one check to the next."""

    snapshot: Snapshot | None = None
    scratch = ""

    def take(self) -> None:
        """Wait for a check and get ready for it."""
        job = super().receive()
        self.begin(job["key"])
        # Where an interpreter serves one check only there is nothing to put back.
        if self.snapshot is None and not job["once"]:
            self.snapshot = Snapshot()
        self.environment = dict(os.environ)
        self.modules = set(sys.modules)
        self.scratch = job["scratch"]
        preparing.enter(self.scratch, ("HOME", "TMPDIR", "TEMP", "TMP"))
        preparing.settle(job["seed"], job["affinity"])
        # The limit on CPU time counts from the start of the process: not for one used again.
        if sys.platform == "linux" and job["once"]:
            limits_.apply_rlimits(limits_.Limits(**job["limits"]), processes=False)
        self.sock.sendall(WALLED)

    def receive(self) -> Any:
        while True:
            request = super().receive()
            if request.get("op") != CLEAN:
                return request
            clean = self._clean()
            self.send({"value": clean})
            if not clean:
                os._exit(0)
            self.take()

    def _clean(self) -> bool:
        """Take back what a check did to the process; False where that cannot be."""
        import multiprocessing

        if threading.active_count() > 2 or multiprocessing.active_children():
            return False
        folder = str(Path(self.scratch, "submission"))
        for name in set(sys.modules) - self.modules:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if file.startswith(folder):
                del sys.modules[name]
        sys.path[:] = [p for p in sys.path if p != folder]
        if self.snapshot is not None:
            self.snapshot.restore()
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(tempfile.gettempdir())
        tempfile.tempdir = None  # the next check has a scratch folder of its own
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.set_grad_enabled(True)
            torch.set_default_dtype(torch.float32)
            torch.use_deterministic_algorithms(False)
        gc.collect()
        return True


if __name__ == "__main__":
    main()
