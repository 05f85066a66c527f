"""Reading a message that a stranger wrote, at a cost that is known beforehand.

The bytes may be anything. Bounded are, besides their number (``wire.CONTROL_CAP``):

* memory: declared lengths are held against the bytes that are there before anything is
  built (a header of five bytes can announce a million values), containers are counted, and
  an array is a view of its attachment, which may be named once;
* depth, counted over lists, mappings, tuples and sets together;
* the size of an int, and the time that sets and mappings take: Python hashes numbers and
  tuples without a secret, so anyone can write thousands of one hash, and each is
  then compared with all before it.

At a body of 1 MiB and 64 MiB of arrays the worst that was found takes 0.33 s of CPU and 45 MiB
beside the arrays. ``tests/sandbox/test_decoding.py`` holds it to 8 times the CPU time of a loop
that runs beside it, and to twice what a reply may carry.
"""

from __future__ import annotations

import importlib
import math
import struct
from collections.abc import Sequence
from typing import Any

import msgpack

from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401
from autograder.sandbox.inside.evidence import (
    ARRAY,
    BIGINT,
    COMPLEX,
    DTYPES,
    FROZENSET,
    MOST_INT_BITS,
    OPAQUE,
    SET,
    TENSOR,
    TUPLE,
    Malformed,
    Opaque,
    TensorData,
)

NESTED_CAP = 66
"""Most extension types (tuples, sets, arrays) within each other."""

LEVELS_CAP = 1024
"""Most levels of containers of any kind, as of msgpack's own stack, which is all that is asked of
a message with two levels of extension types or fewer."""

LISTS_CAP = 400_000
"""Most lists of one message; 1 MiB holds 350 000 pairs of small numbers."""

VALUES_CAP = 200_000
"""Most mappings and extension types of one message; 1 MiB holds 175 000 tuples of two.

A set, an array and a value of an unknown type count as two."""

NESTED_BYTES_CAP = 16 << 20
"""Most bytes of all extension types together; what is nested counts once for each level."""

SAME_HASH_CAP = 128
"""Most different numbers, or members of a set, of one hash.

Honest ones have some, too: every 61st power of two has the same, and -1 has that of -2.
"""

COMPARING_CAP = 16 << 20
"""Most bytes that have to be compared because different members of a set have one hash."""

_SURE = 6144  # bytes whose headers, within each other, announce 50 MB at most
_HEADERS = bytes([*range(0x80, 0xA0), *range(0xDC, 0xE0)])  # of lists and mappings
_CONTAINERS = frozenset([list, tuple, dict, set, frozenset])
_KEYS = frozenset([str, int, float, bool, bytes, type(None)])
_COMPLEX = struct.Struct(">dd")
_FORMAT = "a reply that is not in the wire format"
_TOO_DEEP = "a reply nested too deeply"
_TOO_MANY = f"a reply of more than {VALUES_CAP} tuples, sets and mappings"


numpy_: Any = None
"""Set in a worker, where a submission may put another module in the place of numpy."""


def decode(body: bytes, attachments: Sequence[bytes | bytearray]) -> Any:
    """The value of a frame's parts; ``Malformed`` for anything outside the format.

    ``attachments`` are ``bytes`` or ``bytearray``. An array of a ``bytearray`` is a view of it,
    one of ``bytes`` a copy; either can be written to.
    """
    try:
        return _Decoder(body, [*attachments]).value
    except Malformed:
        raise
    except Exception as error:  # msgpack and NumPy raise many types, all of them "not our format"
        raise Malformed(f"{_FORMAT} ({type(error).__name__})") from error


def _whole(data: bytes) -> None:
    """Raise unless ``data`` is complete: skipping builds nothing, whatever is announced."""
    reader = msgpack.Unpacker(max_buffer_size=len(data))
    reader.feed(data)
    reader.skip()


