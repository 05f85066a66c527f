"""Hidden grader of ``augmented_dataset``."""

import numpy as np

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.evidence import matches, read

# Lies beside the student's file, so that it can be pickled.
TOOLS = '''
class Samples:
    """Values that are logged when they are read."""

    def __init__(self, values):
        self.values, self.read = list(values), []

    def __len__(self):
        return len(self.values)

    def __getitem__(self, index):
        self.read.append(int(index))
        return self.values[index]


def draw(sample, rng):
    """The sample and some numbers: now fewer, now more of them are used up."""
    numbers = [int(number) for number in rng.integers(2**62, size=6)]
    rng.random(sample % 7)
    return [sample, numbers]
'''
DRAWN = 6
# Whoever makes one number of epoch and index may have thought that these are enough.
ROOM = [10, 16, 20, 32, 50, 64, 100, 128, 200, 256, 500, 512, 1000, 1024, 4096, 10_000]


def items_of(module, values, jobs):
    """For each job ``[seed, epoch, indices]`` what a new object gives; epoch None: not set."""
    import kata_tools as tools

    found = []
    for seed, epoch, indices in jobs:
        augmented = module.Augmented(tools.Samples(values), tools.draw, seed)
        if epoch is not None:
            augmented.set_epoch(epoch)
        found.append([augmented[index] for index in indices])
    return found


# -- on the judge's side -------------------------------------------------------------------


def numbers(found, values, indices):
    """The numbers drawn for each index, after a look at the samples themselves."""
    result = []
    for item, index in zip(read(found, [object] * len(indices)), indices, strict=True):
        wrong = matches(item, [object, [int] * DRAWN])
        expect(not wrong, "An item is not what `augment` returned.")
        sample, drawn = item
        expect(same(sample, values[index]), "augment was given another sample than that index's")
        result.append(drawn)
    return result


def some(rng, count):
    return rng.sample(range(1, 10**6), count)


def jobs_read(student, rng, jobs, values):
    """The numbers of each job, from one process."""
    seen = student.with_files(kata_tools=TOOLS).run(items_of, values=values, jobs=jobs)
    read(seen, [object] * len(jobs))
    return [numbers(part, values, job[2]) for part, job in zip(seen, jobs, strict=True)]


def shared(one, other):
    """How many places of two lists have numbers in common."""
    return sum(bool({*a} & {*b}) for a, b in zip(one, other, strict=True))


# -- checks --------------------------------------------------------------------------------


@check(points=1, public=True, hint="`return augment(dataset[index], rng)`.")
def test_augments_each_sample(student):
    """Augmented([10, 20, 30], augment, seed) has three items, each augmented."""

    @student.observe()
    def seen(module):
        def next_one(sample, rng):
            return sample + 1

        augmented = module.Augmented(dataset=[10, 20, 30], augment=next_one, seed=7)
        return [len(augmented), [augmented[index] for index in range(3)]]

    length, items = read(seen, [object, object])
    expect(same(length, 3), f"len() should be 3, that of the data set; yours is {show(length)}.")
    expect(
        same(items, [11, 21, 31]),
        f"With augment = lambda sample, rng: sample + 1 the items should be [11, 21, 31]; "
        f"yours are {show(items)}.",
    )


@check(points=1, public=True, hint="np.random.default_rng makes one from what it is given.")
def test_rng_is_a_generator(student):
    """rng is a numpy.random.Generator; two equal objects give the same."""

    @student.observe()
    def seen(module):
        import numpy

        kinds = []

        def draw(sample, rng):
            kinds.append([isinstance(rng, numpy.random.Generator), type(rng).__name__])
            return [sample, float(rng.random())] if kinds[-1][0] else None

        one, two = (module.Augmented([10, 20, 30], draw, seed=7) for _ in range(2))
        return [[one[0], one[1], one[1]], [two[0], two[1], two[1]], kinds[:1]]

    one, two, kinds = read(seen, [[object] * 3, object, list[[bool, str]]])
    expect(len(kinds) == 1, "Reading an item did not call augment.")
    good, name = kinds[0]
    expect(good, f"rng should be a numpy.random.Generator; yours is a {show(name)}.")
    expect(same(one, two), f"Two objects with seed=7 gave {show(one)} and {show(two)}.")
    expect(same(one[1], one[2]), f"Reading index 1 twice gave {show(one[1])} and {show(one[2])}.")


