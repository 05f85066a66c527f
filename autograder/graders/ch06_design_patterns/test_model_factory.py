"""Hidden grader of ``model_factory``."""

from autograder.checks import check, error_name, expect, fail, same, show
from autograder.judging.vocabulary import matches, read, take

# No two of them are alike, none is part of another.
NAMES = [
    "autoencoder",
    "bigram",
    "capsule",
    "diffusion",
    "kohonen",
    "mixture",
    "perceptron",
    "quantizer",
    "transformer",
    "wavelet",
    "xception",
]


WHAT = "What the calls gave"


def recorder(log, label):
    """A class that writes down how it was called, and keeps it."""

    class Model:
        def __init__(self, *args, **options):
            log.append(label)
            self.label, self.got = label, [list(args), options]

    return Model


def attempt(action):
    """How ``action()`` ended: ``["returned"]``, or the kind of error, its type and its text."""
    try:
        action()
    except Exception as error:
        kind = "ValueError" if isinstance(error, ValueError) else "other"
        text = " ".join([str(error), *map(str, getattr(error, "__notes__", []))])
        return [kind, type(error).__name__, text[:5000]]
    return ["returned"]


def value_error(end, what, instead):
    """Expect that ``attempt`` saw a ValueError; its message."""
    expect(not same(end, ["returned"]), f"{what}, nothing was raised: {instead}")
    kind, name, text = read(end, [str] * 3, WHAT)
    if kind == "other":
        fail(f"{what}, it raised {error_name(name)}. That must be a ValueError.")
    return text


@check(points=1, public=True, hint="A dict from names to classes; `create` looks up and calls.")
def test_creates_by_name(student):
    """A registered class is made by its name, with the options."""

    @student.observe()
    def seen(module):
        factory = module.ModelFactory()

        @factory.register("mlp")
        class MLP:
            def __init__(self, width=64, *, depth=2):
                self.size = [width, depth]

        @factory.register("affine")
        class Linear:
            def __init__(self):
                self.size = "linear"

        made = [factory.create("mlp"), factory.create("mlp", depth=3, width=128)]
        made.append(factory.create("affine"))
        return [getattr(model, "size", type(model).__name__) for model in made]

    for found, wanted, what in zip(
        read(seen, [object] * 3, WHAT),
        ([64, 2], [128, 3], "linear"),
        ("create('mlp')", "create('mlp', depth=3, width=128)", "create('affine')"),
        strict=True,
    ):
        text = f"{what} should make an object with size {wanted}; yours gave {show(found)}."
        expect(same(found, wanted), text)


@check(points=1, public=True, hint="The last line of the decorator returns what it was given.")
def test_register_returns_the_class(student):
    """What the decorator returns is the class itself."""

    @student.observe()
    def seen(module):
        factory = module.ModelFactory()

        class MLP:
            pass

        returned = factory.register("mlp")(MLP)
        built_in = factory.register("dict")(dict) is dict  # nothing can be written on this class
        made = type(factory.create("mlp")) is MLP and type(factory.create("dict", a=1)) is dict
        return [returned is MLP and built_in, returned is None, made]

    kept, lost, made = read(seen, [object] * 3, WHAT)
    expect(
        not same(lost, True),
        "The decorator returned None: after `@factory.register('mlp')` the name MLP means None.",
    )
    expect(same(kept, True), "The decorator returned something else than the class it was given.")
    expect(same(made, True), "create() gave an object of another class than the registered one.")


@check(points=1, public=True, hint="Look before you store: is the name in the dict already?")
def test_duplicate_is_refused(student):
    """A name that is taken is a ValueError that names it; the first class stays."""
    name = "mlp"

    @student.observe(helpers=(recorder, attempt), name=name)
    def seen(module, name):
        factory = module.ModelFactory()
        factory.register(name)(recorder([], "first"))
        end = attempt(lambda: factory.register(name)(recorder([], "second")))
        label, count = factory.create(name).label, len(take(factory.names(), 20))
        same_class, Model = module.ModelFactory(), recorder([], "same")
        same_class.register(name)(Model)
        return [end, label, count, attempt(lambda: same_class.register(name)(Model))]

    end, label, count, again = read(seen, [object] * 4, WHAT)
    text = value_error(
        end,
        "When a name was registered twice",
        "two files that choose the same name overwrite each other, and no one is told.",
    )
    expect(name in text, f"The message does not say which name was taken: {show(text)}")
    value_error(
        again,
        "When one class was registered twice under one name",
        "a name that is taken is refused, whichever class comes.",
    )
    expect(
        same(label, "first"),
        "The second registration was refused, and yet it had replaced the first class.",
    )
    expect(same(count, 1), f"After a refused registration names() has {show(count)} names, not 1.")


