"""The waits between attempts, and the sleep that is used by default."""

from autograder.checks import check, expect
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.leftovers import polled

from .calls import OS_ERROR, Run, failing, growing


def interrupted(module, options, moment):
    """Press ctrl-C while a plain function waits for its second attempt, with the default sleep.

    Returns ``[calls, how it ended]``. The alarm is set by the first call, and rings ``moment``
    seconds after it, while an answer that waits for as long as asked is waiting. That does not
    depend on how busy the machine is: a signal that comes late still comes before the second call.
    """
    import signal
    import time

    calls = []

    class Pressed(KeyboardInterrupt):
        pass

    def ring(number, frame):
        raise Pressed

    @module.retry(**options)
    def function():
        calls.append(1)
        if len(calls) == 1:
            signal.setitimer(signal.ITIMER_REAL, moment)
        if len(calls) < 5:
            raise OSError

    before = signal.signal(signal.SIGALRM, ring)
    try:
        function()
        time.sleep(moment)  # it may have come back before the alarm
        end = "returned"
    except Pressed:
        end = "interrupted"
    except OSError:
        end = "gave up"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return [len(calls), end]


def in_a_thread(module, options, coroutine):
    """Let a thread call, and look a moment after the first call how many there have been.

    The thread is left waiting: the process ends before it does.
    """
    import asyncio
    import contextlib
    import threading
    import time

    calls = []

    def work():
        decorated = module.retry(**options)(failing(calls, 5, coroutine))
        with contextlib.suppress(OSError):
            asyncio.run(decorated()) if coroutine else decorated()

    threading.Thread(target=work, daemon=True).start()
    polled(lambda: not calls, seconds=5)
    time.sleep(0.06)
    return len(calls)


def real_waits(module, options, coroutine):
    """The waits with the default sleep, each as a multiple of what it should be."""
    import asyncio
    import itertools

    calls, attempts = [], options["max_attempts"]
    decorated = module.retry(**options)(failing(calls, attempts, coroutine))
    asyncio.run(decorated()) if coroutine else decorated()
    delay, backoff = options["delay"], options.get("backoff", 1)
    waits = [after - before for before, after in itertools.pairwise(calls)]
    return [wait / (delay * backoff**n) for n, wait in enumerate(waits)]


@check(points=2, hint="Sleep first, then multiply; delay itself is the first wait.")
def test_delays_grow_by_backoff(student, rng):
    """The first sleep is delay, each later one backoff times the one before."""
    for scale in (1, 1000):
        options = growing(rng)
        options["delay"] *= scale
        if scale > 1:
            options["backoff"] = rng.choice([0.25, 0.5])
        run = Run(student, "With a backoff", [OS_ERROR], **options)
        if len(run.slept) < 3:
            run.fail("there were too few sleeps between the attempts.")
        run.waited(len(run.slept) + 1, options["delay"], options["backoff"])
    run = Run(student, "With delay=0", [OS_ERROR], max_attempts=4, delay=0)
    run.called(4)
    run.waited(4, 0, 1)


@check(points=1, hint="The defaults of the signature, and time.sleep where no sleep is passed.")
def test_defaults(student):
    """Left out: three attempts, delays of a second without growth, and a real sleep."""
    run = Run(student, "With retry(sleep=…) and no other argument", [OS_ERROR])
    run.called(3)
    run.waited(3, 1.0, 1.0)

    options = {"max_attempts": 2, "delay": 0.03}
    waits = student.run(real_waits, helpers=(failing,), options=options, coroutine=False)
    expect(
        read(waits, [float], "The waits")[0] >= 0.9,
        "With the default sleep there was no wait, or a shorter one, between two attempts.",
    )


@check(points=2, hint="sleep(seconds) is all there is to it, however long they are.")
def test_default_sleep_waits_as_long_as_asked(student, rng):
    """With the default sleep it waits for a second or an hour, too, not only for a moment."""
    words = (
        "With the default sleep and {}, the second attempt came at once: the wait is left out or "
        "cut short where it is long."
    )
    part, seconds, minutes = (rng.uniform(*ends) for ends in ((0.2, 0.9), (3, 9), (60, 900)))
    seconds = rng.choice([seconds, round(seconds)])
    cases = [
        ("the default delay", {"max_attempts": 2}, rng.uniform(0.04, 0.08)),
        ("a delay of part of a second", {"max_attempts": 2, "delay": part}, 0.05),
        ("a delay of some seconds", {"max_attempts": 3, "delay": seconds}, rng.uniform(0.04, 0.08)),
        (
            "a delay of minutes",
            {"max_attempts": 4, "delay": minutes, "backoff": 2},
            rng.uniform(0.1, 0.5),
        ),
    ]
    for what, options, moment in cases:
        seen = student.run(interrupted, options=options, moment=moment)
        calls, end = read(seen, [int, str])
        expect(calls == 1, words.format(what))
        expect(
            end == "interrupted",
            f"With the default sleep and {what}, it did not wait, or "
            "a KeyboardInterrupt while it waited did not reach the caller.",
        )

    # No wait is shorter than it was meant to be, however busy the machine is.
    delay, backoff = rng.uniform(0.01, 0.02), rng.choice([2, 3, 2.5])
    options = {"max_attempts": 4, "delay": delay, "backoff": backoff}
    for coroutine, of in ((False, ""), (True, " of a coroutine function")):
        waits = student.run(real_waits, helpers=(failing,), options=options, coroutine=coroutine)
        expect(
            min(read(waits, [float] * 3, "The waits")) >= 0.9,
            f"With the default sleep, a wait{of} was shorter than `delay` and `backoff` make it.",
        )
    for coroutine in (False, True):
        what, options, _ = cases[rng.randint(2, 3)]
        arguments = {"helpers": (failing,), "options": options, "coroutine": coroutine}
        calls = student.fresh().run(in_a_thread, **arguments)
        of = ", of a coroutine function" * coroutine
        expect(read(calls, int) > 0, "The function was not called.")
        expect(calls == 1, words.format(f"{what}{of}"))
