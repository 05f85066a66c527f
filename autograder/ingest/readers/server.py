"""The process that readers are forked from: ``python -P -m autograder.ingest.readers.server``.

It takes requests from its standard input, one at a time, and never opens anything of a
submission itself. Where there is no fork it reads in this process, which its parent
ends when it takes too long.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import sys
import time

from autograder import environment
from autograder.ingest.readers import limits, tasks
from autograder.ingest.readers.protocol import (
    FAILED,
    FAULT,
    REFUSED,
    TAKEN,
    Request,
    packed,
    read_frame,
    write_frame,
)

_DIED = 70  # exit status of a reader that could not even say what went wrong


def answer(request: Request) -> bytes:
    """Do what is asked, and pack what came of it: ``[value, trouble, end]``."""
    try:
        value = getattr(tasks, request.task)(*request.arguments)
        data = packed([value, "", TAKEN])
    except tasks.NotTaken as error:
        return packed([None, str(error)[:1000], REFUSED])
    except tasks.Unreadable as error:
        return packed([None, str(error)[:1000], FAULT])
    except MemoryError:
        return packed([None, _memory(request), REFUSED])
    except RecursionError:
        return packed([None, "it is nested too deeply", REFUSED])
    except Exception as error:
        return packed([None, f"reading it failed ({_words(error)})", FAILED])
    if len(data) > request.limits.reply:
        return packed([None, "it holds too much text", REFUSED])
    return data


def _memory(request: Request) -> str:
    return f"reading it takes more than {request.limits.memory >> 20} MiB of memory"


def _words(error: Exception) -> str:
    words = ascii(str(error)[:200]).strip("'\"")
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def apart(request: Request) -> bytes:
    """:func:`answer` by a process of its own; packs its bytes, as they are, CPU time and peak."""
    read, write = os.pipe()
    try:
        pid = os.fork()
    except OSError as error:
        os.close(read)
        os.close(write)
        words = f"no process for it could be made ({error.strerror})"
        return packed([packed([None, words, FAULT]), 0.0, 0])
    if pid == 0:
        _reader(request, write)
    os.close(write)
    data, overran = _drained(read, request, pid)
    os.close(read)
    if overran:
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    cpu = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if overran:
        data = packed([None, overran, REFUSED])
    elif not os.WIFEXITED(status) or os.WEXITSTATUS(status) != 0:
        data = packed([None, _end(status, request, cpu), REFUSED])
    return packed([data, cpu, peak])


def _reader(request: Request, write: int) -> None:
    """In the fork: put the limits on, answer, and end without a trace."""
    try:
        if sys.platform == "linux":
            import ctypes

            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limits.put_on(request.limits)
        data = memoryview(answer(request))
        while data:
            data = data[os.write(write, data) :]
    except BaseException:
        os._exit(_DIED)
    os._exit(0)


def _drained(read: int, request: Request, pid: int) -> tuple[bytes, str]:
    """All that a reader writes, or the words for why it is not waited for any longer."""
    wall = request.limits.wall
    deadline, used, waits = time.monotonic() + wall, 0.0, 0
    pieces: list[bytes] = []
    room = request.limits.reply + 1024
    while True:
        left = deadline - time.monotonic()
        ready, _, _ = select.select([read], [], [], max(0.0, left))
        if not ready:
            before, used, waits = used, limits.cpu_of(pid), waits + 1
            if used - before < 0.001 * wall or waits >= limits.MOST_WAITS:
                return b"", f"reading it takes more than {wall:g} s"
            deadline += wall
            continue
        piece = os.read(read, 1 << 20)
        if not piece:
            return b"".join(pieces), ""
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            return b"", "it holds too much text"


def _end(status: int, request: Request, cpu: float) -> str:
    """Words for a reader that ended without an answer."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGXCPU or (number == signal.SIGKILL and cpu >= request.limits.cpu - 1):
        return f"reading it takes more than {request.limits.cpu} s of processor time"
    if number == signal.SIGKILL or os.WIFEXITED(status):
        return _memory(request)
    return f"the reader crashed on it ({signal.Signals(number).name})"


def main() -> int:
    """Serve until the other end closes."""
    environment.without_slow_imports()
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    forks = hasattr(os, "fork")
    gc.collect()
    gc.freeze()
    while (frame := read_frame(requests)) is not None:
        request: Request = pickle.loads(frame)  # from the process that started this one
        tasks.prepare(request.arguments)
        if forks:
            write_frame(replies, apart(request))
        else:
            write_frame(replies, packed([answer(request), 0.0, 0]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
