"""What a worker finds imported, by the kind of exercise."""

from __future__ import annotations

import importlib
from collections.abc import Container, Iterable

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
    # Optimisers, torch.export and torch.compile load it, which takes as long as torch itself.
    "dynamo": ("torch._dynamo",),
}  # fmt: skip
"""What each kind imports before a submission is loaded; each includes those above it."""

PACKAGES = ("msgpack", "numpy", "torch")
"""What grading stands on; the other modules may fail to load without harm."""


def with_packages(profile: str, packages: Iterable[str]) -> str:
    """The name of a profile that has other packages loaded, too."""
    return "+".join([profile, *sorted(packages)])


def base(profile: str) -> str:
    """Which of :data:`PROFILES` a profile is made from."""
    return profile.partition("+")[0]


def modules(profile: str) -> tuple[str, ...]:
    """Modules that one of :data:`PROFILES` imports, with those of the kinds that it includes."""
    names = list(PROFILES)
    return tuple(m for name in names[: names.index(profile) + 1] for m in PROFILES[name])


def preload(profile: str, skip: Container[str] = ()) -> None:
    """Import what ``profile`` names, except ``skip``; what is not installed is left out.

    Raises ImportError for a package that is installed and does not load, and for one that the
    course asks for and that is not there: each answer would be blamed for it.
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
    for package in profile.split("+")[1:]:
        try:
            importlib.import_module(package)
        except Exception as error:  # whatever a package does where it is not at home
            words = f"{package}, which an exercise needs, does not load here: {_reason(error)}"
            raise ImportError(words) from None


def _reason(error: BaseException) -> str:
    """The first cause, in a line: a package's own words about it are long and general."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return " ".join(str(error).split())
