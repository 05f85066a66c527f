"""What a reader may use up for one submission."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

MiB = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Limits for one submission: seconds of CPU and of wall time, bytes of memory on top of what
    the interpreter has, bytes of the reply.

    An honest submission takes about 0.02 s and 10 MiB; a notebook with 256 MiB of outputs, the
    largest that is taken, 1.5 s and 560 MiB. The wall limit is for a reader that waits for
    something: one that computes meets its CPU limit, however busy the machine is.
    """

    cpu: int = 15
    wall: float = 60.0
    memory: int = 768 * MiB
    reply: int = 48 * MiB
    written: int = 0
    """Most bytes of a file that it writes: nothing but where it unpacks a class."""


MOST_WAITS = 30
"""Times the wall limit that a reader which computes is waited for."""


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used; 0 where that cannot be told."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0.0


def put_on(limits: ReadingLimits) -> None:
    """Apply them to this process, for good."""
    import resource

    def cap(kind: int, value: int) -> None:
        # Not every system knows every limit; the parent's deadline holds everywhere.
        with contextlib.suppress(ValueError, OSError):
            _, hard = resource.getrlimit(kind)
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))

    cap(resource.RLIMIT_CPU, limits.cpu)
    cap(resource.RLIMIT_AS, _mapped() + limits.memory)
    cap(resource.RLIMIT_FSIZE, limits.written)
    cap(resource.RLIMIT_CORE, 0)
    cap(resource.RLIMIT_NOFILE, 64)
    if sys.platform == "linux":
        cap(resource.RLIMIT_NPROC, 0)
        # Where the whole machine runs out of memory, let it be this process that goes.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")


def _mapped() -> int:
    """Bytes of address space that this process has now."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * resource.getpagesize()
    except (OSError, ValueError):
        return 512 * MiB