@check(points=1, hint="Look for the name where you store the class, in the decorator.")
def test_duplicate_decorators(student, rng):
    """Of two decorators for one name, made before either is used, the second use is refused."""
    name, later = rng.choice(NAMES), rng.random() < 0.5

    @student.observe(helpers=(recorder, attempt), name=name, later=later)
    def seen(module, name, later):
        factory = module.ModelFactory()
        decorators = [factory.register(name)]
        end = attempt(lambda: decorators.append(factory.register(name)))
        if len(decorators) == 2:
            first, second = decorators[::-1] if later else decorators
            first(recorder([], "first"))
            end = attempt(lambda: second(recorder([], "second")))
        else:  # refused already
            decorators[0](recorder([], "first"))
        made = len(decorators) == 2
        found = [end, factory.create(name).label, len(take(factory.names(), 20)), made]
        # One decorator for two classes.
        twice = module.ModelFactory()
        decorate = twice.register(name)
        decorate(recorder([], "first"))
        again = attempt(lambda: decorate(recorder([], "second")))
        return [*found, again, twice.create(name).label]

    end, label, count, made, again, kept = read(seen, [object] * 6, WHAT)
    value_error(
        again,
        "When one decorator was applied to two classes",
        "the second class took the name of the first.",
    )
    expect(same(kept, "first"), "A decorator that was applied again replaced the first class.")
    expect(
        same(made, True),
        "register() was refused for a name that no class had yet: a decorator that was made and "
        "not applied takes no name.",
    )
    what = "When two decorators for one name were made, and then both applied"
    text = value_error(end, what, "the second class took the place of the first.")
    expect(name in text, "The message of the ValueError does not say which name was taken.")
    expect(same(label, "first"), "The class that was registered second replaced the first.")
    expect(
        same(count, 1),
        "After a refused registration names() does not have just the one name: what was refused "
        "left a trace.",
    )


@check(points=1, hint="Each factory needs a dict of its own: where is yours made, and how often?")
def test_factories_are_independent(student, rng):
    """Two factories know nothing of each other."""
    name, other = rng.sample(NAMES, 2)

    @student.observe(helpers=(recorder, attempt), name=name, other=other)
    def seen(module, name, other):
        one, two = module.ModelFactory(), module.ModelFactory()
        one.register(name)(recorder([], "one"))
        leaked = len(take(two.names(), 20))
        same_name = attempt(lambda: two.register(name)(recorder([], "two")))
        two.register(other)(recorder([], "two"))
        late = module.ModelFactory()
        return [
            leaked,
            same_name,
            [one.create(name).label, two.create(name).label] if len(same_name) == 1 else [],
            attempt(lambda: one.create(other))[0],
            len(take(late.names(), 20)),
            other in attempt(lambda: one.create(other[1:]))[-1],
        ]

    leaked, again, labels, foreign, late, hint = read(seen, [object] * 6, WHAT)
    shared = "A class registered with one factory turned up in another: they share one registry"
    shared += ", made once for the class (or as a default argument) and not for each factory."
    expect(same([leaked, late], [0, 0]), shared)
    expect(same(again, ["returned"]), shared)
    expect(same(labels, ["one", "two"]), shared)
    expect(same(foreign, "ValueError"), shared)
    expect(same(hint, False), "A factory suggested a name that only another factory has.")


@check(points=1, hint="Store the class; call it in `create`, each time.")
def test_makes_objects_when_asked(student, rng):
    """Nothing is made at registration; each create() makes one new object."""
    names, times = rng.sample(NAMES, 3), rng.randint(3, 6)

    @student.observe(helpers=(recorder,), names=names, times=times)
    def seen(module, names, times):
        log, factory = [], module.ModelFactory()
        for name in names:
            factory.register(name)(recorder(log, name))

        class Members(type):  # its classes have a length, and are falsy without members
            def __len__(cls):
                return 0

        class Empty(metaclass=Members):
            pass

        factory.register("empty")(Empty)
        early = len(log)
        made = [factory.create(names[1], width=1) for _ in range(times)]
        ends = [early, len({id(model) for model in made}), len(log) - early, set(log[early:])]
        try:
            return [*ends, type(factory.create("empty")) is Empty]
        except ValueError:
            return [*ends, False]

    early, different, runs, whose, empty = read(seen, [object] * 5, WHAT)
    expect(
        same(early, 0),
        "__init__ ran at registration. An `import` of the models would then build every one of "
        "them; keep the class and call it in create().",
    )
    expect(same(different, times), "Two calls of create() gave one and the same object.")
    expect(same(runs, times), "A call of create() did not run __init__ exactly once.")
    expect(same(whose, {names[1]}), "create() made an object of another class than it was asked.")
    expect(
        same(empty, True),
        "A class that is falsy (its metaclass gives it a length of 0) counts as unknown: ask "
        "whether the name is in the dict, not whether the class is true.",
    )


