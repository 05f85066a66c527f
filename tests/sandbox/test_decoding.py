"""What one reply may cost the judge that reads it, and what reading makes of odd ones."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np
import pytest

from autograder.sandbox.inside import wire
from autograder.sandbox.inside.limits import Limits

PRIME = (1 << 61) - 1  # Python's ints have the hash of their remainder
MiB = 1 << 20


def ext(code: int, body: bytes) -> bytes:
    return bytes(msgpack.packb(msgpack.ExtType(code, body)))


def items(item: bytes, count: int) -> bytes:
    return b"\xdd" + struct.pack(">I", count) + item * count


def many(parts: list[bytes]) -> bytes:
    return b"\xdd" + struct.pack(">I", len(parts)) + b"".join(parts)


def number(value: int) -> bytes:
    return ext(3, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def full(item: bytes) -> bytes:
    """As many of ``item`` as one control part holds."""
    return items(item, (MiB - 100) // len(item))


def chosen_pair(first: int, wanted: int = 12345) -> tuple[int, int] | None:
    """A pair of ints that begins with ``first`` and has the hash of a tuple that was chosen."""
    p1, p2, p5, mask = (
        11400714785074694791,
        14029467366897019727,
        2870177450012600261,
        (1 << 64) - 1,
    )
    acc = (p5 + first * p2) & mask
    acc = ((acc << 31 | acc >> 33) & mask) * p1 & mask
    after = wanted * pow(p1, -1, 1 << 64) & mask
    before = (after >> 31 | after << 33) & mask
    second = (before - acc) * pow(p2, -1, 1 << 64) & mask
    second = second - (1 << 64) if second >> 63 else second
    return (first, second) if abs(second) < PRIME and second != -1 else None


def chosen_pairs(count: int) -> list[bytes]:
    found: list[bytes] = []
    first = 0
    while len(found) < count:
        first += 1
        pair = chosen_pair(first)
        if pair is not None:
            found.append(ext(1, msgpack.packb(list(pair))))
    return found


def nested_sets() -> bytes:
    """Frozensets of frozensets whose hashes are all one, three levels of them."""
    level = chosen_pairs(16)
    for _ in range(3):
        level = [ext(8, many(level[i:] + level[:i])) for i in range(min(16, len(level)))]
    return ext(2, many(level))


def array(dtype: str, shape: list[int], index: Any) -> bytes:
    return ext(4, msgpack.packb([dtype, shape, index]))


def lists_in_tuples() -> bytes:
    body = b"\xc0"
    for _ in range(50):
        body = ext(1, b"\x91" + b"\x91" * 900 + body)
    return body


def matryoshka() -> bytes:
    body = b"\xc6" + struct.pack(">I", 500_000) + bytes(500_000)
    for _ in range(60):
        body = ext(1, b"\x91" + body)
    return body


COSTLY: dict[str, tuple[Callable[[], bytes], list[int]]] = {
    "empty lists": (lambda: full(b"\x90"), []),
    "empty mappings": (lambda: full(b"\x80"), []),
    "mappings of one": (lambda: full(b"\x81\x01\x01"), []),
    "one mapping": (
        lambda: (
            b"\xdf"
            + struct.pack(">I", 170_000)
            + b"".join(b"\xce" + struct.pack(">I", n) + b"\xc0" for n in range(170_000))
        ),
        [],
    ),
    "lists of one": (lambda: full(b"\x91\x01"), []),
    "empty tuples": (lambda: full(ext(1, b"\x90")), []),
    "empty sets": (lambda: full(ext(2, b"\x90")), []),
    "objects": (lambda: full(ext(5, b"\xa0")), []),
    "complex numbers": (lambda: full(ext(6, struct.pack(">dd", 1, 2))), []),
    "times": (lambda: full(b"\xd6\xff\x00\x00\x00\x01"), []),
    "texts": (lambda: full(b"\xa3\xe2\x82\xac"), []),
    "a long text": (
        lambda: b"\xdb" + struct.pack(">I", 10**6) + b"a" * (10**6 - 4) + b"\xf0\x9f\x98\x80",
        [],
    ),
    "long ints": (lambda: full(ext(3, b"\x7f" * 4000)), []),
    "ints of one hash in a list": (
        lambda: many([number(1 + k * PRIME) for k in range(60_000)]),
        [],
    ),
    "ints of one hash in a set": (
        lambda: ext(2, many([number(1 + k * PRIME) for k in range(60_000)])),
        [],
    ),
    "ints of one hash as keys": (
        lambda: (
            b"\xdf"
            + struct.pack(">I", 50_000)
            + b"".join(number(1 + k * PRIME) + b"\xc0" for k in range(50_000))
        ),
        [],
    ),
    "complex numbers of one hash": (
        lambda: ext(
            2, many([ext(6, struct.pack(">dd", -1000003.0 * k, k)) for k in range(50_000)])
        ),
        [],
    ),
    "pairs of one hash in a set": (lambda: ext(2, many(chosen_pairs(40_000))), []),
    "sets of sets of one hash": (nested_sets, []),
    "floats and ints of one hash": (
        lambda: ext(
            2, many([msgpack.packb(float(m << 61 * j)) for m in range(1, 5000) for j in range(16)])
        ),
        [],
    ),
    "headers within headers": (lambda: b"\xdd\x00\x0f\xff\xff" * 200_000, []),
    "headers within headers, short": (lambda: b"\xdc\x13\x88" * 1700, []),
    "headers within tuples": (lambda: full(b"\xc8\x17\x70\x01" + b"\xdc\x13\x88" * 2000), []),
    "mappings within mappings": (lambda: b"\xdf\x00\x0f\xff\xff\x01" * 170_000, []),
    "lists in tuples": (lists_in_tuples, []),
    "tuples around much": (matryoshka, []),
    "one array": (lambda: array("uint8", [64 * MiB], 0), [64 * MiB]),
    "one array named often": (lambda: full(array("uint8", [8 * MiB], 0)), [8 * MiB]),
    "many arrays": (
        lambda: many([array("uint8", [MiB // 64], i) for i in range(4096)]),
        [MiB // 64] * 4096,
    ),
    "an array and many lists": (
        lambda: many([array("uint8", [64 * MiB], 0), items(b"\x90", 900_000)]),
        [64 * MiB],
    ),
}

MEASURE = """
import resource, sys, time
from autograder.sandbox.inside import wire
import numpy
body = sys.stdin.buffer.read()
lengths = [int(n) for n in sys.argv[1:]]
def status(name):
    for line in open("/proc/self/status"):
        if line.startswith(name):
            return int(line.split()[1]) << 10
