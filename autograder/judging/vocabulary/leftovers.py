"""Nothing left behind: threads, processes, descriptors, shared memory.

All but ``expect_nothing_left`` run in the sandbox. What ends a moment later is no mistake:
``polled`` looks again and again until there is no more than there was.
"""

from __future__ import annotations

from typing import Any

from autograder.judging.checks import expect
from autograder.judging.observations import in_sandbox
from autograder.judging.vocabulary.evidence import read

__all__ = [
    "alive",
    "descriptors",
    "expect_nothing_left",
    "polled",
    "processes",
    "shared_blocks",
    "threads",
]


@in_sandbox()
def threads():
    """How many threads this process has: as the kernel counts them where it can be asked.

    Example::

        before = threads()
        module.fetch_all(fetch, urls, limit=3)
        return polled(lambda: threads() - before)
    """
    import os
    import threading

    tasks = "/proc/self/task"
    return len(os.listdir(tasks)) if os.path.isdir(tasks) else threading.active_count()


@in_sandbox()
def processes():
    """How many descendants of this process run, multiprocessing's own helpers left out.

    Those that have ended are joined.

    Example::

        module.parallel_map(square, range(40), workers=2)
        return polled(processes)
    """
    import multiprocessing
    import os

    count = len(multiprocessing.active_children())
    if not os.path.isdir("/proc/self/task"):
        return count
    running, pending = [], ["self"]
    while pending and len(running) < 200:
        pid = pending.pop()
        try:
            tasks = os.listdir(f"/proc/{pid}/task")
            lists = []
            for task in tasks:
                with open(f"/proc/{pid}/task/{task}/children") as file:
                    lists.append(file.read())
            for child in " ".join(lists).split():
                pending.append(child)
                with open(f"/proc/{child}/cmdline", "rb") as file:
                    line = file.read()
                with open(f"/proc/{child}/stat", encoding="latin-1") as file:
                    state = file.read().rpartition(")")[2].split()[0]
                helper = b".resource_tracker" in line or b".forkserver" in line
                if state not in "ZX" and not (helper and pid == "self"):
                    running.append(child)
        except OSError:
            continue
    return len(running)


@in_sandbox()
def descriptors(path=None):
    """How many descriptors this process has open: on the file, or on anything.

    Garbage is not collected first: do so where a finished exception may hold a file.

    Example::

        stream.close()
        return descriptors(path)
    """
    import os

    wanted, count = None if path is None else os.stat(path), 0
    for number in range(1024):
        try:
            found = os.fstat(number)
        except OSError:
            continue
        count += wanted is None or os.path.samestat(found, wanted)
    return count


@in_sandbox()
def shared_blocks():
    """Names of this user's shared memory blocks (files in /dev/shm, on Linux).

    Example::

        before = set(shared_blocks())
        module.shared_scale(array, 3.0)
        return len(set(shared_blocks()) - before)
    """
    import os

    def own(name):
        try:  # on a student's machine, and in a container, others have some, too
            return os.stat(f"/dev/shm/{name}").st_uid == os.geteuid()
        except OSError:
            return False

    names = os.listdir("/dev/shm") if os.path.isdir("/dev/shm") else []
    return sorted(name for name in names if not name.startswith("sem.") and own(name))


@in_sandbox()
def alive(references):
    """How many of the weak references still have their object, garbage collected first.

    Example::

        kept = [weakref.ref(row) for row in rows]
        del rows
        return alive(kept)
    """
    import gc

    gc.collect()
    return sum(reference() is not None for reference in references)


@in_sandbox()
def polled(look, most=0, seconds=3.0, collect=False):
    """``look()`` as soon as it is at most ``most``; after so many seconds, whatever it is.

    ``collect`` collects garbage before each look, for what only a cycle keeps.

    Example::

        left = polled(lambda: threads() - before, seconds=1)
    """
    import gc
    import time

    end = time.monotonic() + seconds
    while True:
        if collect:
            gc.collect()
        found = look()
        if found <= most or time.monotonic() > end:
            return found
        time.sleep(0.005)


def expect_nothing_left(left: Any, things: str, when: str, why: str = "") -> None:
    """Expect that a number of things left behind is at most 0.

    Example::

        expect_nothing_left(left, "threads", "1 s after fetch_all had returned")
        # 3 threads were left 1 s after fetch_all had returned.
    """
    read(left, int, f"How many {things} are left")
    number = f"{left} {things} were" if left != 1 else f"1 {things.removesuffix('s')} was"
    if things == "processes" and left == 1:
        number = "1 process was"
    expect(left <= 0, f"{number} left {when}. {why}".rstrip())
