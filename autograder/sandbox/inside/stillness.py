"""What C functions do between the student's code and the worker's: the two never meet."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import faulthandler
import gc
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import repeat
from operator import getitem
from typing import Any


def _again(function: Any, *arguments: Any) -> Iterator[Any]:
    """An endless iterator that calls a C function each time it is asked."""
    return iter(partial(function, *arguments), _again)


def _usual() -> tuple[list[int], list[Any]]:
    """Signals whose handler can be set, and the handlers that Python starts with."""
    # The bare constants: those of `signal` are enumerations, which the C function does not take.
    special = {
        "SIGINT": signal.default_int_handler,
        "SIGPIPE": _signal.SIG_IGN,
        "SIGXFSZ": _signal.SIG_IGN,
    }
    handlers = {getattr(signal, n): h for n, h in special.items() if hasattr(signal, n)}
    numbers = [int(n) for n in sorted(signal.valid_signals()) if _settable(n)]
    return numbers, [handlers.get(n, _signal.SIG_DFL) for n in numbers]


def _settable(number: int) -> bool:
    # 32 and 33 belong to the C library, and two cannot be caught.
    fixed = {getattr(signal, name, None) for name in ("SIGKILL", "SIGSTOP")}
    return number not in {32, 33} | fixed


_NUMBERS, _HANDLERS = _usual()

TELL = int(getattr(_signal, "SIGRTMAX", getattr(_signal, "SIGINFO", 0)))
"""The signal upon which a worker writes where its threads are, to its standard error, in C and
whatever it is doing; 0 where there is no such signal. Python never sees it."""


def _telling() -> list[Iterator[Any]]:
    if not TELL or not hasattr(faulthandler, "register"):  # Windows
        return []
    # What is registered already is not looked at: a handler set since then would stay.
    tell = partial(faulthandler.register, TELL, file=2, all_threads=True)
    return [_again(faulthandler.unregister, TELL), _again(tell)]


_kept: deque[list[Any]] = deque([_HANDLERS], maxlen=1)


def reset_signals() -> None:
    """Give every signal the handler that Python starts with."""
    _kept.append(_HANDLERS)
    deque(map(_signal.signal, _NUMBERS, _HANDLERS), maxlen=0)


_callbacks = gc.callbacks
_UNDISTURBED, USUAL = 0.2, 0.005
"""Seconds after which another thread gets its turn: while the worker is at work, and as in Python.

The first is no longer, and never holds while the worker waits: a thread that computes would keep
it from going on.
"""


def loosened() -> list[Iterator[Any]]:
    """What is called, in C, right before the student's code runs."""
    kept = _again(getitem, _kept, 0)
    handlers = map(partial(map, _signal.signal, _NUMBERS), kept)
    steps: list[Iterator[Any]] = [map(partial(deque, maxlen=0), handlers)]
    return [*steps, *_telling(), _again(gc.enable), _again(sys.setswitchinterval, USUAL)]


def quiet(
    disable: Any = gc.disable,
    forget: Any = _callbacks.clear,
    trace: Any = sys.settrace,
    profile: Any = sys.setprofile,
    hooks: dict[str, Any] = threading.__dict__,
) -> None:
    """Called after a wait, in which other threads had their turn: what they set is taken away."""
    disable()
    forget()
    trace(None)
    profile(None)
    # What threading.settrace() set would trace the threads that an observation starts.
    for name in ("_trace_hook", "_profile_hook"):
        if hooks[name] is not None:
            hooks[name] = None


def undisturbed(interval: Any = sys.setswitchinterval) -> None:
    """Nothing is waited for from here on: other threads have no turn."""
    interval(_UNDISTURBED)


def disturbed(interval: Any = sys.setswitchinterval) -> None:
    """Something will be waited for: other threads may have their turn."""
    interval(USUAL)


def held_still() -> list[Iterator[Any]]:
    """What is called, in C, right after the student's code: nothing of it may run from here on.

    A trace function would be called for the worker's own functions and be given their frames, a
    signal's handler those that it interrupts, and a callback of the collector could look for them.
    """
    steps = [_again(sys.settrace, None), _again(sys.setprofile, None)]
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:
        steps += [_again(monitoring.free_tool_id, tool) for tool in range(6)]
    for name in ("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF"):
        if hasattr(_signal, name):
            steps.append(_again(_signal.setitimer, getattr(_signal, name), 0.0))
    # Its handlers are kept for its next call, and out of the way until then.
    handlers = map(list, map(partial(map, _signal.getsignal), repeat(_NUMBERS)))
    steps.append(map(_kept.append, handlers))
    one_round = map(partial(map, _signal.signal), repeat(_NUMBERS), repeat(_HANDLERS))
    steps.append(map(partial(deque, maxlen=0), one_round))
    # Last: other threads have no turn from here on, until the worker waits.
    still = (gc.disable,), (_callbacks.clear,), (sys.setswitchinterval, _UNDISTURBED)
    return [*steps, *(_again(*step) for step in still)]
