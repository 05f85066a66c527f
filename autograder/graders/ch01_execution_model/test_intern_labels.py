"""Hidden grader of ``intern_labels``."""

import sys

from autograder.checks import check, expect, fail, show
from autograder.judging.vocabulary import counted
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.measures import retained
from autograder.judging.vocabulary.refusals import (
    Refusal,
    error_of,
    expect_refusal,
    expect_refusals,
)

# -- pieces of observations ---------------------------------------------------------------------


def copied(labels):
    """The same texts as new objects, as a parser makes them."""
    return ["".join(list(label)) for label in labels]


def called(module, labels, program, kind="list"):
    """Intern new copies of the labels: ``[type, labels out, interned, distinct, input as it was]``.

    ``interned`` tells for each label whether it is the object of Python's table. That is asked
    with copies that the submission has never seen: sys.intern would put a new text into the table.
    Names of attributes are in that table, too, whatever they consist of. ``program`` is the
    module that makes the call.
    """
    import collections
    import importlib
    import sys

    import numpy as np

    class Box:
        pass

    def known(probe):
        box = Box()
        setattr(box, probe, 0)
        return next(iter(vars(box)))

    given, probes = copied(labels), copied(labels)
    if kind == "interned list":
        given = [known(label) for label in given]
    before = [id(label) for label in given]
    kinds = {"tuple": tuple(given), "iterator": iter(given)}
    kinds["generator"] = (label for label in given)
    kinds["dict keys"] = dict.fromkeys(given).keys()
    kinds |= {"deque": collections.deque(given), "array": np.array(given, dtype=object)}
    out = importlib.import_module(program).read(module.intern_labels, kinds.get(kind, given))
    if not isinstance(out, list):
        return [type(out).__name__, [], [], 0, True]
    out_now = list(out)[:5000]
    pairs = list(zip(probes, out_now, strict=False))
    same = [known(probe) is label and sys.intern(probe) is label for probe, label in pairs]
    now = kinds[kind] if kind in ("deque", "array") else given
    kept = out is not given and [id(label) for label in now] == before
    return ["list", out_now, same, len({id(label) for label in out_now}), kept]


def readable(seen):
    """The evidence of `called`, its shape checked."""
    return read(seen, [str, list, list, int, bool], "What intern_labels returned")


def judge(seen, labels, what):
    """Hold the evidence of `called` against the labels."""
    kind, out, interned, distinct, _ = readable(seen)
    expect(kind == "list", f"{what} it returned no list.")
    expect(len(out) >= len(labels), f"{what} labels were lost: the list is shorter than the input.")
    expect(len(out) == len(labels), f"{what} the list is longer than the input.")
    expect(
        all(type(label) is str for label in out), f"{what} some of what is in the list is no str."
    )
    expect(sorted(out) == sorted(labels), f"{what} labels were changed.")
    expect(out == labels, f"{what} labels came in another order.")
    judge_identity(interned, distinct, labels, what)


def judge_identity(interned, distinct, labels, what):
    kinds = len(set(labels))
    expect(
        distinct == kinds,
        f"{what} equal labels are still different objects: nothing was "
        "interned. str(label) and label[:] return the very string that they are given.",
    )
    expect(
        interned == [True] * len(labels),
        f"{what} equal labels are one object, but some not "
        "the one of Python's own table: another list, or another module, has other "
        "objects for the same labels. `sys.intern` asks that table.",
    )


def some_labels(rng, kinds, count):
    """Labels of that many kinds, each kind at least twice."""
    syllables = ["ka", "to", "mi", "ru", "se", "no", "va", "pi"]
    names = set()
    while len(names) < kinds:
        names.add("".join(rng.choices(syllables, k=rng.randint(2, 6))))
    names = sorted(names)
    labels = names * 2 + rng.choices(names, k=count)
    rng.shuffle(labels)
    return labels


PROGRAM = """
from concurrent.futures import ThreadPoolExecutor

def read(function, labels):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, labels).result()
"""


def within_a_program(student, rng):
    """The student's module beside one that uses it as programs do: the side, and its name.

    Its calls come from a file of some name, in a thread: nothing on the stack is of a check.
    """
    names = ["dataset", "prepare", "training", "labels", "load_coco", "experiment"]
    name = rng.choice(student.free(names))
    name += rng.choice(["", "_a", "2", "_v2"])
    return student.with_files(**{name: PROGRAM}), name


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="The module `sys` has a function of that name.")
def test_equal_labels_are_one_object(student, rng):
    """Equal labels come out as one object, with the same text in the same order."""
    labels = ["cat", "dog", "cat", "cow", "dog", "cat"]
    program, name = within_a_program(student, rng)
    seen = program.run(called, labels=labels, program=name, helpers=HELPERS)
    kind, out, interned, distinct, _ = readable(seen)
    expect(kind == "list", f"It should return a list; it returned an object of type {show(kind)}.")
    expect(
        out == labels,
        f"From {labels} it made {show(out)}: the labels should be kept, and their order.",
    )
    judge_identity(interned, distinct, labels, f"In {labels}")


