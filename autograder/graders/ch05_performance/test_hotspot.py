"""Hidden grader of ``hotspot``."""

import random
import re
import textwrap

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.evidence import read

# -- the programs --------------------------------------------------------------------------
# Each is a module with a function main(), which gets another name. Times are counted in turns of a
# loop, about 80 ns each: what has to be told apart differs at least by a factor of five, so that no
# load on the machine can turn the order round. How many turns a loop takes cannot be read in it: it
# follows the powers of 16807 from one number to another (Lehmer's generator, of full period).

LOOP = "total = {start}\nwhile total != {end}:\n    total = total * 16807 % 2147483647\n"
PLACES = [
    ("pipeline", "prepare"),
    ("sweep", "launch"),
    ("pretrain", "start"),
    ("nightly", "run_all"),
    ("evaluation", "process"),
    ("figures", "draw_all"),
]


def loop(rng, turns):
    """Lines that take time of their own, in a function's body."""
    start = rng.randrange(1, 2**31 - 1)
    end = start * pow(16807, turns, 2**31 - 1) % (2**31 - 1)
    return textwrap.indent(LOOP.format(start=start, end=end), "    ")


def function(rng, name, turns, then="return total", parameters=""):
    """The source of a function that takes so many turns itself, and what it does then."""
    return f"def {name}({parameters}):\n{loop(rng, turns)}    {then}\n\n"


def names(rng, count):
    words = ["blend", "crop", "decode", "epoch", "fetch", "flip", "load", "mix", "pad", "warp"]
    return [f"{rng.choice(words)}_{number}" for number in rng.sample(range(100, 1000), count)]


def chain(rng, depth, place):
    """Functions that call each other, ``depth`` deep, some of them decorated.

    The one at ``place`` spends the time. The innermost one raises, another one catches.
    Returns the source and the name of the one that spends it.
    """
    wrapper, *called = names(rng, depth + 1)
    parts = [
        "import functools\n\n",
        f"def {wrapper}(function):\n    @functools.wraps(function)\n"
        "    def inner(*args):\n        return function(*args)\n    return inner\n",
        f"def main():\n    for _ in range(4):\n        {called[0]}(7)\n",
    ]
    for level, name in enumerate(called):
        deeper = f"{called[level + 1]}(x)" if level + 1 < depth else "raise KeyError(x)"
        if level == 2:
            deeper = f"try:\n        {deeper}\n    except KeyError:\n        pass"
        text = function(rng, name, 50_000 if level == place else 60, deeper, "x")
        parts.append(f"@{wrapper}\n{text}" if level % 3 == 1 else text)
    return "\n".join(parts), called[place]


# -- in the sandbox ------------------------------------------------------------------------


def profiled(module, place):
    import importlib

    return module.hotspot(getattr(importlib.import_module(place[0]), place[1]))


def hooks():
    """What watches the program just now: how many profilers, tracers and monitoring tools."""
    import sys
    import threading

    watching = [sys.getprofile(), sys.gettrace(), threading.getprofile(), threading.gettrace()]
    if hasattr(sys, "monitoring"):
        watching += [sys.monitoring.get_tool(number) for number in range(6)]
    return len([hook for hook in watching if hook is not None])


# -- on the judge's side -------------------------------------------------------------------


