"""The same rules for coroutine functions, and how they wait."""

from autograder.checks import check, expect, fail, same
from autograder.judging.vocabulary.evidence import read

from .calls import (
    OS_ERROR,
    WORKS,
    Run,
    failing,
    growing,
    judge_interrupts,
    judge_listed,
    judge_sharing,
)


async def waits_of_tasks(module, options):
    """The sleeps of a call alone, and of three tasks that take turns at every await."""
    import asyncio
    import contextvars

    slept = {"alone": [], "first": [], "second": [], "third": []}
    current, function = contextvars.ContextVar("current"), failing([], 61, coroutine=True)

    class Clock:
        async def sleep(self, seconds):
            slept[current.get()].append(seconds)
            await asyncio.sleep(0)

    async def client(name, decorated):
        current.set(name)
        try:
            await decorated()
        except Exception:
            pass

    alone = module.retry(**options, sleep=Clock().sleep)(function)
    await asyncio.create_task(client("alone", alone))
    decorated = module.retry(**options, sleep=Clock().sleep)(function)
    await asyncio.gather(*[client(name, decorated) for name in ("first", "second", "third")])
    return slept


@check(
    points=2, public=True, hint="A coroutine function fails when it is awaited: await in the try."
)
def test_coroutine_functions_too(student):
    """A coroutine function that fails once is tried again, and a coroutine sleep is awaited."""
    what = "With a coroutine function that fails once, and a coroutine function as sleep"
    run = Run(student, what, [OS_ERROR, WORKS], "coroutine", True, max_attempts=3, delay=0.5)
    if run.events == ["call"]:
        run.fail(
            "it was not tried again. Calling it only makes a coroutine; its exception comes "
            "when that is awaited, and your try must be there."
        )
    if run.events[:2] == ["call", "sleep"] and run.events.count("call") == 1:
        run.fail(
            "it slept, and did not call the function anew. A coroutine can be awaited only once, "
            "so each attempt needs another."
        )
    if run.events[:2] == ["call", "call"]:
        run.fail(
            "the sleep was not called, or not awaited to its end. Calling a coroutine function "
            "only makes a coroutine; `await` runs it."
        )
    run.worked("42", 2)
    run.waited(2, 0.5, 1)


@check(points=2, hint="Whatever the plain wrapper does, the coroutine wrapper does with await.")
def test_coroutine_functions_follow_the_rules(student, rng):
    """Attempts, growing delays, last error and listed exceptions: for coroutine functions, too."""
    what = "With a coroutine function"
    for options in (growing(rng), {**growing(rng), "max_attempts": 1}):
        run = Run(student, what, [OS_ERROR], "coroutine", **options)
        run.gave_up("OSError", options["max_attempts"])
        run.waited(**options)
    for value in (0, None, rng.choice([False, "", []])):
        run = Run(student, f"{what} that returns {value!r}", [["return", value]], "coroutine")
        run.worked(value, 1)
    what = f"{what} that returns an exception"
    Run(student, what, [["give", "ValueError"]], "coroutine").returned_an_exception()
    what = "With a result that is equal to everything, or, as an array, neither true nor false"
    Run(student, what, [["odd", None]], "coroutine").worked("odd", 1)
    judge_listed(student, rng, "coroutine", " in a coroutine function")


@check(points=1, hint="CancelledError must leave your wrapper, from a call and from a sleep.")
def test_cancelling_works(student):
    """Interrupts and cancellation pass through a coroutine function, also while it waits."""
    judge_interrupts(student, "coroutine")

    @student.observe()
    async def seen(module):
        import asyncio

        rows = []
        for place in ("call", "sleep"):
            events, reached = [], asyncio.Event()

            async def come_to(here, events=events, reached=reached, place=place):
                events.append(here)
                if here == place and not reached.is_set():
                    reached.set()
                    await asyncio.sleep(3600)

            async def pause(seconds, come_to=come_to):
                await come_to("sleep")

            @module.retry(max_attempts=3, delay=1, sleep=pause)
            async def function(come_to=come_to, events=events):
                await come_to("call")
                if len(events) < 60:
                    raise OSError

            task = asyncio.ensure_future(function())
            waiter = asyncio.ensure_future(reached.wait())
            await asyncio.wait([task, waiter], timeout=3, return_when="FIRST_COMPLETED")
            waiter.cancel()
            task.cancel()
            await asyncio.wait([task], timeout=3)
            rows.append([events, task.done() and task.cancelled()])
        return rows

    wanted = {"a call": ["call"], "a sleep": ["call", "sleep"]}
    read(seen, [[list[str], bool]] * 2, "What the tasks did")
    for (events, cancelled), (place, events_wanted) in zip(seen, wanted.items(), strict=True):
        if events != events_wanted:
            on = len(events) > len(events_wanted)
            words = "went on after that" if on else "never came that far"
            fail(f"A task that was to be cancelled during {place} {words}.")
        expect(cancelled, f"A task cancelled during {place} did not end as cancelled.")


