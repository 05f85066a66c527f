"""Forged replies: what a submission that has found the wire can send, and what comes of it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import textwrap
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.judging.outcomes import Outcome
from autograder.judging.scope import CheckScope
from autograder.judging.sides import WorkerSide
from autograder.sandbox.endings import Ending, WorkerEnded
from autograder.sandbox.inside import seal
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.worker import Worker
from autograder.sandbox.worker_process import ForkedProcess

FORGE = """
import os, struct, msgpack
HEADER = struct.Struct(">I")
def frame(body, lengths=(), rest=b""):
    control = msgpack.packb([list(lengths), body], use_bin_type=True)
    return HEADER.pack(len(control)) + control + rest
def put(data):
    view = memoryview(bytes(16) + data)  # a tag that is none, and what should pass for a reply
    while view:
        view = view[os.write(3, view):]
def stop():
    import time
    time.sleep(60)
def double(x):
"""

UNREADABLE, LATE, ENDED = {"failed"}, {"timed out"}, {"crashed"}

REPLIES: dict[str, tuple[str, set[str], str]] = {
    "a length beyond the cap": ("put(HEADER.pack(0xFFFFFFFF))", UNREADABLE, "announced"),
    "just beyond the cap": ("put(HEADER.pack((1 << 20) + 1))", UNREADABLE, "announced"),
    "half a header": ("put(b'\\0\\0'); stop()", LATE, "Timed out"),
    "a body that never comes": ("put(HEADER.pack(1000)); stop()", LATE, "Timed out"),
    "a body that drips": (
        "put(HEADER.pack(1 << 20))\n    while True: put(b'x'); __import__('time').sleep(0.01)",
        LATE,
        "Timed out",
    ),
    "a stream without end": (
        "put(frame(b'\\x80', [1 << 20]))\n    while True: put(b'x' * 65536)",
        UNREADABLE | LATE | ENDED,
        "",
    ),
    "no msgpack": ("put(HEADER.pack(4) + b'\\xc1' * 4)", UNREADABLE, "wire format"),
    "another shape of control": (
        "c = msgpack.packb({'a': 1}); put(HEADER.pack(len(c)) + c)",
        UNREADABLE,
        "wire format",
    ),
    "a list for a reply": ("put(frame(msgpack.packb([1])))", UNREADABLE, "not a mapping"),
    "no value at all": ("put(frame(msgpack.packb({'verdict': 'passed'})))", UNREADABLE, ""),
    "negative lengths": ("put(frame(b'\\x80', [-5, 5]))", UNREADABLE, "wire format"),
    "a terabyte of arrays": ("put(frame(b'\\x80', [1 << 40]))", UNREADABLE, "bytes of arrays"),
    "nested lists without end": (
        "put(frame(b'\\x81\\xa5value' + b'\\x91' * 1000000 + b'\\xc0'))",
        UNREADABLE,
        "wire format",
    ),
    "nested tuples without end": (
        "v = b'\\xc0'\n"
        "    for _ in range(3000): v = msgpack.packb(msgpack.ExtType(1, b'\\x91' + v))\n"
        "    put(frame(b'\\x81\\xa5value' + v))",
        UNREADABLE,
        "",
    ),
    "a million empty maps": (
        "put(frame(b'\\x81\\xa5value' + b'\\xdd\\x00\\x0e\\x00\\x00' + b'\\x80' * 0xe0000))",
        UNREADABLE,
        "",
    ),
    "an array of a shape it has not": (
        "a = msgpack.packb(['float64', [1 << 40], 0])\n"
        "    put(frame(b'\\x81\\xa5value' + msgpack.packb(msgpack.ExtType(4, a)), [8], b'x' * 8))",
        UNREADABLE,
        "bytes do not fit",
    ),
    "one array named often": (
        "a = msgpack.packb(msgpack.ExtType(4, msgpack.packb(['uint8', [1 << 20], 0])))\n"
        "    a = b'\\x81\\xa5value' + b'\\xdc\\x01\\x00' + a * 256\n"
        "    put(frame(a, [1 << 20], bytes(1 << 20)))",
        UNREADABLE,
        "two arrays of the same bytes",
    ),
    "ints of one hash": (
        "n = [1 + k * ((1 << 61) - 1) for k in range(40000)]\n"
        "    n = [msgpack.packb(msgpack.ExtType(3, k.to_bytes(12, 'big'))) for k in n]\n"
        "    s = b'\\xdd' + struct.pack('>I', len(n)) + b''.join(n)\n"
        "    put(frame(b'\\x81\\xa5value' + msgpack.packb(msgpack.ExtType(2, s))))",
        UNREADABLE,
        "chosen for their hash",
    ),
    "lists nested within tuples": (
        "v = b'\\xc0'\n"
        "    for _ in range(50): v = msgpack.packb(msgpack.ExtType(1, b'\\x91' * 401 + v))\n"
        "    put(frame(b'\\x81\\xa5value' + v))",
        UNREADABLE,
        "nested too deeply",
    ),
    "an int of 100 000 bits": (
        "put(frame(b'\\x81\\xa5value' + msgpack.packb(msgpack.ExtType(3, b'\\x7f' * 12500))))",
        UNREADABLE,
        "more than 32768 bits",
    ),
    "headers that announce a million values each": (
        "put(frame(b'\\x81\\xa5value' + b'\\xdd\\x00\\x0f\\xff\\xff' * 200000))",
        UNREADABLE,
        "wire format",
    ),
    "a time": (
        "put(frame(b'\\x81\\xa5value' + b'\\xd6\\xff\\x00\\x00\\x00\\x04'))",
        UNREADABLE,
        "double(2) returned 4.0",
    ),
    "an array of objects": (
        "a = msgpack.packb(['object', [1], 0])\n"
        "    put(frame(b'\\x81\\xa5value' + msgpack.packb(msgpack.ExtType(4, a)), [8], b'x' * 8))",
        UNREADABLE,
        "not allowed",
    ),
    "a pickle": (
        "import pickle\n    put(frame(b'\\x81\\xa5value' + msgpack.packb("
        "msgpack.ExtType(99, pickle.dumps(print)))))",
        UNREADABLE,
        "",
    ),
    "keys that are containers": (
        "key = msgpack.packb(msgpack.ExtType(1, b'\\x90'))\n"
        "    put(frame(b'\\x81\\xa5value\\x81' + key + b'\\x01'))",
        UNREADABLE,
        "",
    ),
    "a forged traceback of another size": (
        "put(frame(msgpack.packb({'raised': {'type': 'X' * 900000, 'frames': [[1, 2]] * 9}})))",
        {"raised", "failed"},
        "",
    ),
    "a claim of not having started": (
        "put(frame(msgpack.packb({'raised': {'type': 'NotImplementedError', 'message': 'double:'"
        "}})))",
        {"not attempted"},
        "",
    ),
}


@pytest.mark.parametrize("name", REPLIES)
def test_forged_reply(host: Any, name: str) -> None:
    """Without the key nothing that a submission writes is a reply."""
    body, verdicts, _ = REPLIES[name]
    check = host.attack(f"{FORGE}    {body}\n    return None\n", {*verdicts, *UNREADABLE})
    assert len(check["message"]) < 4000


def test_an_answer_before_the_question_is_refused(host: Any) -> None:
    """Otherwise a timed call would be answered before its work is done."""
    source = f"{FORGE}    put(frame(msgpack.packb({{'value': 4}})))\n    return 4\n"
    results = host.grade((0, source, []))
    assert results[0]["points"] < results[0]["max_points"]


# -- what a submission could send that has read the key out of its process's memory ------------


class _Owner:
    """Stands for the zygote of a worker that the test itself plays."""

    def __init__(self) -> None:
        self.dying: list[tuple[int, int, str]] = []

    def wait(self, number: int) -> int:
        return 0


@pytest.fixture
def played() -> Iterator[tuple[Worker, socket.socket]]:
    """A worker as the judge has it, and the end of its wire that a worker has."""
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(["sleep", "60"])
    forked = ForkedProcess(_Owner(), 1, process.pid, os.pidfd_open(process.pid))
    worker = Worker(forked, ours, Limits(wall=3), key=b"k" * seal.KEY_BYTES)
    yield worker, theirs
    process.kill()
    process.wait()
    theirs.close()
    worker.close()


def _written(body: str) -> bytes:
    """What the body of a forger writes, as one reply without its tag."""
    parts: list[bytes] = []
    space: dict[str, Any] = {}
    exec(FORGE.partition("def put")[0], space)
    space["put"] = parts.append
    exec(textwrap.dedent("    " + body), space)
    return b"".join(parts)


ENDLESS = {"a body that never comes", "a body that drips", "half a header", "a stream without end"}


@pytest.mark.parametrize("name", sorted({*REPLIES} - ENDLESS))
def test_reply_of_somebody_who_has_the_key(played: tuple[Worker, socket.socket], name: str) -> None:
    body, verdicts, words = REPLIES[name]
    worker, theirs = played
    frame = _written(body)
    data = b"+" + seal.tag(worker.key, 1, frame) + frame
    writer = threading.Thread(target=lambda: _send(theirs, data), daemon=True)
    writer.start()
    ending, detail, reply = None, "", {}
    try:
        reply = worker.receive()
    except WorkerEnded as ended:
        ending, detail = ended.ending, ended.detail
    if ending is not None:
        assert (ending, "failed" in verdicts) == (Ending.MALFORMED, True)
        assert words in detail
    else:
        outcome = _outcome(reply)
        if outcome is None:  # readable, but not the number that the check expects
            assert "failed" in verdicts and type(reply["value"]) is not int, reply
        else:
            assert str(outcome.verdict) in verdicts, reply
    worker.close()
    writer.join(5)


def _send(sock: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        sock.sendall(data)


def _outcome(reply: dict[str, Any], loaded: bool = False) -> Outcome | None:
    """What a check makes of a reply."""
    scope = CheckScope(lambda profile, role: None, 0)  # type: ignore[arg-type, return-value]
    side = WorkerSide(scope, "student", "double", "plain", b"def double(x): pass\n", Limits())
    side._loaded = loaded
    try:
        side._value(reply)
    except Outcome as outcome:
        return outcome
    return None


@pytest.mark.parametrize(
    "reply",
    [
        {"raised": {"type": "Saw2x", "builtin": True, "frames": [[4, "double"]]}},
        {"raised": {"type": "KeyError", "message": "Saw2x", "frames": [[4, "Saw2x"]]}},
        {"raised": {"type": "AttributeError", "missing": "Saw2x"}},
        {"unsendable": "Saw2x"},
        {"value": 1, "replaced": ["time.sleep", "Saw2x", "time.Saw 2x"]},
        {"value": 1, "noticed": [[1, "Saw2x"], [2, "traces what runs around it"]]},
    ],
)
def test_no_reply_carries_an_input_into_a_hidden_message(reply: dict[str, Any]) -> None:
    outcome = _outcome(reply, loaded=True)
    assert outcome is not None and "Saw" not in outcome.hidden_message
