"""What a judge and its coordinator keep from submissions that share their machine's /proc."""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path

from autograder.sandbox.inside.tiers import PR_SET_DUMPABLE, set_process

_ARGUMENTS = slice(45, 47)  # arg_start and arg_end: fields 48 and 49 of proc(5), from the third on


def conceal() -> None:
    """Blank this process's command line, which everybody may read and which names seeds and private
    folders, and let nobody but root look at its memory."""
    with contextlib.suppress(OSError, ValueError):
        fields = Path("/proc/self/stat").read_text("latin-1").rpartition(")")[2].split()
        start, end = map(int, fields[_ARGUMENTS])
        if 0 < start < end:
            ctypes.memset(start, 0, end - start)
    with contextlib.suppress(OSError):
        set_process(PR_SET_DUMPABLE, 0)