@check(points=2, hint="The epoch goes into what the generator is made from.")
def test_epochs_differ(student, rng):
    """Every epoch has other augmentations, and each can be repeated."""
    values, epochs = some(rng, rng.randint(5, 9)), [0, *rng.sample(range(1, 90), 3)]
    rng.shuffle(epochs)
    every = list(range(len(values)))

    @student.with_files(kata_tools=TOOLS).observe(
        values=values, epochs=epochs, seed=rng.randint(1, 999)
    )
    def seen(module, values, epochs, seed):
        import kata_tools as tools

        def items(augmented):
            return [augmented[index] for index in range(len(values))]

        augmented = module.Augmented(tools.Samples(values), tools.draw, seed)
        other = module.Augmented(tools.Samples(values), tools.draw, seed)
        found = [items(augmented)]
        for epoch in [*epochs, *epochs]:
            augmented.set_epoch(epoch)
            found.append(items(augmented))
        return [*found, items(other)]

    found = [numbers(part, values, every) for part in read(seen, [object] * 10)]
    new, first, again, other = found[0], found[1:5], found[5:9], found[9]
    for number, part in enumerate(first):
        for before in first[:number]:
            count = shared(part, before)
            expect(count < len(values), "Two epochs had the same augmentations.")
            expect(count == 0, "In two epochs some of the samples were augmented alike.")
    expect(
        same(first, again),
        "An epoch that was set again had other augmentations than the first time: they depend on "
        "more than its number.",
    )
    expect(same(new, first[epochs.index(0)]), "Before set_epoch, the epoch should be 0.")
    expect(same(other, new), "set_epoch on one object changed the epoch of another one.")


@check(points=2, hint="A new generator for each item, and nothing that is kept between two items.")
def test_any_order(student, rng):
    """What an item is does not depend on what was read before it."""
    values, seed, epoch = some(rng, 8), rng.randint(1, 10**6), rng.randint(1, 90)
    every = list(range(8))
    orders = [every, every[::-1], rng.choices(every, k=12), [rng.randrange(8)]]
    jobs = [[seed, epoch, order] for order in orders]
    first, *others = jobs_read(student, rng, jobs, values)

    @student.observe(seed=seed, epoch=epoch)
    def mixed(module, seed, epoch):
        def draws(sample, rng):
            return [int(rng.integers(2**62)) for _ in range(4)]

        def mix(sample, rng):
            before = [int(rng.integers(2**62)) for _ in range(2)]
            if sample == 2:
                augmented[1]
            return before + [int(rng.integers(2**62)) for _ in range(2)]

        found = []
        for augment in (draws, mix):
            augmented = module.Augmented(range(3), augment, seed)
            augmented.set_epoch(epoch)
            found.append(augmented[2])
        return found

    plain, within = read(mixed, [list[int]] * 2)
    expect(
        same(plain, within),
        "An augment that reads another sample in the middle got other numbers from then on: one "
        "generator is used for more than one call.",
    )
    for found, order in zip(others, orders[1:], strict=True):
        expect(
            same(found, [first[index] for index in order]),
            "In another order the same items were augmented otherwise: a generator is used for "
            "more than one of them, and each takes its numbers from where the last one left it.",
        )