def judge(student, source, right, others=None, public=False, imported=None):
    """Ask for the hotspot of a program; ``others`` says of a wrong name what it stands for.

    ``imported`` holds the modules that the program imports, by their names.
    """
    free = student.free(stem for stem, _ in PLACES)
    places = [place for place in PLACES if place[0] in free]
    stem, entry = place = random.Random(source).choice(places)
    source = re.sub(r"\bmain\b", entry, source)
    side = student.with_files(**{stem: source}, **(imported or {}))
    # Profilers read the clock on the wall: on a busy machine a function may be stopped at a bad
    # moment and seem to take long. Hardly four times running.
    for _ in range(4):
        seen = side.run(profiled, place=place)
        if same(seen, right):
            return
    told = f"\nExpected {right!r}, yours {show(seen)}." if public else ""
    expect(type(seen) is str, f"hotspot() should return a name, as a str.{told}")
    if seen in (others or {}):
        fail(f"It named {others[seen]}.{told}")
    if seen == entry:
        fail(
            "It named the outermost function, whose *cumulative* time is always the largest. "
            f"Its own time is next to nothing.{told}"
        )
    if "built-in" in seen or "method" in seen:
        fail(f"It named a built-in. A Python function is asked for.{told}")
    if seen == right.rpartition(".")[2]:
        fail(f"It gave the short name; the qualified one says of which class or function.{told}")
    if right.rpartition(".")[2] in seen:
        fail(f"The name is in there, but not by itself: qualified name and nothing else.{told}")
    if f"def {seen}(" in source:
        fail(f"It named a function that spends little time of its own.{told}")
    fail(f"What it returned is the qualified name of no function of the program.{told}")


# -- checks --------------------------------------------------------------------------------


@check(points=2, public=True, hint="Own time is inlinetime in getstats(), tottime in pstats.")
def test_own_time(student, rng):
    """Not the function that calls, the one that works: epoch → sample → augment → blend."""
    layers = ["sample", "augment", "blend"]
    right = rng.choice(layers[1:])
    source = "def main():\n    return [sample() for n in range(12)]\n\n"
    for name, result in zip(layers, ["augment()", "blend()", "total"], strict=True):
        source += function(rng, name, 20_000 if name == right else 50, f"return {result}")
    judge(student, source, right, public=True)


@check(points=1, public=True, hint="Code objects have a co_qualname.")
def test_qualified_name(student, rng):
    """A method is named with its class."""
    source = "class Trainer:\n"
    right = rng.choice(["step", "fit"])
    for name, result in (("step", "total"), ("fit", "self.step()")):
        turns = 200_000 if name == right else 500
        method = function(rng, name, turns, f"return {result}", "self")
        source += textwrap.indent(method, "    ")
    source += "def main():\n    return Trainer().fit()\n"
    judge(student, source, f"Trainer.{right}", public=True)


@check(points=2, hint="Each call's time without the time of the calls inside it.")
def test_deep_wrappers(student, rng):
    """Right in a program of many layers: the bottom, the middle, a library, a lambda."""
    depth = rng.randint(8, 14)
    for place in (depth - 1, rng.randint(3, depth - 3)):
        source, right = chain(rng, depth, place)
        judge(student, source, right)
    own, deep = names(rng, 2)
    source = (
        f"import difflib\n\n{function(rng, own, 5_000)}def {deep}():\n    {own}()\n"
        "    match = difflib.SequenceMatcher(None, 'ab' * 300, 'ba' * 300, autojunk=False)\n"
        "    match.find_longest_match(0, 600, 0, 600)\n\n"
        f"def main():\n    {deep}()\n"
    )
    below = "a function of the program itself; the time is spent in a library, which is Python too"
    judge(student, source, "SequenceMatcher.find_longest_match", {own: below, deep: below})
    # Operators are no calls: the time of a power is the lambda's own, ten times that of the other.
    source = (
        f"{deep} = lambda x: x ** {rng.randint(30_000, 33_000)} % 1_000_003\n\n"
        f"{function(rng, own, 5_000)}"
        f"def main():\n    {own}()\n    for n in range(3, 15):\n        {deep}(n)\n"
    )
    nameless = "another function; the time is spent in a lambda, which is a function like any other"
    judge(student, source, "<lambda>", {own: nameless})


