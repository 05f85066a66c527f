"""Lists whose values wait in a file: a class may be larger than the memory for it."""

from __future__ import annotations

import contextlib
import os
import pickle
import tempfile
from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TypeVar, overload

T = TypeVar("T")

_CHUNK = 1 << 16  # bytes that are gathered in memory before they are written


class Fetched(Sequence[T]):
    """A sequence that makes a value each time it is asked for it."""

    @abstractmethod
    def _fetch(self, number: int) -> T:
        """The value at ``number``, from 0."""

    @overload
    def __getitem__(self, number: int) -> T: ...

    @overload
    def __getitem__(self, number: slice) -> list[T]: ...

    def __getitem__(self, number: int | slice) -> T | list[T]:
        found = range(len(self))[number]
        return self._fetch(found) if isinstance(found, int) else list(map(self._fetch, found))

    def __iter__(self) -> Iterator[T]:
        return map(self._fetch, range(len(self)))


class Spool(Fetched[T]):
    """A list in a private temporary file, which has no name and ends with this object.

    What is read is a copy: a value that was changed has to be put in its place again. Memory holds
    16 bytes of each value and whole the last ones, so that a small class makes no file. Where the
    file cannot be written, as on a full disk, values stay in memory.

    Values are pickled. One thread may use it at a time.
    """

    def __init__(self, values: Iterable[T] = ()) -> None:
        self._starts, self._sizes = array("q"), array("L")
        self._file: IO[bytes] | None = None
        self._written = 0
        """Bytes that are in the file; those after them are in memory."""
        self._rest = bytearray()
        self._stuck = False
        for value in values:
            self.append(value)

    def __len__(self) -> int:
        return len(self._starts)

    def append(self, value: T) -> int:
        """Add a value; its number."""
        start, size = self._add(value)
        self._starts.append(start)
        self._sizes.append(size)
        return len(self) - 1

    def __setitem__(self, number: int, value: T) -> None:
        self._starts[number], self._sizes[number] = self._add(value)

    def _add(self, value: T) -> tuple[int, int]:
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        start = self._written + len(self._rest)
        self._rest += data
        if len(self._rest) >= _CHUNK and not self._stuck:
            self._write()
        return start, len(data)

    def _write(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="kata-", buffering=0)  # noqa: SIM115
            done = 0
            while done < len(self._rest):
                part = bytes(self._rest[done:])
                done += os.pwrite(self._file.fileno(), part, self._written + done)
        except OSError:
            self._stuck = True
            return
        self._written += len(self._rest)
        self._rest = bytearray()

    def _fetch(self, number: int) -> T:
        start, size = self._starts[number], self._sizes[number]
        if start >= self._written:
            place = start - self._written
            data = bytes(self._rest[place : place + size])
        else:
            assert self._file is not None
            data = os.pread(self._file.fileno(), size, start)
        value: T = pickle.loads(data)
        return value

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError, OSError):
            if self._file is not None:
                self._file.close()


class Picked(Fetched[T]):
    """Values of a sequence by their ``numbers`` in it, in that order."""

    def __init__(self, values: Sequence[T], numbers: Sequence[int]) -> None:
        self._values, self._numbers = values, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def _fetch(self, number: int) -> T:
        return self._values[self._numbers[number]]


class Joined(Fetched[T]):
    """Two sequences, one after the other."""

    def __init__(self, first: Sequence[T], second: Sequence[T]) -> None:
        self._first, self._second = first, second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def _fetch(self, number: int) -> T:
        beyond = number - len(self._first)
        return self._first[number] if beyond < 0 else self._second[beyond]