@check(points=2, hint="default_rng takes a sequence of numbers, too: it need not be a sum.")
def test_numbers_are_their_own(student, rng):
    """No sample gets random numbers of another one, in any epoch."""
    values, count = some(rng, rng.randint(8, 12)), rng.randint(3, 5)
    every = list(range(len(values)))
    for seed in (0, rng.randint(1, 10**6)):
        found = jobs_read(student, rng, [[seed, epoch, every] for epoch in range(count)], values)
        flat = [number for part in found for sample in part for number in sample]
        if len({*flat}) == len(flat):
            continue
        if any(len({*map(tuple, part)}) == 1 for part in found):
            fail("All samples of an epoch got the same random numbers.")
        if any(len({n for sample in part for n in sample}) < DRAWN * len(part) for part in found):
            fail("In one epoch two samples got random numbers in common.")
        fail(
            "Random numbers of one sample came up again in another epoch, for it or for another "
            "sample. A sum like seed + epoch + index is the same for many of them."
        )
    values, seed = some(rng, ROOM[-1] + 9), rng.randint(1, 10**6)
    jobs = [[seed, 0, [1, *ROOM]], [seed, 1, [0]], *([seed, epoch, [0]] for epoch in ROOM)]
    jobs += [[seed, 1, list(range(11, 20))], [seed, 11, list(range(1, 10))]]
    first, later, *others, one, eleven = jobs_read(student, rng, jobs, values)
    expect(
        shared(one, eleven) == 0,
        "Random numbers of one sample came up again in another epoch. "
        "Written one behind the other, without a mark between them, 1 and 12 are the same as "
        "11 and 2.",
    )
    for alike, name, many in (
        (shared(later * len(ROOM), first[1:]), "epoch", "samples"),
        (shared([part[0] for part in others], first[:1] * len(ROOM)), "index", "epochs"),
    ):
        expect(
            alike == 0,
            f"With thousands of {many}, random numbers came up again: a number like 100 * {name} + "
            f"… has room for a hundred {many}, and then it is that of the next {name}.",
        )

    @student.observe(seed=seed)
    def many(module, seed):
        def draw(sample, rng):
            return int(rng.integers(2**63))

        def draw_more(sample, rng):
            return rng.integers(2**63, size=20_000)

        short = module.Augmented([0] * 500, draw, seed)
        long = module.Augmented([0] * 3, draw_more, seed)
        found = [[], []]
        for epoch in (0, 1):
            short.set_epoch(epoch)
            long.set_epoch(epoch)
            found[0] += [short[index] for index in range(500)]
            found[1] += [long[index] for index in range(3)]
        wide = module.Augmented(range(10**6 + 1), draw, seed)
        far = [wide[index] for index in (1, 2**16, 100_000)]
        for epoch in (1, 2**16, 100_000, 10**6, 101, 1001, 11):
            wide.set_epoch(epoch)
            far.append(wide[0])
        for epoch in (1, 10, 100):  # as digits one behind the other, it may be epoch 11, 101, …
            wide.set_epoch(epoch)
            far += [wide[10**digits] for digits in range(3, 7)]
        return [*found, far]

    short, long, far = read(many, [[int] * 1000, [np.ndarray] * 6, [int] * 22], "The samples")
    expect(
        len({*far}) == 22,
        "With a hundred thousand samples or epochs, random numbers came up again: a number made of "
        "epoch and index has room for 16 bits, or five or six digits, of one of them.",
    )
    expect(
        len({*short}) == 1000,
        "Of a thousand samples, some had random numbers in common. Is a "
        "seed made of so few digits that there are not enough of them?",
    )
    flat = np.concatenate(long, axis=None)
    expect(
        len(np.unique(flat)) == 120_000,
        "A sample that draws many random numbers got to those "
        "of another sample: they read one stream, from places that are too near.",
    )


@check(points=1, hint="The seed goes into what the generator is made from.")
def test_seeds_differ(student, rng):
    """Another seed gives other augmentations."""
    values, epoch = some(rng, 6), rng.randint(0, 9)
    seeds = [0, 1, 2**8, 2**16, rng.randrange(2**16 + 1, 10**6), rng.randrange(2**31, 2**32)]
    found = jobs_read(student, rng, [[seed, epoch, list(range(6))] for seed in seeds], values)
    for number, part in enumerate(found):
        alike = max((shared(part, before) for before in found[:number]), default=0)
        expect(alike == 0, "With two different seeds, samples were augmented alike.")


