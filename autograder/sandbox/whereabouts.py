"""Where a worker's code is at a timeout: a signal asks, ``faulthandler`` answers in the worker.

The answer comes with what the code prints, and may be forged like everything that a worker says.
"""

from __future__ import annotations

import contextlib
import re
import select
import time
from typing import Any, Protocol

from autograder.sandbox.inside.stillness import TELL

MOST_BYTES = 1 << 20
"""Most bytes that are read to find the answer, what was printed before it included."""

_WAIT = 0.3  # seconds for the first byte of an answer, on a busy machine
_QUIET = 0.02  # seconds without another byte after which an answer is whole
_SAMPLES = 3
"""Times that it is asked while none of the student's lines is running."""

_HEAD = re.compile(
    rb"^(?:Current thread|Thread|Stack) .*\(most recent call first\):$", re.MULTILINE
)
_FRAME = re.compile(r'^  File "(.*)", line (\d+) in (.+)$')


class Told(Protocol):
    """You provide the output of a process, and a way to send it a signal."""

    output: int
    printed: bytearray
    most_output: int

    def drain(self) -> None: ...

    def drain_all(self) -> None: ...

    def send_signal(self, number: int) -> None: ...


def frames(process: Told, module: str, files: frozenset[str]) -> list[list[Any]]:
    """The student's frames, the innermost last: ``[line, function]`` of the module, with the
    file's name as a third part of one of ``files``. Empty where none is seen."""
    for _ in range(_SAMPLES if TELL else 0):
        said = _asked(process)
        if not said:
            break  # it does not answer, and would not the next time
        if found := parsed(said, module, files):
            return found
    return []


def _asked(process: Told) -> str:
    """One answer; what the code has printed stays what it was."""
    kept, most = process.printed, process.most_output
    process.drain_all()
    kept, process.printed, process.most_output = process.printed, bytearray(), MOST_BYTES
    try:
        with contextlib.suppress(OSError):
            process.send_signal(TELL)
            _read(process)
        said = bytes(process.printed)
    finally:
        process.printed, process.most_output = kept, most
    head = _HEAD.search(said)
    before = said[: head.start()] if head else said
    kept += before[: max(0, most - len(kept))]
    return said[head.start() :].decode("utf-8", "replace") if head else ""


def _read(process: Told) -> None:
    """Read until the answer is whole, or until it is clear that none comes."""
    end = time.monotonic() + _WAIT
    quiet = time.monotonic() + _WAIT
    while (now := time.monotonic()) < min(end, quiet):
        before = len(process.printed)
        if process.output >= 0:
            ready, _, _ = select.select([process.output], [], [], min(end, quiet) - now)
            if ready:
                process.drain()
                if process.output < 0:
                    return
        else:
            time.sleep(_QUIET / 4)  # a thread reads it
        if len(process.printed) > before and _HEAD.search(process.printed):
            quiet = time.monotonic() + _QUIET


def parsed(said: str, module: str, files: frozenset[str]) -> list[list[Any]]:
    """The student's frames in an answer: those of the thread that was asked, or of another one."""
    found: dict[bool, list[list[Any]]] = {}
    for block in re.split(r"^(?=(?:Current thread|Thread|Stack) )", said, flags=re.MULTILINE):
        rows = (_FRAME.match(line) for line in block.splitlines())
        own = [frame for row in rows if row and (frame := _own(row, module, files))]
        if own:
            found.setdefault(not block.startswith("Thread "), own[::-1])
    return found.get(True) or found.get(False) or []


def _own(row: re.Match[str], module: str, files: frozenset[str]) -> list[Any] | None:
    _, inside, name = row[1].rpartition("/submission/")
    if not inside or len(row[2]) > 7:
        return None
    if name == f"{module}.py":
        return [int(row[2]), row[3]]
    return [int(row[2]), row[3], name] if name in files else None
