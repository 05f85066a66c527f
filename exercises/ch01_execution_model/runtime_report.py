"""runtime_report: what runs this code, and with how much of the machine."""

from __future__ import annotations


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
    raise NotImplementedError("runtime_report: write your solution here")
