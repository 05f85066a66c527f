"""A root: it has imported what workers need, and forks a zygote for each judge that asks.

It runs nothing but that. Under root it stays root, without any capability but those to change its
user, because each zygote becomes another one. A request is one packet, ``{"zygote": uid}``, with
the zygote's control socket; any number of judges may hold the other end.

``{"root": [package, ...]}`` asks for another root: a fork that loads these packages as well, and
takes requests on the socket that came along.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable

_PATIENCE = 2.0  # seconds for zygotes to end once nobody can ask for more


def zygote(control: socket.socket, load: Callable[[list[str]], None]) -> tuple[socket.socket, int]:
    """Fork until everyone has hung up. Returns in zygotes alone, with the control socket of the
    new one and the user that it is to be (0: as this one). ``load`` imports packages."""
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
        _reap()
        if not data:
            _wait_for_all()
            os._exit(0)  # taking a torch-sized interpreter apart helps nobody
        if os.fork() == 0:
            control.close()
            control, request = socket.socket(fileno=descriptors[0]), json.loads(data)
            if "zygote" in request:
                return control, request["zygote"]
            load(request["root"])
            continue
        os.close(descriptors[0])


def _reap() -> bool:
    """Take note of children that have ended, orphans included: this is PID 1. False once all have
    ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _wait_for_all() -> None:
    # Their CPU time is accounted to this process, and so on up to the one that started the run.
    deadline = time.monotonic() + _PATIENCE
    while _reap() and time.monotonic() < deadline:
        time.sleep(0.005)
