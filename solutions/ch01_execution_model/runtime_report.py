"""runtime_report: what runs this code, and with how much of the machine."""

from __future__ import annotations

### BEGIN SOLUTION
import os
import platform
import sys

### END SOLUTION


def runtime_report() -> dict[str, object]:
    """What a log of a training run should begin with, as a dict with these keys:

    * ``"implementation"`` (str): the interpreter, as its makers write it: ``"CPython"``,
      ``"PyPy"``, …
    * ``"version"`` (str): the version of Python that it implements, three numbers: ``"3.11.7"``.
      What follows them in a pre-release (``"3.15.0rc1"``) is left open. PyPy also has a version
      of its own, such as 7.3.17; that one is not meant.
    * ``"gil"`` (bool): whether the global interpreter lock is on *now*.
      ``sys._is_gil_enabled()`` tells, where it exists; where it does not, the answer is True.
    * ``"usable_cores"`` (int): how many logical cores this process may run on *now*. That can be
      fewer than the machine has: batch systems, ``taskset`` and containers limit it. In a
      container ``/sys`` may be missing. A quota of CPU time does not lower the number. What the
      affinity of a single thread, or ``PYTHON_CPU_COUNT``, does to it is left open.

    *Now* is the moment of the call: the lock can come back when an extension module is
    imported, and the cores of a running process can be changed. More keys are allowed.

    >>> report = runtime_report()
    >>> sorted(report)
    ['gil', 'implementation', 'usable_cores', 'version']
    >>> report["implementation"], report["version"], report["gil"]  # doctest: +SKIP
    ('CPython', '3.11.7', True)
    """
    ### BEGIN SOLUTION
    # Private, and only there since CPython 3.13: an interpreter without it has one lock, always on.
    is_gil_enabled = getattr(sys, "_is_gil_enabled", lambda: True)
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "gil": is_gil_enabled(),
        "usable_cores": _usable_cores(),
    }
    ### END SOLUTION


### BEGIN SOLUTION
def _usable_cores() -> int:
    """Size of this process's affinity mask, where the system has such a thing."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS and Windows; cpu_count() may not know and give None


# Notes. os.cpu_count() counts the machine's cores. In a container or a SLURM job that was given
# 4 cores of 64 it says 64; a DataLoader with a worker for each of them spends its time on
# taking turns, and 64 copies of the dataset on memory. Python 3.13 has os.process_cpu_count()
# for what is asked here. Neither knows of a *quota* (docker --cpus), which is no set of cores.
# From 3.13 on PYTHON_CPU_COUNT and -X cpu_count override what both cpu_counts say.
#
# sysconfig.get_config_var("Py_GIL_DISABLED") tells how the interpreter was built, not what is:
# a free-threaded build turns the lock on again for an extension that needs it.
# sys.implementation.name is the lower-case name of the same thing ("cpython"), and
# sys.implementation.version that interpreter's own version: the same as sys.version_info on
# CPython, another one on PyPy. Do not cut sys.version to length: "3.9.1" and "3.11.7" differ.
### END SOLUTION
