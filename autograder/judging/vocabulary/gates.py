"""Several threads at once: started together, or held until enough of them are there.

``at_once`` and ``company`` run in the sandbox, ``expect_all_ended`` in the judge.
"""

from __future__ import annotations

from typing import Any

from autograder.judging.checks import expect
from autograder.judging.observations import in_sandbox
from autograder.judging.outcomes import error_name
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.leftovers import threads

__all__ = ["at_once", "company", "expect_all_ended"]


@in_sandbox()
def at_once(calls, seconds=5, stay=None):
    """Make the calls in threads that start together: how each ended, and its value.

    ``["returned", value]``, ``[type of the exception, None]`` or ``["never finished", None]``.
    Until the event ``stay`` is set, no thread ends: a later one could get the identity of one
    that has ended, and with it the RLock that this had left locked.

    Example::

        ends = at_once([Config] * 16)
        return [[how for how, _ in ends], len({id(value) for _, value in ends})]
    """
    import threading
    import time

    ends = [["never finished", None] for _ in calls]
    barrier, done = threading.Barrier(len(calls)), threading.Semaphore(0)

    def work(place, call):
        try:
            barrier.wait(seconds)
            ends[place] = ["returned", call()]
        except BaseException as error:
            ends[place] = [type(error).__name__, None]
        done.release()
        if stay is not None:
            stay.wait(60)

    deadline = time.monotonic() + seconds
    for place, call in enumerate(calls):
        # Of every kind, so that nobody is careful in threads of one kind only.
        daemon = stay is not None or place % 2 == 0
        threading.Thread(target=work, args=(place, call), daemon=daemon).start()
    for _ in calls:
        done.acquire(timeout=max(0, deadline - time.monotonic()))
    return list(ends)


@in_sandbox()
def company(state, wanted, seconds=2.0, linger=0.03):
    """A function whose calls wait until ``wanted`` of them are in flight.

    They return their argument. They wait ``seconds`` at most, and then ``linger`` longer for one
    too many. ``state``, a dict, gets ``most`` in flight at once, how many ``began``, the most
    ``threads`` that existed meanwhile, and ``tired``: the company did not come, and nobody waits.

    Example::

        state = {}
        found = module.fetch_all(company(state, 3), urls, limit=3)
        return [state["most"], state["threads"]]
    """
    import threading

    state.update(flying=0, most=0, began=0, threads=0, tired=False)
    change = threading.Condition()

    def wait(value=None):
        with change:
            state["flying"] += 1
            state["began"] += 1
            late = state["began"] > 2 * wanted
            state["most"] = max(state["most"], state["flying"])
            state["threads"] = max(state["threads"], threads())
            change.notify_all()
            if not state["tired"] and not change.wait_for(lambda: state["most"] >= wanted, seconds):
                state["tired"] = True  # the others need not wait for what does not come
            if not late and not state["tired"]:
                change.wait_for(lambda: state["most"] > wanted, linger)
            state["flying"] -= 1
        return value

    return wait


def expect_all_ended(ends: Any, what: str) -> None:
    """Expect that every call of ``at_once`` returned; ``what`` begins the messages.

    ``ends`` are pairs as ``at_once`` gives them, or the first part of each alone.

    Example::

        expect_all_ended(ends, "8 threads called add() 500 times each,")
    """
    read(ends, list, "How the threads ended")
    for end in ends:
        how = end[0] if type(end) is list and len(end) == 2 else end
        read(how, str, "How the threads ended")
        expect(
            how != "never finished",
            f"{what} and some never came back: they wait for a lock that nobody gives back, or "
            "take it twice.",
        )
        expect(how == "returned", f"{what} and one got {error_name(how)}.")
