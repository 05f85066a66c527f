"""The student's side: holds their module and answers observations (inside the sandbox).

Runs in a fork of the zygote. It knows nothing of tests, points or expected values: it
is given the text of one module, then small functions to run on it, and sends back what
they return.

The submission runs in this process, so what the worker is made of is kept out of its reach. The
requests are pulled through a chain of C iterators (:meth:`Server.chain`): while a step of the
student's runs no frame of this module is on the stack, the modules of this project are not in
``sys.modules``, and the collector does not list them. What a worker sends carries a tag made with
a key that only the judge has beside it.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _socket
import contextlib
import gc
import importlib
import importlib.util
import linecache
import os
import random
import shutil
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import repeat
from marshal import dumps, loads
from os import _exit
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from autograder.sandbox import bare, seal, wire
from autograder.sandbox import limits as limits_
from autograder.sandbox.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401
from autograder.sandbox.instruments import Instruments
from autograder.sandbox.noticing import Notices
from autograder.sandbox.originals import Originals

SCRATCH = "/tmp"
WALLED = b"+"
"""What a worker sends first, before it is given anything: its walls stand."""

# Of the type in C, which nobody can change; those of socket.socket are looked up in a class.
_receive, _send = _socket.socket.recv, _socket.socket.sendall

_SHOWN_FRAMES = 12
_MOUNTED = "/kata"  # where the wall shows this package


class Channel:
    """The worker's end of the wire. ``key`` (bytes) is known to the judge and to nobody else."""

    __slots__ = ("_count", "_key", "sock")

    def __init__(self, sock: socket.socket, key: bytes = b"") -> None:
        self.sock, self._key, self._count = sock, key, 0

    def take_key(self) -> None:
        """Read the key that the judge sends ahead of everything else."""
        self.begin(self._exactly(seal.KEY_BYTES))

    def begin(self, key: bytes) -> None:
        """Tag the replies from the next one on with ``key``."""
        self._key, self._count = key, 0

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = _receive(self.sock, min(count, 1 << 20))
            if not part:
                _exit(0)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive(self) -> Any:
        control = self._exactly(wire.control_length(self._exactly(wire.HEADER_BYTES)))
        body, lengths = wire.split_control(control, 1 << 34)
        return wire.decode(body, [self._exactly(n) for n in lengths])

    def send(self, message: dict[str, Any]) -> None:
        try:
            frame = wire.encode(message)
        except Exception as error:
            frame = wire.encode({"unsendable": f"{error}"[:300]})
        self._count += 1
        _send(self.sock, seal.tag(self._key, self._count, frame) + frame)


def _attribute(error: BaseException, kind: type, name: str) -> Any:
    """An attribute as ``kind`` has it, whatever the student's class makes of it."""
    try:
        return kind.__dict__[name].__get__(error)
    except AttributeError:
        return None


_NAME = type.__dict__["__name__"]


def describe(error: BaseException, message: str, module_file: str) -> dict[str, Any]:
    """An exception as data: type, message and the student's own frames.

    None of the student's code runs here: ``message`` was made before.
    """
    kind = type(error)
    frames = []
    traceback = _attribute(error, BaseException, "__traceback__")
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == module_file:
            frames.append([traceback.tb_lineno, code.co_name[:80]])
        traceback = traceback.tb_next
    if issubclass(kind, SyntaxError) and _attribute(error, SyntaxError, "filename") == module_file:
        line = _attribute(error, SyntaxError, "lineno")
        frames += [[line, "<module>"]] if type(line) is int and line else []
    missing = None
    if issubclass(kind, AttributeError):
        owner, name = (_attribute(error, AttributeError, n) for n in ("obj", "name"))
        if type(owner) is ModuleType and type(name) is str:
            missing = name[:200]
    return {
        "type": str(_NAME.__get__(kind))[:100],
        "message": message if type(message) is str else "",
        "frames": frames[-_SHOWN_FRAMES:],
        "missing": missing,
    }