@check(points=1, public=True, hint="Is there any label that str() would refuse?")
def test_non_string_is_refused(student):
    """A label that is no str is a TypeError."""

    @student.observe(labels=["cat", "dog", 3])
    def seen(module, labels):
        module.intern_labels(labels[:2])
        out = []
        end = error_of(lambda: out.append(module.intern_labels(labels)), "TypeError")
        return [end, *out]

    accepted = "['cat', 'dog', 3] was accepted and gave {}. The number 3 is no label, and should be"
    if type(seen) is list and len(seen) == 2:
        fail(f"{accepted.format(show(seen[1]))} a TypeError.")
    expect_refusal(read(seen, [str])[0], "['cat', 'dog', 3]", Refusal("TypeError"))


@check(points=2, hint="Every label goes through sys.intern, whatever is in it.")
def test_any_text(student, rng):
    """Labels with spaces, digits, other scripts, no text at all: all kept and all interned."""
    names = some_labels(rng, 3, 0)
    groups = {
        "With labels that look like names": names,
        "With labels that hold spaces": [f"{name} {rng.choice('xyz')}s" for name in names] * 2,
        "With labels that differ in their spaces": [
            space.join(["", name, ""]) for name in names for space in ("", " ", "\t")
        ],
        "With labels that differ in capitals": [*names, *map(str.upper, names), *names],
        "With labels of digits": [str(rng.randint(10, 99)).zfill(4) for _ in range(6)] * 2,
        "With accents of one character or of two": ["K\u00e4se", "Ka\u0308se", *names] * 2,
        "With labels beyond ASCII": rng.choices(["Käse", "小猫", "собака", "naïve 🐈"], k=20),
        "With empty labels and single letters": ["", names[0][0], "", *names],
        "With very long labels": [name * 700 for name in names] * 2,
    }
    program, name = within_a_program(student, rng)
    for what, labels in groups.items():
        seen = program.run(called, labels=labels, program=name, helpers=HELPERS)
        judge(seen, labels, what)


@check(points=1, hint="Append in the order in which the labels come, each time that they come.")
def test_many_labels(student, rng):
    """Many labels of few kinds, few of many, and none, each as often as it came."""
    program, name = within_a_program(student, rng)
    for kinds, count, what in (
        (rng.randint(8, 14), rng.randint(1500, 2500), "With many labels of few kinds"),
        (rng.randint(120, 180), rng.randint(200, 400), "With many kinds"),
        (1, rng.randint(9, 30), "With one kind"),
        (0, 0, "With no labels"),
    ):
        labels = some_labels(rng, kinds, count) if kinds else []
        seen = program.run(called, labels=labels, program=name, helpers=HELPERS)
        judge(seen, labels, what)


@check(points=2, hint="A generator can be gone through once, and has no length.")
def test_any_iterable(student, rng):
    """Tuples, iterators, generators and dict keys are accepted."""
    program, name = within_a_program(student, rng)
    for kind, words in (
        ("generator", "a generator"),
        ("iterator", "an iterator"),
        ("tuple", "a tuple"),
        ("dict keys", "the keys of a dict"),
    ):
        labels = some_labels(rng, 8, 60)
        if kind == "dict keys":
            labels = [*dict.fromkeys(labels)]
        seen = program.run(called, labels=labels, program=name, kind=kind, helpers=HELPERS)
        used_up = kind in ("generator", "iterator") and readable(seen)[:2] == ["list", []]
        expect(
            not used_up,
            "From a generator nothing came out: your code goes through the labels "
            "more than once, and there is only one time.",
        )
        judge(seen, labels, f"With labels from {words}")

    @student.observe(labels=some_labels(rng, 3, 6))
    def taken(module, labels):
        class Rows:
            """Like a list: it can be iterated over again, and here that is counted."""

            def __init__(self):
                self.logs = []

            def __iter__(self):
                source, log = counted(labels)
                self.logs.append(log)
                return source

            def __len__(self):
                return len(labels)

            def __contains__(self, label):
                return label in labels

        rows = Rows()
        return [module.intern_labels(rows) == labels, sum(map(len, rows.logs)), len(labels)]

    right, items, wanted = read(taken, [bool, int, int])
    expect(right, "From an iterable with a length of its own, labels were lost or changed.")
    expect(
        items == wanted,
        f"From an iterable of {wanted} labels {items} were taken: it should be iterated over once.",
    )

    @student.observe(labels=some_labels(rng, 3, 6))
    def failed(module, labels):
        def source(error):
            yield from labels
            raise error

        ends = []
        for kind in (ConnectionResetError, TypeError, ValueError, LookupError, AttributeError):
            error = kind("the file server went away")
            try:
                module.intern_labels(source(error))
                ends.append("ended")
            except Exception as caught:
                ends.append("raised" if caught is error else "another")
        return ends

    expect(
        "ended" not in read(failed, [str] * 5),
        "The source of the labels failed on the way, and the labels before "
        "that came back as if they were all: exceptions are swallowed.",
    )
    expect(
        failed == ["raised"] * 5,
        "The source of the labels failed on the way, and the call raised another exception: "
        "only a label that is no str is a TypeError of yours.",
    )


