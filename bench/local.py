"""Sides without a sandbox: a grader's observations run in this very process.

The floor is made of these, and the text of this file is part of the first cell of the nbgrader
notebooks, so that the same grader source runs there. It therefore imports nothing but the
standard library at the top, and asks for the rest where it is used.
"""

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import gc
import importlib
import importlib.util
import os
import sys
import threading
import traceback
import types
from pathlib import Path
from typing import Any


@dataclasses.dataclass(eq=False)
class TensorData:
    """A torch tensor as evidence, as it arrives from a sandbox."""

    array: object
    dtype: str
    device: str


def as_evidence(value):
    """The value as a sandbox would hand it over: tensors as ``TensorData``."""
    kind = type(value)
    if kind in (list, tuple):
        return kind(as_evidence(item) for item in value)
    if kind is dict:
        return {key: as_evidence(item) for key, item in value.items()}
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        plain, dtype = value.detach().cpu(), str(value.dtype).removeprefix("torch.")
        array = (plain.float() if dtype == "bfloat16" else plain).numpy()
        return TensorData(array, dtype, str(value.device))
    return value


class LocalProcess:
    """What stands for a worker process: this one."""

    def __init__(self, module):
        self.module, self.pid = module, os.getpid()

    def close(self):
        """It goes on."""


class NotProvided(Exception):
    """Something that takes a process of its own was asked of a module of this one."""


def beside(function, helpers):
    """The function with its helpers among its globals, as they are in a sandbox."""
    if all(function.__globals__.get(helper.__name__) is helper for helper in helpers):
        return function
    names = {**function.__globals__, **{helper.__name__: helper for helper in helpers}}
    code, defaults = function.__code__, function.__defaults__
    again = types.FunctionType(code, names, function.__name__, defaults, function.__closure__)
    again.__kwdefaults__ = function.__kwdefaults__
    return again


def load(name, source, files, folder):
    """The text as a module called ``name``, registered, with its helper files beside it."""
    for file, text in {**files, f"{name}.py": source}.items():
        (Path(folder) / file).write_bytes(text)
        sys.modules.pop(Path(file).stem, None)
    importlib.invalidate_caches()
    spec = importlib.util.spec_from_file_location(name, Path(folder) / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@dataclasses.dataclass
class LocalSide:
    """A ``Side`` (:mod:`autograder.judging.protocols`) whose module lives in this process.

    Nothing is held to limits here, and nothing printed is kept. ``unlimited`` says that anyone who
    made it knows and wants :meth:`within` to change nothing.
    """

    exercise: str
    source: bytes
    folder: str
    role: str = "student"
    scope: Any = dataclasses.field(default_factory=lambda: types.SimpleNamespace(measured=[]))
    unlimited: bool = False
    files: dict = dataclasses.field(default_factory=dict)
    affinity: frozenset = frozenset()
    _process: Any = None

    def _another(self, **changes):
        return dataclasses.replace(self, _process=None, **changes)

    def fresh(self):
        return self._another()

    def within(self, **limits):
        if not self.unlimited:
            raise NotProvided(f"not provided here: limits ({', '.join(limits)})")
        return self.fresh()

    def with_files(self, **sources):
        files = {f"{name}.py": text.encode() for name, text in sources.items()}
        return self._another(files={**self.files, **files})

    def with_source(self, source):
        return self._another(source=source)

    def free(self, names):
        """No files of a student's are here."""
        return list(names)

    def on_cores(self, cores):
        if not hasattr(os, "sched_setaffinity"):
            raise NotProvided("not provided here: a choice of cores")
        return self._another(affinity=frozenset(cores))

    def beside(self, source):
        """In a thread of this process rather than a process of its own."""
        name = f"companion_{self.exercise}"
        return LocalSide(name, source.encode(), self.folder, "companion", self.scope)

    def worker(self):
        if self._process is None:
            with self._outcomes(loading=True):
                module = load(self.exercise, self.source, self.files, self.folder)
            self._process = LocalProcess(module)
        return self._process

    @contextlib.contextmanager
    def _outcomes(self, loading=False):
        """What the code raises, as a check gets it from a sandbox."""
        try:
            yield
        except Exception as error:
            from autograder.judging.outcomes import raised

            calls = traceback.extract_tb(error.__traceback__)
            frames = [[c.lineno, c.name] for c in calls if Path(c.filename).stem == self.exercise]
            if isinstance(error, SyntaxError):
                frames.append([error.lineno, "<module>"])
            details = {"type": type(error).__name__, "message": str(error), "frames": frames}
            outcome = raised(details, self.exercise, self.source.decode())
            outcome.loading = loading
            raise outcome from None

    def observe(self, *, helpers=(), **arguments):
        return lambda function: self.run(function, helpers=helpers, **arguments)

    def run(self, function, *, helpers=(), **arguments):
        return self.ask(beside(function, helpers), arguments)

    def collected(self, function, arguments, helpers=()):
        self.worker()
        gc.collect()
        return self.ask(beside(function, helpers), arguments)

    def begin(self, function, *, helpers=(), **arguments):
        module, function = self.worker().module, beside(function, helpers)
        return Begun(lambda: self._value(module, function, arguments))

    def batch(self, function, inputs, *, helpers=()):
        module, function = self.worker().module, beside(function, helpers)
        with self._outcomes():
            return [function(module, **arguments) for arguments in inputs]

    def ask(self, function, arguments):
        """One observation; in a thread where a loop is running, as it is under a notebook."""
        module = self.worker().module
        with self._placed():
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                return self._value(module, function, arguments)
            return Begun(lambda: self._value(module, function, arguments)).end()

    def _value(self, module, function, arguments):
        with self._outcomes():
            value = function(module, **arguments)
            value = asyncio.run(value) if isinstance(value, types.CoroutineType) else value
        return as_evidence(value)

    @contextlib.contextmanager
    def _placed(self):
        if not self.affinity:
            yield
            return
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, self.affinity)
        try:
            yield
        finally:
            os.sched_setaffinity(0, before)

    @property
    def printed(self):
        raise NotProvided("not provided here: what the code printed")

    def peak_memory(self, function, *, helpers=(), **arguments):
        """Growth alone: there is no other process to compare this one with."""
        from autograder.judging.peak import Peak
        from autograder.sandbox.processes import peak_resident, reset_peak, resident

        pid = self.worker().pid
        gc.collect()
        reset_peak(pid)
        before = resident(pid)
        value = self.ask(beside(function, helpers), arguments)
        growth = max(0, peak_resident(pid) - before)
        return Peak(growth, value, growth)


class Begun:
    """An observation that runs in a thread; :meth:`end` waits for its evidence."""

    def __init__(self, call):
        self.outcome = concurrent.futures.Future()

        def run():
            try:
                self.outcome.set_result(call())
            except BaseException as error:
                self.outcome.set_exception(error)

        # A daemon: code that never ends must not keep the process.
        threading.Thread(target=run, daemon=True).start()

    def end(self):
        return self.outcome.result()


class Baselines:
    """``baseline(source)``: each text a module of its own."""

    def __init__(self, folder, **options):
        self.folder, self.options, self.count = folder, options, 0

    def __call__(self, source):
        self.count += 1
        name = f"baseline_{self.count}"
        return LocalSide(name, source.encode(), self.folder, "baseline", **self.options)
