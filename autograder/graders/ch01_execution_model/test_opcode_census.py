"""Hidden grader of ``opcode_census``."""

import collections
import dis
import textwrap
import types

from autograder.checks import check, expect, fail, show
from autograder.judging.vocabulary.evidence import read

# -- the programs, and what the compiler makes of them -----------------------------------------

PARTS = (
    "pick = lambda x: x * {a} + {b}",
    "low = sum(x % {a} for x in items)",
    "high = {{x: [y for y in range(x)] for x in items if x > {b}}}",
    "kinds = {{x - {a} for x in items}}, lambda: {{x for x in items}}",
    """
    def inner(x):
        total = {a}
        for y in range(x):
            total -= y
        return total
    """,
    """
    class Box:
        size = {a}
        def grow(self, by={b}):
            self.size += by
            return lambda: self
        @property
        def half(self):
            return self.size / 2
    """,
    """
    def walk(tree):
        yield tree
        for part in tree:
            yield from walk(part)
    """,
    """
    async def fetch(get):
        async with get as page:
            return await page
    """,
    """
    global shared
    def shared(x):
        return [x, {a}, *x.parts]
    """,
    """
    try:
        items.sort(key=lambda pair: pair[{a}])
    except TypeError as error:
        print(error)
    """,
)


def program(rng, levels, count=None):
    """Text of a function `target` with code nested in it, ``levels`` deep."""
    chosen = rng.sample(PARTS, count or rng.randint(3, 5))
    parts = [textwrap.dedent(part).strip() for part in chosen]
    body = [part.format(a=rng.randint(2, 99), b=rng.randint(2, 99)) for part in parts]
    if levels > 1:
        deeper = program(rng, levels - 1).replace("def target", f"def level{levels}")
        body.insert(rng.randint(0, len(body)), deeper)
    return "def target(items):\n" + textwrap.indent("\n".join(body), "    ")


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


def own(code):
    return collections.Counter(i.opname for i in dis.get_instructions(code))


def counted(source, name="target"):
    """The census of that function, and of its own instructions alone."""
    code = next(c for c in codes(compile(source, "program.py", "exec")) if c.co_name == name)
    return sum(map(own, codes(code)), collections.Counter()), own(code)


def a_name(rng):
    """A name that a module could have."""
    return rng.choice(["train", "models", "data_loading", "metrics", "tiling", "export"])


# -- the observations ---------------------------------------------------------------------------


def pairs(census):
    """A census as evidence: [name, count] pairs, or None for what is no Counter."""
    import collections

    if not isinstance(census, collections.Counter):
        return None
    return [[name, count] for name, count in list(census.items())[:1000]]


def censuses(module, source, program, names=("target",), runs=0):
    """The censuses of some functions of a program, and what these logged.

    The program lies in a file, as programs do. After so many ``runs`` of the first function there
    is one more census of it.
    """
    import types
    from pathlib import Path

    path = Path(module.__file__).with_name(f"{program}.py")
    path.write_text(source)
    space = types.ModuleType(program)
    space.__file__, space.log = str(path), []
    exec(compile(source, path, "exec"), vars(space))
    functions = [getattr(space, name) for name in names]
    found = [pairs(module.opcode_census(function)) for function in functions]
    logged = len(space.log)
    for _ in range(runs):
        functions[0]()
    more = [pairs(module.opcode_census(functions[0]))] if runs else []
    return [[*found, *more], logged]


def taken(student, rng, source, names=("target",), runs=0):
    """The censuses of functions of a program in a file of some name."""
    work = {"source": source, "program": a_name(rng), "names": list(names), "runs": runs}
    seen = student.run(censuses, helpers=(pairs,), **work)
    return read(seen, [[object] * (len(names) + (runs > 0)), int], "The census")


