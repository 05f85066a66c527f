"""One call of a decorated function that follows a script, and what became of it."""

import math

from autograder.checks import expect, fail, same, show
from autograder.judging.vocabulary.evidence import read

# -- in the sandbox ------------------------------------------------------------------------


def scripted(outcomes, log, raised, coroutine):
    """A function that logs each call and then does what ``outcomes`` says.

    An outcome is ``["raise", name]``, ``["return", value]``, ``["give", name]``, which returns
    an exception, or ``["odd", None]``, which returns an object that is equal to everything and
    neither true nor false; the last one is repeated, but after 60 calls it returns, so that no
    loop of a wrong answer runs for ever.
    """
    import asyncio
    import builtins

    class Odd:
        __hash__ = None

        def __eq__(self, other):
            return True

        def __ne__(self, other):
            return False

        def __bool__(self):
            raise ValueError("the truth value of an array is ambiguous")

    def function():
        log.append(["call", None])
        calls = sum(event == "call" for event, _ in log)
        if calls > 60:
            return "called without end"
        kind, value = outcomes[min(calls, len(outcomes)) - 1]
        if kind == "return":
            return value
        if kind == "odd":
            raised.append(Odd())
            return raised[-1]
        known = getattr(builtins, value, None) or getattr(asyncio, value)
        if kind == "give":
            return known("a result")
        raised.append(known(f"failure {calls}"))
        raise raised[-1]

    async def coroutine_function():
        await asyncio.sleep(0)
        return function()

    return coroutine_function if coroutine else function


def drive(module, outcomes, options, kind):
    """Decorate, call once; ``[how it ended, log of calls and sleeps]``.

    ``kind`` is "plain", "coroutine" (with a coroutine ``sleep``), or "mixed": a coroutine
    function with a plain ``sleep``.
    """
    import asyncio
    import builtins

    log, raised = [], []

    def pause(seconds):
        log.append(["sleep", seconds])

    async def pause_coroutine(seconds):
        # Logged at its end: a sleep that is not awaited comes too late, or never.
        for _ in range(3):
            await asyncio.sleep(0)
        log.append(["sleep", seconds])

    def ended(error):
        own = [number for number, known in enumerate(raised, 1) if known is error]
        # A slip in the student's code, not what the script raised: their line says more.
        slip = isinstance(error, (NameError, AttributeError, TypeError)) and kind != "mixed"
        if not raised or (slip and not own):
            raise error
        return ["raised", type(error).__name__, own[0] if own else 0]

    def returned(value):
        return ["returned", "odd" if type(value).__name__ == "Odd" else value]

    async def call():
        try:
            return returned(await decorated())
        except BaseException as error:
            return ended(error)

    options = dict(options, sleep=pause_coroutine if kind == "coroutine" else pause)
    if "exceptions" in options:
        options["exceptions"] = tuple(getattr(builtins, name) for name in options["exceptions"])
    decorated = module.retry(**options)(scripted(outcomes, log, raised, kind != "plain"))
    if kind != "plain":
        return [asyncio.run(call()), log]
    try:
        return [returned(decorated()), log]
    except BaseException as error:
        return [ended(error), log]


def failing(calls, most, coroutine=False):
    """A function that notes the moment of each call, and fails until the one numbered ``most``."""
    import asyncio
    import time

    def function():
        calls.append(time.monotonic())
        if len(calls) < most:
            raise OSError

    async def coroutine_function():
        await asyncio.sleep(0)
        function()

    return coroutine_function if coroutine else function


# -- on the judge's side -------------------------------------------------------------------

OS_ERROR, WORKS = ["raise", "OSError"], ["return", "42"]
SLEEPS = "The function was not called several times with sleeps between."


def is_seconds(value):
    return type(value) in (int, float) and 0 <= value < 1e12


def grown(got, max_attempts, delay, backoff):
    """Whether these are the waits of so many attempts, from delay upwards by backoff."""
    if len(got) != max_attempts - 1 or not all(map(is_seconds, got)):
        return False
    return all(math.isclose(g, delay * backoff**i, rel_tol=1e-9) for i, g in enumerate(got))


def growing(rng):
    """Random options of retry with which the waits show what became of them."""
    delay, backoff = rng.choice([0.25, 0.5, 3, 7.0]), rng.choice([1.25, 1.5, 2, 3.0])
    return {"max_attempts": rng.randint(4, 7), "delay": delay, "backoff": backoff}


