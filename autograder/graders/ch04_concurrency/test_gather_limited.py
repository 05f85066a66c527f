"""Hidden grader of ``gather_limited``.

Coroutines wait for one another, not for a clock: each notes when it was made, began and ended.
What could wait for ever has a bound, and reaching it is the evidence. How many are in flight is
also counted by a server in another process, which they ask.
"""

from autograder.checks import check, error_name, expect, fail, show
from autograder.judging.vocabulary.servers import WAITING_ROOM

# -- in the sandbox ------------------------------------------------------------------------


def crew(count, body, state):
    """Factories of ``count`` coroutines that await ``body(number)`` and keep account in ``state``.

    ``alive``: made and not ended; ``running``: begun and not ended; ``ends``: what became of each.
    """
    import asyncio

    state.update(alive=0, most_alive=0, running=0, most=0, made=0, ends=["waiting"] * count)

    async def work(number):
        state["running"] += 1
        state["most"] = max(state["most"], state["running"])
        state["ends"][number] = "running"
        try:
            value = await body(number)
            state["ends"][number] = "ended"
            return value
        except asyncio.CancelledError:
            state["ends"][number] = "cancelled"
            raise
        except Exception:
            state["ends"][number] = "failed"
            raise
        finally:
            state["running"] -= 1
            state["alive"] -= 1

    def factory(number):
        def make():
            state["made"] += 1
            state["alive"] += 1
            state["most_alive"] = max(state["most_alive"], state["alive"])
            return work(number)

        return make

    return [factory(number) for number in range(count)]


async def company(state, wanted):
    """Wait until ``wanted`` coroutines have been in flight at once, or for a while."""
    import asyncio

    for _ in range(60):
        if state["most"] >= wanted or state.get("tired"):
            break
        await asyncio.sleep(0.001)
    else:
        state["tired"] = True  # the others need not wait for what does not come
    for _ in range(5):  # so that one too many has time to begin
        await asyncio.sleep(0)


async def outcome(awaitable, own=None, seconds=3):
    """How it ended: ``[how, value]`` with how "returned", "own", "cancelled", or a type's name."""
    import asyncio

    task = asyncio.ensure_future(awaitable)
    await asyncio.wait({task}, timeout=seconds)
    if not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.2)
        return ["never finished", None]
    if task.cancelled():
        return ["cancelled", None]
    error = task.exception()
    if error is None:
        return ["returned", task.result()]
    if error is own:
        return ["own", None]
    for kind, name in ((BaseExceptionGroup, "group"), (ValueError, "ValueError")):
        if isinstance(error, kind):
            return [name, None]
    return [type(error).__name__, None]


async def settled(state):
    """Wait until none is running, at most for a quarter of a second."""
    import asyncio

    for _ in range(5):
        await asyncio.sleep(0)
    for _ in range(50):
        if not state["running"]:
            break
        await asyncio.sleep(0.005)


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

    return await outcome(module.gather_limited(map(factory, names), limit), seconds=25)


def listen(module):
    return module.listen()


def serve(module, count, wanted, secret):
    return module.serve(count, wanted, secret)


# -- on the judge's side -------------------------------------------------------------------


def readable(seen, length):
    expect(type(seen) is list and len(seen) == length, "What came back could not be read.")
    return seen


def same(found, wanted):
    """Equal, with the same types at every depth; an array in a reply is unequal, no error."""
    return repr(found) == repr(wanted)


def returned(end, wanted, what):
    """Expect that a call returned the list ``wanted``; ``what`` begins the messages."""
    how, value = readable(end, 2)
    expect(not same(how, "never finished"), f"{what}, the call never finished.")
    if not same(how, "returned"):
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

    @student.observe(helpers=(crew, company, outcome))
    async def seen(module):
        state = {}

        async def body(number):
            await company(state, 3)
            return number

        end = await outcome(module.gather_limited(crew(8, body, state), limit=3))
        return [end, state["most"]]

    end, most = readable(seen, 2)
    returned(end, list(range(8)), "With 8 coroutines and limit=3")
    expect(not same(most, 8), "All 8 coroutines were in flight at once; limit was 3.")
    expect(not same(most, 1), "They ran one after the other; with limit=3 three may run at once.")
    expect(same(most, 3), f"{show(most)} coroutines were in flight at once; limit was 3.")


