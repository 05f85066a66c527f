"""The worker's end of the wire: what it sends carries a tag that a submission cannot make."""

from __future__ import annotations

import _socket
import socket
from os import _exit
from typing import Any

from autograder.sandbox.inside import seal, wire
from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401
from autograder.sandbox.inside.stillness import disturbed, quiet, undisturbed

WALLED = b"+"
"""What a worker sends first, before it is given anything: its walls stand."""

# Of the type in C, which nobody can change; those of socket.socket are looked up in a class.
_receive, _send = _socket.socket.recv, _socket.socket.sendall


class Channel:
    """The worker's end of the wire. ``key`` (bytes) is known to the judge and to nobody else."""

    __slots__ = ("_count", "_key", "sock")

    def __init__(self, sock: socket.socket, key: bytes = b"") -> None:
        self.sock, self._key, self._count = sock, key, 0

    def take_key(self) -> None:
        """Read the key that the judge sends ahead of everything else."""
        self.begin(self._exactly(seal.KEY_BYTES))

    def begin(self, key: bytes) -> None:
        """Tag the replies from the next one on with ``key``."""
        self._key, self._count = key, 0

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = _receive(self.sock, min(count, 1 << 20))
            if not part:
                _exit(0)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive(self) -> Any:
        header = self._exactly(wire.HEADER_BYTES)
        control = self._exactly(wire.control_length(header, wire.REQUEST_CAP))
        body, lengths = wire.split_control(control, 1 << 34)
        attachments = [self._exactly(n) for n in lengths]
        quiet()
        undisturbed()
        return wire.decode(body, attachments)

    def send(self, message: dict[str, Any]) -> None:
        try:
            frame = wire.encode(message)
        except Exception as error:
            frame = wire.encode({"unsendable": f"{error}"[:300]})
        self._count += 1
        sealed = seal.tag(self._key, self._count, frame) + frame
        disturbed()
        _send(self.sock, sealed)
        quiet()