class Run:
    """One call of a decorated function, and the judgement of what became of it.

    ``what`` begins the messages; they quote the events only in a public check.
    """

    def __init__(self, student, what, outcomes, kind="plain", public=False, **options):
        arguments = {"outcomes": outcomes, "options": options, "kind": kind}
        seen = student.run(drive, helpers=(scripted,), **arguments)
        read(seen, [list, list[[str, object]]], "The log of calls and sleeps")
        self.what, self.public, self.end = what, public, seen[0]
        self.events = [event for event, _ in seen[1]]
        self.slept = [seconds for event, seconds in seen[1] if event == "sleep"]

    def fail(self, words):
        fail(f"{self.what}: {words}")

    def called(self, calls):
        """Expect this many calls with a sleep between each two."""
        wanted, count = ["call", "sleep"] * (calls - 1) + ["call"], self.events.count("call")
        if self.events == wanted:
            return
        if self.events == [*wanted, "sleep"]:
            worked = same(self.end[:1], ["returned"])
            what = "a call that worked" if worked else "the final failure"
            words = f"slept after {what}. Your caller waits for nothing."
        elif self.events[:1] == ["sleep"]:
            words = "slept before the first call."
        elif count == calls + 1:
            words = "one attempt too many; max_attempts counts the first call, too."
        elif count != calls:
            words = f"the function was called too {'often' if count > calls else 'few times'}."
        elif not self.slept:
            words = "the `sleep` that was passed never ran (or was not awaited)."
        else:
            words = "calls and sleeps did not take turns."
        if self.public:
            cut = " ".join(self.events[:12]) + (" …" if len(self.events) > 12 else "")
            cut = cut or "nothing"
            words += f"\nExpected `{' '.join(wanted)}`,\nyours `{cut}`."
        self.fail(words)

    def passed_at_once(self, name, number, tried_again="it was tried again."):
        """Expect call ``number`` to be the last one, and its exception to arrive."""
        if self.events.count("call") > number:
            self.fail(tried_again)
        self.gave_up(name, number)

    def gave_up(self, name, number):
        """Expect so many calls, and the very exception that the last one raised."""
        self.called(number)
        self.raised(name, number)

    def worked(self, value, number):
        """Expect so many calls, and the value that the last one returned."""
        self.called(number)
        self.returned(value)

    def raised(self, name, number):
        """Expect the very exception that call ``number`` raised."""
        if same(self.end, ["raised", name, number]):
            return
        got = show(self.end[1:2])[1:-1]
        if same(self.end[:1], ["returned"]):
            words = f"it returned {got} as if it had worked. Raise the last exception."
        elif same(self.end, ["raised", name, 0]):
            words = "an exception of the same type arrived, but not the very object."
        elif same(self.end[:2], ["raised", name]):
            words = "the exception of an earlier attempt arrived, not that of the last one."
        else:
            words = (
                f"another exception arrived ({got}), not that of the last attempt. Wrapped in "
                "yours, it is not what the caller's `except` looks for."
            )
        self.fail(words)

    def returned_an_exception(self):
        if same(self.end[:1], ["raised"]) or self.events.count("call") > 1:
            self.fail("the result was taken for a failure; only what is raised is one.")

    def returned(self, value):
        if same(self.end, ["returned", None]) and value is not None:
            self.fail("the result got lost; None was returned.")
        if not same(self.end, ["returned", value]):
            shown = f": {show(self.end)}" if self.public else "."
            self.fail(f"the result of the function did not come back{shown}")

    def waited(self, max_attempts, delay, backoff):
        """Expect the waits of so many attempts, from delay upwards by backoff."""
        if grown(self.slept, max_attempts, delay, backoff):
            return
        if not all(map(is_seconds, self.slept)):
            self.fail("sleep() was given something that is no number of seconds.")
        if len(set(self.slept)) == 1 and backoff != 1:
            self.fail("every sleep was as long as the first; backoff had no effect.")
        if grown(self.slept, max_attempts, delay * backoff, backoff):
            self.fail("the first sleep was multiplied by backoff already; it should last `delay`.")
        shown = f" Yours: {show(self.slept)}" if self.public else ""
        self.fail(f"the sleeps did not begin with delay and grow by the factor backoff.{shown}")


def judge_listed(student, rng, kind, where):
    """What is and what is not in ``exceptions``, for plain and for coroutine functions."""
    options = {"max_attempts": 3, "exceptions": ["ConnectionError", "KeyError"], "kind": kind}
    for name in rng.sample(["ValueError", "ZeroDivisionError", "OSError", "LookupError"], 2):
        what = f"After an exception that is not in `exceptions`{where}"
        Run(student, what, [["raise", name]], **options).passed_at_once(name, 1)
    subclass = "a subclass of a listed exception"
    for name, what in (("KeyError", "a listed exception"), ("ConnectionResetError", subclass)):
        run = Run(student, f"After {what}{where}", [["raise", name], WORKS], **options)
        if run.events.count("call") == 1:
            run.fail("it was not tried again.")
        run.returned("42")
    what = f"After a KeyboardInterrupt that is listed{where}"
    interrupts = [["raise", "KeyboardInterrupt"], WORKS]
    run = Run(student, what, interrupts, **{**options, "exceptions": ["KeyboardInterrupt"]})
    run.worked("42", 2)
    what = f"With a listed exception first, then one that is not listed{where}"
    run = Run(student, what, [["raise", "KeyError"], ["raise", "ValueError"]], **options)
    run.passed_at_once("ValueError", 2, "the second one was tried again, too.")


def judge_interrupts(student, kind):
    why = (
        "it was tried again, so ctrl-C, or cancelling a task, has to wait for every attempt. "
        "It does not derive from Exception: your code catches BaseException, or names it."
    )
    for name in ("KeyboardInterrupt", "SystemExit", "CancelledError"):
        for before in ([], [OS_ERROR]):
            what = f"After a {name} {'at the second attempt' if before else 'at once'}"
            run = Run(student, what, [*before, ["raise", name]], kind, max_attempts=4)
            run.passed_at_once(name, len(before) + 1, why)


def judge_sharing(student, rng, observation, what):
    """The sleeps of a call may not depend on other calls at the same time."""
    slept = student.run(observation, helpers=(failing,), options=growing(rng))
    expect(len(read(slept, dict[str, list], "The sleeps")) > 2, SLEEPS)
    alone, *others = slept.values()
    expect(len(alone) > 1, SLEEPS)
    expect(
        all(same(other, alone) for other in others),
        f"{what} called the function at once, and one of them slept otherwise than a call does "
        "that is alone: they share a variable, the current delay or the count.",
    )
