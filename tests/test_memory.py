"""What counts as memory: nothing that a module holds ahead, or elsewhere, hides what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from autograder.judging import memory
from autograder.judging.memory import peak_memory
from autograder.judging.peak import Peak
from autograder.judging.rooms import WorkerRooms
from autograder.judging.scope import CheckScope
from autograder.judging.settings import JudgeSettings
from autograder.judging.sides import WorkerSide
from autograder.outline import Course
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.processes.footprint import Levels

TAKEN = 40_000_000
"""Bytes that each module below takes in the call, one way or another."""

pytestmark = pytest.mark.usefixtures("walls")


def work(module: Any, size: int) -> Any:
    return module.work(size)


PLAIN = b"def work(size):\n    return len(b'x' * size)\n"

HIDERS = {
    "plain": PLAIN,
    "ballast": b"""\
held = [bytearray(b'x') * 200_000_000]
def work(size):
    held.clear()
    return len(b'x' * size)
""",
    "ballast that is taken again": b"""\
held = [bytearray(b'x') * 100_000_000]
def work(size):
    held.clear()
    found = len(b'x' * size)
    held.append(bytearray(b'x') * 100_000_000)
    return found
""",
    "ballast in a mapping": b"""\
import mmap
held = mmap.mmap(-1, 100_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
held.write(b'x' * len(held))
def work(size):
    held.madvise(mmap.MADV_DONTNEED)
    return len(b'x' * size)
""",
    "ballast freed by the collector": b"""\
class Held:
    def __init__(self):
        self.me, self.data = self, bytearray(b'x') * 100_000_000
held = [Held()]
def work(size):
    import ctypes, gc
    held.clear()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return len(b'x' * size)
""",
    "held before": b"""\
table = b'x' * 40_000_000
def work(size):
    return len(table[:size])
""",
    "taken by a thread in the first request": b"""\
import threading, time
held = []
def take():
    held.append(b'x' * 40_000_000)
threading.Timer(0.0, take).start()
def work(size):
    while not held:
        time.sleep(0.01)
    return len(held[0])
""",
    "in a child": b"""\
import os, time
def work(size):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        data = b'x' * size
        time.sleep(0.05)
        os.write(write, str(len(data)).encode())
        os._exit(0)
    found = int(os.read(read, 20))
    os.waitpid(pid, 0)
    return found
""",
    "in two children that share it": b"""\
import os, time
def work(size):
    read, write = os.pipe()
    if os.fork() == 0:
        data = b'x' * size
        other = os.fork()
        time.sleep(0.05)
        if other:
            os.waitpid(other, 0)
            os.write(write, str(len(data)).encode())
        os._exit(0)
    found = int(os.read(read, 20))
    os.wait()
    return found
""",
    "in /dev/shm": b"""\
import time
def work(size):
    with open('/dev/shm/kept', 'wb') as file:
        for _ in range(size // 1_000_000):
            file.write(b'x' * 1_000_000)
        time.sleep(0.02)
        return file.tell()
""",
    "in a shared mapping that is let go": b"""\
import mmap, time
def work(size):
    kept = mmap.mmap(-1, size)
    for _ in range(size // 1_000_000):
        kept.write(b'x' * 1_000_000)
        kept.madvise(mmap.MADV_DONTNEED)
    time.sleep(0.2)
    return kept.tell()
""",
    "before library code comes in": b"""\
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
def work(size):
    data = b'x' * size
    time.sleep(0.02)
    size = len(data)
    del data
    for line in open('/proc/self/maps'):
        if '.so' in line:
            first, last = (int(end, 16) for end in line.split()[0].split('-'))
            libc.madvise(first, last - first, 22)  # MADV_POPULATE_READ
    return size
""",
    "while mapped libraries are let go": b"""\
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
def work(size):
    for line in open('/proc/self/maps'):
        if ' r-xp ' in line and '/' in line:
            first, last = (int(end, 16) for end in line.split()[0].split('-'))
            libc.madvise(first, last - first, 4)
    return len(b'x' * size)
""",
}


@pytest.fixture(scope="module")
def rooms(toy: Course) -> Iterator[WorkerRooms]:
    rooms = WorkerRooms(toy, JudgeSettings(toy.root))
    yield rooms
    rooms.close()


@pytest.fixture
def side(rooms: WorkerRooms) -> Iterator[WorkerSide]:
    scope = CheckScope(rooms.source, 1)
    yield WorkerSide(scope, "student", "kept", "plain", PLAIN, Limits())
    scope.close()


@pytest.mark.parametrize("way", HIDERS)
def test_what_is_taken_is_counted(side: WorkerSide, way: str) -> None:
    peak = peak_memory(side.with_source(HIDERS[way]), work, size=TAKEN)
    assert peak.value == TAKEN
    assert peak.bytes > 0.9 * TAKEN - memory.GIVEN_BACK


@pytest.mark.parametrize(
    "source",
    [
        b"def work(size):\n    return size\n",
        b"import sqlite3, statistics, xml.etree.ElementTree\ndef work(size):\n    return size\n",
        b"try:\n    import decimal\nexcept ImportError:\n    pass\nfrom unittest import mock\n"
        b"def work(size):\n    return mock.Mock(return_value=size)()\n",
    ],
)
def test_imports_are_free(side: WorkerSide, source: bytes) -> None:
    peak = peak_memory(side.with_source(source), work, size=TAKEN)
    assert peak.value == TAKEN
    assert peak.bytes < 2_000_000


PARTS_OF_A_LIBRARY = b"""\
import ctypes, numpy
libc = ctypes.CDLL(None, use_errno=True)
libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
def use(size):
    for line in open('/proc/self/maps'):
        if 'openblas' in line and ' r-xp ' in line:
            first, last = (int(end, 16) for end in line.split()[0].split('-'))
            libc.madvise(first, min(last - first, size), 22)  # MADV_POPULATE_READ
"""


@pytest.mark.parametrize(
    "source",
    [
        PARTS_OF_A_LIBRARY + b"def work(size):\n    use(8_000_000)\n    return size\n",
        PARTS_OF_A_LIBRARY + b"use(8_000_000)\ndef work(size):\n    return size\n",
    ],
    ids=["in the call", "while the module is loaded"],
)
def test_library_code_is_free_when_it_is_first_used(side: WorkerSide, source: bytes) -> None:
    assert peak_memory(side.with_source(source), work, size=TAKEN).bytes < 1_000_000


def test_only_imports_that_are_run_are_taken_off(side: WorkerSide) -> None:
    source = b"""\
if False:
    import xml.etree.ElementTree, sqlite3
try:
    raise ValueError
    import email.policy, http.client
except ValueError:
    pass
table = b'x' * 3_000_000
def work(size):
    return size
"""
    assert peak_memory(side.with_source(source), work, size=1).bytes > 1_800_000


def peaks(*sizes: int) -> Peak:
    first, *later = [Peak(size, "value") for size in sizes]
    return Peak(first.bytes, "value", _again=lambda: later.pop(0))


@pytest.mark.parametrize(
    ("sizes", "bytes_", "runs"),
    [((5,), 5, 1), ((20, 21), 21, 2), ((20, 5, 6), 6, 3), ((20, 5, 22), 20, 3)],
)
def test_a_fail_is_measured_again(sizes: tuple[int, ...], bytes_: int, runs: int) -> None:
    peak = peaks(*sizes).settled(10)
    assert (peak.bytes, peak.runs) == (bytes_, runs)


def test_a_repeat_with_other_evidence_proves_nothing() -> None:
    peak = Peak(20, [1, 2], _again=lambda: Peak(5, [1])).settled(10)
    assert peak.bytes == 20


def test_a_level_that_falls_is_no_room() -> None:
    class Watch:
        before = Levels(30_000_000, 8_000_000, 0, 0)
        given_back, elsewhere = 23_000_000, 0

    growth, counted = memory.count(Watch(), 39_000_000, None)  # type: ignore[arg-type]
    assert (growth, counted) == (1_000_000, 21_000_000)


def test_trusted_peaks_are_measured_once(side: WorkerSide) -> None:
    scope = side.scope
    baseline = WorkerSide(scope, "baseline", "kept", "plain", PLAIN, Limits())

    def workers(size: int, of: WorkerSide) -> int:
        before = len(scope.workers)
        assert of.peak_memory(work, size=size).value == size
        return len(scope.workers) - before

    assert workers(TAKEN, baseline) == 1
    assert workers(TAKEN, baseline) == 0
    assert workers(TAKEN + 1, baseline) == 1
    assert workers(TAKEN, baseline.within(wall=50.0)) == 1
    assert workers(TAKEN, side) > 0
    assert workers(TAKEN, side) > 0, "those of a submission are measured each time"
    assert len(scope.measured) == 6
    side.peak_memory(work, size=TAKEN).settled(0)
    assert workers(TAKEN, baseline) == 1, "a fail makes the judge measure them again"