@check(points=2, hint="A built-in has an entry of its own: leave builtins=True, skip the entry.")
def test_built_ins_are_not_own(student, rng):
    """Time inside built-ins does not count for the functions that call them."""
    gather, order, refuse, right, short, plain = names(rng, 6)
    source = (
        "from itertools import chain\n\n"
        # The built-in calls a Python function, and then goes on for long.
        f"def {plain}(x):\n    return x\n\n"
        f"def {gather}():\n    return sum(chain(map({plain}, [1, 2]), "
        f"range({rng.randint(3_000_000, 3_500_000)})))\n\n"
        f"def {order}():\n    return sorted(range(300_000, 0, -1))\n\n"
        # Two built-ins raise: one of them after a long time, the other in a function that goes on.
        f"def {refuse}():\n    try:\n        sum(chain(range({rng.randint(2_500_000, 3_000_000)}), "
        "[None]))\n    except TypeError:\n        pass\n\n"
        f"def {right}():\n    try:\n        [].pop()\n    except IndexError:\n        pass\n"
        f"{loop(rng, 60_000)}    return total\n\n"
        f"{function(rng, short, 3_000)}"
        f"def main():\n    return {gather}(), {order}(), {refuse}(), {right}(), {short}()\n"
    )
    waits = "a function that only waits for a built-in: the time inside that is not its own"
    judge(student, source, right, {gather: waits, order: waits, refuse: waits})


@check(points=2, hint="Time per call is of no interest, the number of calls neither.")
def test_all_calls_together(student, rng):
    """All calls of a function count together, recursive ones too."""
    right, once, tiny, deep = names(rng, 4)
    again = f"return depth and {right}(depth - 1)"
    source = (
        function(rng, right, 600, again, "depth")
        + function(rng, once, 30_000)
        + (
            f"def {tiny}(x):\n    return x\n\n"
            f"def main():\n    {once}()\n    for n in range(1500):\n        {tiny}(n)\n"
            f"    for _ in range(8):\n        {right}(40)\n        {deep}()\n\n"
            f"def {deep}():\n    return {right}(1)\n"
        )
    )
    others = {
        once: "the function whose single call is longest; another spends more in all its calls",
        tiny: "the function that is called most often; that costs little",
    }
    judge(student, source, right, others)
    # A generator's time is that of all its steps.
    source = (
        f"def {right}():\n    for _ in range(40):\n"
        f"{textwrap.indent(loop(rng, 1_500), '    ')}        yield total\n\n"
        f"{function(rng, once, 6_000)}"
        f"def main():\n    {once}()\n    for total in {right}():\n        pass\n"
    )
    judge(student, source, right, {once: "a function; a generator spends more in all its steps"})


@check(points=2, hint="A name and a line are not enough, and a short name is not: co_qualname.")
def test_same_names(student, rng):
    """Functions of one name in different places are different functions."""
    first, second, outer, run = names(rng, 4)
    places = [
        f"{first}.{run}",
        f"{second}.{run}",
        f"{second}.Part.{run}",
        f"{outer}.<locals>.{run}",
        run,
    ]
    nested = places[3]
    for right in (nested, *rng.sample([p for p in places if p != nested], 2)):
        in_first, in_second, in_part, in_outer, plain = (
            function(rng, run, 150_000 if place == right else 10_000, parameters="*self")
            for place in places
        )
        source = (
            f"class {first}:\n{textwrap.indent(in_first, '    ')}\n"
            f"class {second}:\n{textwrap.indent(in_second, '    ')}\n"
            f"    class Part:\n{textwrap.indent(in_part, '        ')}\n"
            f"def {outer}():\n{textwrap.indent(in_outer, '    ')}    {run}()\n\n{plain}"
            f"def main():\n    {first}().{run}()\n    {second}().{run}()\n"
            f"    {second}.Part().{run}()\n    {outer}()\n    {run}()\n"
        )
        wrong = "another function of the same name"
        judge(student, source, right, {p: wrong for p in places if p not in (right, run)})
    # Functions of one name: at other lines of one file, and at the same line of other files.
    busy, twin, *files = names(rng, 16)
    twins = "".join(function(rng, twin, 8_000) + f"twins.append({twin})\n" for _ in range(14))
    imported = {file: function(rng, twin, 8_000) for file in files}
    imports = "".join(f"import {file}\ntwins.append({file}.{twin})\n" for file in files)
    source = (
        f"{function(rng, busy, 60_000)}twins = []\n{twins}{imports}\n"
        f"def main():\n    for _ in range(5):\n        {busy}()\n"
        "        for one in twins:\n            one()\n"
    )
    several = "what several functions are called, none of which spends most: tell them apart"
    judge(student, source, busy, {twin: several}, imported=imported)