@check(points=2, hint="Call `factory()` inside what waits for its turn, after the wait.")
def test_nothing_is_made_early(student, rng):
    """A factory is called when its turn comes, whatever the limit, and no later."""
    limits = [1, *rng.sample(range(2, 7), 2)]
    counts = [limit * 2 + rng.randint(1, 4) for limit in limits]

    @student.observe(helpers=(crew, company, outcome), limits=limits, counts=counts)
    async def seen(module, limits, counts):
        import asyncio

        found = []
        for limit, count in zip(limits, counts, strict=True):
            state = {}

            async def body(number, state=state, limit=limit):
                await company(state, limit)
                return [number]

            end = await outcome(module.gather_limited(crew(count, body, state), limit))
            found.append([end, state["most"], state["most_alive"], state["made"]])
        # Then each waits until the one `limit` places behind it has begun; the last need not.
        state, size, lonely = {}, max(limits), []
        began = [asyncio.Event() for _ in range(3 * size)]

        async def chained(number):
            began[number].set()
            try:
                await asyncio.wait_for(began[min(number + size, 3 * size) - 1].wait(), 1)
            except TimeoutError:
                lonely.append(number)
                for event in began:
                    event.set()
            return number

        call = module.gather_limited(crew(3 * size, chained, state), size)
        return [*found, [await outcome(call), len(lonely)]]

    *seen, chain = readable(seen, 4)
    end, lonely = readable(chain, 2)
    size = max(limits)
    returned(end, list(range(3 * size)), "With coroutines that wait for one another")
    expect(
        same(lonely, 0),
        "A coroutine had ended, others were in flight, and the next one did not begin. Do they "
        "run in groups, each when the one before it is done?",
    )
    for limit, count, row in zip(limits, counts, readable(seen, 3), strict=True):
        end, most, alive, made = readable(row, 4)
        returned(end, [[n] for n in range(count)], "With more coroutines than the limit")
        expect(same(made, count), "A factory was called more than once, or never.")
        expect(
            not same(alive, count),
            "All the coroutines existed before the first had ended. The limit must be waited for "
            "before the factory is called, not within what it made.",
        )
        for number, what in ((most, "in flight"), (alive, "made and not yet ended")):
            expect(type(number) is int, "What came back could not be read.")
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
    student.worker()  # a file that cannot be loaded says so first
    server = student.beside(WAITING_ROOM)
    port = server.run(listen)
    pending = student.begin(downloaded, helpers=(outcome,), port=port, names=names, limit=limit)
    most, asked = server.run(serve, count=count, wanted=limit, secret=secret)
    returned(pending.end(), [secret + name for name in names], "With coroutines that ask a server")
    expect(sorted(asked) == sorted(names), "A server was not asked once by each coroutine.")
    expect(most <= limit, "A server was asked by more coroutines at once than `limit` allows.")
    return limit, most


@check(points=1, hint="list(factories) first; then no factory at all is no special case.")
def test_any_iterable(student, rng):
    """Generators, no factories at all, fewer than the limit."""
    values = [rng.randint(1, 10**6) for _ in range(rng.randint(3, 6))]

    @student.observe(helpers=(outcome,), values=values)
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
        ends = [await outcome(call) for call in calls]
        answers = [None, KeyError("returned"), 0, [], OSError("returned"), None]
        jobs = [functools.partial(echo, answer) for answer in answers]
        how, got = await outcome(module.gather_limited(jobs, 2))
        if type(got) is not list:
            return [*ends, [how, got]]
        # The place of each among the answers, since an exception does not travel.
        places = [next((n for n, a in enumerate(answers) if a is g), -1) for g in got]
        return [*ends, [how, places]]

    *seen, odd = readable(seen, 6)
    how, _ = readable(odd, 2)
    expect(
        same(how, "returned") or same(how, "never finished"),
        "A coroutine returned an exception object, and the call raised. What is returned is a "
        "result, whatever it is.",
    )
    returned(odd, [0, 1, 2, 3, 4, 0], "With coroutines that return None, 0, [] and exceptions")
    wanted = [values, [], [], values, values]
    whats = [
        "With a generator of factories",
        "Without any factory",
        "With an empty iterator",
        "With a limit far above the number of factories",
        "With as many factories as the limit",
    ]
    for end, value, what in zip(readable(seen, 5), wanted, whats, strict=True):
        returned(end, value, what)


