"""The warm process inside the wall: imports once, forks a worker for each request.

Started by bubblewrap with one control socket, or a fork of a root that was (``roots.py``).
It never sees a submission, a hidden input or a grader: those travel over each worker's own
socket, whose descriptor is passed through here unread, so one submission cannot find another
in inherited memory.

Messages on the control socket are one JSON line each (both ends are ours): the judge
sends ``{"fork": id, "limits": {...}, ...}`` with two descriptors (wire, output), the
zygote answers ``{"forked": id, "pid": n}`` with a pidfd; ``{"wait": id}`` is answered by
``{"status": n}``, the raw wait status. A fork with ``"seed": null`` is a spare: its first
request, ``settle``, brings seed, affinity and limits. ``"reap"`` lists dead workers whose
status nobody asks for.
"""

from __future__ import annotations

import gc
import json
import linecache
import os
import socket
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

from autograder.sandbox.inside import channel as channel_
from autograder.sandbox.inside import hugepages, preparing, profiles, roots, serve, tiers
from autograder.sandbox.inside import limits as limits_
from autograder.sandbox.inside.instruments import Instruments
from autograder.sandbox.inside.noticing import Notices
from autograder.sandbox.inside.originals import Originals

Known = tuple[Originals, Instruments, Notices]
"""What every worker starts with (:func:`.preparing.prepared`)."""

FORKS_BEFORE_COLLAPSE = 32
"""Gathering memory into huge pages costs as much as some thirty forks save by it."""


def _open_streams() -> None:
    """The standard streams as a worker has them; after a fork their descriptors are its own."""
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stdout = sys.__stdout__ = open(  # type: ignore[misc]  # noqa: SIM115
        1, "w", closefd=False, encoding="utf-8", errors="backslashreplace", buffering=1
    )
    sys.stderr = sys.__stderr__ = open(  # type: ignore[misc]  # noqa: SIM115
        2, "w", closefd=False, encoding="utf-8", errors="backslashreplace", buffering=1
    )


def _become_worker(
    request: dict[str, Any], wire_fd: int, output_fd: int, tier: tiers.Tier, known: Known
) -> Iterator[None]:
    """In the child: build its walls; returns the chain that serves, to be drained."""
    try:
        tier.join()
        wire = _keep_descriptors(wire_fd, output_fd)
        limits = limits_.Limits(**request["limits"])
        preparing.enter(tier.enter(request, limits), tier.variables())
        if request["seed"] is None:
            serve.rehearse(*known)
        else:
            preparing.settle(request["seed"], request.get("affinity"))
            limits_.apply_rlimits(limits, processes=tier.limits_processes)
        tier.close()
        channel = channel_.Channel(socket.socket(fileno=wire))
        channel.take_key()
        channel.sock.sendall(channel_.WALLED)
        chain = serve.Server(channel, *known).chain()
        gc.freeze()  # the collector lists nothing of it to a submission
    except BaseException as error:
        os.write(2, f"kata: the worker's walls failed: {error!r}\n".encode())
        os._exit(1)
    return chain


def _keep_descriptors(wire_fd: int, output_fd: int) -> int:
    """Close every descriptor but the standard streams, which are the worker's own from now on, and
    the wire; returns the wire's new number."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    # dup2 onto itself is an error when the result must not be inheritable.
    wire = os.dup2(wire_fd, 3, inheritable=False) if wire_fd != 3 else 3
    os.set_inheritable(wire, False)
    os.closerange(4, 65536 if wire_fd > 1024 or output_fd > 1024 else 1024)
    return wire


class _Warm:
    """This process once it has imported what every worker needs."""

    def __init__(self, profile: str, mounted: str) -> None:
        profiles.preload(profile)
        _open_streams()
        self.known: Known = preparing.prepared()
        """What a fork starts with."""
        preparing.withdraw(mounted)
        self._tidy()

    def load(self, packages: list[str]) -> None:
        """Import what some exercises need beside their profile."""
        profiles.load(packages)
        self.known = Originals(), *self.known[1:]
        self._tidy()

    def _tidy(self) -> None:
        # Whatever a fork would do again, and pages that it would write to: once, here.
        linecache.clearcache()
        gc.collect()
        gc.disable()
        gc.freeze()
        self.threads = preparing.threads()


def _get_ready(options: dict[str, Any], tier: tiers.Tier) -> tuple[socket.socket, Known]:
    """Import and build walls; returns the control socket and what a fork starts with."""
    control = socket.socket(fileno=options["control"])
    os.set_inheritable(options["control"], False)
    if options.get("shared"):
        warm = _Warm(options["profile"], options["mounted"])
        control, uid = roots.zygote(control, warm.load)
        tier.begin(uid, wait=False)
    else:
        # Before anything heavy is imported, while a fork costs nothing.
        tier.begin(options.get("uid", 0), wait=True)
        warm = _Warm(options["profile"], options["mounted"])
    _answer(control, {"ready": os.getpid(), "threads": warm.threads})
    return control, warm.known


def _answer(control: socket.socket, message: dict[str, Any], handle: int = -1) -> None:
    """One line for the judge, with a descriptor that is closed here afterwards."""
    line = json.dumps(message).encode() + b"\n"
    if handle < 0:
        control.sendall(line)
        return
    socket.send_fds(control, [line], [handle])
    os.close(handle)


def main() -> Iterator[None]:
    """Fork until the judge hangs up. Only in a fork does this return, with the chain to drain."""
    options = json.loads(sys.argv[1])
    tier = tiers.of(options)
    control, known = _get_ready(options, tier)
    children: dict[int, int] = {}
    forks = 0
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 4)
        tier.reap(children)
        if not data:
            tier.end()
            os._exit(0)  # taking a torch-sized interpreter apart helps nobody
        request = json.loads(data)
        if "wait" in request:
            _, status = os.waitpid(children.pop(request["wait"]), 0)
            tier.forget(request["wait"])
            _answer(control, {"status": status})
            continue
        forks += 1
        if forks == FORKS_BEFORE_COLLAPSE:
            hugepages.collapse()
        for number in request.get("reap", ()):
            os.waitpid(children.pop(number), 0)
        pid = tier.fork(request, children.get(request.get("beside"), 0))
        if pid == 0:
            control.detach()
            wire, output = descriptors
            chain = _become_worker(request, wire, output, tier, known)
            names = globals()
            names.clear()
            names["__name__"] = "__main__"  # libraries look for it in the outermost module's frame
            return chain
        for descriptor in descriptors:
            os.close(descriptor)
        children[request["fork"]] = pid
        handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
        _answer(control, {"forked": request["fork"], "pid": pid}, handle)


if __name__ == "__main__":
    # The submission runs from in here. Every frame beneath it can be reached from it, so this one
    # holds nothing: what serves is an argument of a C function, and the names are cleared away.
    try:
        deque(main(), 0)
    except BaseException:
        __import__("traceback").print_exc()
    finally:
        __import__("os")._exit(1)
