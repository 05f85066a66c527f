"""Clocks that stand still, sleeps that are noted. Everything here runs in the sandbox."""

from __future__ import annotations

from autograder.judging.observations import GIVEN, in_sandbox

__all__ = ["fake_clock", "replaced"]


@in_sandbox()
def fake_clock(start=1024.0):
    """A clock that stands still, and a function that moves it on: ``clock, move``.

    Use times that floats hold exactly (sums of 1/1024), and compare what comes back with ``==``.

    Example::

        clock, move = fake_clock()
        module.timed(report=note, clock=clock)(lambda: move(0.25))()
    """
    now = start

    def clock():
        return now

    def move(seconds):
        nonlocal now
        now += seconds

    return clock, move


@in_sandbox(assigns=GIVEN)
def replaced(module, names):
    """Context manager: other functions in the place of Python's own, for the submission to call.

    ``names`` maps full names ("time.sleep") to functions. Names that the submission has imported
    from there (``from time import sleep``) are replaced, too. The full names must stand as text in
    the observation itself: that is how the judge knows that it is not the submission's doing.

    Example::

        naps = []
        with replaced(module, {"time.sleep": naps.append}):
            module.retry(3, delay=2)(failing)()
        return naps
    """
    import contextlib
    import importlib

    @contextlib.contextmanager
    def exchanging():
        back = []
        try:
            for full, function in names.items():
                owner, _, name = full.rpartition(".")
                place = importlib.import_module(owner)
                real = getattr(place, name)
                for space, key in [(place, name)] + [
                    (module, key) for key, value in list(vars(module).items()) if value is real
                ]:
                    back.append((space, key, real))
                    setattr(space, key, function)
            yield
        finally:
            for space, key, real in reversed(back):
                setattr(space, key, real)

    return exchanging()
