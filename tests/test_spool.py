"""Lists that wait in a file: what they hold is what was put there, on a full disk as well."""

from __future__ import annotations

import errno
import gc
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.text import spool
from autograder.text.spool import Joined, Picked, Spool


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_CHUNK", 1000)


def full(*args: object, **more: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def sometimes(real: Callable[..., int]) -> Callable[..., int]:
    """A disk that takes a part of each write, and is full after some of them."""
    calls: list[int] = []

    def pwrite(file: int, data: bytes, at: int) -> int:
        calls.append(at)
        return full() if len(calls) > 6 else real(file, data[:300], at)

    return pwrite


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("disk", ["large", "full", "fills up", "no folder"])
def test_values_are_those_that_were_put_there(disk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if disk == "full":
        monkeypatch.setattr(os, "pwrite", full)
    if disk == "fills up":
        monkeypatch.setattr(os, "pwrite", sometimes(os.pwrite))
    if disk == "no folder":
        monkeypatch.setattr(tempfile, "TemporaryFile", full)
    expected: list[Any] = [{"n": n, "text": b"x" * (n * 37 % 501)} for n in range(100)]
    some: Spool[Any] = Spool(expected)
    assert list(some) == expected and len(some) == 100
    for number in range(0, 100, 7):
        some[number] = expected[number] = None if number % 2 else [number] * number
        assert some[number] == expected[number]
    assert list(some) == expected
    assert (some[-1], some[3:9:2], some[95:]) == (expected[-1], expected[3:9:2], expected[95:])
    with pytest.raises(IndexError):
        some[100]


@pytest.mark.usefixtures("small_chunks")
def test_what_is_read_is_a_copy() -> None:
    some: Spool[list[int]] = Spool([[1], [2]])
    some[0].append(3)
    assert list(some) == [[1], [2]]


@pytest.mark.usefixtures("small_chunks")
def test_the_file_has_no_name_and_ends_with_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    some = Spool(bytes(500) for _ in range(9))
    assert some._file is not None and not list(tmp_path.iterdir())
    file = some._file
    del some
    gc.collect()
    assert file.closed


def test_a_small_list_makes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    some = Spool(bytes(1000) for _ in range(20))
    assert len(some[19]) == 1000 and not some._stuck


def test_picked_and_joined_values() -> None:
    both = Joined(Spool("ab"), ["c", "d"])
    assert list(both) == list("abcd") and both[-1] == "d" and len(both) == 4
    assert list(Picked(both, [3, 0, 0])) == ["d", "a", "a"]
    assert not Picked(both, [])