@check(points=1, hint="profile.runcall(function, *args), and nothing besides.")
def test_called_once(student, rng):
    """The function is called once, with its arguments; it may be the hotspot itself."""
    turns = [rng.randint(100_000, 150_000), rng.randint(1000, 2000)]
    rng.shuffle(turns)

    @student.observe(count=rng.randint(0, 4), turns=turns)
    def seen(module, count, turns):
        calls = []

        def part():
            total = 0
            for i in range(turns[1]):
                total += i * i % 7

        def work(*args):
            calls.append(args)
            total = 0
            for i in range(turns[0]):
                total += i * i % 7
            part()

        given = [object() for _ in range(count)]
        name = module.hotspot(work, *given)
        whole = [
            len(args) == count and all(map(lambda a, b: a is b, args, given)) for args in calls
        ]
        return [type(name) is str and name.split(".")[-1], whole]

    name, whole = read(seen, [object, list[bool]], "What the calls did")
    expect(len(whole) == 1, f"The function was called {len(whole)} times instead of once.")
    expect(whole[0], "The function was not given the arguments as they were passed.")
    right = "work" if turns[0] > turns[1] else "part"
    what = "that was passed" if right == "work" else "that it calls"
    expect(same(name, right), f"The function {what} is the hotspot, and was not named.")


@check(points=2, hint="try … finally: profile.disable()")
def test_profiler_off(student):
    """Afterwards no profiler is on, nor when the function raised; the exception gets through."""

    @student.observe(helpers=(hooks,), kinds=["", "ValueError", "KeyboardInterrupt"])
    def seen(module, kinds):
        import builtins

        found = []
        for kind in kinds:
            planned = getattr(builtins, kind)("planned") if kind else None

            def work(planned=planned):
                total = sum(i * i for i in range(1000))
                if planned is not None:
                    raise planned
                return total

            before, caught = hooks(), None
            try:
                module.hotspot(work)
            except BaseException as error:
                caught = error
                if planned is None:
                    raise
            found.append([hooks() - before, caught is planned])
        return found

    read(seen, [[int, bool]] * 3, "How it ended")
    for (left, caught), after in zip(seen, ("it returned", "an error", "Ctrl-C"), strict=True):
        expect(left == 0, f"After {after} a profiler was still on: all that follows is slower.")
        expect(caught, "The very exception of the function did not reach the caller.")


@check(points=1, hint="The numbers are there without print_stats().")
def test_prints_nothing(student):
    """Nothing is printed."""

    @student.observe()
    def seen(module):
        import contextlib
        import io

        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            name = module.hotspot(lambda: [i * i for i in range(10_000)])
        return [type(name) is str, len(out.getvalue())]

    named, printed = read(seen, [bool, int])
    expect(named, "hotspot() should return a name, as a str.")
    expect(printed == 0, "Something was printed; the caller wants the name only.")


@check(points=1, hint="A new Profile for every call.")
def test_begins_from_nothing(student, rng):
    """A later call knows nothing of an earlier one, not even of one that raised."""

    @student.observe(turns=rng.randint(30_000, 40_000))
    def seen(module, turns):
        # time.process_time goes in steps of 4 ms here: each takes several of them.
        def first(turns):
            total = 0
            for i in range(12 * turns):
                total += i * i % 7

        def fails(turns):
            first(turns)
            raise LookupError(turns)

        def deeper(turns):
            total = 0
            for i in range(4 * turns):
                total += i * i % 5

        def second(turns):
            deeper(turns)

        names = []
        for function, right in ((first, first), (second, deeper), (fails, 0), (second, deeper)):
            try:
                name = module.hotspot(function, turns)
                names.append(type(name) is str and name.split(".")[-1] == right.__name__)
            except LookupError:
                names.append(right == 0)
        return names

    first, second, _, third = read(seen, [bool] * 4)
    expect(first, "The function that was passed is the hotspot, and was not named.")
    expect(second, "The second call did not name the hotspot of the second program.")
    expect(third, "After a call that raised, the next did not name the hotspot of its program.")