@check(points=2, hint="Workers are other processes: think of what a copy of your object knows.")
def test_same_in_workers(student, rng):
    """A DataLoader with two workers gives what one without workers gives."""
    values, epochs = some(rng, 8), rng.sample(range(1, 90), 2)
    order = rng.sample(range(8), 8)

    @(
        student.with_files(kata_tools=TOOLS)
        .within(wall=30, cpu=20)
        .observe(values=values, epochs=epochs, order=order, seed=rng.randint(1, 10**6))
    )
    def seen(module, values, epochs, order, seed):
        import multiprocessing
        import warnings

        import kata_tools as tools
        from torch.utils.data import DataLoader

        warnings.simplefilter("ignore")  # of a machine with a single core
        forks = "fork" in multiprocessing.get_all_start_methods()
        augmented = module.Augmented(tools.Samples(values), tools.draw, seed)
        found = []
        for epoch in epochs:
            augmented.set_epoch(epoch)
            for workers in (0, 2):
                loader = DataLoader(
                    augmented,
                    batch_size=None,
                    sampler=order,
                    num_workers=workers,
                    multiprocessing_context="fork" if workers and forks else None,
                )
                found.append([[int(x), [int(n) for n in drawn]] for x, drawn in loader])
        return found

    found = [numbers(part, values, order) for part in read(seen, [object] * 4)]
    expect(shared(found[1], found[3]) == 0, "With two workers, two epochs had augmentations alike.")
    expect(
        same(found[0], found[1]) and same(found[2], found[3]),
        "With two workers the samples were augmented otherwise than without: something other than "
        "seed, epoch and index plays a part, and it differs from process to process.",
    )


@check(points=1, hint="Neither read nor set the global generators; make one of your own.")
def test_global_generators(student, rng):
    """The global generators play no part and are left alone."""
    values, seeds = some(rng, 5), [rng.randint(1, 10**6) for _ in range(2)]

    @student.with_files(kata_tools=TOOLS).observe(values=values, seeds=seeds)
    def seen(module, values, seeds):
        import random

        import kata_tools as tools
        import numpy
        import torch

        def globally(seed, work):
            random.seed(seed)
            numpy.random.seed(seed)
            torch.manual_seed(seed)
            items = work()
            return [items, random.random(), numpy.random.random(), torch.rand(1).item()]

        def work():
            augmented = module.Augmented(tools.Samples(values), tools.draw, 5)
            augmented.set_epoch(3)
            return [augmented[index] for index in range(len(values))]

        def fails(sample, rng):
            raise LookupError(sample)

        def failing():
            try:
                module.Augmented(tools.Samples(values), fails, 5)[0]
            except LookupError:
                pass

        def peek(sample, rng):
            return [random.random(), numpy.random.random(), torch.rand(1).item()]

        return [
            globally(seeds[0], work),
            globally(seeds[1], work),
            globally(seeds[0], lambda: None),
            globally(seeds[0], failing),
            globally(seeds[0], lambda: module.Augmented(tools.Samples(values), peek, 5)[0]),
        ]

    one, two, without, failed, within = read(seen, [[object] * 4] * 5)
    numbers(one[0], values, range(len(values)))
    expect(
        same(one[0], two[0]),
        "After the global generators were seeded otherwise, the augmentations were others: any "
        "code that draws from them changes your data.",
    )
    for name, after, wanted in zip(
        ("random", "numpy.random", "torch"), one[1:], without[1:], strict=True
    ):
        expect(same(after, wanted), f"The state of the global generator of {name} was changed.")
    expect(
        same(failed[1:], without[1:]),
        "When augment had raised, the state of a global generator was another than before.",
    )
    during = "While augment runs, a global generator is in another state than before the call."
    expect(same(within[0], without[1:]), during)


