"""The worker's own code, its wire and its requests are out of a submission's reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from autograder.judging import observations
from autograder.sandbox.endings import Ending, WorkerEnded
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.zygote import Zygote

pytestmark = pytest.mark.usefixtures("walls")


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    made = Zygote("plain", slot=214)
    yield made
    made.close()


def asked(module: Any, secret: str) -> Any:
    return ["honest", module.go()]


def grade(zygote: Zygote, source: str, times: int = 2) -> Any:
    """The evidence of each of a few observations, or how the worker ended."""
    worker = zygote.worker(Limits(wall=3, cpu=3), 1)
    try:
        worker.load({"name": "answer", "source": source.encode(), "files": {}})
        values = []
        for _ in range(times):
            worker.extend(3)
            request = {"op": "observe", "function": observations.pack(asked), "helpers": []}
            reply = worker.call({**request, "arguments": {"secret": "s"}, "sets": ()})
            values.append(reply.get("value", reply))
        return values
    except WorkerEnded as error:
        return error.ending
    finally:
        worker.close()


HONEST = [["honest", 1], ["honest", 1]]
GO = "def go(): return 1\n"

FORGERS = {
    "imports the worker": "import autograder.sandbox.inside.serve\n",
    "imports the wire's library": "import msgpack\n"
    "msgpack.packb = msgpack.unpackb = msgpack.Packer = None\n"
    "import msgpack._cmsgpack as c\nc.Packer = c.unpackb = None\n",
    "replaces what the worker calls": "import builtins, marshal, types, socket, struct, hashlib\n"
    "marshal.loads = types.FunctionType = struct.Struct = hashlib.blake2b = None\n"
    "socket.socket.recv = socket.socket.sendall = None\n"
    "for name in ('len', 'type', 'isinstance', 'issubclass', 'dict', 'list', 'sorted', 'min'):\n"
    "    setattr(builtins, name, None)\n",
    "looks at every frame": "import sys\nframe = sys._getframe()\nwhile frame:\n"
    "    for space in (frame.f_globals, frame.f_locals):\n"
    "        for name, value in list(space.items()):\n"
    "            if 'autograder' in repr(value) and not isinstance(value, str):\n"
    "                for inner in ('_key', 'channel', 'encode', 'receive', 'send'):\n"
    "                    if hasattr(value, inner): setattr(value, inner, None)\n"
    "            if hasattr(value, '__code__') and 'autograder' in str(value.__code__):\n"
    "                value.__code__ = go.__code__\n"
    "    frame = frame.f_back\n",
    "looks at every object": "import gc\nfor thing in gc.get_objects():\n"
    "    kind = type(thing)\n"
    "    if 'autograder' in kind.__module__ or kind is map:\n"
    "        print('found', kind)\n        raise SystemExit\n",
    "sets a trace function": "import sys, threading\n"
    "def trace(frame, event, argument):\n"
    "    if 'autograder' in frame.f_code.co_filename:\n"
    "        for name in list(frame.f_globals):\n"
    "            if not name.startswith('__'): frame.f_globals[name] = None\n"
    "    return trace\n"
    "sys.settrace(trace); sys.setprofile(trace)\n",
    "sets a timer": "import signal\n"
    "def rang(number, frame):\n"
    "    while frame:\n"
    "        if 'sandbox/w' in frame.f_code.co_filename: frame.f_globals.clear()\n"
    "        frame = frame.f_back\n"
    "signal.signal(signal.SIGALRM, rang)\n"
    "signal.setitimer(signal.ITIMER_REAL, 1e-4, 1e-4)\n",
    "is called by the collector": "import gc, sys\n"
    "def collected(phase, info):\n"
    "    frame = sys._getframe(1)\n"
    "    while frame:\n"
    "        if 'sandbox/w' in frame.f_code.co_filename: frame.f_globals.clear()\n"
    "        frame = frame.f_back\n"
    "gc.callbacks.append(collected); gc.set_threshold(1)\n",
    "dies in the worker's hands": "import sys\n"
    "class Mine:\n"
    "    def __del__(self):\n"
    "        frame = sys._getframe(1)\n"
    "        while frame:\n"
    "            if 'sandbox/w' in frame.f_code.co_filename: frame.f_globals.clear()\n"
    "            frame = frame.f_back\n"
    "count = 0\n"
    "def go():\n    global count\n    count += 1\n    Mine()\n    return 1\n",
    "hooks the audit": "import sys\ntry: sys.addaudithook(lambda *a: 1 / 0)\n"
    "except AttributeError: pass\n",
    "asks for every thread's frame": "import sys\nassert not hasattr(sys, '_current_frames')\n",
    "unfreezes": "import gc\nassert not hasattr(gc, 'unfreeze')\n",
}


@pytest.mark.parametrize("how", FORGERS)
def test_nothing_it_does_changes_what_is_sent(zygote: Zygote, how: str) -> None:
    source = FORGERS[how]
    if "def go" not in source:
        source = GO + source
    seen = grade(zygote, source)
    if seen != HONEST:  # it may hurt itself: an import that fails, for example
        flat = str(seen)
        assert "raised" in flat and "honest" not in flat, seen


WRITERS = {
    "writes a reply of its own": "import os, struct\n"
    "def go():\n"
    "    control = b'\\x92\\x90\\xc4\\x08\\x81\\xa5value\\x01'\n"
    "    os.write(3, bytes(16) + struct.pack('>I', len(control)) + control)\n"
    "    return 1\n",
    "serves the requests itself": "import os, struct\n"
    "def serve():\n"
    "    control = b'\\x92\\x90\\xc4\\x08\\x81\\xa5value\\x01'\n"
    "    while True:\n"
    "        os.write(3, bytes(16) + struct.pack('>I', len(control)) + control)\n"
    "        os.read(3, 1 << 20)\n"
    "serve()\n",
    "repeats what was sent": "import os, socket, threading\n"
    "def go():\n"
    "    os.write(3, b'\\0' * 64)\n"
    "    return 1\n",
}


@pytest.mark.parametrize("how", WRITERS)
def test_what_it_writes_to_the_wire_is_no_reply(zygote: Zygote, how: str) -> None:
    assert grade(zygote, WRITERS[how]) in (Ending.MALFORMED, Ending.TIMED_OUT, Ending.EXITED)


def test_a_string_that_lies_about_itself_is_not_asked_by_the_worker(zygote: Zygote) -> None:
    source = (
        "import sys\n"
        "class Meta(type):\n"
        "    def __getattribute__(cls, name):\n"
        "        frame = sys._getframe(1)\n"
        "        print(frame.f_code.co_filename)\n"
        "        return type.__getattribute__(cls, name)\n"
        "class Strange(metaclass=Meta):\n"
        "    def __getattribute__(self, name):\n"
        "        print(sys._getframe(1).f_code.co_filename)\n"
        "        return object.__getattribute__(self, name)\n"
        "def go(): return [Strange(), type('T', (Strange,), {})()]\n"
    )
    worker = zygote.worker(Limits(), 1)
    try:
        worker.load({"name": "answer", "source": source.encode(), "files": {}})
        request = {"op": "observe", "function": observations.pack(asked), "helpers": []}
        reply = worker.call({**request, "arguments": {"secret": "s"}, "sets": ()})
        assert [str(v) for v in reply["value"][1]] == ["<a answer.Strange>", "<a answer.T>"]
        assert b"sandbox" not in worker.printed
    finally:
        worker.close()
