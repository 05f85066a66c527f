"""Hidden grader of ``gather_limited``.

Coroutines wait for one another, not for a clock: each notes when it was made, began and ended.
What could wait for ever has a bound, and reaching it is the evidence. How many are in flight is
also counted by a server in another process, which they ask.
"""

from autograder.checks import check, error_name, expect, fail, same, show
from autograder.judging.vocabulary.clocks import replaced
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.measures import expect_speed
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals
from autograder.judging.vocabulary.servers import WAITING_ROOM, beside_server
from autograder.judging.vocabulary.tasks import (
    coroutine_end,
    coroutines,
    coroutines_rest,
    in_company,
)

# -- in the sandbox ------------------------------------------------------------------------


async def downloaded(module, port, names, limit):
    """How a call ended whose coroutines ask a server on loopback."""
    import asyncio

    def factory(name):
        async def ask():
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"{name}\n".encode())
            answer = await reader.read()
            writer.close()
            return answer.decode()

        return ask

    return await coroutine_end(module.gather_limited(map(factory, names), limit), seconds=25)


# -- on the judge's side -------------------------------------------------------------------


def returned(end, wanted, what):
    """Expect that a call returned the list ``wanted``; ``what`` begins the messages."""
    how, value = read(end, [str, object])
    expect(how != "never finished", f"{what}, the call never finished.")
    if how != "returned":
        fail(f"{what}, the call raised {error_name(how)}.")
    expect(type(value) is list, f"{what}, the call did not return a list.")
    if not same(value, wanted):
        every = sorted(map(repr, value)) == sorted(map(repr, wanted))
        expect(not every, f"{what}, the results came in another order than their factories.")
        fail(f"{what}, the results were not those of the coroutines.")


# -- checks --------------------------------------------------------------------------------


@check(points=1, public=True, hint="Keep with each result the place of its factory.")
def test_results_in_order(student):
    """The results come in the order of the factories, whichever coroutine ends first."""

    @student.observe()
    async def seen(module):
        import asyncio

        def factory(number, turns):
            async def work():
                for _ in range(turns):
                    await asyncio.sleep(0)
                return 10 * number

            return work

        factories = [factory(number, turns) for number, turns in enumerate([9, 1, 5, 0])]
        return await module.gather_limited(factories, limit=4)

    expect(
        not same(seen, [30, 10, 20, 0]),
        f"The results came in the order in which the coroutines ended: {show(seen)}. The first "
        "place is for the first factory.",
    )
    expect(same(seen, [0, 10, 20, 30]), f"Expected [0, 10, 20, 30]; yours gave {show(seen)}.")


@check(
    points=2,
    public=True,
    hint="Workers that take the next factory when they are done, or a semaphore.",
)
def test_as_many_as_the_limit(student):
    """Of 8 coroutines with limit=3, 3 are in flight at once, never more."""

    @student.observe()
    async def seen(module):
        state = {}

        async def body(number):
            await in_company(state, 3)
            return number

        end = await coroutine_end(module.gather_limited(coroutines(8, body, state), limit=3))
        return [end, state["most"]]

    end, most = read(seen, [list, int])
    returned(end, list(range(8)), "With 8 coroutines and limit=3")
    expect(most != 8, "All 8 coroutines were in flight at once; limit was 3.")
    expect(most != 1, "They ran one after the other; with limit=3 three may run at once.")
    expect(most == 3, f"{most} coroutines were in flight at once; limit was 3.")