@check(points=1, hint="Keep what can be pickled; and hash() of a text differs in each process.")
def test_copies_and_other_runs(student, rng):
    """A pickled copy and another run give the same."""
    values, epoch, seed = some(rng, 5), rng.randint(1, 90), rng.randint(1, 10**6)
    side = student.with_files(kata_tools=TOOLS)

    @side.observe(values=values, epoch=epoch, seed=seed)
    def seen(module, values, epoch, seed):
        import pickle

        import kata_tools as tools

        def items(augmented):
            return [augmented[index] for index in range(len(values))]

        augmented = module.Augmented(tools.Samples(values), tools.draw, seed)
        augmented.set_epoch(epoch)
        found = items(augmented)
        try:
            return [found, items(pickle.loads(pickle.dumps(augmented)))]
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            return [found, type(error).__name__]
        except RuntimeError:  # something shared, which travels to workers only
            return [found, found]

    found, copied = read(seen, [object, object])
    found = numbers(found, values, range(5))
    if type(copied) is str:
        fail(
            "The object cannot be pickled, although its data set and its augment can: where "
            "workers are not forked, a DataLoader cannot send it to them."
        )
    if not same(numbers(copied, values, range(5)), found):
        fail("A pickled copy augments otherwise: is its epoch the same?")

    @side.fresh().observe(values=values, epoch=epoch, seed=seed)
    def again(module, values, epoch, seed):
        import kata_tools as tools

        def has_text(value):
            return isinstance(value, str | bytes) or (
                isinstance(value, tuple) and any(map(has_text, value))
            )

        # Processes hash texts in ways of their own; these two are too closely related for that.
        module.hash = lambda value: hash((value, "salt") if has_text(value) else value)
        augmented = module.Augmented(tools.Samples(values), tools.draw, seed)
        augmented.set_epoch(epoch)
        return [augmented[index] for index in range(len(values))]

    if not same(numbers(again, values, range(5)), found):
        fail(
            "Another run, in a new process, augments otherwise. The time, a process id and the "
            "hash() of a text are different in each."
        )


@check(points=1, hint="Keep the data set, and index it in __getitem__.")
def test_reads_when_asked(student, rng):
    """The data set is read when a sample is asked for; errors pass unchanged."""
    values, chosen = some(rng, 9), rng.randrange(1, 9)

    @student.with_files(kata_tools=TOOLS).observe(values=values, chosen=chosen)
    def seen(module, values, chosen):
        import kata_tools as tools

        samples = tools.Samples(values)
        augmented = module.Augmented(samples, tools.draw, 3)
        augmented.set_epoch(1)
        len(augmented)
        early = len(samples.read)
        augmented[chosen]
        asked = sorted({*samples.read})
        looped = sum(1 for _ in zip(augmented, range(len(values) + 5), strict=False))
        own = KeyError("augment")

        def fails(sample, rng):
            raise own

        try:
            module.Augmented(samples, fails, 3)[0]
            passed = "nothing"
        except Exception as error:
            passed = "unchanged" if error is own else "another"

        class Odd:
            def __len__(self):
                return 6

            def __getitem__(self, index):
                if index == 4:
                    raise IndexError(index)
                if index == 5:
                    raise own
                return index

        odd, kept = module.Augmented(Odd(), tools.draw, 3), 0
        try:
            for _ in zip(odd, range(9), strict=False):
                kept += 1
            odd[5]
        except Exception as error:
            if error is not own and not isinstance(error, IndexError):
                raise
            kept = [kept, error is own]
        return [early, asked, looped, passed, kept]

    early, asked, looped, passed, kept = read(seen, [object, object, object, str, object])
    expect(same(early, 0), "Samples were read before any was asked for.")
    expect(same(asked, [chosen]), "For one item, other samples were read than its own.")
    expect(
        same(looped, len(values)),
        "A plain loop did not end after the last sample: the IndexError of the data set, or what "
        "came of it, did not get through.",
    )
    expect(
        same(kept, [4, True]),
        "A plain loop did not end where the data set raised IndexError, before its length; or "
        "another exception of the data set did not reach the caller as it was.",
    )
    expect(passed == "unchanged", "An exception of augment did not reach the caller as it was.")