class _Decoder:
    # Class attributes, because most replies change none of them.
    depth = deepest = values = lists = nested_bytes = comparing = 0
    same = 1  # how often a member may be compared when two of the sets read so far are
    list_hook: Any = None
    numbers: dict[int, Any] | None = None
    others: dict[int, set[Any]]

    def __init__(self, body: bytes, attachments: list[Any]) -> None:
        self.attachments = attachments
        if len(body) > LISTS_CAP and _headers(body) > LISTS_CAP:
            self.list_hook = self._list
        self.value = self._unpack(body)
        # Each level of extension types may hold as many others as msgpack's stack allows.
        if self.deepest > 2 and _headers(body) > LEVELS_CAP and _deep(self.value):
            raise Malformed(_TOO_DEEP)

    def _unpack(self, data: bytes) -> Any:
        if len(data) > _SURE:
            _whole(data)
        return msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=False,
            timestamp=1,  # a float: msgpack's own type of time must not reach a check
            ext_hook=self._extension,
            object_pairs_hook=self._mapping,
            list_hook=self.list_hook,
        )

    def _list(self, value: list[Any]) -> list[Any]:
        self.lists += 1
        if self.lists > LISTS_CAP:
            raise Malformed(f"a reply of more than {LISTS_CAP} lists")
        return value

    def _extension(self, code: int, data: bytes) -> Any:
        self.values += 1
        self.nested_bytes += len(data)
        if self.values > VALUES_CAP:
            raise Malformed(_TOO_MANY)
        if self.depth > NESTED_CAP or self.nested_bytes > NESTED_BYTES_CAP:
            raise Malformed(_TOO_DEEP)
        if code != TUPLE:
            return self._other(code, data)
        value = self._nested(data)
        if type(value) is not list:
            raise Malformed(_FORMAT)
        return tuple(value)

    def _nested(self, data: bytes) -> Any:
        self.depth += 1
        if self.depth > self.deepest:
            self.deepest = self.depth
        value = self._unpack(data)
        self.depth -= 1
        return value

    def _other(self, code: int, data: bytes) -> Any:
        if code in (BIGINT, COMPLEX):
            return self._number(code, data)
        self.values += 1  # one of these takes as long to read as two tuples
        before, self.same = self.same, 1
        value = self._nested(data)
        if code in (SET, FROZENSET) and type(value) is list:
            value = self._set(value, code, len(data))
            self.same = max(self.same, before)
            return value
        self.same = max(self.same, before)
        if code == OPAQUE and type(value) is str:
            return Opaque(value[:200])
        if code == ARRAY and type(value) is list:
            return self._array(*value)
        if code == TENSOR and type(value) is list:
            array, (dtype, device) = self._array(*value[:3]), value[3:]
            if type(dtype) is str and type(device) is str:
                return TensorData(array, dtype[:40], device[:40])
        raise Malformed(f"an unknown kind of value ({code})")

    def _number(self, code: int, data: bytes) -> Any:
        if code == COMPLEX:
            return self._hashed(complex(*_COMPLEX.unpack(data)))
        if len(data) > MOST_INT_BITS // 8 + 1:
            raise Malformed(f"an int of more than {MOST_INT_BITS} bits")
        return self._hashed(int.from_bytes(data, "big", signed=True))

    def _hashed(self, value: Any) -> Any:
        """A number that is one of arbitrarily many of its hash: it may be meant for a set."""
        if self.numbers is None:
            self.numbers, self.others = {}, {}
        number = hash(value)
        first = self.numbers.setdefault(number, value)
        if first is not value and first != value:
            others = self.others.setdefault(number, set())
            others.add(value)
            if len(others) >= SAME_HASH_CAP:
                raise Malformed("numbers that were chosen for their hash")
        return value

    def _set(self, members: list[Any], code: int, size: int) -> Any:
        kinds = set(map(type, members))
        if tuple in kinds or frozenset in kinds:
            self._refuse_chosen(members, size)
        value = frozenset(members) if code == FROZENSET else set(members)
        if len(value) != len(members):
            raise Malformed("a set that holds one member twice")
        return value

    def _refuse_chosen(self, members: list[Any], size: int) -> None:
        """Refuse members, of ``size`` bytes, that would take long to tell apart."""
        counts: dict[int, int] = {}
        for member in members:
            number = hash(member)
            counts[number] = counts.get(number, 0) + 1
        most = max(counts.values())
        # Sets are compared member by member, each with all others of its hash.
        self.comparing += (most - 1) * size * self.same // 2
        self.same *= most
        if most > SAME_HASH_CAP or self.comparing > COMPARING_CAP:
            raise Malformed("a set whose members were chosen for their hash")

    def _mapping(self, pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
        # The keys need no look at their hashes: texts have a secret one, numbers were seen to.
        self.values += 1
        if self.values > VALUES_CAP:
            raise Malformed(_TOO_MANY)
        if not {type(key) for key, _ in pairs} <= _KEYS:
            raise Malformed("a mapping whose key is not a string or a number")
        value = dict(pairs)
        if len(value) != len(pairs):
            raise Malformed("a mapping that holds one key twice")
        return value

    def _array(self, name: Any, shape: Any, index: Any) -> Any:
        np = numpy_ if numpy_ is not None else importlib.import_module("numpy")
        if type(name) is not str or name not in DTYPES or type(shape) is not list:
            raise Malformed("an array of a dtype or shape that is not allowed")
        if len(shape) > 16 or any(type(n) is not int or not 0 <= n < 1 << 48 for n in shape):
            raise Malformed("an array of a dtype or shape that is not allowed")
        if type(index) is not int or not 0 <= index < len(self.attachments):
            raise Malformed("an array whose bytes are missing")
        data, self.attachments[index] = self.attachments[index], None
        if data is None:
            raise Malformed("two arrays of the same bytes")
        dtype = np.dtype(name)
        if math.prod(shape) * dtype.itemsize != len(data):
            raise Malformed("an array whose bytes do not fit its shape")
        if name == "bool" and data and np.frombuffer(data, np.uint8).max() > 1:
            raise Malformed("an array of bools that are neither True nor False")
        array = np.frombuffer(data, dtype).reshape(shape)
        return array if type(data) is bytearray else array.copy()


def _headers(data: bytes) -> int:
    """The most lists and mappings that ``data`` can hold: such bytes are in numbers, too."""
    return len(data) - len(data.translate(None, _HEADERS))


def _deep(value: Any) -> bool:
    level = [value] if type(value) in _CONTAINERS else []
    for _ in range(LEVELS_CAP):
        level = [
            part
            for whole in level
            for part in (whole.values() if type(whole) is dict else whole)
            if type(part) in _CONTAINERS
        ]
        if not level:
            return False
    return True