def judge(evidence, source, name="target", public=False):
    """Hold one census against the function; name the mistake that it shows."""
    expect(
        evidence is not None,
        "opcode_census() should return a collections.Counter; yours returned something else.",
    )
    read(evidence, list[[object, int]], "The census")
    expect(
        all(type(key) is str for key, _ in evidence),
        "The keys should be the names of the instructions, as str: numbers and other objects "
        "have theirs in dis.opname and .opname.",
    )
    found = collections.Counter({name: count for name, count in evidence if count})
    wanted, alone = counted(source, name)
    if found == wanted:
        return
    said = [f"{n}: {found[n]}, not {wanted[n]}" for n in wanted if found[n] != wanted[n]]
    detail = f"\n{show('; '.join(said))}" if public and said else ""
    if "CACHE" in found:
        fail("It counts CACHE: that is room for data between the instructions, not one of them.")
    expect(len(found) > 0, "The census is empty.")
    if set(found) - set(dis.opmap):
        fail(
            "It has names that are no instructions of the compiler's: specialised forms, which the "
            "running interpreter puts in (adaptive=True shows them), or words of a listing."
        )
    if found == alone:
        fail(
            "Only the function's own instructions are counted: the code nested in it (inner "
            f"functions, lambdas, classes) is missing. It lies in co_consts.{detail}"
        )
    if found == collections.Counter({name: wanted[name] for name in found}):
        fail(
            "Some kinds of instructions are left out, and all others are right. Those that do "
            f"nothing by themselves (NOP, RESUME, EXTENDED_ARG) are instructions, too.{detail}"
        )
    extra, lacking = (found - wanted).total(), (wanted - found).total()
    if extra and lacking:
        fail(f"Some instructions are missing, and others were counted too often.{detail}")
    if lacking:
        fail(f"Some instructions are missing: is code nested deeper counted, too?{detail}")
    fail(
        "More was counted than there is: something twice, something that is not inside the "
        "function, words of a listing that are no instructions, or what was left of an earlier "
        f"call.{detail}"
    )


def judge_again(evidence, source, words, name="target"):
    """The same with other words, where only these tell what is wrong."""
    try:
        judge(evidence, source, name)
    except AssertionError:
        fail(words)


# -- the checks ----------------------------------------------------------------------------------


@check(points=1, public=True, hint="dis.get_instructions gives objects with an `opname`.")
def test_one_function(student, rng):
    """The instructions of a plain function are counted by name."""
    source = "def target(a, b):\n    for x in a:\n        b = b + x * x\n    return b"
    judge(taken(student, rng, source)[0][0], source, public=True)


@check(points=1, public=True, hint="Look through `function.__code__.co_consts`.")
def test_a_nested_function(student, rng):
    """A function inside the function is counted, too."""
    source = (
        "def target(rows):\n    def weight(row):\n        return len(row) * 2\n"
        "    return [weight(row) for row in rows]"
    )
    judge(taken(student, rng, source)[0][0], source, public=True)


@check(points=4, hint="Nested code has constants, too: do the same with each code object you find.")
def test_everything_nested(student, rng):
    """Lambdas, classes, generators and coroutines count, however deep they are nested."""
    for levels in (1, 2, rng.randint(16, 24)):
        source = program(rng, levels, len(PARTS) if levels == 1 else None)
        judge(taken(student, rng, source)[0][0], source)


@check(points=1, hint="Each code object among the constants is one piece of code, neither more.")
def test_each_code_object_once(student, rng):
    """Lambdas that read alike count each, and a lambda that is loaded twice counts once."""
    like = rng.choice(["lambda: 0", "lambda x: x", "lambda *a: len(a)"])
    source = textwrap.dedent(f"""
        def target(items):
            class Box:
                def keys(self):
                    return [{like}, {like}], {{"a": {like}}}
            try:
                return Box().keys()
            finally:
                items.sort(key=lambda pair: pair[{rng.randint(2, 9)}])
    """)
    judge_again(
        taken(student, rng, source)[0][0],
        source,
        "With lambdas that read alike, or one in a `finally` block (which the compiler writes "
        "twice), the count is wrong. Each code object among the constants counts once, whatever "
        "it is equal to, and however many instructions load it.",
    )


@check(points=1, hint="Count all that dis.get_instructions gives.")
def test_instructions_that_widen_others(student, rng):
    """A function with hundreds of names needs EXTENDED_ARG, which is counted."""
    lines = [f"value{n} = items + {n}.{rng.randint(1, 9)}" for n in range(rng.randint(260, 300))]
    source = "def target(items):\n" + textwrap.indent("\n".join(lines), "    ")
    judge(taken(student, rng, source)[0][0], source)


@check(points=2, hint="Neither adaptive=True nor _co_code_adaptive: ask for the plain code.")
def test_warm_as_cold(student, rng):
    """The census is the same before and after the function has run often."""
    source = textwrap.dedent(f"""
        def target(n=12):
            scale = lambda x: x * {rng.randint(2, 9)} + 1
            class Point:
                def __init__(self, x):
                    self.x = x
                def far(self):
                    return self.x > {rng.randint(2, 9)}
            total = 0.5
            for i in range(n):
                point = Point(scale(i))
                if point.far() and len([i, n]) == 2:
                    total += point.x
            log.append(total)
    """)
    cold, warm = taken(student, rng, source, runs=rng.randint(250, 400))[0]
    judge(cold, source)
    judge_again(
        warm,
        source,
        "After the function had run a few hundred times its census was another one: the forms "
        "that the running interpreter had specialised were counted, or what was left of an "
        "earlier call.",
    )