@check(points=2, hint="Call `factory()` inside what waits for its turn, after the wait.")
def test_nothing_is_made_early(student, rng):
    """A factory is called when its turn comes, whatever the limit, and no later."""
    limits = [1, *rng.sample(range(2, 7), 2)]
    counts = [limit * 2 + rng.randint(1, 4) for limit in limits]

    @student.observe(limits=limits, counts=counts)
    async def seen(module, limits, counts):
        import asyncio

        rows = []
        for limit, count in zip(limits, counts, strict=True):
            state = {}

            async def body(number, state=state, limit=limit):
                await in_company(state, limit)
                return [number]

            end = await coroutine_end(module.gather_limited(coroutines(count, body, state), limit))
            rows.append([end, state["most"], state["most_alive"], state["made"]])
        # Then each waits until the one `limit` places behind it has begun; the last need not.
        # And then `limit` of them end together, and those that follow wait for one another.
        size = max(limits)
        for together in (False, True):
            state, lonely = {}, []
            began = [asyncio.Event() for _ in range(3 * size)]

            async def chained(number, together=together, began=began, lonely=lonely):
                began[number].set()
                until = number - number % size if together else number
                try:
                    await asyncio.wait_for(began[min(until + size, 3 * size) - 1].wait(), 1)
                except TimeoutError:
                    lonely.append(number)
                    for event in began:
                        event.set()
                return number

            call = module.gather_limited(coroutines(3 * size, chained, state), size)
            rows.append([await coroutine_end(call), len(lonely)])
        return rows

    *seen, one, several = read(seen, [*[[list, int, int, int]] * 3, *[[list, int]] * 2])
    size = max(limits)
    for end, _ in (one, several):
        returned(end, list(range(3 * size)), "With coroutines that wait for one another")
    lonely = one[1]
    expect(
        lonely == 0,
        "A coroutine had ended, others were in flight, and the next one did not begin. Do they "
        "run in groups, each when the one before it is done?",
    )
    expect(
        several[1] == 0,
        "Several coroutines had ended in the same step of the event loop, and fewer began in their "
        "place, though there was work for more.",
    )
    for limit, count, (end, most, alive, calls) in zip(limits, counts, seen, strict=True):
        returned(end, [[n] for n in range(count)], "With more coroutines than the limit")
        expect(calls == count, "A factory was called more than once, or never.")
        expect(
            alive != count,
            "All the coroutines existed before the first had ended. The limit must be waited for "
            "before the factory is called, not within what it made.",
        )
        for number, what in ((most, "in flight"), (alive, "made and not yet ended")):
            expect(number <= limit, f"At some moment more than `limit` coroutines were {what}.")
            expect(
                number == limit,
                f"There were never as many coroutines {what} as `limit` says, "
                "though there was work for them.",
            )
    for _ in range(2):  # one that comes seconds late is the machine's doing, but not twice
        wanted, most = from_a_server(student.within(wall=30), rng)
        if most == wanted:
            return
    fail(
        "A server was never asked by as many coroutines at once as `limit` says, though it let "
        "them wait."
    )


def from_a_server(student, rng):
    """The limit, and how many were in flight as a server saw it, in another process."""
    limit, secret = rng.randint(3, 6), f"{rng.randrange(10**12)}:"
    count = 2 * limit + rng.randint(1, 3)
    names = [str(number) for number in rng.sample(range(10**6), count)]
    serve = {"count": count, "wanted": limit, "secret": secret}
    end, (most, lines) = beside_server(
        student, WAITING_ROOM, downloaded, serve, names=names, limit=limit
    )
    returned(end, [secret + name for name in names], "With coroutines that ask a server")
    expect(sorted(lines) == sorted(names), "A server was not asked once by each coroutine.")
    expect(most <= limit, "A server was asked by more coroutines at once than `limit` allows.")
    return limit, most


