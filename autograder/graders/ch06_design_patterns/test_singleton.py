"""Hidden grader of ``singleton``."""

from autograder.checks import check, expect, fail, show

# Classes that copy and pickle must find by name live in a module beside the student's.
THINGS = '''
from singleton import singleton

made = []


@singleton
class Registry:
    """Knows things."""

    def __init__(self, start=0):
        made.append(start)
        self.start = start
        self.entries = {"a": [1, 2]}
'''


@check(points=2, public=True, hint="Remember the first object, and skip __init__ after it.")
def test_one_object(student):
    """Every call gives the same object, and __init__ runs once, with the first arguments."""

    @student.observe()
    def seen(module):
        log = []

        @module.singleton
        class Config:
            def __init__(self, path="default.toml", *, debug=False):
                log.append([path, debug])
                self.path = path
                self.debug = debug

        first = Config("a.toml", debug=True)
        first.path = "changed.toml"
        others = [Config("b.toml"), Config(), Config(debug=False)]
        return [[other is first for other in others], log, first.path, first.debug]

    expect(type(seen) is list and len(seen) == 4, "What the calls gave could not be read.")
    same, log, path, debug = seen
    expect(same == [True, True, True], "A later call made another object.")
    if type(log) is list and len(log) > 1:
        fail(
            f"__init__ ran {len(log)} times: a later call resets the object that everybody else "
            "holds. Python calls __init__ on whatever __new__ returns."
        )
    expect(
        log == [["a.toml", True]] and path == "changed.toml" and debug is True,
        f"__init__ should run once, with 'a.toml' and debug=True; it ran with {show(log)}, and "
        f"afterwards path was {show(path)}.",
    )


@check(points=2, public=True, hint="Return a class from the decorator, not a function.")
def test_still_a_class(student):
    """The decorated class is still a class: isinstance, name, docstring, attributes."""

    @student.observe()
    def seen(module):
        @module.singleton
        class Config:
            """Settings."""

            version = 3

            def __init__(self):
                self.value = 1

            def double(self):
                return 2 * self.value

            @classmethod
            def label(cls):
                return f"v{cls.version}"

            @property
            def half(self):
                return self.value / 2

        found = [isinstance(Config, type)]
        if not found[0]:
            return [*found, type(Config).__name__]
        one = Config()
        return [
            *found,
            isinstance(one, Config),
            isinstance(object(), Config),
            Config.__name__,
            Config.__doc__,
            [Config.version, Config.label(), one.double(), one.half],
        ]

    expect(type(seen) is list and len(seen) > 1, "What became of the class could not be read.")
    expect(
        seen[0] is True,
        f"The decorated class is no class any more but a {show(seen[1])}: isinstance() and "
        "inheritance need a class.",
    )
    expect(len(seen) == 6, "What became of the class could not be read.")
    expect(seen[1] is True, "isinstance(Config(), Config) is False.")
    expect(seen[2] is False, "isinstance(object(), Config) is True.")
    expect(seen[3] == "Config", f"The class lost its name: it is called {show(seen[3])}.")
    expect(seen[4] == "Settings.", f"The class lost its docstring: it is {show(seen[4])}.")
    expect(seen[5] == [3, "v3", 2, 0.5], f"Its members gave {show(seen[5])}.")


@check(points=1, hint="Keep the object with its class, not in one place for all.")
def test_classes_do_not_share(student, rng):
    """Two decorated classes have an object each."""
    values = [rng.randint(1, 10**6) for _ in range(3)]

    @student.observe(values=values)
    def seen(module, values):
        def make(value):
            @module.singleton
            class Thing:
                def __init__(self):
                    self.value = value

            return Thing

        classes = [make(value) for value in values]
        objects = [cls() for cls in classes]
        again = [cls() for cls in classes]
        return [
            [thing.value for thing in again],
            [isinstance(thing, cls) for thing, cls in zip(objects, classes, strict=True)],
            [one is two for one, two in zip(objects, again, strict=True)],
            len({id(thing) for thing in objects}),
        ]

    expect(
        seen == [values, [True] * 3, [True] * 3, 3],
        "Decorated classes of the same name got in each other's way: one gave another's object.",
    )