open("/proc/self/clear_refs", "w").write("5")
def loop():  # about 0.08 s where nothing else runs
    began = time.process_time()
    table = {}
    for n in range(600_000):
        table[n & 1023] = [n]
    return time.process_time() - began
yard = loop()
before, began = status("VmRSS"), time.process_time()
try:
    value = wire.decode(body, [bytearray(n) for n in lengths])
    made = "read"
except wire.Malformed as error:
    made = "refused"
spent, peak = time.process_time() - began, status("VmHWM") - before
print(made, spent / max(yard, loop()), peak)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measured through /proc")
@pytest.mark.parametrize("name", COSTLY)
def test_reading_a_reply_costs_little(name: str) -> None:
    """At most 8 times the CPU time of a loop (0.08 s on a quiet machine) and twice the cap."""
    make, lengths = COSTLY[name]
    body = b"\x81\xa5value" + make()
    assert len(body) <= wire.CONTROL_CAP
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, lengths)],
        input=body,
        stdout=subprocess.PIPE,
        check=True,
    )
    made, loops, peak = done.stdout.split()
    assert float(loops) < 8, (made, loops)
    assert int(peak) < 2 * (Limits().reply + wire.CONTROL_CAP), (made, peak)


def roundtrip(value: Any) -> Any:
    frame = wire.encode(value)
    length = wire.control_length(frame[: wire.HEADER_BYTES])
    control, rest = frame[4 : 4 + length], frame[4 + length :]
    body, lengths = wire.split_control(control, MiB)
    parts = []
    for size in lengths:
        parts.append(bytearray(rest[:size]))
        rest = rest[size:]
    assert not rest
    return wire.decode(body, parts)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"value": None},
        [1, -1, 2**63, -(2**63), 2**64, 1 << 20000, 0.1, float("inf"), True],
        [2**k for k in range(3000)],  # every 61st has one hash
        {2**k for k in range(3000)},
        [2**70] * 5000,
        {(x, y, z) for x in range(-2, 3) for y in range(-2, 3) for z in range(-9, 9)},
        {frozenset({(x, -1), (-2, y)}) for x in range(-9, 9) for y in range(-9, 9)},
        [{(x, -1), (x, -2)} for x in range(500)],
        {n: -n for n in range(-1000, 1000)},
        [(n, {"a": [n, (n,)]}) for n in range(2000)],
        [(n % 100, 1) for n in range(170_000)],
        [[n % 100] for n in range(340_000)],
        b"\x90" * 1_000_000,
        "à" * 500_000,
        [1 + 2j, ("a", b"b", set(), frozenset({1}))],
        [complex(x, y) for x in range(-20, 20) for y in range(-20, 20)],
    ],
)
def test_what_graders_receive_arrives(value: Any) -> None:
    assert roundtrip(value) == value


