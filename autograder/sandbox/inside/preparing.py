"""What a worker's process does before a submission comes: once in the zygote, and in each fork."""

from __future__ import annotations

import _imp
import copyreg
import ctypes
import gc
import linecache
import os
import queue
import random
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.sandbox.inside import bare, wire
from autograder.sandbox.inside.instruments import Instruments
from autograder.sandbox.inside.noticing import Notices
from autograder.sandbox.inside.originals import Originals
from autograder.sandbox.inside.stillness import reset_signals


def prepared() -> tuple[Originals, Instruments, Notices]:
    """What every worker starts with: made once, before there is any, and closed to submissions."""
    instruments = Instruments()
    wire.meet()
    # These lead to the worker's own frames and objects. An observation still has them.
    sys.addaudithook = bare.no_hook
    for module, names in ((sys, ("_current_frames", "_current_exceptions")), (gc, ("unfreeze",))):
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    # Imported once more, these would come with everything that was taken away.
    _imp.create_builtin = bare.closed_to(_imp.create_builtin, ("gc", "sys", "_imp"))
    for kind in (threading.Event, threading.Condition, queue.Queue, threading.Thread):
        copyreg._slotnames(kind)  # type: ignore[attr-defined]  # what copying one writes into its class
    return Originals(), instruments, Notices()


def _trimmer() -> Any:
    """malloc_trim(3) of the GNU C library, which gives freed memory back to the system."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # another C library, macOS, Windows
        return None


_malloc_trim = _trimmer()


def trim() -> None:
    """Give freed memory back, where the C library can."""
    if _malloc_trim is not None:
        _malloc_trim(0)


def withdraw(mounted: str) -> None:
    """Take what a worker is made of out of a submission's sight: in the zygote, once for all.

    Its modules go from ``sys.modules``; their users hold them. ``mounted`` is the folder that they
    were found in for the worker alone; empty where that is no secret.
    """
    for name in [n for n in sys.modules if n.partition(".")[0] in ("autograder", "msgpack")]:
        if name != "msgpack._cmsgpack":  # an extension module that cannot be loaded twice
            del sys.modules[name]
    if mounted and mounted in sys.path:
        sys.path.remove(mounted)
        sys.path_importer_cache.pop(mounted, None)
        os.environ.pop("PYTHONPATH", None)


def threads() -> int:
    """How many threads this process has, those of libraries included; 1 where nobody can tell."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else 1


def enter(scratch: str, variables: tuple[str, ...] = ("HOME", "TMPDIR")) -> None:
    """Work in a folder below ``scratch``, which the environment names from now on."""
    folder = Path(scratch, "work")
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chdir(folder)
    for name in variables:
        os.environ[name] = scratch


def settle(seed: int, affinity: list[int] | None) -> None:
    """Undo what a fork inherits: signals, random state, switch interval, main module."""
    reset_signals()
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
