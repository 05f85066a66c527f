"""What the judge asks about processes from outside, whatever system they run on."""

from __future__ import annotations

from typing import Protocol


class Processes(Protocol):
    """Answers about a worker and its descendants; a module with these functions is one.

    You provide the functions below for one kind of system and add the module to the choice in
    ``__init__.py``. You get called from any thread, every 50 ms while a worker is at work, with
    process ids that may be gone: answer 0 or nothing for those and never raise. Memory is in
    bytes, time in seconds. Where a system cannot tell, err in the student's favour.
    """

    def tree(self, pid: int) -> list[int]:
        """Ids of ``pid`` (first, even if it is gone) and of all its living descendants."""

    def tree_anonymous(self, pid: int) -> tuple[int, int]:
        """Memory of the tree (cheap; may count shared pages twice), and its number of processes."""

    def tree_pss(self, pid: int, *, below: bool = False) -> int:
        """Memory of the tree, or of its descendants only (``below``); shared pages once."""

    def resident(self, pid: int) -> int:
        """Resident memory of one process."""

    def reset_peak(self, pid: int) -> None:
        """Start a new high-water mark of resident memory."""

    def peak_resident(self, pid: int) -> int:
        """Most resident memory since :meth:`reset_peak`."""

    def process_cpu(self, pid: int) -> float:
        """CPU time of one process and, where that is known, of the children it waited for."""

    def tree_cpu(self, pid: int) -> float:
        """CPU time of the tree."""

    def cpu_by_process(self, pid: int) -> dict[int, tuple[float, float]]:
        """For each process of the tree its own CPU time and that of children it waited for."""

    def tree_delay(self, pid: int, used: float) -> float:
        """Time for which the tree was ready to run and had no core, given the CPU time it used;
        0 where nobody counts."""

    def main_delay(self, pid: int) -> float:
        """The same for the main thread of one process."""

    def kill_tree(self, pid: int) -> None:
        """Kill the process and all its living descendants."""
