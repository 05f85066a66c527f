"""Servers on loopback that see what a submission really does.

They run in processes of their own, with none of the student's code. What they count, and the
secret in their answers, cannot be made up by the process that is judged. ``asked`` runs in the
sandbox, ``beside_server`` in the judge; the texts are sources for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograder.judging.observations import in_sandbox

__all__ = ["LIBRARY", "WAITING_ROOM", "asked", "beside_server"]

WAITING_ROOM = r'''
import selectors
import socket
import time

door = socket.create_server(("127.0.0.1", 0))


def listen():
    return door.getsockname()[1]


def serve(count, wanted, secret):
    """Answer ``count`` requests of a line each with the secret and that line.

    Answers are held back until ``wanted`` requests wait, or all that are left, and a little longer
    for one too many; for 3 s at most. Returns the most that waited at once, and all lines.
    """
    watch = selectors.DefaultSelector()
    watch.register(door, selectors.EVENT_READ)
    waiting, lines, most, tired, quiet = [], [], 0, False, time.monotonic()
    while len(lines) < count or waiting:
        for key, _ in watch.select(0.005):
            try:
                if key.fileobj is door:
                    watch.register(door.accept()[0], selectors.EVENT_READ)
                    continue
                watch.unregister(key.fileobj)
                line = key.fileobj.recv(1000).decode("utf-8", "replace").strip()
            except OSError:
                continue
            waiting.append((key.fileobj, line))
            lines.append(line)
            most, quiet = max(most, len(waiting)), time.monotonic()
        since = time.monotonic() - quiet
        tired = tired or since > 3
        enough = len(waiting) >= wanted or len(lines) >= count
        if waiting and (tired or (enough and since > 0.03)):
            for link, line in waiting:
                try:
                    link.sendall((secret + line).encode())
                    link.close()
                except OSError:
                    pass
            waiting, quiet = [], time.monotonic()
        elif since > 3:
            break
    return [most, lines]
'''
"""``listen()`` is a port; ``serve(count, wanted, secret)`` answers and counts who waits."""

LIBRARY = r'''
import selectors
import socket
import time

door = socket.create_server(("127.0.0.1", 0))


def listen():
    return door.getsockname()[1]


def serve(secret):
    """Answer each line ``get N`` with the secret and N, and keep account of these numbers.

    ``hold N`` is answered when N of them have been asked for and a moment has passed, or nothing
    has been asked for during 2 s. Returns for each of these ``[one more than the largest number
    asked for, how many]``. Ends with any other line, or after 4 s of silence.
    """
    watch = selectors.DefaultSelector()
    watch.register(door, selectors.EVENT_READ)
    asked, found, held, patience, quiet = set(), [], None, 2, time.monotonic()
    while time.monotonic() < quiet + 4:
        for key, _ in watch.select(0.005):
            try:
                if key.fileobj is door:
                    watch.register(door.accept()[0], selectors.EVENT_READ)
                    continue
                watch.unregister(key.fileobj)
                word, _, number = key.fileobj.recv(100).decode("utf-8", "replace").partition(" ")
                quiet, number = time.monotonic(), int(number[:9] or 0)
                if word == "get":
                    asked.add(number)
                    key.fileobj.sendall(f"{secret}{number}".encode())
                    key.fileobj.close()
                elif word == "hold":
                    held = key.fileobj, number
                else:
                    return found
            except (OSError, ValueError):
                pass
        late = held is not None and time.monotonic() > quiet + patience
        if late or (held and len(asked) >= held[1] and time.monotonic() > quiet + 0.03):
            patience = 0.1 if late else patience  # it is behind; only how far is of interest
            found.append([max(asked, default=-1) + 1, len(asked)])
            held[0].close()
            held, quiet = None, time.monotonic()
    return found
'''
"""``listen()`` is a port, ``serve(secret)`` an account of what was asked for at each hold."""


@in_sandbox()
def asked(port, line, seconds=20):
    """Send a line to a server on loopback; its whole answer.

    Example::

        items = (asked(port, f"get {number}") for number in range(count))
    """
    import socket

    with socket.create_connection(("127.0.0.1", port), seconds) as link:
        link.sendall(f"{line}\n".encode())
        with link.makefile() as answer:
            return answer.read()


def _listen(module: Any) -> Any:
    return module.listen()


def _serve(module: Any, arguments: dict[str, Any]) -> Any:
    return module.serve(**arguments)


def beside_server(
    student: Any,
    source: Any,
    observation: Callable[..., Any],
    serve: dict[str, Any],
    helpers: Iterable[Callable[..., Any]] = (),
    **arguments: Any,
) -> tuple[Any, Any]:
    """Run an observation beside a server: the evidence, and the server's own account.

    ``source`` is the server's: ``listen()`` gives a port, which the observation gets as ``port``;
    ``serve(**serve)`` answers, and returns the account. For several observations of one process it
    may be ``student.beside(source)``, made once: each process costs a fork.

    Example::

        seen, (most, lines) = beside_server(
            student.within(wall=30), WAITING_ROOM, downloaded, urls=urls, limit=3,
            serve={"count": len(urls), "wanted": 3, "secret": secret},
        )
    """
    student.worker()  # a file that cannot be loaded says so first
    server = student.beside(source) if isinstance(source, str) else source
    port = server.run(_listen)
    pending = student.begin(observation, helpers=helpers, port=port, **arguments)
    account = server.run(_serve, arguments=serve)
    return pending.end(), account
