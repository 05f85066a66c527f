"""Processes seen from outside: a worker and its descendants, their memory and CPU time.

The functions here are those of :mod:`.procfs` where there is a /proc, and those of :mod:`.psutil_`
elsewhere; :class:`~.protocol.Processes` says what they answer.
"""

from __future__ import annotations

from pathlib import Path

from autograder.sandbox.processes import procfs
from autograder.sandbox.processes.protocol import Processes

__all__ = [
    "Processes",
    "cpu_by_process",
    "kill_tree",
    "main_delay",
    "peak_resident",
    "process_cpu",
    "reset_peak",
    "resident",
    "tree",
    "tree_anonymous",
    "tree_cpu",
    "tree_delay",
    "tree_pss",
]


def chosen(proc: Path = Path("/proc")) -> Processes:
    """The implementation for this machine."""
    if (proc / "self/status").exists():
        return procfs
    # Imported only where it is needed: it costs more than a check.
    from autograder.sandbox.processes import psutil_

    return psutil_


_here = chosen()
cpu_by_process = _here.cpu_by_process
kill_tree = _here.kill_tree
main_delay = _here.main_delay
peak_resident = _here.peak_resident
process_cpu = _here.process_cpu
reset_peak = _here.reset_peak
resident = _here.resident
tree = _here.tree
tree_anonymous = _here.tree_anonymous
tree_cpu = _here.tree_cpu
tree_delay = _here.tree_delay
tree_pss = _here.tree_pss
