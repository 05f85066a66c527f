"""Sides without a sandbox: a grader's observations run in this very process.

The floor is made of these, and the text of this file is the first cell of the nbgrader
notebooks, so that the same grader source runs there. It therefore imports nothing but the
standard library at the top, and asks for the rest where it is used.

A check in a fork of its own may leave what it likes behind; here every check shares one
process, so :func:`restored` puts back what observations are known to change.
"""

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import gc
import importlib
import importlib.util
import os
import random
import sys
import tempfile
import threading
import types
from pathlib import Path


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


class LocalWorker:
    """What stands for a worker process: this one."""

    def __init__(self, module):
        self.module, self.pid = module, os.getpid()


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
    """The interface of ``autograder.judging.sides.Side`` on a module of this process."""

    exercise: str
    source: bytes
    folder: str
    role: str = "student"
    files: dict = dataclasses.field(default_factory=dict)
    affinity: frozenset = frozenset()
    bench: types.SimpleNamespace = dataclasses.field(
        default_factory=lambda: types.SimpleNamespace(measured=[])
    )
    _worker: object = None

    def fresh(self):
        return dataclasses.replace(self, _worker=None)

    def within(self, **limits):
        return self.fresh()

    def with_files(self, **sources):
        files = {f"{name}.py": text.encode() for name, text in sources.items()}
        return dataclasses.replace(self, _worker=None, files={**self.files, **files})

    def on_cores(self, cores):
        return dataclasses.replace(self, _worker=None, affinity=frozenset(cores))

    def beside(self, source):
        """In a thread of this process rather than a process of its own."""
        return LocalSide(f"companion_{self.exercise}", source.encode(), self.folder)

    def worker(self):
        if self._worker is None:
            self._worker = LocalWorker(load(self.exercise, self.source, self.files, self.folder))
        return self._worker

    def observe(self, *, helpers=(), **arguments):
        return lambda function: self.run(function, helpers=helpers, **arguments)

    def run(self, function, *, helpers=(), **arguments):
        return self.ask({"function": beside(function, helpers), "arguments": arguments}, "")

    def begin(self, function, *, helpers=(), **arguments):
        module, function = self.worker().module, beside(function, helpers)
        return Begun(lambda: self._value(module, function, arguments))

    def batch(self, function, inputs, *, helpers=()):
        module = self.worker().module
        return [function(module, **arguments) for arguments in inputs]

    def ask(self, request, name):
        """One observation; in a thread where a loop is running, as it is under a notebook."""
        module, function = self.worker().module, request["function"]
        if request.get("collect"):
            gc.collect()
        with self._placed():
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                return self._value(module, function, request["arguments"])
            return Begun(lambda: self._value(module, function, request["arguments"])).end()

    def _value(self, module, function, arguments):
        value = function(module, **arguments)
        return as_evidence(asyncio.run(value) if isinstance(value, types.CoroutineType) else value)

    def _request(self, op, function, helpers):
        return {"function": function}

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
        return ""

    def peak_memory(self, function, **arguments):
        """Growth alone: there is no other process to compare this one with."""
        from autograder.judging.memory import Peak
        from autograder.sandbox.processes.procfs import peak_resident, reset_peak, resident

        arguments.pop("helpers", None)
        reset_peak(os.getpid())
        before = resident(os.getpid())
        work = {"function": function, "arguments": arguments, "collect": True}
        value = self.ask(work, function.__name__)
        growth = max(0, peak_resident(os.getpid()) - before)
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

    def __init__(self, folder):
        self.folder, self.made = folder, 0

    def __call__(self, source):
        self.made += 1
        return LocalSide(f"baseline_{self.made}", source.encode(), self.folder)


# -- putting back ----------------------------------------------------------------------------

_PATCHED = (
    "asyncio",
    "builtins",
    "concurrent.futures",
    "copy",
    "gzip",
    "io",
    "json",
    "multiprocessing",
    "os",
    "pathlib",
    "pickle",
    "random",
    "threading",
    "time",
    "torch",
    "torch.accelerator",
    "torch.cuda",
)


def _patchable():
    found = [sys.modules[name] for name in _PATCHED if name in sys.modules]
    torch = sys.modules.get("torch")
    if torch is not None:
        found += [torch.Tensor, torch.cuda.Stream, torch.cuda.Event]
    return found


@contextlib.contextmanager
def restored():
    """Undo, after a check, what its observations may have changed in this process.

    Meanwhile the working folder is a scratch one, as in a worker.
    """
    before = [(place, dict(vars(place))) for place in _patchable()]
    main, folder, path = sys.modules["__main__"], Path.cwd(), list(sys.path)
    environment = dict(os.environ)
    scratch = tempfile.TemporaryDirectory(prefix="kata-floor-", ignore_cleanup_errors=True)
    os.chdir(scratch.name)
    try:
        yield
    finally:
        os.chdir(folder)
        scratch.cleanup()
        for place, values in before:
            now = dict(vars(place))
            for name, value in values.items():
                if now.get(name) is not value:
                    with contextlib.suppress(AttributeError, TypeError):
                        setattr(place, name, value)
            if isinstance(place, type):
                for name in now.keys() - values.keys():
                    with contextlib.suppress(AttributeError, TypeError):
                        delattr(place, name)
        sys.modules["__main__"] = main
        sys.path[:] = path
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)
        sys.setswitchinterval(0.005)
        gc.enable()
        torch = sys.modules.get("torch")
        if torch is not None and not torch.is_grad_enabled():
            torch.set_grad_enabled(True)


# -- a notebook's test cell ------------------------------------------------------------------


class CheckFailed(AssertionError):
    """An expectation that was not met."""


def expect(condition, message):
    if condition is not True:
        raise CheckFailed(message)


def fail(message):
    raise CheckFailed(message)


def show(value, limit=160):
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 2 :]}"


class Deferred(Exception):
    """The check needs something this machine lacks."""


def check(**options):
    return lambda function: function


def lend_to_vocabulary():
    """Have the vocabulary of graders speak with the words of this module, in a notebook."""
    module = sys.modules[__name__]
    for name in ("autograder.checks", "autograder.judging.checks"):
        sys.modules.setdefault(name, module)


def run_check(function, exercise, reference=""):
    """Run one check of a grader in this process, as a test cell does; raises where it fails.

    The student's text is ``<exercise>.py`` in the working folder.
    """
    folder = _scratch()
    source = Path(f"{exercise}.py").read_bytes()
    if folder not in sys.path:
        sys.path.insert(0, folder)
    known = {
        "student": lambda: LocalSide(exercise, source, folder),
        "reference": lambda: LocalSide(f"reference_{exercise}", reference.encode(), folder),
        "baseline": lambda: Baselines(folder),
        "rng": lambda: random.Random(f"{exercise}/{function.__name__}"),
        "observe": lambda: lambda side, function, **arguments: side.run(function, **arguments),
        "compare_speed": lambda: _measure().compare_speed,
        "peak_memory": lambda: LocalSide.peak_memory,
    }
    code = function.__code__
    with restored():
        function(**{name: known[name]() for name in code.co_varnames[: code.co_argcount]})


def _measure():
    from autograder.judging import measuring

    return measuring


_made = []


def _scratch():
    if not _made:
        _made.append(tempfile.TemporaryDirectory())
    return _made[0].name
