# right: the affinity mask from the kernel, the version from sys.hexversion, names from a table
from __future__ import annotations

import ctypes
import os
import platform
import sys

_NAMES = {"cpython": "CPython", "pypy": "PyPy"}


def _affinity() -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    size = 128
    while size <= 1 << 16:
        mask = (ctypes.c_ubyte * size)()
        if libc.sched_getaffinity(0, ctypes.c_size_t(size), mask) == 0:
            return sum(byte.bit_count() for byte in mask)
        size *= 2
    raise OSError(ctypes.get_errno(), "sched_getaffinity")


def runtime_report() -> dict[str, object]:
    name = sys.implementation.name
    h = sys.hexversion
    ask = vars(sys).get("_is_gil_enabled")
    try:
        cores = _affinity()
    except (AttributeError, OSError, TypeError):
        cores = os.cpu_count() or 1
    return dict(
        implementation=_NAMES.get(name) or platform.python_implementation(),
        version="%d.%d.%d" % (h >> 24, h >> 16 & 255, h >> 8 & 255),
        gil=True if ask is None else ask(),
        usable_cores=cores,
    )