@check(points=1, hint="Look at `limit` first: a Semaphore(0) lets nobody in, ever.")
def test_refuses_limits_below_one(student, rng):
    """A limit below 1 is a ValueError, and nothing is begun."""
    limits = [0, -1, -rng.randint(2, 1000)]

    @student.observe(helpers=(crew, outcome), limits=limits)
    async def seen(module, limits):
        found = []
        for limit in limits:
            state = {}

            async def body(number):
                return number

            call = module.gather_limited(crew(2, body, state), limit)
            found.append([(await outcome(call, seconds=0.5))[0], state["made"]])
        return found

    for row in readable(seen, 3):
        how, made = readable(row, 2)
        expect(not same(how, "never finished"), "With a limit below 1 the call never finished.")
        expect(not same(how, "returned"), "A limit below 1 was accepted; it is a ValueError.")
        if not same(how, "ValueError"):
            fail(f"With a limit below 1 it raised {error_name(how)}, not a ValueError.")
        expect(same(made, 0), "With a limit below 1 a factory was called before the ValueError.")


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

    @student.observe(helpers=(crew, company, outcome, settled), jobs=jobs)
    async def seen(module, jobs):
        import asyncio
        import builtins

        found = []
        for kind, limit, bad, count, done in jobs:
            state, own = {}, getattr(builtins, kind)("failed")

            async def body(number, state=state, own=own, limit=limit, bad=bad, done=done):
                await company(state, limit)
                if number == bad:
                    raise own
                if number < done:
                    return
                await asyncio.Event().wait()  # for ever

            call = module.gather_limited(crew(count, body, state), limit)
            how, _ = await outcome(call, own, seconds=1.5)
            if how == "never finished":
                return [[how, []]]
            await settled(state)
            found.append([how, list(state["ends"])])  # a copy: the loop's end cancels
        return found

    expect(type(seen) is list and len(seen) > 0, "What came back could not be read.")
    for row, (_, _, bad, count, done) in zip(seen, jobs, strict=False):
        how, ends = readable(row, 2)
        expect(
            not same(how, "never finished"),
            "A coroutine failed while others were waiting, and the caller was not told: the call "
            "waits for the others first.",
        )
        expect(
            not same(how, "group"),
            "The failure came out wrapped in an ExceptionGroup. The caller's `except OSError` does "
            "not see it there; raise the exception itself.",
        )
        expect(not same(how, "returned"), "A coroutine failed, and the call returned as if not.")
        if not same(how, "own"):
            fail(f"A coroutine's exception was to be raised as it is; {error_name(how)} came.")
        ends = readable(ends, count)
        expect(same(ends[bad], "failed"), "The failing coroutine did not get to its failure.")
        expect(
            all(same(end, "ended") for end in ends[:done]), "A coroutine did not get to its end."
        )
        rest = ends[done:bad] + ends[bad + 1 :]
        running = sum(same(end, "running") for end in rest)
        expect(
            running == 0,
            f"After the failure had been raised, {running} of its siblings were still running. "
            "Nobody waits for them any more: they must be cancelled.",
        )
        known = all(same(end, "cancelled") or same(end, "waiting") for end in rest)
        expect(known, "After a failure, a coroutine was neither cancelled nor left unmade.")
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

    @student.observe(helpers=(crew, company, outcome, settled), limit=limit, count=count)
    async def seen(module, limit, count):
        import asyncio

        state = {}

        async def body(number):
            await company(state, limit)
            await asyncio.Event().wait()  # for ever

        task = asyncio.ensure_future(module.gather_limited(crew(count, body, state), limit))
        await company(state, limit)
        before = [state["running"], state["made"]]
        task.cancel()
        how, _ = await outcome(task, seconds=1.5)
        await settled(state)
        return [before, how, list(state["ends"]), state["made"]]

    before, how, ends, made = readable(seen, 4)
    running, early = readable(before, 2)
    expect(same(running, limit), "There were not `limit` coroutines in flight to be cancelled.")
    expect(not same(how, "never finished"), "The caller was cancelled, and the call went on.")
    expect(not same(how, "returned"), "The call was cancelled, and returned as if it had not been.")
    if not same(how, "cancelled"):
        fail(f"The call was cancelled; out of it came {error_name(how)}, no CancelledError.")
    ends = readable(ends, count)
    left = sum(same(end, "running") for end in ends)
    expect(
        left == 0,
        f"The caller was cancelled, and {left} coroutines run on: the cancellation did not reach "
        "them.",
    )
    expect(same(made, early), "After the caller had been cancelled, another factory was called.")
    known = all(same(end, "cancelled") or same(end, "waiting") for end in ends)
    expect(known, "After a cancellation, a coroutine was neither cancelled nor left unmade.")


