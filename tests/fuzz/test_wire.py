"""Random replies: whatever the bytes are, they are read or refused, cheaply and in words.

``python tests/fuzz/test_wire.py 100000`` runs as many as it is told, from a seed that it prints.
"""

from __future__ import annotations

import random
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from autograder.judging.checks import difference, same
from autograder.judging.comparing import _PLAIN
from autograder.judging.hiding import Hiding
from autograder.judging.showing import brief, in_words
from autograder.sandbox.inside import wire

PRIME = (1 << 61) - 1
KINDS = (*_PLAIN, list, tuple, dict, set, frozenset, np.ndarray, wire.Opaque, wire.TensorData)


def ext(code: int, body: bytes) -> bytes:
    return bytes(msgpack.packb(msgpack.ExtType(code, body)))


class Forger:
    """Makes message bodies: mostly of the format, at places beyond it."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.lengths: list[int] = []

    def scalar(self) -> bytes:
        rng = self.rng
        pick = rng.randrange(14)
        if pick < 3:
            return bytes(msgpack.packb(rng.choice([None, True, False, 0, -1, -2, 1, 127, 2**63])))
        if pick < 5:
            return bytes(msgpack.packb(rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300)))
        if pick == 5:
            return bytes(msgpack.packb(rng.choice([float("nan"), float("inf"), -0.0])))
        if pick == 6:
            number = rng.choice([1 + rng.randrange(900) * PRIME, 1 << rng.randrange(33000), -3])
            return ext(3, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))
        if pick == 7:
            return ext(6, struct.pack(">dd", rng.random(), rng.choice([0.0, float("nan")])))
        if pick == 8:
            return bytes(msgpack.packb(rng.randbytes(rng.randrange(40))))
        if pick == 9:
            return b"\xa5" + rng.randbytes(5)
        if pick == 10:
            return ext(5, bytes(msgpack.packb("x" * rng.randrange(300))))
        if pick == 11:
            return ext(rng.randrange(128), rng.randbytes(rng.randrange(12)))
        if pick == 12:
            return rng.choice([b"\xd6\xff", b"\xd7\xff", b"\xc7\x0c\xff"]) + rng.randbytes(12)
        return bytes(msgpack.packb("".join(rng.choices("aé€😀\x00", k=rng.randrange(30)))))

    def array(self) -> bytes:
        rng = self.rng
        dtype = rng.choice([*wire.DTYPES, "object", "<M8[s]", "float128"])
        shape = [rng.choice([0, 1, 2, 3, 1 << 40, -1]) for _ in range(rng.randrange(5))]
        if rng.random() < 0.7:
            shape = [abs(n) % 5 for n in shape]
        size = 1
        for n in shape:
            size *= n
        width = np.dtype(dtype).itemsize if dtype in wire.DTYPES else 8
        if 0 <= size < 1000:
            self.lengths.append(size * width)
        index = len(self.lengths) - 1 if rng.random() < 0.9 else rng.choice([0, 7, -1, True, "x"])
        parts: list[Any] = [dtype, shape, index]
        if rng.random() < 0.2:
            return ext(7, bytes(msgpack.packb([*parts, dtype, rng.choice(["cpu", 3])])))
        return ext(4, bytes(msgpack.packb(parts)))

    def value(self, depth: int) -> bytes:
        rng = self.rng
        pick = rng.random()
        if depth <= 0 or pick < 0.3:
            return self.scalar()
        if pick < 0.4:
            return self.array()
        if pick < 0.45:  # deeper than wide
            how, body = rng.choice([b"\x91", b"\x81\x01", b""]), self.scalar()
            for _ in range(rng.choice([5, 70, 600, 1030])):
                body = how + body if how else ext(rng.choice([1, 2, 8]), b"\x91" + body)
                if len(body) > 40_000:
                    break
            return body
        count = rng.choice([0, 1, 2, 3, 6, 40 if depth == 1 else 8])
        if pick < 0.5:
            part = self.value(depth - 1)
            count = rng.choice([100, 3000]) if len(part) < 30 else 3
            return b"\xdd" + struct.pack(">I", count) + part * count
        parts = [self.value(depth - 1) for _ in range(count)]
        announced = count if rng.random() < 0.97 else rng.choice([count + 1, 1 << 20, 1 << 31])
        whole = b"\xdd" + struct.pack(">I", announced) + b"".join(parts)
        if pick < 0.65:
            return whole
        if pick < 0.9:
            return ext(rng.choice([1, 1, 2, 8]), whole)
        pairs = [self.scalar() + part for part in parts]
        return b"\xdf" + struct.pack(">I", announced) + b"".join(pairs)

    def body(self) -> bytes:
        """The value of a reply, sometimes with a few bytes of it changed."""
        self.lengths = []
        body = bytearray(b"\x81\xa5value" + self.value(self.rng.randrange(6)))
        if self.rng.random() < 0.3:
            for _ in range(self.rng.randrange(1, 4)):
                body[self.rng.randrange(len(body))] = self.rng.randrange(256)
        if self.rng.random() < 0.05:
            del body[self.rng.randrange(len(body)) :]
        return bytes(body)


def kinds(value: Any) -> None:
    """Nothing but what the wire promises is in there."""
    pending = [value]
    while pending:
        part = pending.pop()
        assert type(part) in KINDS, type(part)
        if type(part) is dict:
            pending += [*part, *part.values()]
        elif type(part) in (list, tuple, set, frozenset):
            pending += part
        elif type(part) is wire.TensorData:
            pending.append(part.array)
            assert type(part.dtype) is str and type(part.device) is str


def fuzz(rng: random.Random, count: int, seen: Callable[[float], None] = lambda cpu: None) -> int:
    """Read ``count`` random replies as a judge would; how many of them could be read."""
    forger, read = Forger(rng), 0
    hiding = Hiding((Path(__file__),), b"")
    for _ in range(count):
        body = forger.body()
        control = bytes(msgpack.packb([forger.lengths, body]))
        if rng.random() < 0.05:
            mutable = bytearray(control)
            mutable[rng.randrange(min(12, len(mutable)))] = rng.randrange(256)
            control = bytes(mutable)
        began = time.process_time()
        try:
            rest, lengths = wire.split_control(control, 1 << 20)
            value = wire.decode(rest, [bytearray(n) for n in lengths])
        except wire.Malformed:
            seen(time.process_time() - began)
            continue
        read += 1
        kinds(value)
        assert len(in_words(value)) < 1000
        for shown in (brief(value, 640), hiding.cover(brief(value, 640))):
            assert len(repr(shown)) < 100_000
        assert type(same(value, {"value": 1})) is bool
        assert type(difference(value, value)) is str
        seen(time.process_time() - began)
    return read


def test_random_replies_are_read_or_refused() -> None:
    assert 500 < fuzz(random.Random(20), 2000) < 1500


def main() -> None:
    import resource

    count, slowest = int(sys.argv[1]), 0.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().getrandbits(32)

    def note(cpu: float) -> None:
        nonlocal slowest
        slowest = max(slowest, cpu)

    read = fuzz(random.Random(seed), count, note)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"{count} replies from seed {seed}: {read} read, {count - read} refused; "
        f"the slowest took {slowest:.2f} s of CPU, peak memory {peak} MiB"
    )


if __name__ == "__main__":
    main()