@check(points=1, hint="list(factories) first; then no factory at all is no special case.")
def test_any_iterable(student, rng):
    """Generators, no factories at all, fewer than the limit, one of them several times."""
    values = [rng.randint(1, 10**6) for _ in range(rng.randint(3, 6))]

    @student.observe(values=values)
    async def seen(module, values):
        import asyncio
        import functools

        async def echo(value):
            await asyncio.sleep(0)
            return value

        jobs = [functools.partial(echo, value) for value in values]
        calls = [
            module.gather_limited((job for job in jobs), 2),
            module.gather_limited([], 3),
            module.gather_limited(iter(()), 1),
            module.gather_limited(tuple(jobs), 500),
            module.gather_limited(jobs, limit=len(jobs)),
        ]
        ends = [await coroutine_end(call) for call in calls]
        answers = [None, KeyError("returned"), 0, [], OSError("returned"), None]
        jobs = [functools.partial(echo, answer) for answer in answers]
        how, got = await coroutine_end(module.gather_limited(jobs, 2))
        turn = iter(values)

        async def take():
            await asyncio.sleep(0)
            return next(turn)

        ends.append(await coroutine_end(module.gather_limited([take] * len(values), 1)))
        if type(got) is not list:
            return [*ends, [how, got]]
        # The place of each among the answers, since an exception does not travel.
        places = [next((n for n, a in enumerate(answers) if a is g), -1) for g in got]
        return [*ends, [how, places]]

    *seen, odd = read(seen, [[str, object]] * 7)
    expect(
        odd[0] in ("returned", "never finished"),
        "A coroutine returned an exception object, and the call raised. What is returned is a "
        "result, whatever it is.",
    )
    returned(odd, [0, 1, 2, 3, 4, 0], "With coroutines that return None, 0, [] and exceptions")
    calls = {
        "With a generator of factories": values,
        "Without any factory": [],
        "With an empty iterator": [],
        "With a limit far above the number of factories": values,
        "With as many factories as the limit": values,
        "With one factory several times in the list": values,
    }
    for end, (what, wanted) in zip(seen, calls.items(), strict=True):
        returned(end, wanted, what)


@check(points=1, hint="Look at `limit` first: a Semaphore(0) lets nobody in, ever.")
def test_refuses_limits_below_one(student, rng):
    """A limit below 1 is a ValueError, and nothing is begun."""

    async def call(module, log, limit, count=2):
        async def body():
            return 1

        def factory():
            log.append(1)
            return body()

        return await module.gather_limited([factory] * count, limit)

    cases = {f"limit={limit}": {"limit": limit} for limit in (0, -1)}
    cases["a negative limit"] = {"limit": -rng.randint(2, 1000)}
    cases["limit=0 and no factories"] = {"limit": 0, "count": 0}
    noted = "With {what}, a factory was called before the ValueError."
    expect_refusals(student, call, cases, Refusal("ValueError", at=("call", "await"), noted=noted))


@check(
    points=3,
    hint="asyncio.gather raises the first failure but leaves the others running: "
    "keep the tasks and cancel them.",
)
def test_failure_cancels_siblings(student, rng):
    """A failure is raised at once and as it is; those in flight are cancelled."""
    jobs = []
    for kind in ("KeyError", "OSError", "RuntimeError"):
        limit = rng.randint(3, 5)
        # Not the first: one that awaits the tasks in turn must not hear of it too late.
        jobs.append([kind, limit, rng.randint(1, limit - 1), limit + rng.randint(4, 8), 0])
    jobs.append(["ValueError", 4, 3, 4, 0])  # nobody waits for a turn
    jobs.append(["LookupError", 3, 3, 9, 1])  # the first ends, and the one in its place fails
    jobs.append(["ExceptionGroup", 3, 1, 8, 0])  # a group of the coroutine's own is no wrapper

    @student.observe(jobs=jobs)
    async def seen(module, jobs):
        import asyncio
        import builtins

        rows = []
        for kind, limit, bad, count, done in jobs:
            group = [[KeyError(1), OSError(2)]] if kind == "ExceptionGroup" else []
            state, own, last = {}, getattr(builtins, kind)("failed", *group), []

            async def body(number, state=state, own=own, limit=limit, bad=bad, done=done):
                await in_company(state, limit)
                if number == bad:
                    raise own
                if number < done:
                    return
                try:
                    await asyncio.Event().wait()  # for ever
                finally:
                    for _ in range(20):  # a clean-up that takes a while
                        await asyncio.sleep(0)

            async def call(state=state, limit=limit, count=count, body=body, last=last):
                try:
                    return await module.gather_limited(coroutines(count, body, state), limit)
                finally:
                    last.append(state["running"])

            how, _ = await coroutine_end(call(), own, seconds=1.5)
            if how == "never finished":
                return [[how, [], 0, 0]]
            await coroutines_rest(state)
            # A copy of the ends: the loop's own end cancels.
            rows.append([how, list(state["ends"]), last[0], state["made"]])
        return rows

    expect(len(read(seen, list[[str, list, int, int]])) > 0, "What came back could not be read.")
    for (how, ends, last, made), (_, limit, bad, count, done) in zip(seen, jobs, strict=False):
        expect(
            how != "never finished",
            "A coroutine failed while others were waiting, and the caller was not told: the call "
            "waits for the others first.",
        )
        expect(
            how != "group",
            "The failure came out wrapped in an ExceptionGroup. The caller's `except OSError` does "
            "not see it there; raise the exception itself.",
        )
        expect(how != "returned", "A coroutine failed, and the call returned as if not.")
        if how != "own":
            fail(f"A coroutine's exception was to be raised as it is; {error_name(how)} came.")
        read(ends, [str] * count)
        expect(ends[bad] == "failed", "The failing coroutine did not get to its failure.")
        expect(ends[:done] == ["ended"] * done, "A coroutine did not get to its end.")
        rest = ends[done:bad] + ends[bad + 1 :]
        running = rest.count("running")
        expect(
            running == 0,
            f"After the failure had been raised, {running} of its siblings were still running. "
            "Nobody waits for them any more: they must be cancelled.",
        )
        known = {*rest} <= {"cancelled", "waiting"}
        expect(known, "After a failure, a coroutine was neither cancelled nor left unmade.")
        expect(
            last == 0,
            f"The failure was raised while {last} cancelled coroutines were still cleaning up. "
            "cancel() only asks: await the tasks, too.",
        )
        expect(
            made <= limit + done + 1,
            "After a coroutine had failed, the factories that were left were called all the same.",
        )
    expect(len(seen) == len(jobs), "What came back could not be read.")


