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

import contextlib
import gc
import importlib
import importlib.util
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from marshal import dumps, loads
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from autograder.sandbox.inside import bare, wire
from autograder.sandbox.inside import limits as limits_
from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401
from autograder.sandbox.inside.channel import Channel
from autograder.sandbox.inside.describing import describe
from autograder.sandbox.inside.instruments import Instruments
from autograder.sandbox.inside.noticing import Notices
from autograder.sandbox.inside.originals import Originals
from autograder.sandbox.inside.preparing import settle, trim
from autograder.sandbox.inside.stillness import held_still, loosened


def _submission() -> Path:
    """The folder of the module, in the worker's scratch place (:func:`.preparing.enter`)."""
    return Path(os.environ["TMPDIR"], "submission")


def _write_module(name: str, source: bytes, files: dict[str, bytes]) -> tuple[Any, Any]:
    """A module that is ready to run, from a real file, so that its functions pickle and
    tracebacks quote it; and the loader that runs it."""
    folder = _submission()
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


def _lay_beside(files: dict[str, bytes]) -> dict[str, str]:
    """Put files beside the module and go there, as if it had been started in its own folder.

    Returns the names of those that hold Python, by path. Their folder comes first where modules are
    looked for: no name is among them that anything else would have to find.
    """
    folder = _submission()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)
    if files:
        sys.path_importer_cache.pop(str(folder), None)  # it may have been read before
        os.chdir(folder)
    return {str(folder / name): name for name in files if name.endswith(".py")}


class Server:
    """Answers the requests that come over a channel, until the judge hangs up."""

    __slots__ = (
        "_before",
        "_beside",
        "_file",
        "_instruments",
        "_loading",
        "_module",
        "_namespace",
        "_notices",
        "_originals",
        "_sets",
        "channel",
    )

    def __init__(
        self, channel: Channel, originals: Originals, instruments: Instruments, notices: Notices
    ) -> None:
        self.channel, self._originals, self._instruments = channel, originals, instruments
        self._module: ModuleType | None = None
        self._file, self._loading = "?", False
        self._beside: dict[str, str] = {}
        self._notices = notices
        self._namespace: dict[str, Any] | None = None
        self._before: Any = None
        self._sets: tuple[str, ...] = ()

    def chain(self) -> Iterator[None]:
        """Each step serves one request; to be drained by a C function, from a bare frame.

        Between the student's code and the worker's own, tracing, timers, signal handlers and the
        collector are put where none of them can call the student's functions.
        """
        jobs = map(self.prepare, iter(self.channel.receive, None))
        results = map(bare.words, map(bare.finish(), map(bare.call, jobs, *loosened())))
        return map(self.answer, results, *held_still())

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
            self._file = str(_submission() / f"{request['name']}.py")
            loader, self._module = _write_module(
                request["name"], request["source"], request["files"]
            )
            self._lend(request["name"], request["files"])
            self._beside = _lay_beside(request.get("beside", {}))
            self._notices.watch(self._file)
            return loader.exec_module, (self._module,), {}
        function = self._function(request)
        self._sets = request.get("sets", ())
        if request.get("collect"):
            gc.collect()
            trim()
        if request["op"] == "batch":
            return bare.batch, (function, self._module, request["batch"]), {}
        return function, (self._module,), request["arguments"]

    def _lend(self, name: str, files: dict[str, bytes]) -> None:
        """Import the grader's own modules before the submission can put others in their place.

        Those that name the exercise wait: they import what is not there yet.
        """
        helpers: dict[str, ModuleType] = {}
        if not files and not self._instruments.lent:
            return
        for file, content in files.items():
            if name.encode() not in content:
                with contextlib.suppress(Exception):  # the observation that imports it will say so
                    helpers[file.removesuffix(".py")] = importlib.import_module(
                        file.removesuffix(".py")
                    )
        self._instruments.lend(helpers)
        self._originals.watch(helpers)

    def _function(self, request: dict[str, Any]) -> Any:
        """The observation and its helpers, rebuilt from code objects in one namespace."""
        namespace = self._instruments.namespace()
        for name, code, defaults, kwdefaults in [*request["helpers"], request["function"]]:
            function = FunctionType(loads(code), namespace, name)
            function.__defaults__ = tuple(defaults) if defaults else None
            function.__kwdefaults__ = kwdefaults or None
            namespace[name] = function
        self._namespace, self._before = namespace, self._instruments.mark(namespace)
        self._notices.beside(namespace, bare.SPACE)
        return namespace[request["function"][0]]

    # -- after it ---------------------------------------------------------------------------

    def answer(self, result: Any, *_: Any) -> None:
        """Send what came of a call. Nothing of the student's runs in here."""
        (good, value), message = result
        if good:
            reply = {"value": None if self._loading else value}
        else:
            reply = {"raised": describe(value, message, self._file, self._beside)}
        replaced = self._replaced()
        if replaced:
            reply["replaced"] = sorted(replaced)[:20]
        noticed = self._notices.news()
        if noticed:
            reply["noticed"] = noticed
        self.channel.send(reply)

    def _replaced(self) -> list[str]:
        """What is not Python's own any more, put back by now."""
        self._notices.restore()
        sets = self._sets
        if self._loading:
            return self._originals.replaced()
        # What wrote to a module itself may have taken it back.
        names = self._originals.replaced(lambda name: name in sets, passing=not sets)
        if self._namespace is not None:
            names += self._instruments.touched(self._namespace, self._before)
        return list(dict.fromkeys(names))


def rehearse(originals: Originals, instruments: Instruments, notices: Notices) -> None:
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
    server = Server(channel, originals, instruments, notices)
    function = server._function({"helpers": [], "function": ["f", code, [1], {}]})
    torch = sys.modules.get("torch")
    if torch is not None:
        (torch.arange(4.0) + 1).reshape(2, 2).clone().sum().item()
    channel.send({"value": function()})
    for end in (channel, other):
        end.sock.close()
    # The student's module comes to the same folder, and must find nothing of this one.
    folder = _submission()
    sys.path.remove(str(folder))
    sys.path_importer_cache.pop(str(folder), None)
    del sys.modules["rehearsal"]
    shutil.rmtree(folder)
