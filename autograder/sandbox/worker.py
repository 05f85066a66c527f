"""The student's side: holds their module and answers observations (inside the sandbox).

Runs in a fork of the zygote. It knows nothing of tests, points or expected values: it
is given the text of one module, then small functions to run on it, and sends back what
they return.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import importlib.util
import linecache
import marshal
import os
import shutil
import signal
import socket
import sys
import threading
import time
import types
from pathlib import Path
from typing import Any

from autograder.sandbox import limits as limits_
from autograder.sandbox import wire

SCRATCH = "/tmp"
WALLED = b"+"
"""What a worker sends first, before it is given anything: its walls stand."""

_SHOWN_FRAMES = 12


class Channel:
    """The worker's end of the wire."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = self.sock.recv(min(count, 1 << 20))
            if not part:
                os._exit(0)
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
        self.sock.sendall(frame)


def describe(error: BaseException, module_file: str) -> dict[str, Any]:
    """An exception as data: type, message and the student's own frames."""
    frames = []
    try:
        traceback = error.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename == module_file:
                frames.append([traceback.tb_lineno, code.co_name[:80]])
            traceback = traceback.tb_next
        if isinstance(error, SyntaxError) and error.filename == module_file and error.lineno:
            frames.append([error.lineno, "<module>"])
    except Exception:
        frames = []
    try:
        message = str(error)[:2000]
    except BaseException:
        message = "(its message could not be made)"
    kind = type(error)
    missing = None
    if kind is AttributeError and isinstance(getattr(error, "obj", None), types.ModuleType):
        missing = str(getattr(error, "name", ""))[:200]
    return {
        "type": str(kind.__name__)[:100],
        "message": message,
        "frames": frames[-_SHOWN_FRAMES:],
        "missing": missing,
    }


def _load_module(name: str, source: bytes, files: dict[str, bytes]) -> types.ModuleType:
    """Import the module from a real file, so that its functions pickle and tracebacks quote it."""
    folder = Path(SCRATCH, "submission")
    folder.mkdir(mode=0o700, exist_ok=True)
    for file_name, content in {**files, f"{name}.py": source}.items():
        (folder / file_name).write_bytes(content)
    if str(folder) in sys.path:
        importlib.invalidate_caches()  # dear with torch loaded, and needless the first time
    else:
        sys.path.insert(0, str(folder))
    path = str(folder / f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _functions(request: dict[str, Any]) -> Any:
    """The observation and its helpers, rebuilt from code objects in one namespace."""
    namespace: dict[str, Any] = {"__builtins__": builtins, "__name__": "observation"}
    for name, code, defaults, kwdefaults in [*request["helpers"], request["function"]]:
        function = types.FunctionType(marshal.loads(code), namespace, name)
        function.__defaults__ = tuple(defaults) if defaults else None
        function.__kwdefaults__ = kwdefaults or None
        namespace[name] = function
    return namespace[request["function"][0]]


def _observe(module: types.ModuleType, request: dict[str, Any]) -> dict[str, Any]:
    function = _functions(request)
    if request.get("collect"):
        gc.collect()
    value = function(module, **request["arguments"])
    if isinstance(value, types.CoroutineType):
        import asyncio

        value = asyncio.run(value)
    return {"value": value}


def _time(module: types.ModuleType, request: dict[str, Any]) -> dict[str, Any]:
    """Run an observation for each set of inputs, back to back; the judge holds the clock."""
    function = _functions(request)
    return {"value": [function(module, **arguments) for arguments in request["batch"]]}


def serve(channel: Channel) -> None:
    """Answer requests until the judge hangs up."""
    module: types.ModuleType | None = None
    module_file = "?"
    operations = {"observe": _observe, "batch": _time}
    while True:
        request = channel.receive()
        operation = request["op"]
        if operation == "settle":  # forked ahead: what a fork is told otherwise comes now
            settle(request["seed"], request["affinity"])
            limits_.apply_rlimits(limits_.Limits(**request["limits"]), processes=False)
            continue
        try:
            if operation == "load":
                module_file = str(Path(SCRATCH, "submission", f"{request['name']}.py"))
                module = _load_module(request["name"], request["source"], request["files"])
                reply: dict[str, Any] = {"value": None}
            elif module is None:
                reply = {"unsendable": "nothing is loaded"}
            else:
                reply = operations[operation](module, request)
        except BaseException as error:  # SystemExit and KeyboardInterrupt are the student's, too
            reply = {"raised": describe(error, module_file)}
        channel.send(reply)


def rehearse() -> None:
    """Go once through what every check does, while nobody waits.

    A fork shares its parent's memory until one of them writes to it, and a page that is
    written to for the first time is copied then. With torch loaded that is most of what
    loading a small module takes.
    """
    settle(0, None)
    compile(Path(__file__).read_bytes(), "rehearsal", "exec")  # a module of a usual size
    channel, other = (Channel(sock) for sock in socket.socketpair())
    other.send({"name": "rehearsal", "source": b"def f(x: int = 1):\n    return [x]\n"})
    request = channel.receive()
    module = _load_module(request["name"], request["source"], {})
    code = marshal.dumps(module.f.__code__)
    function = _functions({"helpers": [], "function": ["f", code, [1], {}]})
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
    import random

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
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    sys.argv = [""]
    linecache.clearcache()
    threading.current_thread()
    time.sleep(0)
