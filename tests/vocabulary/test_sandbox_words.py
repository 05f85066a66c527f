"""Words of the sandbox, rebuilt from their code as in a worker, on right and wrong answers."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import random
import threading
import types
import weakref
from pathlib import Path
from typing import Any

import pytest

from autograder.judging import vocabulary
from autograder.judging.outcomes import CheckFailed
from autograder.judging.vocabulary import WRAPS, Refusal, expect_metadata, expect_refusals
from tests.vocabulary_tools import LocalSide, sandboxed


class Words:
    """The sandbox words by name."""

    def __getattr__(self, name: str) -> Any:
        return sandboxed(getattr(vocabulary, name))


words = Words()


# -- refusals --------------------------------------------------------------------------------


def raising(error: BaseException) -> Any:
    raise error


def test_error_of() -> None:
    class Mine(ValueError):
        pass

    error_of = words.error_of
    assert error_of(lambda: raising(Mine()), "ValueError") == "ValueError"
    assert error_of(lambda: raising(Mine())) == "Mine"
    assert error_of(lambda: raising(KeyError()), "ValueError", "LookupError") == "LookupError"
    assert error_of(lambda: 3, "ValueError") == ""
    with pytest.raises(NotImplementedError):
        error_of(lambda: raising(NotImplementedError("x: not written")), "ValueError")
    assert words.kinds_of(Mine())[:2] == ["Mine", "ValueError"]


def at_the_call(size: int) -> Any:
    if size < 1:
        raise ValueError
    return iter([size])


def at_next(size: int) -> Any:
    if size < 1:
        raise ValueError
    yield size


async def at_await(size: int) -> Any:
    if size < 1:
        raise ValueError
    return size


class Late:
    def __init__(self, size: int) -> None:
        self.size = size

    def __iter__(self) -> Any:
        return at_next(self.size)


async def hanging(size: int) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("function", "moment"),
    [(at_the_call, "call"), (at_next, "next"), (at_await, "await"), (Late, "next")],
)
def test_refusal_knows_the_moment(function: Any, moment: str) -> None:
    assert words.refusal(lambda: function(0), "ValueError") == [moment, "ValueError"]
    assert words.refusal(lambda: function(1), "ValueError") == ["never", ""]


def test_refusal_of_what_is_accepted() -> None:
    refusal = words.refusal
    assert refusal(lambda: [1, 2], "ValueError") == ["never", ""]
    assert refusal(lambda: hanging(0), "ValueError", seconds=0.05) == ["hangs", ""]
    assert refusal(lambda: map(raising, [KeyError()]), "ValueError") == ["never", "KeyError"]


def test_expect_refusals_runs_the_cases() -> None:
    def call(module, log, size):  # type: ignore[no-untyped-def]
        return module.f(map(log.append, "abc"), size)

    def right(items: Any, size: int) -> Any:
        return at_the_call(size)

    def taking(items: Any, size: int) -> Any:
        list(items)
        return at_the_call(size)

    def plain(module, size):  # type: ignore[no-untyped-def]
        module.f(iter(()), size)

    cases = {"size=0": {"size": 0}, "a negative size": {"size": -5}}
    rule = Refusal("ValueError", noted="With {what}, items were taken.")
    expect_refusals(side(right), call, cases, rule)
    expect_refusals(side(right), plain, list(cases.items()) * 2, rule)
    with pytest.raises(CheckFailed, match="With size=0, items were taken"):
        expect_refusals(side(taking), call, cases, rule)
    with pytest.raises(CheckFailed, match="size=0 was accepted"):
        expect_refusals(side(lambda items, size: []), call, cases, rule)


def side(function: Any) -> LocalSide:
    return LocalSide(types.SimpleNamespace(f=function))


# -- iterating -------------------------------------------------------------------------------


def test_counted_counts_what_is_taken() -> None:
    source, log = words.counted("abc")
    assert next(source) == "a" and len(log) == 1
    assert list(source) == ["b", "c"] and len(log) == 3
    endless, log = words.counted(itertools.count(), most=5)
    with pytest.raises(BaseException) as stopped:
        list(endless)
    assert not isinstance(stopped.value, Exception) and len(log) == 5


def test_take_and_drained() -> None:
    assert words.take(itertools.count(), 3) == [0, 1, 2]
    assert words.drained([1, 2], 5) == [[1, 2], "end"]
    assert words.drained([1, 2], 2) == [[1, 2], "end"]
    assert words.drained(itertools.count(), 2) == [[0, 1], "more"]
    own = OSError("disk")
    assert words.drained(map(raising, [own]), 2, own) == [[], "own"]
    assert words.drained(map(raising, [OSError("disk")]), 2, own) == [[], "OSError"]


def test_paced_sees_who_looks_ahead() -> None:
    source, log = words.counted(range(9))
    assert words.paced(source, log, 3) == [0, [1, 2, 3], [0, 1, 2]]
    source, log = words.counted(range(9))
    assert words.paced(iter(list(source)), log, 2, pause=0.001) == [9, [9, 9], [0, 1]]
    assert words.paced(iter("ab"), [], 5)[2] == ["a", "b"]


# -- decorating ------------------------------------------------------------------------------


def wrapped(function: Any) -> Any:
    if asyncio.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            return await function(*args, **kwargs)

        return wrapper

    @functools.wraps(function)
    def plain(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return plain


def bare(function: Any) -> Any:
    return lambda *args, **kwargs: function(*args, **kwargs)


class Object:
    def __init__(self, function: Any) -> None:
        self.function = function

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)


def test_metadata() -> None:
    lost = words.lost_metadata
    assert lost(wrapped, "load", coroutine=True) == lost(wrapped) == []
    assert lost(bare) == ["name", "docstring", "signature", "__wrapped__"]
    assert "coroutine function" in lost(bare, "load", coroutine=True)
    assert lost(lambda function: None) == ["name", "docstring", "signature", "__wrapped__"]


def test_expect_metadata() -> None:
    def decorators(module):  # type: ignore[no-untyped-def]
        return [module.f, module.f]

    rng = random.Random(3)
    expect_metadata(side(wrapped), decorators, rng, coroutine=True)
    with pytest.raises(CheckFailed, match=r"lost these: \['name', 'docstring', 'signature'"):
        expect_metadata(side(bare), decorators, rng)
    with pytest.raises(CheckFailed, match=r"lost these: \['name'\]"):
        expect_metadata(side(bare), decorators, rng, kept=("name",))
    plain = lambda function: functools.wraps(function)(bare(function))  # noqa: E731
    with pytest.raises(CheckFailed, match="iscoroutinefunction"):
        expect_metadata(side(plain), decorators, rng, coroutine=True)
    expect_metadata(side(plain), decorators, rng, kept=WRAPS, coroutine=True)


def test_method_calls() -> None:
    assert words.method_calls(wrapped, 3, 4) == [13, 12, -3, [True, 4]]
    assert words.method_calls(Object, 3, 4)[:2] == ["TypeError", "TypeError"]


# -- leftovers -------------------------------------------------------------------------------


def test_threads_are_counted() -> None:
    before, go_on = words.threads(), threading.Event()
    thread = threading.Thread(target=go_on.wait, args=(5,))
    thread.start()
    assert words.threads() == before + 1
    assert words.polled(lambda: words.threads() - before, seconds=0.02) == 1
    go_on.set()
    assert words.polled(lambda: words.threads() - before) <= 0
    thread.join()


def test_processes_are_counted() -> None:
    import subprocess
    import sys

    before = words.processes()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert words.processes() == before + 1
        child.communicate(b"\n")
    assert words.polled(words.processes, most=before) == before


def test_descriptors_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    every = words.descriptors()
    with path.open() as one, path.open() as two:
        assert words.descriptors(path) == 2 and words.descriptors() == every + 2
        assert one is not two
    assert words.descriptors(path) == 0


def test_shared_blocks_are_named() -> None:
    from multiprocessing.shared_memory import SharedMemory

    before = set(words.shared_blocks())
    block = SharedMemory(create=True, size=100)
    try:
        assert len(set(words.shared_blocks()) - before) in (0, 1)  # not everywhere in /dev/shm
    finally:
        block.close()
        block.unlink()
    assert set(words.shared_blocks()) - before == set()


def test_alive() -> None:
    kept, gone = {1}, {2}
    references = [weakref.ref(one) for one in (kept, gone)]
    del gone
    assert words.alive(references) == 1


# -- threads and tasks -----------------------------------------------------------------------


def test_at_once() -> None:
    barrier, own = threading.Barrier(3), KeyError()
    ends = words.at_once([barrier.wait] * 3)
    assert [how for how, _ in ends] == ["returned"] * 3
    assert words.at_once([lambda: raising(own)]) == [["KeyError", None]]
    go_on = threading.Event()
    assert words.at_once([go_on.wait, lambda: 3], 0.05)[0] == ["never finished", None]
    go_on.set()


def test_company() -> None:
    from concurrent.futures import ThreadPoolExecutor

    state: dict[str, Any] = {}
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(words.company(state, 3), range(9))) == list(range(9))
    assert (state["most"], state["began"], state["tired"]) == (3, 9, False)
    wait = words.company(state, 2, seconds=0.02)
    assert [wait(n) for n in range(3)] == [0, 1, 2]
    assert (state["most"], state["tired"]) == (1, True)


def test_coroutines() -> None:
    async def seen() -> list[Any]:
        state: dict[str, Any] = {}

        async def body(number: int) -> int:
            await words.in_company(state, 2)
            return number

        factories = words.coroutines(4, body, state)
        values = await asyncio.gather(*(make() for make in factories[:2]))
        never = asyncio.ensure_future(factories[2]())
        await asyncio.sleep(0)
        never.cancel()
        end = await words.coroutine_end(never)
        await words.coroutines_rest(state)
        return [values, state["most"], state["made"], state["ends"], end]

    found = asyncio.run(seen())
    assert found == [[0, 1], 2, 3, ["ended", "ended", "cancelled", "waiting"], ["cancelled", None]]


def test_coroutine_ends() -> None:
    own = OSError("disk")

    async def raises(error: BaseException) -> None:
        raise error

    end = words.coroutine_end

    async def seen() -> list[Any]:
        return [
            await end(asyncio.sleep(0, 3)),
            await end(raises(own), own),
            await end(raises(ExceptionGroup("all", [own]))),
            await end(raises(UnicodeError())),
            await end(raises(KeyError())),
            await end(asyncio.Event().wait(), seconds=0.02),
        ]

    hows = [how for how, _ in asyncio.run(seen())]
    assert hows == ["returned", "own", "group", "ValueError", "KeyError", "never finished"]


# -- files, clocks, memory -------------------------------------------------------------------


def test_put_and_another_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = words.put("a.txt", "größe".encode())
    assert path.read_text("utf-8") == "größe"
    code = "def good(path):\n    return open(path, encoding='utf-8').read()\n"
    code += "def bad(path):\n    return open(path).read()\n"
    (tmp_path / "texts.py").write_text(code)
    module = types.SimpleNamespace(__name__="texts", __file__=str(tmp_path / "texts.py"))
    run = words.in_another_locale
    assert run(module, path, "module.good(path)") == ["value", "größe"]
    assert run(module, path, "module.bad(path)") != ["value", "größe"]
    assert run(module, path, "list(islice('abc', 2)) + [1 / 0]") == ["raised", "ZeroDivisionError"]
    assert run(module, path, "__import__('os')._exit(3)") is None


def test_fake_clock() -> None:
    clock, move = words.fake_clock(8.0)
    move(0.25)
    assert clock() == 8.25 == clock()


def test_replaced() -> None:
    import time
    from time import sleep

    module, naps = types.SimpleNamespace(nap=sleep, other=3), []  # type: ignore[var-annotated]
    with contextlib.suppress(KeyError), words.replaced(module, {"time.sleep": naps.append}):
        time.sleep(3)
        module.nap(5)
        raise KeyError
    assert naps == [3, 5] and time.sleep is sleep is module.nap


def test_retained() -> None:
    result, blocks = words.retained(lambda: [object() for _ in range(1000)])
    # Not to the block: pytest's other threads take and give back some meanwhile.
    assert len(result) == 1000 and 900 <= blocks < 1200
    result, size = words.retained(lambda: bytes(10**6), in_bytes=True)
    assert len(result) == 10**6 and 10**6 <= size < 1.1e6
    result, peak = words.traced_peak(lambda: len(bytes(10**6)))
    assert result == 10**6 and 10**6 <= peak < 1.1e6