@check(points=1, hint="Call sleep, then await what it returned only if it can be awaited.")
def test_plain_sleep_with_coroutine_function(student, rng):
    """A coroutine function with a plain `sleep`: it is called, and nothing awaited."""
    options = growing(rng)
    what = "With a coroutine function and a plain `sleep`"
    run = Run(student, what, [OS_ERROR], "mixed", **options)
    if same(run.end, ["raised", "TypeError", 0]):
        run.fail("it ended in a TypeError. Did you await what sleep returned? That is None here.")
    run.called(options["max_attempts"])
    run.waited(**options)
    run.raised("OSError", options["max_attempts"])


@check(points=1, hint="time.sleep stops the whole event loop; asyncio has a sleep that does not.")
def test_default_sleep_leaves_the_loop_free(student):
    """While a coroutine waits for its next attempt with the default sleep, other tasks run."""

    # On a busy machine a wait may pass without a turn for any task, so longer ones are tried
    # before that is believed. A blocked loop gives no turns, however long the wait.
    @student.observe()
    async def seen(module):
        import asyncio
        import time

        for delay in (0.02, 0.08, 0.2, 0.4):
            events, moments = [], []

            async def ticker(events=events, delay=delay):
                while len(events) < 1000:
                    await asyncio.sleep(delay / 20)
                    events.append("tick")

            @module.retry(2, delay)
            async def function(events=events, moments=moments):
                events.append("call")
                moments.append(time.monotonic())
                if len(moments) == 1:
                    raise OSError

            other = asyncio.ensure_future(ticker())
            await asyncio.sleep(0)
            try:
                await function()
            except OSError:
                pass
            other.cancel()
            calls = [i for i, event in enumerate(events) if event == "call"]
            ticks = calls[-1] - calls[0] - 1 if calls else 0
            if ticks >= 5 or len(calls) < 2:
                break
        waited = (moments[-1] - moments[0]) / delay if moments else 0.0
        return [len(calls), waited, ticks]

    calls, waited, ticks = read(seen, [int, float, int])
    expect(calls == 2, "A coroutine function that failed once was not called twice.")
    expect(
        waited >= 0.9,
        "With the default sleep, a coroutine function did not wait for its next attempt. "
        "asyncio.sleep() only makes a coroutine: it has to be awaited.",
    )
    expect(
        ticks >= 5,
        "No other task ran while a coroutine function waited for its next attempt: the wait "
        "blocked the event loop, as time.sleep does.",
    )


@check(points=1, hint="The wrapper of a coroutine function is an `async def` itself.")
def test_stays_a_coroutine_function(student, rng):
    """A decorated coroutine function is a coroutine function, also as a method."""
    a, b = rng.randint(1, 99), rng.randint(100, 999)

    @student.observe(a=a, b=b)
    async def seen(module, a, b):
        import asyncio
        import inspect

        log = []

        class Client:
            @module.retry(2, delay=0, sleep=asyncio.sleep)
            async def fetch(self, a, *, b=0):
                log.append([type(self).__name__, a, b])
                if len(log) < 2:
                    raise OSError
                return a + b

        try:
            result = await Client().fetch(a, b=b)
        except (OSError, TypeError) as error:
            result = type(error).__name__
        tests = (inspect.iscoroutinefunction, asyncio.iscoroutinefunction)
        return [result, log, any(test(Client.fetch) for test in tests)]

    result, log, marked = read(seen, [object, list, bool], "What the coroutine method did")
    if not same(log, [["Client", a, b]] * 2):
        fail("A coroutine method was not tried again with `self` and the same arguments.")
    expect(same(result, a + b), "The result of a coroutine method did not come back.")
    expect(
        marked,
        "A decorated coroutine function is a plain function that returns a coroutine. Whatever "
        "asks inspect.iscoroutinefunction, another decorator say, will take it for a plain one.",
    )


@check(points=1, hint="Local variables of the coroutine wrapper; no nonlocal, no attribute.")
def test_tasks_do_not_share(student, rng):
    """Tasks that are in the decorated coroutine function at once each have their own delays."""
    judge_sharing(student, rng, waits_of_tasks, "Three tasks")