@check(points=1, hint="Make a new list; the caller may still need the other one.")
def test_input_is_left_alone(student, rng):
    """The result is a new list; the caller's list holds the same objects as before."""
    labels = some_labels(rng, rng.randint(3, 7), rng.randint(20, 40))
    program, name = within_a_program(student, rng)
    for kind, given, what in (
        ("list", labels, "With a list"),
        ("interned list", labels, "With a list of interned labels"),
        ("list", [], "With an empty list"),
        ("deque", labels, "With a deque"),
        ("array", labels, "With a NumPy array of objects"),
    ):
        seen = program.run(called, labels=given, program=name, kind=kind, helpers=HELPERS)
        judge(seen, given, what)
        expect(
            seen[4], f"{what}: it has been changed or handed back. The result should be a new list."
        )


@check(points=2, hint="Convert nothing, skip nothing: what is no str is the caller's mistake.")
def test_any_non_string_is_refused(student, rng):
    """None, numbers, bytes, True, a list, or what equals a label are a TypeError of the call."""
    wrong = [None, rng.randint(2, 99), float("nan"), True, b"cat", ["cat"], ("equal",)]
    words = ["None", "an int", "a NaN", "True", "bytes", "a list", "an object that equals a label"]
    labels = some_labels(rng, 4, 12)
    program, name = within_a_program(student, rng)
    judge(program.run(called, labels=labels, program=name, helpers=HELPERS), labels, "With a list")

    def call(module, labels, lazy):
        class Equal:
            """Equal to the first label, with the same hash, and no str."""

            def __eq__(self, other):
                return labels[0] == other

            def __hash__(self):
                return hash(labels[0])

        labels = [Equal() if label == ("equal",) else label for label in labels]
        module.intern_labels((label for label in labels) if lazy else labels)

    cases = []
    for label, word in zip(wrong, words, strict=True):
        at = rng.randrange(1, len(labels) + 1)
        given = [*labels[:at], label, *labels[at:]]
        cases += [(word, {"labels": given, "lazy": lazy}) for lazy in (False, True)]
    accepted = (
        "With {what} among the labels nothing was raised: it was converted, skipped or taken as it "
        "is. A model would learn it as one more class."
    )
    other = "With {what} among the labels it raised {raised}, not TypeError."
    expect_refusals(student, call, cases, Refusal("TypeError", accepted=accepted, other=other))


@check(points=2, kind="memory", hint="How many strings does your list keep alive, and which?")
def test_keeps_ten_strings(student, rng):
    """About 100 000 labels of few kinds keep at most 0.1x the memory of as many strings."""
    names = sorted(set(some_labels(rng, rng.randint(8, 12), 0)))
    kinds = [f"{name}, {'of the family of ' * 5}{name}" for name in names]
    count = rng.randint(80_000, 120_000)

    # What is kept, not the peak: an answer may hold all labels while at work.
    program, name = within_a_program(student.within(wall=40.0, cpu=20.0), rng)

    @program.observe(kinds=kinds, count=count, seed=rng.getrandbits(32), program=name)
    def seen(module, kinds, count, seed, program):
        import importlib
        import random

        picked = random.Random(seed).choices([(kind[:9], kind[9:]) for kind in kinds], k=count)

        def labels():
            return (start + rest for start, rest in picked)

        make = importlib.import_module(program).read
        # Blocks of memory, as Python counts them at any time: a string is one. Then in bytes.
        result, blocks = retained(lambda: make(module.intern_labels, labels()))
        distinct = len(set(map(id, result))) if isinstance(result, list) else 0
        del result
        result, theirs = retained(lambda: make(module.intern_labels, labels()), in_bytes=True)
        right = isinstance(result, list) and all(map(str.__eq__, result, labels()))
        return [blocks, distinct, theirs, len(result), right]

    blocks, distinct, theirs, length, right = read(seen, [int, int, int, int, bool])
    naive = count * (8 + min(map(sys.getsizeof, kinds)))
    expect(right and length == count, f"Of {count} labels some were lost or changed.")
    expect(
        theirs <= 0.1 * naive,
        f"After the call {theirs / 1e6:.1f} MB are kept; the limit is {naive / 1e7:.1f} MB, 0.1x "
        f"of the {naive / 1e6:.1f} MB of as many separate strings. The strings that came in are "
        "still there, in the list or elsewhere.",
    )
    expect(
        distinct == len(kinds),
        f"Of {count} labels of {len(kinds)} kinds there are {distinct} strings in the list.",
    )
    expect(
        blocks <= 0.1 * count,
        f"After the call there were {blocks} more objects in memory than "
        f"before it. The {count} strings that came in are still there.",
    )


HELPERS = (copied,)