@check(points=3, hint="Look, lock, look again; and keep the object only when __init__ is through.")
def test_threads(student, rng):
    """16 threads at once: one object, __init__ once, and nobody gets it half made."""
    mark = rng.randint(1, 10**9)

    @student.observe(mark=mark, rounds=6)
    def seen(module, mark, rounds):
        import sys
        import threading
        import time

        sys.setswitchinterval(1e-6)
        found = []
        for number in range(rounds):
            inits = []

            @module.singleton
            class Thing:
                def __new__(cls, *args, **kwargs):
                    if number % 2:
                        time.sleep(0.001)
                    return super().__new__(cls)

                def __init__(self, own):
                    inits.append(own)
                    time.sleep(0.002)
                    self.mark = mark

            barrier = threading.Barrier(16)
            got, marks, errors = [], [], []

            def first_call(own):
                try:
                    barrier.wait()
                    thing = Thing(own)
                    marks.append(getattr(thing, "mark", None))
                    got.append(thing)
                except Exception as error:
                    errors.append(type(error).__name__)

            threads = [threading.Thread(target=first_call, args=(i,)) for i in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            found.append([len({id(thing) for thing in got}), len(inits), marks, errors])
        return found

    expect(type(seen) is list and len(seen) == 6, "What the threads got could not be read.")
    for entry in seen:
        expect(type(entry) is list and len(entry) == 4, "What the threads got could not be read.")
        objects, inits, marks, errors = entry
        if errors and type(errors) is list:
            fail(f"Of 16 threads at once {len(errors)} got an exception ({show(errors[0])}).")
        if objects != 1 and type(objects) is int:
            fail(
                f"16 threads at once got {objects} different objects: between looking for the "
                "object and keeping it, another thread looks, too."
            )
        if type(inits) is int and inits != 1:
            fail(f"__init__ ran {inits} times when 16 threads made the first call at once.")
        expect(
            marks == [mark] * 16,
            "Some of 16 threads got the object before __init__ had finished with it: it had no "
            "attributes yet.",
        )


@check(points=2, hint="Look for the object in the class's own __dict__: getattr finds a parent's.")
def test_subclass_is_a_singleton_of_its_own(student, rng):
    """A subclass is a singleton with an object of its own, whichever is made first."""
    base, sub = rng.sample(range(1, 10**6), 2)

    @student.observe(base=base, sub=sub)
    def seen(module, base, sub):
        found = []
        for child_first in (False, True):
            log = []

            @module.singleton
            class Parent:
                def __init__(self, value=0):
                    log.append("parent")
                    self.value = value

            class Child(Parent):
                def __init__(self, value=0):
                    super().__init__(value)
                    log.append("child")
                    self.extra = -value

            class Grandchild(Child):
                pass

            order = (
                [(Child, sub), (Parent, base)] if child_first else [(Parent, base), (Child, sub)]
            )
            made = {cls: cls(value) for cls, value in order}
            one, two, three = made[Parent], made[Child], Grandchild(7)
            found.append([
                one is not two and two is not three and one is not three,
                isinstance(two, Child) and isinstance(two, Parent) and isinstance(three, Child),
                isinstance(one, Child),
                [Parent(1) is one, Child(1) is two, Grandchild(1) is three],
                [getattr(x, "value", None) for x in (one, two, three)],
                [getattr(x, "extra", None) for x in (two, three)],
                [log.count("parent"), log.count("child")],
            ])  # fmt: skip
        return found

    expect(type(seen) is list and len(seen) == 2, "What the subclass gave could not be read.")
    for entry, first in zip(seen, ("The parent", "The subclass"), strict=True):
        expect(type(entry) is list and len(entry) == 7, "What the subclass gave is unreadable.")
        head = f"{first} was called first, and then"
        expect(
            entry[0] is True,
            f"{head} parent and subclass gave one and the same object: the subclass finds what "
            "is kept for its parent.",
        )
        expect(entry[1] is True, f"{head} the subclass's object was no instance of it.")
        expect(entry[2] is False, f"{head} the parent's object was one of the subclass.")
        expect(entry[3] == [True] * 3, f"{head} a second call of one of them made a new object.")
        expect(
            entry[4] == [base, sub, 7] and entry[5] == [-sub, -7],
            f"{head} an object lacked what its class's (or its parent's) __init__ sets.",
        )
        expect(entry[6] == [3, 2], f"{head} __init__ did not run once for each object.")


@check(points=1, hint="See what copy.copy and copy.deepcopy look for: __copy__, __deepcopy__.")
def test_copies_return_it(student, rng):
    """copy.copy and copy.deepcopy return the one object, also inside a container."""
    start = rng.randint(1, 10**6)

    @student.with_files(things=THINGS).observe(start=start)
    def seen(module, start):
        import copy

        import things

        one = things.Registry(start)
        entries = one.entries
        nested = copy.deepcopy({"inner": [one]})["inner"][0]
        shallow, deep = copy.copy(one), copy.deepcopy(one)
        return [
            shallow is one,
            deep is one,
            nested is one,
            things.Registry() is one,
            one.entries is entries and one.start == start and things.made == [start],
        ]

    expect(type(seen) is list and len(seen) == 5, "What the copies gave could not be read.")
    expect(seen[0] is True, "copy.copy made a second object.")
    expect(seen[1] is True, "copy.deepcopy made a second object.")
    expect(seen[2] is True, "copy.deepcopy of a list that holds it made a second object.")
    expect(seen[3:] == [True, True], "After copying, the object or its contents were replaced.")


@check(points=1, hint="Unpickling calls what __reduce__ names: let that be the class.")
def test_pickle_returns_it(student, rng):
    """A pickle round trip returns the one object."""
    start = rng.randint(1, 10**6)

    @student.with_files(things=THINGS).observe(start=start)
    def seen(module, start):
        import pickle

        import things

        one = things.Registry(start)
        found = []
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            back = pickle.loads(pickle.dumps([one, "beside"], protocol=protocol))
            found.append(back[0] is one)
        return [found, things.Registry() is one, one.start == start, len(things.made)]

    expect(type(seen) is list and len(seen) == 4, "What came back could not be read.")
    expect(
        type(seen[0]) is list and len(seen[0]) > 0 and all(f is True for f in seen[0]),
        "Unpickling made a second object.",
    )
    expect(
        seen[1:] == [True, True, 1],
        "After a pickle round trip the object was another one, or __init__ had run again.",
    )


@check(points=1, hint="Keep nothing before __init__ has returned.")
def test_failed_init_is_retried(student, rng):
    """If __init__ raises, the caller sees it, and the next call tries again."""
    failures, good = rng.randint(1, 3), rng.randint(1, 10**6)

    @student.observe(failures=failures, good=good)
    def seen(module, failures, good):
        log = []

        @module.singleton
        class Connection:
            def __init__(self, value=None):
                log.append("init")
                if len(log) <= failures:
                    raise ConnectionError("not yet")
                self.value = value

        ends = []
        for attempt in range(failures + 2):
            try:
                made = Connection(good if attempt == failures else None)
                ends.append(["made", getattr(made, "value", "nothing")])
            except ConnectionError:
                ends.append(["raised"])
        return [ends, len(log), Connection() is Connection()]

    expect(
        type(seen) is list and len(seen) == 3 and type(seen[0]) is list,
        "What the calls gave could not be read.",
    )
    ends, inits, same = seen
    raised = [["raised"]] * failures
    expect(
        ["made", "nothing"] not in ends,
        "After __init__ had failed, the next call gave an object that it never finished.",
    )
    expect(ends[:failures] == raised, "An exception of __init__ did not reach its caller.")
    expect(
        ends == [*raised, ["made", good], ["made", good]] and inits == failures + 1,
        "After __init__ had failed, the next call did not try again with its own arguments.",
    )
    expect(same is True, "After a failed first call, later calls give different objects.")