@check(points=1, hint="Everything is in the function's code object; there is no need to call it.")
def test_does_not_run_it(student, rng):
    """The function is not run, be it plain, a generator function or a coroutine function."""
    source = textwrap.dedent(f"""
        def plain(a={rng.randint(1, 9)}):
            log.append(a)
            class Inside:
                log.append(a)
            def inner():
                log.append(a)
            inner()
        def lazy():
            yield log.append({rng.randint(1, 9)})
        async def later():
            log.append({rng.randint(1, 9)})
    """)
    names = ("plain", "lazy", "later")
    found, logged = taken(student, rng, source, names)
    expect(logged == 0, "The function was run: counting its instructions must not do what it does.")
    for census, name in zip(found, names, strict=True):
        judge(census, source, name)


@check(points=1, hint="Only code objects among the constants are inside the function.")
def test_not_what_it_uses(student, rng):
    """Functions that it calls, closes over, wraps or has as default are not counted."""
    source = textwrap.dedent(f"""
        import functools
        def helper(x):
            return x ** {rng.randint(2, 9)}
        @functools.wraps(helper)
        def wrapper(*args):
            return [helper(*args), not args]
        def factory(base):
            def close(x):
                return base @ x
            def target(x, call=close, *, other=helper):
                return [helper(x), close(x), call(base), other(x)]
            return target
        target = factory(7)
    """)
    plain, wrapping = taken(student, rng, source, ("target", "wrapper"))[0]
    judge(plain, source)
    judge_again(
        wrapping,
        source,
        "Given a function that wraps another one (functools.wraps), it did not count that function "
        "and nothing else: __wrapped__ is one that it only uses.",
        "wrapper",
    )


@check(points=1, hint="Do not take dis.dis() output apart: use the instruction objects.")
def test_names_are_no_instructions(student, rng):
    """Names and strings of the program that look like opcodes are not counted."""
    words = rng.sample(["LOAD_FAST", "POP_TOP", "RETURN_VALUE", "CALL", "SWAP", "NOP", "COPY"], 4)
    source = textwrap.dedent(f"""
        def target({words[0]}):
            '''{words[1]} and {words[2]}'''
            def {words[3]}():
                return {words[0]}.{words[1]}, "{words[2]}", "\\n  2 {words[1]}  0"
            while {words[0]}:
                {words[2]} = {words[3]}()
    """)
    judge(taken(student, rng, source)[0][0], source)


@check(points=1, hint="A default argument is made once and shared by all calls.")
def test_each_census_is_its_own(student, rng):
    """A second call begins from nothing, whatever became of the first one's Counter."""
    sources = [program(rng, 1), program(rng, 2)]

    @student.observe(helpers=(pairs,), sources=sources, name=a_name(rng))
    def seen(module, sources, name):
        found, functions, made = [], [], []
        for source in sources:
            space = {"__name__": name}
            exec(compile(source, f"{name}.py", "exec"), space)
            functions.append(space["target"])
        for place, function in enumerate([*functions, functions[0], functions[0]]):
            if place == 3:  # the function is another one now
                function.__code__ = functions[1].__code__
            census = module.opcode_census(function)
            found.append(pairs(census))
            if found[-1] is None:
                break
            census["RESUME"] += 3
            made.append(census)
            if len(made) == 2:  # what the call for another function left of the first Counter
                first = pairs(made[0])
        return [*found, first]

    expect(type(seen) is list and len(seen) > 0, "The census could not be read.")
    judge(seen[0], sources[0])
    expect(len(seen) == 5, "A later call did not return a collections.Counter.")
    judge_again(
        seen[2],
        sources[0],
        "The first census of a function is right, a second one of the same function is not: calls "
        "share a Counter (a default argument, perhaps, a global, or a cache that hands the same "
        "one out again).",
    )
    judge(seen[1], sources[1])
    judge_again(
        seen[3],
        sources[1],
        "A function was given other code (function.__code__ = …), and its census is wrong: what "
        "was found in an earlier call is kept.",
    )
    first = read(seen[4], list[[str, int]], "The census")
    expect(
        collections.Counter(dict(first)) == counted(sources[0])[0] + collections.Counter(RESUME=3),
        "The Counter of the first call became another one when opcode_census() was called again: "
        "calls share it.",
    )
