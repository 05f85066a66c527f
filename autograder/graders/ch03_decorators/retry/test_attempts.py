"""Attempts of plain functions: how many, after what, with which arguments."""

from autograder.checks import check, expect, fail, same
from autograder.judging.vocabulary.decorating import WRAPS, expect_metadata
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals

from .calls import (
    OS_ERROR,
    SLEEPS,
    WORKS,
    Run,
    failing,
    growing,
    judge_interrupts,
    judge_listed,
    judge_sharing,
)


def waits_of_threads(module, options):
    """The sleeps of a call alone, and of two threads: one's whole call in the other's sleep."""
    import threading

    slept, threads = {"alone": [], "outer": [], "inner": []}, []
    function = failing([], 61)

    def pause(seconds):
        name = threading.current_thread().name
        slept[name].append(seconds)
        if name == "outer" and len(slept[name]) == 1:
            call("inner", decorated, 2)

    def call(name, decorated, seconds):
        def work():
            try:
                decorated()
            except Exception:
                pass

        thread = threading.Thread(target=work, name=name, daemon=True)
        threads.append(thread)
        thread.start()
        thread.join(seconds)

    call("alone", module.retry(**options, sleep=pause)(function), 2)
    decorated = module.retry(**options, sleep=pause)(function)
    call("outer", decorated, 4)
    threads[-1].join(2)
    return slept


@check(points=2, public=True, hint="A loop of attempts; return as soon as one of them succeeds.")
def test_tries_again_until_it_works(student):
    """A function that fails twice and then works is called three times, with two sleeps."""
    outcomes = [OS_ERROR, OS_ERROR, WORKS]
    what = "With max_attempts=3, delay=0.5 and two failures before the result '42'"
    run = Run(student, what, outcomes, public=True, max_attempts=3, delay=0.5)
    run.worked("42", 3)
    run.waited(3, 0.5, 1)


@check(points=2, public=True, hint="The last attempt needs no handler: let its exception out.")
def test_raises_the_last_error(student):
    """When every attempt fails, the last exception itself is raised, without another sleep."""
    what = "With max_attempts=3 and three failures"
    run = Run(student, what, [OS_ERROR], public=True, max_attempts=3, delay=2)
    run.gave_up("OSError", 3)


@check(points=1, hint="Count the calls for max_attempts=1, by hand.")
def test_counts_attempts(student, rng):
    """Any max_attempts: so many calls at most, one sleep fewer, fewer when one succeeds."""
    most, value = rng.randint(5, 12), rng.randint(100, 999)
    for attempts, what in ((1, "With max_attempts=1"), (most, "With a larger max_attempts")):
        run = Run(student, what, [["raise", "ValueError"]], max_attempts=attempts)
        run.gave_up("ValueError", attempts)
    for failures in (rng.randint(2, most - 2), most - 1):
        outcomes = [["raise", "RuntimeError"]] * failures + [["return", value]]
        run = Run(student, "With some failures before a result", outcomes, max_attempts=most)
        run.worked(value, failures + 1)


@check(points=1, hint="A result is a result, whatever its truth value.")
def test_a_result_ends_it(student, rng):
    """Any result ends the attempts at once, also None, 0 and an empty list."""
    for value in (rng.randint(100, 999), None, 0, False, "", []):
        what = f"With a second call that returns {'a number' if value else repr(value)}"
        run = Run(student, what, [OS_ERROR, ["return", value]], max_attempts=4)
        if run.events.count("call") > 2:
            run.fail("it was called again, as if it had failed.")
        run.returned(value)
    what = "With a call that returns an exception"
    Run(student, what, [["give", "ValueError"]]).returned_an_exception()
    what = "With a result that is equal to everything, or, as an array, neither true nor false"
    Run(student, what, [OS_ERROR, ["odd", None]], max_attempts=4).worked("odd", 2)


@check(points=2, hint="The current wait and the count belong to one call: set them inside it.")
def test_every_call_starts_anew(student, rng):
    """Nothing is remembered: not by a decorated function, nor by a decorator used twice."""

    @student.observe(options=growing(rng))
    def seen(module, options):
        calls, slept = [], []

        def noted(name):
            def function():
                calls.append(name)
                if len(calls) <= 60:
                    raise OSError

            return function

        policy = module.retry(**options, sleep=slept.append)
        first, second = policy(noted("first")), policy(noted("second"))
        module.retry(2, 99, backoff=9, sleep=slept.append)(noted("third"))
        rows = []
        for function in (first, first, second, first):
            try:
                function()
            except Exception:
                pass
            rows.append([list(calls), list(slept)])
            calls.clear()
            slept.clear()
        return rows

    whats = {
        "The first call": "first",
        "The second call": "first",
        "A second function under one decorator": "second",
        "A call": "first",
    }
    (calls_before, slept_before), *_ = read(seen, [[list[str], list]] * 4, "What was called")
    for (calls, slept), (what, name) in zip(seen, whats.items(), strict=True):
        if not all(call == name for call in calls):
            fail(f"{what} called another function: the decorator itself holds the function.")
        if len(calls) != len(calls_before):
            fail(f"{what} had other attempts than the first: the count is kept outside the call.")
        if not same(slept, slept_before):
            fail(f"{what} slept otherwise than the first: the delay is kept outside the call.")
    expect(len(slept_before) > 1, SLEEPS)


@check(points=1, hint="Local variables of the wrapper; no nonlocal, no attribute.")
def test_threads_do_not_share(student, rng):
    """Threads that are in the decorated function at once each have their own delays."""
    judge_sharing(student, rng, waits_of_threads, "Two threads")