@check(
    points=2,
    hint="Cancelling arrives as CancelledError at your `await`: cancel the tasks in "
    "a `finally`, and let it pass.",
)
def test_cancellation_passes_inward(student, rng):
    """When the caller is cancelled, those in flight are, too, and no other begins."""
    limit = rng.randint(2, 4)
    count = limit + rng.randint(3, 6)

    @student.observe(limit=limit, count=count)
    async def seen(module, limit, count):
        import asyncio

        state = {}

        async def body(number):
            await in_company(state, limit)
            try:
                await asyncio.Event().wait()  # for ever
            finally:
                for _ in range(20):  # a clean-up that takes a while
                    await asyncio.sleep(0)

        factories, last = coroutines(count, body, state), []

        async def call():
            try:
                return await module.gather_limited(factories, limit)
            finally:
                last.append(state["running"])

        task = asyncio.ensure_future(call())
        await in_company(state, limit)
        before = [state["running"], state["made"]]
        task.cancel()
        how, _ = await coroutine_end(task, seconds=1.5)
        await coroutines_rest(state)
        return [before, how, list(state["ends"]), state["made"], last[0] if last else 0]

    kind = [[int, int], str, [str] * count, int, int]
    (running, early), how, ends, calls, last = read(seen, kind)
    expect(running == limit, "There were not `limit` coroutines in flight to be cancelled.")
    expect(how != "never finished", "The caller was cancelled, and the call went on.")
    expect(how != "returned", "The call was cancelled, and returned as if it had not been.")
    if how != "cancelled":
        fail(f"The call was cancelled; out of it came {error_name(how)}, no CancelledError.")
    left = ends.count("running")
    expect(
        left == 0,
        f"The caller was cancelled, and {left} coroutines run on: the cancellation did not reach "
        "them.",
    )
    expect(calls == early, "After the caller had been cancelled, another factory was called.")
    known = {*ends} <= {"cancelled", "waiting"}
    expect(known, "After a cancellation, a coroutine was neither cancelled nor left unmade.")
    expect(
        last == 0,
        f"The call had ended while {last} cancelled coroutines were still cleaning up. cancel() "
        "only asks: await the tasks, too.",
    )