def test_nested_evidence_arrives_up_to_the_depth_that_is_sent() -> None:
    lists: Any = 1
    for _ in range(500):
        lists = [lists]
    tuples: Any = 1
    for _ in range(wire.DEPTH_CAP):
        tuples = (1, tuples)
    for value in (lists, tuples, [tuples] * 100):
        assert roundtrip(value) == value


def test_arrays_can_be_written_to() -> None:
    value = roundtrip([np.arange(6.0).reshape(2, 3), np.zeros((0, 3), np.int8), np.array(True)])
    assert [(a.shape, a.dtype.name) for a in value] == [
        ((2, 3), "float64"),
        ((0, 3), "int8"),
        ((), "bool"),
    ]
    for each in value:
        each[...] = 0
    body = b"\x81\xa5value" + array("uint8", [3], 0)
    assert wire.decode(body, [b"abc"])["value"].flags.writeable


REFUSED: dict[str, bytes] = {
    "an unknown extension": ext(99, b"x"),
    "a negative extension": b"\xd4\xfb\x90",
    "a key twice": b"\x82\xa1a\x01\xa1a\x02",
    "a key that is a tuple": b"\x81" + ext(1, b"\x90") + b"\x01",
    "a member twice": ext(2, b"\x92\x01\x01"),
    "a member that is a list": ext(2, b"\x91\x90"),
    "a tuple of no list": ext(1, b"\x01"),
    "a text that is no UTF-8": b"\xa2\xff\xfe",
    "trailing data": b"\xc0\xc0",
    "a list that ends early": b"\xdd\x00\x00\x00\x05\xc0",
    "an int beyond the limit": ext(3, b"\x7f" * 5000),
    "an array of a negative index": array("uint8", [3], -1),
    "an array of an index that is a bool": array("uint8", [3], False),
    "an array of no attachment": array("uint8", [3], 1),
    "an array twice": b"\x92" + array("uint8", [3], 0) * 2,
    "an array of a negative shape": array("uint8", [-3, -1], 0),
    "an array of objects": array("object", [3], 0),
    "bools that are none": array("bool", [3], 0),
    "half an array": ext(4, b"\x91\xa5uint8"),
    "a tensor without a device": ext(7, msgpack.packb(["uint8", [3], 0, "uint8"])),
    "half a complex number": ext(6, bytes(8)),
    "an object whose name is none": ext(5, b"\x91\x01"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_words(name: str) -> None:
    with pytest.raises(wire.Malformed):
        wire.decode(REFUSED[name], [b"abc"])


def test_a_time_is_a_number() -> None:
    assert wire.decode(b"\xd6\xff\x00\x00\x00\x01", []) == 1.0


@pytest.mark.parametrize(
    "control",
    [
        b"",
        b"\x92",
        b"\x92\x90",
        b"\x92\x90\xc4",
        b"\x92\x90\xc4\x02x",
        b"\x92\x90\xc4\x00x",
        b"\x93\x90\xc4\x00",
        b"\x92\xdd\x00\x00\x00\x00\xc4\x00",
        b"\x92\xdc\xff\xff\xc4\x00",
        b"\x92\x91\xff\xc4\x00",
        b"\x92\x91\xc0\xc4\x00",
        b"\x92\x91\xcf" + b"\xff" * 8 + b"\xc4\x00",
        b"\x92\x91\x91\x90\xc4\x00",
        b"\x92\x90\xa1x",
        b"\xc1",
    ],
)
def test_a_control_part_that_is_none(control: bytes) -> None:
    with pytest.raises(wire.Malformed):
        wire.split_control(control, MiB)


def test_control_parts_of_every_length() -> None:
    for size in (0, 1, 255, 256, 65535, 65536, MiB - 200):
        for lengths in ([], [0], [127], [128, 300, 70_000], list(range(0, 4096, 16)), [1] * 4096):
            if size + 4 * len(lengths) < MiB:
                control = msgpack.packb([lengths, bytes(size)])
                assert wire.split_control(control, MiB) == (bytes(size), lengths)
