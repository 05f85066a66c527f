"""Several coroutines at once. Everything here runs in the sandbox.

Coroutines wait for one another, not for a clock; what could wait for ever has a bound.
"""

from __future__ import annotations

from autograder.judging.observations import in_sandbox

__all__ = ["coroutine_end", "coroutines", "coroutines_rest", "in_company"]


@in_sandbox()
def coroutines(count, body, state):
    """Factories of ``count`` coroutines that await ``body(number)`` and keep account in ``state``.

    ``alive``: made and not ended; ``running``: begun and not ended; ``most_alive`` and ``most``:
    the most of each at once; ``made``: factories called; ``ends``: what became of each ("waiting",
    "running", "ended", "cancelled", "failed").

    Example::

        state = {}
        results = await module.gather_limited(coroutines(8, body, state), limit=3)
        return [results, state["most"]]
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


@in_sandbox()
async def in_company(state, wanted):
    """Wait until ``wanted`` of the :func:`coroutines` have been in flight at once, or a while.

    Example::

        async def body(number):
            await in_company(state, 3)
            return number
    """
    import asyncio

    for _ in range(60):
        if state["most"] >= wanted or state.get("tired"):
            break
        await asyncio.sleep(0.001)
    else:
        state["tired"] = True  # the others need not wait for what does not come
    for _ in range(5):  # so that one too many has time to begin
        await asyncio.sleep(0)


@in_sandbox()
async def coroutine_end(awaitable, own=None, seconds=3):
    """How an awaitable ended: ``[how, value]``.

    ``how`` is "returned", "own" (it raised the very object ``own``), "group" (an exception group),
    "cancelled", "never finished" within ``seconds``, or the name of the exception: a builtin one's
    for a subclass of ValueError. The value is None unless it returned.

    Example::

        return await coroutine_end(module.gather_limited(jobs, 2), seconds=1.5)
    """
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


@in_sandbox()
async def coroutines_rest(state):
    """Wait until none of the :func:`coroutines` is running, a quarter of a second at most.

    Example::

        task.cancel()
        await coroutines_rest(state)
        return list(state["ends"])
    """
    import asyncio

    for _ in range(5):
        await asyncio.sleep(0)
    for _ in range(50):
        if not state["running"]:
            break
        await asyncio.sleep(0.005)
