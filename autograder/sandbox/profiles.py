"""What a worker finds imported, by the kind of exercise."""

from __future__ import annotations

import importlib
from collections.abc import Container

PROFILES: dict[str, tuple[str, ...]] = {
    "plain": (
        "asyncio", "collections", "concurrent.futures.process", "concurrent.futures.thread",
        "copy", "gzip", "json", "logging", "msgpack", "multiprocessing.pool", "pickle", "queue",
        "random", "tempfile", "threading", "typing", "weakref", "multiprocessing.popen_fork",
        "multiprocessing.popen_spawn_posix", "multiprocessing.synchronize", "uuid", "zlib",
        "dataclasses", "functools", "inspect", "itertools", "contextlib", "subprocess", "hashlib",
        "multiprocessing.resource_tracker", "encodings.ascii", "encodings.idna",
    ),
    "numpy": ("numpy", "numpy.random", "numpy.linalg", "numpy.lib.format"),
    "torch": ("torch", "torch.utils.data", "torch._dynamo", "aiohttp", "aiohttp.web"),
}  # fmt: skip
"""What each kind imports before a submission is loaded; each includes those above it."""


def preload(profile: str, skip: Container[str] = ()) -> None:
    """Import what ``profile`` names, except ``skip``; what is not installed is left out."""
    for name, modules in PROFILES.items():
        for module in modules:
            if module in skip:
                continue
            try:
                importlib.import_module(module)
            except ImportError:
                continue
        if name == profile:
            break
