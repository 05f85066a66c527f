"""What a worker finds imported, by the kind of exercise."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Callable, Container, Iterable

PROFILES: dict[str, tuple[str, ...]] = {
    "plain": (
        "asyncio", "collections", "concurrent.futures.process", "concurrent.futures.thread",
        "copy", "gzip", "json", "logging", "msgpack", "multiprocessing.pool", "pickle", "queue",
        "random", "tempfile", "threading", "typing", "weakref", "multiprocessing.popen_fork",
        "multiprocessing.popen_spawn_posix", "multiprocessing.shared_memory",
        "multiprocessing.synchronize", "uuid", "zlib",
        "dataclasses", "functools", "inspect", "itertools", "contextlib", "subprocess", "hashlib",
        "multiprocessing.resource_tracker", "encodings.ascii", "encodings.idna",
        # What observations work with: others could be put in the place of what is not there.
        "ctypes", "dis", "gc", "pathlib", "platform", "resource", "statistics", "sysconfig",
        "timeit", "tracemalloc",
    ),
    "numpy": ("numpy", "numpy.random", "numpy.linalg", "numpy.lib.format"),
    "torch": ("torch", "torch.utils.data", "aiohttp", "aiohttp.web"),
}  # fmt: skip
"""What each kind imports before a submission is loaded; each includes those above it."""


def _rehearse_export() -> None:
    """Export a small model: the first export of a process imports 400 modules (1 s of CPU), and a
    fork has them, and the caches that it fills, for nothing."""
    torch = sys.modules["torch"]
    rows = ({0: torch.export.Dim("rows")},)
    program = torch.export.export(torch.nn.Linear(2, 1), (torch.zeros(3, 2),), dynamic_shapes=rows)
    file = io.BytesIO()
    torch.export.save(program, file)
    file.seek(0)
    torch.export.load(file).module()(torch.zeros(1, 2))


def _rehearse_jit() -> None:
    """Compile a small model to TorchScript, with a few of the functions that most models call, and
    load it: 0.2 s of CPU the first time."""
    torch = sys.modules["torch"]
    layers = torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.ReLU(), torch.nn.Dropout()
    file = io.BytesIO()
    torch.jit.save(torch.jit.script(torch.nn.Sequential(*layers).eval()), file)
    file.seek(0)
    torch.jit.load(file)(torch.zeros(1, 2))


REHEARSALS: dict[str, Callable[[], None]] = {
    "torch.export": _rehearse_export,
    "torch.jit": _rehearse_jit,
}
"""What to do once, after its import, with a package that puts off most of its start until then."""

PACKAGES = ("msgpack", "numpy", "torch")
"""What grading stands on; the other modules may fail to load without harm."""


def with_packages(profile: str, packages: Iterable[str]) -> str:
    """The name of a profile that has other packages loaded, too."""
    return "+".join([profile, *sorted(packages)])


def base(profile: str) -> str:
    """Which of :data:`PROFILES` a profile is made from."""
    return profile.partition("+")[0]


def packages(profile: str) -> tuple[str, ...]:
    """The packages that a profile adds to the one that it is made from."""
    return tuple(profile.split("+")[1:])


def modules(profile: str) -> tuple[str, ...]:
    """Modules that one of :data:`PROFILES` imports, with those of the kinds that it includes."""
    names = list(PROFILES)
    return tuple(m for name in names[: names.index(profile) + 1] for m in PROFILES[name])


def preload(profile: str, skip: Container[str] = ()) -> None:
    """Import what ``profile`` names, except ``skip``; what is not installed is left out.

    Raises ImportError for a package that is installed and does not load, and as :func:`load` does.
    """
    for name, modules in PROFILES.items():
        for module in modules:
            if module in skip:
                continue
            try:
                importlib.import_module(module)
            except ImportError as error:
                missing = isinstance(error, ModuleNotFoundError) and error.name == module
                if module in PACKAGES and not missing:
                    raise ImportError(f"{module} does not load here: {_reason(error)}") from None
        if name == base(profile):
            break
    load(name for name in packages(profile) if name not in skip)


def load(packages: Iterable[str]) -> None:
    """Import the packages that an exercise adds, and do what they do at their first use.

    Raises ImportError for one that is not there or does not load: each answer would be blamed.
    """
    for package in packages:
        try:
            importlib.import_module(package)
            if package in REHEARSALS:
                REHEARSALS[package]()
        except Exception as error:  # whatever a package does where it is not at home
            words = f"{package}, which an exercise needs, does not load here: {_reason(error)}"
            raise ImportError(words) from None


def _reason(error: BaseException) -> str:
    """The first cause, in a line: a package's own words about it are long and general."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return " ".join(str(error).split())