@check(points=1, hint="`except exceptions:` takes a tuple of classes as it is.")
def test_only_listed_exceptions(student, rng):
    """Exceptions that are not listed pass at once; listed ones and their subclasses are retried."""
    judge_listed(student, rng, "plain", "")


@check(points=1, hint="Exception is the default for a reason: see what does not derive from it.")
def test_interrupts_pass(student):
    """KeyboardInterrupt, SystemExit and CancelledError are never tried again by default."""
    judge_interrupts(student, "plain")


@check(points=1, hint="Keep the sleep out of the try: only the call belongs in there.")
def test_sleep_may_raise(student, rng):
    """An exception of `sleep` passes at once, also one that is listed in `exceptions`."""
    calls_wanted = rng.randint(1, 3)

    @student.observe(wanted=calls_wanted, most=calls_wanted + rng.randint(2, 4))
    def seen(module, wanted, most):
        import asyncio

        rows = []
        for kind in ("plain", "coroutine", "mixed"):
            calls, slept, own = [], [], ConnectionResetError("no sleep")

            def pause(seconds, slept=slept, own=own):
                slept.append(seconds)
                if len(slept) == wanted:
                    raise own

            async def pause_coroutine(seconds, pause=pause):
                pause(seconds)

            def function(calls=calls):
                calls.append(1)
                raise OSError

            async def coroutine_function(function=function):
                function()

            decorate = module.retry(most, sleep=pause_coroutine if kind == "coroutine" else pause)
            decorated = decorate(function if kind == "plain" else coroutine_function)
            try:
                decorated() if kind == "plain" else asyncio.run(decorated())
                end = "returned"
            except OSError as error:
                end = "own" if error is own else "another"
            rows.append([len(calls), end])
        return rows

    whats = ("a plain function", "a coroutine function", "a coroutine function with a plain sleep")
    rows = read(seen, [[int, str]] * 3, "What became of the exceptions")
    for (calls, end), what in zip(rows, whats, strict=True):
        expect(
            calls <= calls_wanted,
            f"With {what}, `sleep` raised, and the function was called again: the exception was "
            "taken for one of the function.",
        )
        expect(
            calls == calls_wanted and end == "own",
            f"With {what}, an exception that `sleep` raised did not reach the caller.",
        )


@check(points=1, hint="Check in retry() itself, before it returns the decorator.")
def test_arguments_checked_at_decoration(student, rng):
    """Unusable arguments are refused when the function is decorated."""
    unusable = {
        "max_attempts=0": {"max_attempts": 0},
        "a negative max_attempts": {"max_attempts": -rng.randint(1, 9)},
        "a negative delay": {"delay": -rng.choice([0.5, 1, 2.5])},
        "max_attempts=1 and a negative delay": {"max_attempts": 1, "delay": -0.5},
    }

    def call(module, **options):
        module.retry(**options)(lambda: None)

    accepted = "retry with {what} was accepted; it should be refused at decoration already."
    other = "retry with {what} should raise {error}; it raised {raised}."
    rule = Refusal("ValueError", accepted=accepted, other=other)
    expect_refusals(student, call, unusable, rule)
    rule = Refusal("TypeError", accepted=accepted, other=other)
    texts = {
        "max_attempts='three'": {"max_attempts": "three"},
        "max_attempts='3'": {"max_attempts": "3"},
        "max_attempts=None": {"max_attempts": None},
    }
    expect_refusals(student, call, texts, rule)


@check(points=1, hint="*args and **kwargs at every attempt, and a function as wrapper.")
def test_arguments_and_methods(student, rng):
    """Arguments reach every attempt, also on methods, class methods and static methods."""
    a, b = rng.randint(1, 99), rng.randint(100, 999)

    @student.observe(a=a, b=b)
    def seen(module, a, b):
        log = []

        def answer(owner, *values):
            log.append([owner, *values])
            if len(log) < 3:
                raise OSError
            return list(values)

        class Client:
            @module.retry(3, delay=0, sleep=lambda seconds: None)
            def method(self, a, *, b=0):
                return answer(type(self).__name__, a, b)

            @classmethod
            @module.retry(3, delay=0, sleep=lambda seconds: None)
            def of_class(cls, a, *, b=0):
                return answer(cls.__name__, a, b)

            @staticmethod
            @module.retry(3, delay=0, sleep=lambda seconds: None)
            def static(a, *, b=0):
                return answer("", a, b)

        rows = []
        for name in ("method", "of_class", "static"):
            log.clear()
            try:
                result = getattr(Client(), name)(a, b=b)
            except (AttributeError, TypeError, OSError) as error:
                result = type(error).__name__
            rows.append([result, list(log)])
        return rows

    kinds = (("method", "Client"), ("class method", "Client"), ("static method", ""))
    for (result, log), (kind, owner) in zip(read(seen, [[object, list]] * 3), kinds, strict=True):
        if same(result, "TypeError") or same(result, "AttributeError"):
            fail(
                f"Calling a decorated {kind} ended in a {result}: `self` or another argument got "
                "lost. Only a function (or an object with __get__) becomes a method."
            )
        if not same(log, [[owner, a, b]] * 3):
            fail(f"A decorated {kind} was not tried again with all of the same arguments.")
        expect(same(result, [a, b]), f"The result of a decorated {kind} did not come back.")


@check(points=1, hint="functools.wraps(function) on each wrapper.")
def test_metadata_kept(student, rng):
    """Name, docstring, signature and __wrapped__ are kept, of coroutine functions, too."""

    def decorators(module):
        return [module.retry()]

    expect_metadata(student, decorators, rng, kept=WRAPS, coroutine=True)