@check(points=1, hint="`cls(**options)`: unpack them.")
def test_passes_options_on(student, rng):
    """The options reach the class as keyword arguments, as they are."""
    size, word = rng.randint(2, 10**6), rng.choice(NAMES)
    options = [{}, {"size": size}, {"size": None, "words": [word], "bias": False, "x": {"y": size}}]
    options[1]["rate"] = "0.1"  # a text that looks like a number
    # What parameters of helpers may be called.
    options[2] |= dict.fromkeys(("cls", "model", "options", "kwargs", "factory"), word)

    @student.observe(helpers=(recorder,), options=options)
    def seen(module, options):
        factory, shared = module.ModelFactory(), ["shared"]
        factory.register("net")(recorder([], "net"))
        got = [factory.create("net", **each).got for each in options]
        return [got, factory.create("net", layers=shared).got[1].get("layers") is shared]

    got, shared = read(seen, [object] * 2, WHAT)
    for found, wanted in zip(read(got, [object] * 3, WHAT), options, strict=True):
        args, keywords = read(found, [object] * 2, WHAT)
        expect(same(args, []), "The options came as a positional argument, not as keywords.")
        expect(same(keywords, wanted), "The class got other options than create() was given.")
    expect(same(shared, True), "An option was copied on its way; pass it on as it is.")


@check(points=1, hint="Return the keys.")
def test_lists_its_names(student, rng):
    """names() gives all registered names, each once; a class may have several."""
    names = rng.sample(NAMES, rng.randint(4, 7))
    names[1::2] = [name.capitalize() for name in names[1::2]]

    @student.observe(helpers=(recorder,), names=names)
    def seen(module, names):
        factory = module.ModelFactory()

        def listed():
            return [name if type(name) is str else None for name in take(factory.names(), 20)]

        empty, Model = listed(), recorder([], "twice")
        first = factory.register(names[0])(factory.register(names[1])(Model))
        two = listed()
        for name in names[2:]:
            factory.register(name)(recorder([], name))
        elsewhere = module.ModelFactory().register(names[0])(Model)
        labels = []
        for name in names:
            try:
                labels.append(factory.create(name).label)
            except ValueError:
                labels.append(None)  # unknown: the lists will show it
        return [empty, two, listed(), first is Model is elsewhere, labels]

    lists, kept, labels = read(seen, [object] * 5, WHAT)[:3], seen[3], seen[4]
    for found, wanted in zip(lists, ([], names[:2], names), strict=True):
        expect(not matches(found, list[str]), "names() gave something else than names.")
        if len(set(found)) == 1 and len(wanted) == 2:
            fail("One class was registered under two names, and names() gave one of them only.")
        spelt = sorted(set(found)) == sorted(wanted)
        alike = {name.lower() for name in found} == {name.lower() for name in wanted}
        expect(
            spelt or not alike,
            "names() gave names in other letters, large or small ones, than "
            "they were registered with.",
        )
        expect(spelt, "names() gave other names than are there.")
        expect(len(found) == len(wanted), "names() gave a name more than once.")
    expect(same(kept, True), "Several decorators on one class did not all return that class.")
    expect(
        same(labels, ["twice", "twice", *names[2:]]),
        "With two names for one class, and others beside it, create() made the wrong ones.",
    )


@check(points=1, hint="Ask `if name not in …` first, and say in the message which name it was.")
def test_unknown_name(student, rng):
    """An unknown name is a ValueError that names it, whether or not anything is near."""
    names, unknown = rng.sample(NAMES, 4), "zzz" + str(rng.randint(10**6, 10**7))

    @student.observe(helpers=(recorder, attempt), names=names, unknown=unknown)
    def seen(module, names, unknown):
        factory = module.ModelFactory()
        ends = [attempt(lambda: factory.create(unknown))]
        for name in names:
            factory.register(name)(recorder([], name))
        ends.append(attempt(lambda: factory.create(unknown, width=3)))
        return [ends, len(take(factory.names(), 20))]

    ends, count = read(seen, [object] * 2, WHAT)
    whats = [
        "When a factory without any names was asked for one",
        "When asked for a name that is like no other",
    ]
    for end, what in zip(read(ends, [object] * 2, WHAT), whats, strict=True):
        text = value_error(end, what, "anyone who misspells a name in a config must be told.")
        expect(unknown in text, f"{what}, the message did not say which name it was.")
    expect(same(count, len(names)), "Asking for an unknown name changed the names.")