@check(points=1, hint="Make the semaphore, or whatever counts, inside the call.")
def test_calls_are_independent(student, rng):
    """Each call has its own limit: a coroutine may call gather_limited itself."""
    base = rng.randint(1, 10**6)

    @student.observe(helpers=(crew, company, outcome), base=base)
    async def seen(module, base):
        found = []
        for limit in (1, 2):  # another one than the inner calls', and the same
            inner = [{}, {}]

            async def outer_body(number, inner=inner):
                state = inner[number]

                async def body(place):
                    await company(state, 2)
                    return base + place

                return await module.gather_limited(crew(5, body, state), 2)

            call = module.gather_limited(crew(2, outer_body, {}), limit)
            end = await outcome(call, seconds=2)
            found.append([end, [state.get("most") for state in inner]])
        return found

    row = [base + place for place in range(5)]
    for each in readable(seen, 2):
        end, most = readable(each, 2)
        returned(end, [row, row], "With calls of gather_limited inside another")
        expect(same(most, [2, 2]), "An inner call ran not as many at once as its own limit says.")


@check(points=1, hint="`await` something where you want to wait; time.sleep stops every coroutine.")
def test_does_not_block_the_loop(student, rng):
    """The event loop is never blocked: no time.sleep."""
    count = rng.randint(5, 9)

    @student.observe(helpers=(crew, outcome), count=count)
    async def seen(module, count):
        import asyncio
        import time

        naps, state, real = [], {}, time.sleep

        def sleep(seconds):
            naps.append(1)
            if len(naps) > 20:
                raise RuntimeError("time.sleep, again and again")

        time.sleep = sleep
        for name, value in list(vars(module).items()):
            if value is real:
                setattr(module, name, sleep)

        async def body(number):
            for _ in range(3 + number % 3):
                await asyncio.sleep(0)
            return number

        end = await outcome(module.gather_limited(crew(count, body, state), 2))
        return [end, len(naps)]

    end, naps = readable(seen, 2)
    expect(
        same(naps, 0),
        "time.sleep was called. It stops the one thread that runs all the coroutines: while it "
        "sleeps, none of them gets on.",
    )
    returned(end, list(range(count)), "With coroutines that take turns")

    # The kernel counts how often a thread went to sleep of its own accord (getrusage(2)). A loop
    # in which some coroutine is always ready has no reason to, however busy the machine is.
    @student.fresh().observe(helpers=(outcome,), count=count)
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
        return [await outcome(task), after - before]

    end, rests = readable(slept, 2)
    returned(end, list(range(count)), "With coroutines that take many turns")
    expect(type(rests) is int, "What came back could not be read.")
    expect(
        rests < 100,
        f"The event loop's thread slept {min(rests, 9999)} times while coroutines were ready to go "
        "on: something in your code blocks it.",
    )


@check(points=2, kind="performance", hint="Begin up to `limit` of them before you await any.")
def test_overlaps(student, baseline, compare_speed, rng):
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

    speed = compare_speed(student, serial, seen, inputs, at_most=0.3, same=same, waits=True)
    expect(
        speed.ratio <= 0.3,
        f"About 40 coroutines that wait took {speed.ratio:.2f}x as long, half of them at once, "
        "as one after the other; at most 0.3x are allowed.",
    )