@check(points=1, hint="Make the semaphore, or whatever counts, inside the call.")
def test_calls_are_independent(student, rng):
    """Each call has its own limit: a coroutine may call gather_limited itself."""
    base = rng.randint(1, 10**6)

    @student.observe(base=base)
    async def seen(module, base):
        rows = []
        for limit in (1, 2):  # another one than the inner calls', and the same
            inner = [{}, {}]

            async def outer_body(number, inner=inner):
                state = inner[number]

                async def body(place):
                    await in_company(state, 2)
                    return base + place

                return await module.gather_limited(coroutines(5, body, state), 2)

            call = module.gather_limited(coroutines(2, outer_body, {}), limit)
            end = await coroutine_end(call, seconds=2)
            rows.append([end, [state.get("most") for state in inner]])
        return rows

    row = [base + place for place in range(5)]
    for end, most in read(seen, [[list, list]] * 2):
        returned(end, [row, row], "With calls of gather_limited inside another")
        expect(same(most, [2, 2]), "An inner call ran not as many at once as its own limit says.")


@check(points=1, hint="`await` something where you want to wait; time.sleep stops every coroutine.")
def test_does_not_block_the_loop(student, rng):
    """The event loop is never blocked: no time.sleep."""
    count = rng.randint(5, 9)

    @student.observe(count=count)
    async def seen(module, count):
        import asyncio

        naps, state = [], {}

        def sleep(seconds):
            naps.append(1)
            if len(naps) > 20:
                raise RuntimeError("time.sleep, again and again")

        async def body(number):
            for _ in range(3 + number % 3):
                await asyncio.sleep(0)
            return number

        with replaced(module, {"time.sleep": sleep}):
            end = await coroutine_end(module.gather_limited(coroutines(count, body, state), 2))
        return [end, len(naps)]

    end, naps = read(seen, [list, int])
    expect(
        naps == 0,
        "time.sleep was called. It stops the one thread that runs all the coroutines: while it "
        "sleeps, none of them gets on.",
    )
    returned(end, list(range(count)), "With coroutines that take turns")

    # The kernel counts how often a thread went to sleep of its own accord (getrusage(2)). A loop
    # in which some coroutine is always ready has no reason to, however busy the machine is.
    @student.fresh().observe(count=count)
    async def slept(module, count):
        import asyncio

        try:
            import resource

            def rests():
                return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
        except (ImportError, AttributeError):  # only Linux knows it of a thread
            return [["returned", list(range(count))], 0]

        def factory(number):
            async def work():
                for _ in range(200 + number):
                    await asyncio.sleep(0)
                return number

            return work

        await asyncio.sleep(0.001)
        before = rests()
        call = module.gather_limited([factory(number) for number in range(count)], 3)
        task = asyncio.ensure_future(call)
        for _ in range(100_000):
            if task.done():
                break
            await asyncio.sleep(0)
        after = rests()
        return [await coroutine_end(task), after - before]

    end, rests = read(slept, [list, int])
    returned(end, list(range(count)), "With coroutines that take many turns")
    expect(
        rests < 100,
        f"The event loop's thread slept {min(rests, 9999)} times while coroutines were ready to go "
        "on: something in your code blocks it.",
    )


@check(points=2, kind="performance", hint="Begin up to `limit` of them before you await any.")
def test_overlaps(student, baseline, rng):
    """About 40 coroutines that wait take, half of them at once, at most 0.3x as long as in turn."""
    serial = baseline(
        "async def gather_limited(factories, limit):\n    return [await f() for f in factories]\n"
    )

    def inputs(_, longer=1):
        values = [rng.randint(1, 10**6) for _ in range(rng.randint(37, 43))]
        return {"values": values, "limit": rng.randint(18, 22), "longer": longer}

    def seen(module, values, limit, longer):
        import asyncio

        def factory(value):
            async def work():
                await asyncio.sleep((0.004 + value % 3 / 1000) * longer)
                return value * value

            return work

        return asyncio.run(module.gather_limited([factory(value) for value in values], limit))

    message = (
        "About 40 coroutines that wait took {ratio} as long, half of them at once, as one after "
        "the other; at most {limit} are allowed."
    )
    expect_speed(student, serial, seen, inputs, message, at_most=0.3, same=same, waits=True)