SLIPS = ["left out", "doubled", "swapped", "wrong"]
SHORT = ["mlp", "cnn", "gru", "vae", "u2net", "vgg16"]


def job(rng, slip, where, near=None):
    """Names, and a misspelt one that means the third of them.

    That one is in the middle of the alphabet and of the registration, so that a plain list of
    everything never begins with it.
    """
    near = near or rng.choice(NAMES[2:-2])
    before, behind = [
        [n for n in NAMES if n != near and (n < near) is side] for side in (True, False)
    ]
    low, mid, up, high = *rng.sample(before, 2), *rng.sample(behind, 2)
    names = [up, low, near, high, mid] if rng.random() < 0.5 else [mid, high, near, low, up]
    last = len(near) - (2 if slip == "swapped" else 1)
    at = {"first": 0, "last": last}.get(where, rng.randint(1, last - 1) if last > 1 else 0)
    a, b = near[at], near[at + 1 : at + 2]
    if a == b:
        at, a, b = 0, near[0], near[1]  # the first two letters of these names are different
    odd = "k" if a == "z" else "z"
    new = {"left out": b, "doubled": a + a + b, "swapped": b + a, "wrong": odd + b}[slip]
    return [names, near[:at] + new + near[at + 2 :]]


def without(text, typo, near):
    """The message with the near name marked as "@", and without the misspelt one."""
    first, second = ((typo, "?"), (near, "@")) if near in typo else ((near, "@"), (typo, "?"))
    return text.replace(*first).replace(*second)


@check(points=2, hint="difflib.get_close_matches(name, names) knows what is near.")
def test_suggests_near_names(student, rng):
    """The error for a misspelt name suggests the right one."""
    jobs = [job(rng, slip, where) for slip in SLIPS for where in ("first", "middle", "last")]
    jobs += [job(rng, slip, "any", rng.choice(SHORT)) for slip in SLIPS]

    @student.observe(helpers=(recorder, attempt), jobs=jobs)
    def seen(module, jobs):
        ends = []
        for names, typo in jobs:
            factory = module.ModelFactory()
            for name in names:
                factory.register(name)(recorder([], name))
            ends.append(attempt(lambda: factory.create(typo)))
        return ends

    for (names, typo), end in zip(jobs, read(seen, [object] * len(jobs), WHAT), strict=True):
        text = value_error(end, "With a misspelt name", "it must be refused, with a suggestion.")
        text = without(text, typo, names[2])
        near, far = "@", [*names[:2], *names[3:]]
        expect(near in text, "The message for a misspelt name does not suggest the right one.")
        first = all(text.find(near) < text.find(name) for name in far if name in text)
        more = all(text.count(near) > text.count(name) for name in far)
        expect(
            first or more,
            "The message for a misspelt name lists the names, but suggests none: among a hundred "
            "of them the reader has to find the near one alone.",
        )


@check(points=1, hint="Catch nothing around the call of the class; look the name up before it.")
def test_errors_of_the_class_pass(student, rng):
    """What the class itself raises passes unchanged."""
    kinds = ["KeyError", "TypeError", "ValueError", "AttributeError", "RuntimeError"]
    rng.shuffle(kinds)

    @student.observe(kinds=kinds)
    def seen(module, kinds):
        import builtins

        factory, found = module.ModelFactory(), []
        for kind in kinds:
            own = getattr(builtins, kind)("weights")

            class Model:
                def __init__(self, own):
                    raise own

            factory.register(kind)(Model)
            try:
                factory.create(kind, own=own)
                found.append("nothing")
            except Exception as error:
                found.append("passed" if error is own else type(error).__name__)
        try:
            factory.create(kinds[0], option=1)  # no model has that name
            found.append("nothing")
        except Exception as error:
            found.append("passed" if type(error) is TypeError else type(error).__name__)
        return found

    kinds.append("TypeError")
    for kind, found in zip(kinds, read(seen, [object] * len(kinds), WHAT), strict=True):
        if same(found, "passed"):
            continue
        expect(not same(found, "nothing"), "An exception of the class was swallowed.")
        fail(
            f"The class raised {kind}, and out of create() came {error_name(found)}, another "
            "object: a mistake within the model is reported as something else."
        )
