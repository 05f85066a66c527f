"""What passes between a run and its readers: a request in, plain data out."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import msgpack

from autograder.ingest.readers.limits import ReadingLimits

_HEAD = struct.Struct("!Q")
_NODES = 200_000  # most members of a list or a map

TAKEN, REFUSED, FAILED, FAULT = "taken", "refused", "failed", "fault"
"""How a request ends: with a value; with a reason in what was handed in, its limits included; with
an error of the reader's own code that the submission brought about; with a fault of the machine."""


@dataclass(frozen=True, slots=True)
class Request:
    """A function of :mod:`autograder.ingest.readers.tasks` by name, and its arguments.

    They come from the course and from names in folders, and may be anything that can be pickled;
    what a submission holds is named by its path and never sent.
    """

    task: str
    arguments: tuple[Any, ...]
    limits: ReadingLimits = field(default_factory=ReadingLimits)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reader found, or why it found nothing.

    ``value`` is plain data. ``trouble`` is empty, or ends the sentence "It was not taken: ...";
    ``end`` says whose it was. ``cpu`` is in seconds, ``peak`` in bytes of resident memory, both of
    the reader.
    """

    value: Any = None
    trouble: str = ""
    end: str = TAKEN
    cpu: float = 0.0
    peak: int = 0


def packed(value: Any) -> bytes:
    """Plain data as bytes."""
    data: bytes = msgpack.packb(value, use_bin_type=True)
    return data


def unpacked(data: bytes) -> Any:
    """The inverse; ``ValueError`` for anything else, or too much."""
    try:
        return msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=True,
            max_array_len=_NODES,
            max_map_len=_NODES,
            max_ext_len=0,
        )
    except ValueError:
        raise
    except Exception as error:  # msgpack has exceptions of its own
        raise ValueError(f"{type(error).__name__}: {error}") from None


def write_frame(file: BinaryIO, data: bytes) -> None:
    """Write one message, its length ahead."""
    file.write(_HEAD.pack(len(data)))
    file.write(data)
    file.flush()


def read_frame(file: BinaryIO) -> bytes | None:
    """The next message; None where the other end has closed."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (length,) = _HEAD.unpack(head)
    data = file.read(length)
    return data if len(data) == length else None