def _write_module(name: str, source: bytes, files: dict[str, bytes]) -> tuple[Any, Any]:
    """A module that is ready to run, from a real file, so that its functions pickle and
    tracebacks quote it; and the loader that runs it."""
    folder = Path(SCRATCH, "submission")
    folder.mkdir(mode=0o700, exist_ok=True)
    for file_name, content in {**files, f"{name}.py": source}.items():
        (folder / file_name).write_bytes(content)
    if str(folder) in sys.path:
        importlib.invalidate_caches()  # dear with torch loaded, and needless the first time
    else:
        sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(name, str(folder / f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    return spec.loader, module


class Server:
    """Answers the requests that come over a channel, until the judge hangs up."""

    __slots__ = (
        "_before", "_file", "_instruments", "_loading", "_module", "_namespace", "_notices",
        "_originals", "_sets", "channel",
    )  # fmt: skip

    def __init__(
        self, channel: Channel, originals: Originals | None, instruments: Instruments | None
    ) -> None:
        self.channel, self._originals, self._instruments = channel, originals, instruments
        self._module: ModuleType | None = None
        self._file, self._loading = "?", False
        self._notices = Notices()
        self._namespace: dict[str, Any] | None = None
        self._before: Any = None
        self._sets: tuple[str, ...] | None = ()

    def chain(self) -> Iterator[None]:
        """Each step serves one request; to be drained by a C function, from a bare frame.

        Between the student's code and the worker's own, tracing, timers, signal handlers and the
        collector are put where none of them can call the student's functions.
        """
        jobs = map(self.prepare, iter(self.channel.receive, None))
        results = map(bare.words, map(bare.finish(), map(bare.call, jobs, *_loosened())))
        return map(self.answer, results, *_held_still())

    # -- before the student's code ----------------------------------------------------------

    def prepare(self, request: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """The call that a request asks for, with what it is called with."""
        try:
            return self._job(request)
        except BaseException as error:
            return bare.again, (error,), {}

    def _job(self, request: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        while request["op"] == "settle":  # forked ahead: what a fork is told otherwise comes now
            settle(request["seed"], request["affinity"])
            limits_.apply_rlimits(limits_.Limits(**request["limits"]), processes=False)
            request = self.channel.receive()
        self._namespace = None
        self._loading = request["op"] == "load"
        if self._loading:
            self._file = str(Path(SCRATCH, "submission", f"{request['name']}.py"))
            loader, self._module = _write_module(
                request["name"], request["source"], request["files"]
            )
            self._lend(request["name"], request["files"])
            self._notices.watch(self._file)
            return loader.exec_module, (self._module,), {}
        function = self._function(request)
        self._sets = request.get("sets", ())
        if request.get("collect"):
            gc.collect()
        if request["op"] == "batch":
            return bare.batch, (function, self._module, request["batch"]), {}
        return function, (self._module,), request["arguments"]

    def _lend(self, name: str, files: dict[str, bytes]) -> None:
        """Import the grader's own modules before the submission can put others in their place.

        Those that name the exercise wait: they import what is not there yet.
        """
        helpers: dict[str, ModuleType] = {}
        for file, content in files.items():
            if name.encode() not in content:
                with contextlib.suppress(Exception):  # the observation that imports it will say so
                    helpers[file.removesuffix(".py")] = importlib.import_module(
                        file.removesuffix(".py")
                    )
        if self._instruments is not None and self._originals is not None:
            self._instruments.lend(helpers)
            self._originals.watch(helpers)

    def _function(self, request: dict[str, Any]) -> Any:
        """The observation and its helpers, rebuilt from code objects in one namespace."""
        if self._instruments is None:
            namespace: dict[str, Any] = {"__name__": "__main__"}
        else:
            namespace = self._instruments.namespace()
        for name, code, defaults, kwdefaults in [*request["helpers"], request["function"]]:
            function = FunctionType(loads(code), namespace, name)
            function.__defaults__ = tuple(defaults) if defaults else None
            function.__kwdefaults__ = kwdefaults or None
            namespace[name] = function
        if self._instruments is not None:
            self._namespace, self._before = namespace, self._instruments.mark(namespace)
        return namespace[request["function"][0]]

    # -- after it ---------------------------------------------------------------------------

    def answer(self, result: Any, *_: Any) -> None:
        """Send what came of a call. Nothing of the student's runs in here."""
        (good, value), message = result
        if good:
            reply = {"value": None if self._loading else value}
        else:
            reply = {"raised": describe(value, message, self._file)}
        replaced = self._replaced()
        if replaced:
            reply["replaced"] = sorted(replaced)[:20]
        noticed = self._notices.news()
        if noticed:
            reply["noticed"] = noticed
        self.channel.send(reply)

    def _replaced(self) -> list[str]:
        """What is not Python's own any more, put back by now."""
        if self._originals is None:
            return []
        sets = self._sets
        if self._loading:
            return self._originals.replaced()
        if sets is None:
            found = self._originals.replaced(lambda name: True, passing=False)
        else:
            # What wrote to a module itself may have taken it back.
            found = self._originals.replaced(lambda name: name in sets, passing=not sets)
        if self._instruments is not None and self._namespace is not None:
            found += self._instruments.touched(self._namespace, self._before)
        return list(dict.fromkeys(found))


def _again(function: Any, *arguments: Any) -> Iterator[Any]:
    """An endless iterator that calls a C function each time it is asked."""
    return iter(partial(function, *arguments), _again)


def _signals() -> tuple[list[int], list[Any]]:
    """Signals whose handler can be set, and the handlers that Python starts with."""
    # The bare constants: those of `signal` are enumerations, which the C function does not take.
    special = {"SIGINT": signal.default_int_handler, "SIGPIPE": _signal.SIG_IGN,
               "SIGXFSZ": _signal.SIG_IGN}  # fmt: skip
    handlers = {getattr(signal, n): h for n, h in special.items() if hasattr(signal, n)}
    numbers = [int(n) for n in sorted(signal.valid_signals()) if _settable(n)]
    return numbers, [handlers.get(n, _signal.SIG_DFL) for n in numbers]


def _settable(number: int) -> bool:
    # 32 and 33 belong to the C library, and two cannot be caught.
    fixed = {getattr(signal, name, None) for name in ("SIGKILL", "SIGSTOP")}
    return number not in {32, 33} | fixed


def _loosened() -> list[Iterator[Any]]:
    """What is called, in C, right before the student's code runs."""
    return [_again(gc.enable)]


def _held_still() -> list[Iterator[Any]]:
    """What is called, in C, right after the student's code: nothing of it may run from here on.

    A trace function would be called for the worker's own functions and be given their frames, a
    signal's handler those that it interrupts, and a callback of the collector could look for them.
    """
    steps = [_again(sys.settrace, None), _again(sys.setprofile, None)]
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:
        steps += [_again(monitoring.free_tool_id, tool) for tool in range(6)]
    for name in ("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF"):
        if hasattr(_signal, name):
            steps.append(_again(_signal.setitimer, getattr(_signal, name), 0.0))
    if sys.platform != "win32":
        numbers, handlers = _signals()
        one_round = map(partial(map, _signal.signal), repeat(numbers), repeat(handlers))
        steps.append(map(partial(deque, maxlen=0), one_round))
    return [*steps, _again(gc.disable)]


def prepared() -> tuple[Originals, Instruments]:
    """What every worker starts with: made once, before there is any, and closed to submissions."""
    instruments = Instruments()
    wire.meet()
    # These lead to the worker's own frames and objects. An observation still has them.
    for module, names in (
        (sys, ("_current_frames", "_current_exceptions", "addaudithook")),
        (gc, ("unfreeze",)),
    ):
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    return Originals(), instruments


def withdraw() -> None:
    """Take what the worker is made of out of the submission's reach (in a fork, before it loads).

    Its modules go from ``sys.modules`` and stay alive through the chain; the collector does not
    list what is frozen.
    """
    for name in [n for n in sys.modules if n.partition(".")[0] in ("autograder", "msgpack")]:
        if name != "msgpack._cmsgpack":  # an extension module that cannot be loaded twice
            del sys.modules[name]
    if _MOUNTED in sys.path:
        sys.path.remove(_MOUNTED)
        sys.path_importer_cache.pop(_MOUNTED, None)
        os.environ.pop("PYTHONPATH", None)
    gc.freeze()


def rehearse(originals: Originals | None, instruments: Instruments | None) -> None:
    """Go once through what every check does, while nobody waits.

    A fork shares its parent's memory until one of them writes to it, and a page that is
    written to for the first time is copied then. With torch loaded that is most of what
    loading a small module takes.
    """
    settle(0, None)
    compile(Path(__file__).read_bytes(), "rehearsal", "exec")  # a module of a usual size
    channel, other = (Channel(sock) for sock in socket.socketpair())
    message = {"name": "rehearsal", "source": b"def f(x: int = 1):\n    return [x]\n"}
    other.sock.sendall(wire.encode(message))
    request = channel.receive()
    loader, module = _write_module(request["name"], request["source"], {})
    loader.exec_module(module)
    code = dumps(module.f.__code__)
    server = Server(channel, originals, instruments)
    function = server._function({"helpers": [], "function": ["f", code, [1], {}]})
    torch = sys.modules.get("torch")
    if torch is not None:
        (torch.arange(4.0) + 1).reshape(2, 2).clone().sum().item()
    channel.send({"value": function()})
    for end in (channel, other):
        end.sock.close()
    # The student's module comes to the same folder, and must find nothing of this one.
    folder = Path(SCRATCH, "submission")
    sys.path.remove(str(folder))
    sys.path_importer_cache.pop(str(folder), None)
    del sys.modules["rehearsal"]
    shutil.rmtree(folder)


def settle(seed: int, affinity: list[int] | None) -> None:
    """Undo what a fork inherits: signals, random state, switch interval, main module."""
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_DFL)
        except (OSError, ValueError):  # SIGKILL and SIGSTOP, for example
            continue
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGPIPE", "SIGXFSZ"):  # as Python starts: they become OSError
        if hasattr(signal, name):  # not on Windows
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    sys.setswitchinterval(0.005)
    if affinity and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, affinity)
    random.seed(seed)
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None:
        numpy.random.seed(seed & 0xFFFFFFFF)
    if torch is not None:
        # torch.manual_seed() would look for every kind of device, in pages yet unshared.
        torch.default_generator.manual_seed(seed & 0xFFFFFFFF)
        if torch.backends.cuda.is_built():
            torch.cuda.manual_seed_all(seed & 0xFFFFFFFF)  # kept until CUDA is first used
    # A spawned child re-imports the main module: there must be none to find.
    main = ModuleType("__main__")
    sys.modules["__main__"] = main
    sys.argv = [""]
    linecache.clearcache()
    threading.current_thread()
    time.sleep(0)
