"""Hidden grader of ``strategy_trainer``."""

import math

from autograder.checks import check, expect, fail, same
from autograder.judging.vocabulary import matches, read

# -- in the sandbox ------------------------------------------------------------------------


def weights(values):
    """A model of one float64 weight for each value, and the list of them."""
    import torch

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for number, value in enumerate(values):
                tensor = torch.tensor(value, dtype=torch.float64)
                self.register_parameter(f"w{number}", torch.nn.Parameter(tensor))

    model = Model()
    return model, list(model.parameters())


def strategies(log):
    """Two strategies that torch knows nothing of, under names that torch has for others.

    They log what is asked of them. The optimiser goes down by lr times the gradient, the schedule
    halves lr. What they made is kept in ``made``, and each log entry begins with its number there.
    """
    made = []

    class Adam:
        __slots__ = ("lr", "number", "params")

        def __init__(self, params, lr):
            self.params, self.lr, self.number = list(params), lr, len(made)
            made.append(self)
            log.append([self.number, "optimizer"])

        def zero_grad(self):
            log.append([self.number, "zero"])
            for p in self.params:
                p.grad = None

        def step(self):
            grads = [0.0 if p.grad is None else p.grad.item() for p in self.params]
            log.append([self.number, "step", grads])
            for p, grad in zip(self.params, grads, strict=True):
                p.data -= self.lr * grad

    class ReduceLROnPlateau:
        __slots__ = ("number", "optimizer")

        def __init__(self, optimizer):
            self.optimizer, self.number = optimizer, len(made)
            made.append(self)
            log.append([self.number, "scheduler"])

        def step(self):
            log.append([self.number, "schedule"])
            self.optimizer.lr /= 2

    return Adam, ReduceLROnPlateau, made


def where(thing, things):
    """The place of the very object among others, -1 for another one, None for None."""
    if thing is None:
        return None
    return next((place for place, other in enumerate(things) if other is thing), -1)


def follow(module, start, slopes, lr, scheduled, stale):
    """Train on losses ``slope * weight``; the log of all events, and where the weights end.

    ``slopes`` has a row for each step; a None is a weight that this loss does not have.
    ``stale`` has a number for each step: a gradient that is in every weight beforehand.
    """
    import torch

    log = []
    make_optimizer, make_scheduler, made = strategies(log)
    trainer = module.Trainer(make_optimizer, *([make_scheduler] if scheduled else []))
    model, params = weights(start)
    trainer.setup(model, lr)
    for row, number in zip(slopes, stale, strict=True):
        if number:
            for p in params:
                p.grad = torch.full_like(p, number)
        loss = sum(slope * p for slope, p in zip(row, params, strict=True) if slope is not None)
        loss.register_hook(lambda grad: log.append([None, "backward"]))
        log.append([None, "begin"])
        trainer.step(loss)
    return [log, [p.item() for p in params], where(trainer.scheduler, made)]


# -- on the judge's side -------------------------------------------------------------------


WHAT = "What the calls gave"


def followed(student, *, start, slopes, lr, scheduled, stale=None):
    """What ``follow`` saw: events of the set-up and of each step, weights, the schedule."""
    work = {"start": start, "slopes": slopes, "lr": lr, "scheduled": scheduled}
    work["stale"] = stale or [0.0] * len(slopes)
    seen = student.run(follow, helpers=(weights, strategies, where), **work)
    log, ends, scheduler = read(seen, [object] * 3, WHAT)
    setup, *steps = events(log)
    return setup, steps, ends, scheduler


def near(found, wanted):
    """Lists of numbers that are equal except for rounding."""
    return not matches(found, [float] * len(wanted)) and all(
        math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9)  # a difference may be as good as zero
        for x, y in zip(found, wanted, strict=True)
    )


def events(log):
    """Lists of the log's entries, cut at each "begin": the set-up, and one for each step."""
    good = type(log) is list and all(
        type(e) is list and len(e) in (2, 3) and type(e[1]) is str for e in log
    )
    expect(good, "The log of what was asked of the strategies could not be read.")
    parts = [[]]
    for entry in log:
        if entry[1] == "begin":
            parts.append([])
        else:
            parts[-1].append(entry)
    return parts


def names(part):
    return [entry[1] for entry in part if entry[1] != "zero"]


def some(rng, count):
    """Numbers that binary fractions hold exactly, none of them zero or twice."""
    return [n / 16 for n in rng.sample(range(5, 400), count)]


def in_order(part):
    """Judge the order of one step."""
    order, whole = names(part), [entry[1] for entry in part]
    for name, text in (
        ("backward", "the loss was not backpropagated once"),
        ("step", "the optimiser did not step once"),
        ("schedule", "the schedule did not step once"),
    ):
        expect(order.count(name) == 1, f"In a call of step(loss) {text}.")
    expect(len(order) == 3, "In step(loss) a strategy was called; that belongs to setup().")
    if order.index("step") < order.index("backward"):
        fail("The optimiser stepped before the loss was backpropagated: on old gradients, or none.")
    if order.index("schedule") < order.index("step"):
        fail(
            "The schedule stepped before the optimiser, so the learning rate that it starts with "
            "is skipped."
        )
    if "zero" in whole[whole.index("backward") : whole.index("step")]:
        fail(
            "The gradients were zeroed between backward() and the optimiser's step(), which then "
            "has nothing to go by: the model learns nothing."
        )


# -- checks --------------------------------------------------------------------------------


@check(points=1, public=True, hint="`setup` is the place where both strategies are called.")
def test_setup_calls_the_strategies(student):
    """setup(model, lr) calls both strategies and keeps what they return."""

    @student.observe(helpers=(where,))
    def seen(module):
        import torch

        twice, got = torch.nn.Linear(2, 2), []
        model = torch.nn.Sequential(twice, torch.nn.Linear(2, 2), twice)
        known = list(model.parameters())
        known[1].requires_grad_(False)  # frozen for now

        class Thing:
            def zero_grad(self):
                pass

            def step(self):
                got.append("a step")

        made = [Thing() for _ in range(5)]

        def make_optimizer(params, lr):
            got.append([[where(p, known) for p in params], lr])
            return made[3]

        def make_scheduler(optimizer):
            got.append(where(optimizer, made))
            return made[1]

        trainer = module.Trainer(make_optimizer, make_scheduler)
        early = len(got)
        trainer.setup(model, 0.1)
        return [early, got, where(trainer.optimizer, made), where(trainer.scheduler, made)]

    early, got, optimizer, scheduler = read(seen, [object] * 4, WHAT)
    expect(same(early, 0), "A strategy was called by Trainer(...), before there was a model.")
    once = "setup() should call make_optimizer once and then make_scheduler once, and take no step."
    expect(not matches(got, [[object, object], object]), once)
    params, lr = got[0]
    if same(params, [0, 2, 3]):
        fail(
            "make_optimizer did not get all parameters of the model: one that is frozen was left "
            "out. What to do with it is for the strategy to say."
        )
    if not same(params, [0, 1, 2, 3]):
        fail(
            "make_optimizer did not get what model.parameters() gives: 4 tensors in their order. "
            "One layer is in the model twice; its parameters are given once."
        )
    expect(same(lr, 0.1), "setup(model, 0.1) should pass lr=0.1 to make_optimizer; it did not.")
    if not same(got[1], 3):
        fail("make_scheduler must get the very optimiser that make_optimizer returned.")
    expect(same(optimizer, 3), "`trainer.optimizer` is not what make_optimizer returned.")
    expect(same(scheduler, 1), "`trainer.scheduler` is not what make_scheduler returned.")


@check(points=1, public=True, hint="Zero, backward, the optimiser's step, the schedule's step.")
def test_trains(student):
    """With SGD at lr=1 and halving, a loss of 2w takes 2, then 1 off w = 8."""

    @student.observe(helpers=(weights,))
    def seen(module):
        import torch

        def halving(optimizer):
            return torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)

        trainer = module.Trainer(make_optimizer=torch.optim.SGD, make_scheduler=halving)
        model, [w] = weights([8.0])
        trainer.setup(model=model, lr=1.0)
        ends = []
        for _ in range(2):
            trainer.step(loss=2 * w)
            ends.append(w.item())
        return ends

    first, second = read(seen, [object] * 2, WHAT)
    expect(same(first, 6.0), f"After one step w should be 6.0; yours is {first!r}.")
    expect(same(second, 5.0), f"After two steps w should be 5.0; yours is {second!r}.")


@check(points=2, hint="Write the four calls of step(loss) one below the other, and read them.")
def test_order_of_a_step(student, rng):
    """Backpropagation, then the optimiser, then the schedule; setup() steps neither."""
    start, slopes = some(rng, 2), [some(rng, 2) for _ in range(rng.randint(3, 5))]
    slopes[-1][0] = math.inf  # the last loss is no number to go by; that is for others to judge
    work = {"start": start, "slopes": slopes, "scheduled": True}
    setup, steps, _, scheduler = followed(student, lr=0.5, **work)
    if not same(names(setup), ["optimizer", "scheduler"]):
        early = same(names(setup)[:2], ["optimizer", "scheduler"])
        expect(not early, "A step was taken in setup(): it is for step(loss) to take steps.")
        fail("setup() did not make one optimiser, and then one schedule for it.")
    expect(len(steps) == len(slopes), "The log of what was asked of the strategies is too short.")
    for part in steps:
        in_order(part)
    expect(same(scheduler, 1), "After the steps, `scheduler` is no longer the one that was made.")


@check(points=2, hint="Call the optimiser's zero_grad() first in step(loss), every time.")
def test_gradients_are_zeroed(student, rng):
    """Each step uses the gradients of its own loss, whatever was there before."""
    count = rng.randint(4, 6)
    start, slopes = some(rng, 3), [some(rng, 3) for _ in range(count)]
    for step in range(1, count):  # a weight that this loss has nothing to do with
        slopes[step][rng.randrange(3)] = None
    stale = [0.0] * count
    stale[0], stale[rng.randrange(2, count)] = some(rng, 2)
    work = {"start": start, "slopes": slopes, "scheduled": True, "stale": stale}
    steps = followed(student, lr=0.5, **work)[1]
    found = [entry[-1] for part in steps for entry in part if entry[1] == "step"]
    wanted = [[slope or 0.0 for slope in row] for row in slopes]
    expect(len(found) == count, "The optimiser did not step once for each call of step(loss).")
    if same(found, wanted):
        return
    if same(found, [[0.0] * 3] * count):
        fail("Whenever the optimiser stepped, all gradients were zero.")
    if same(found[1], [a + b + stale[0] for a, b in zip(*wanted[:2], strict=True)]):
        fail("The gradients of earlier steps were still there: they add up from step to step.")
    if same(found[0], [slope + stale[0] for slope in wanted[0]]):
        fail(
            "A gradient that was there before the step was added to that of the loss. Zeroing at "
            "the end of a step is too late for what comes in from elsewhere."
        )
    fail("The optimiser did not step on the gradients of the loss that step() was given.")


@check(points=1, hint="`if self.scheduler is not None:` around the schedule's step.")
def test_without_a_schedule(student, rng):
    """Without make_scheduler it trains at one rate; nothing else means "no schedule"."""
    start, slopes = some(rng, 2), [some(rng, 2) for _ in range(rng.randint(2, 4))]
    work = {"start": start, "slopes": slopes, "scheduled": False}
    setup, _, ends, scheduler = followed(student, lr=0.25, **work)
    expect(scheduler is None, "Without a make_scheduler, `trainer.scheduler` should be None.")
    expect(same(names(setup), ["optimizer"]), "setup() did not make one optimiser.")
    wanted = [w - sum(row[i] for row in slopes) / 4 for i, w in enumerate(start)]
    expect(near(ends, wanted), "Without a schedule, the weights did not go where lr takes them.")

    @student.observe(helpers=(weights, where))
    def calls(module):
        log, made = [], []

        class Empty:
            """Anything with a length may be falsy: a strategy, or what it makes."""

            def __len__(self):
                return 0

            def __call__(self, *given, **named):
                made.append(Empty())
                return made[-1]

            def zero_grad(self):
                pass

            def step(self):
                log.append(where(self, made))

        trainer = module.Trainer(Empty(), Empty())
        model, [w] = weights([1.0])
        trainer.setup(model, 0.5)
        for _ in range(2):
            trainer.step(2 * w)
        return [log, where(trainer.optimizer, made), where(trainer.scheduler, made)]

    expect(
        same(calls, [[0, 1, 0, 1], 0, 1]),
        "A strategy, an optimiser or a schedule that has a length of 0 was left out. Ask whether "
        "it `is not None`, not whether it is true.",
    )


@check(points=3, hint="Ask nothing of a strategy but to be called; of what it made, the 2 methods.")
def test_unfamiliar_strategies(student, rng):
    """Any callable is a strategy, torch's or not; names and classes decide nothing."""
    kinds = ["partial", "object", "lambda", "method", "SGD", "Adam", "AdamW", "LBFGS"]
    rng.shuffle(kinds)
    factor, lr, start, slope = rng.randint(3, 60) / 8, rng.randint(1, 60) / 64, *some(rng, 2)

    @student.observe(
        helpers=(weights,), kinds=kinds, factor=factor, lr=lr, start=start, slope=slope
    )
    def seen(module, kinds, factor, lr, start, slope):
        import functools

        import torch

        peeks = []

        class Plain:
            """Notes what else it is asked for."""

            def __getattr__(self, name):
                peeks.append(name)
                raise AttributeError(name)

        class Downhill(Plain):
            """Goes ``factor * lr`` down, whatever the gradient's size."""

            def __init__(self, params, lr, *, factor=factor):
                self.inner, self.size = list(params), lr * factor

            def zero_grad(self):
                for p in self.inner:
                    p.grad = None

            def step(self, closure=None):
                peeks.extend([] if closure is None else ["closure"])
                for p in self.inner:
                    if p.grad is not None:
                        p.data -= self.size * p.grad.sign()

        class Shrink(Plain):
            """A third of the way for every step after the first."""

            def __init__(self, optimizer):
                self.of, self.taken = optimizer, 0

            def step(self, metrics=None, epoch=None):
                peeks.extend(name for name in (metrics, epoch) if name is not None)
                self.of.size /= 1 if self.taken else 3
                self.taken += 1

        class Maker:
            def __call__(self, params, lr):
                return Downhill(params, lr)

            def schedule(self, optimizer):
                return Shrink(optimizer)

        ends = []
        for kind in kinds:
            # Of torch's classes that want an argument, but with a step of their own without one.
            torchs = [(), ()]
            if kind == "LBFGS":
                torchs = [[torch.optim.LBFGS], [torch.optim.lr_scheduler.ReduceLROnPlateau]]
            make_optimizer = {
                "object": Maker(),
                "method": Maker().__call__,
                "lambda": lambda params, lr: Downhill(params, lr),
                "partial": functools.partial(Downhill, factor=factor),
            }.get(kind, type(kind, (Downhill, *torchs[0]), {}))
            schedules = {"SGD": "ReduceLROnPlateau", "Adam": "StepLR", "AdamW": "LambdaLR"}
            named = type(schedules.get(kind, "Shrink"), (Shrink, *torchs[1]), {})
            make_scheduler = Maker().schedule if kind == "object" else named
            trainer = module.Trainer(make_optimizer, make_scheduler)
            model, [w] = weights([start])
            trainer.setup(model, lr)
            for _ in range(3):
                trainer.step(slope * w)
            ends.append(w.item())
        return [ends, len(peeks)]

    ends, peeks = read(seen, [[object] * len(kinds), int], WHAT)
    wanted = start - lr * factor * (1 + 2 / 3)
    for end in ends:
        expect(
            near([end], [wanted]),
            "With a strategy of the check's own, the weights went another way than its optimiser "
            "and its schedule take them. Do you look at names or classes to choose one yourself?",
        )
    expect(
        same(peeks, 0),
        "An optimiser or a schedule was asked for another attribute than zero_grad and step, or "
        "its step was given an argument.",
    )
    torchs_own(student, rng)


def torchs_own(student, rng):
    """SGD with momentum and a rate that falls by steps, as torch has them."""
    start, lr, gamma, momentum = rng.randint(5, 99) / 8, rng.randint(1, 60) / 64, 0.5, 0.75
    slopes, every = some(rng, rng.randint(5, 7)), rng.randint(1, 3)

    work = {"start": start, "lr": lr, "gamma": gamma, "momentum": momentum}

    @student.observe(helpers=(weights,), slopes=slopes, every=every, **work)
    def seen(module, start, lr, gamma, momentum, slopes, every):
        import functools

        import torch

        optimizer = functools.partial(torch.optim.SGD, momentum=momentum)
        schedule = functools.partial(torch.optim.lr_scheduler.StepLR, step_size=every, gamma=gamma)
        trainer = module.Trainer(optimizer, schedule)
        model, [w] = weights([start])
        trainer.setup(model, lr)
        ends = []
        for slope in slopes:
            trainer.step(slope * w)
            ends.append(w.item())
        return ends

    wanted, speed = [], 0.0
    for number, slope in enumerate(slopes):
        speed = momentum * speed + slope
        start -= lr * gamma ** (number // every) * speed
        wanted.append(start)
    expect(
        near(seen, wanted),
        "With torch's SGD and StepLR, the weights went another way than these take them.",
    )


@check(points=1, hint="Keep the strategies in __init__, and call both of them in every setup().")
def test_setup_begins_anew(student, rng):
    """Another setup() makes both again, for its model; trainers share nothing."""
    rates, starts, slope = some(rng, 3), some(rng, 3), some(rng, 1)[0]

    @student.observe(helpers=(weights, strategies, where), rates=rates, starts=starts, slope=slope)
    def seen(module, rates, starts, slope):
        import torch

        models, logs = [weights([start]) for start in starts], [[], []]
        made, trainers, found = [], [], []
        for log in logs:
            make_optimizer, make_scheduler, things = strategies(log)
            trainers.append(module.Trainer(make_optimizer, make_scheduler))
            made.append(things)

        def use(which, number, *, fresh):
            trainer, (model, [weight]) = trainers[which], models[number]
            others = [params[0] for other, params in models if other is not model]
            if fresh:
                trainer.setup(model, rates[number])
            for other in others:
                other.grad = torch.ones_like(other)
            trainer.step(slope * weight)
            touched = sum(other.grad is None or other.grad.item() != 1 for other in others)
            for other in others:
                other.grad = None
            kept = [where(thing, made[which]) for thing in (trainer.optimizer, trainer.scheduler)]
            ends = [params[0].item() for _, params in models]
            found.append([kept, len(made[which]), ends, touched])

        def failures():
            ends = []
            for bad in range(2):
                calls, own = [], TypeError("planned")

                def fails(*given, calls=calls, own=own, **named):
                    calls.append(1)
                    raise own

                plan = [fails, None] if bad == 0 else [torch.optim.SGD, fails]
                try:
                    module.Trainer(*plan).setup(models[0][0], 0.5)
                except TypeError as error:
                    ends.append([len(calls), error is own])
            return ends

        # The first trainer has two models, one after the other; the second has one meanwhile.
        use(0, 0, fresh=True)
        use(1, 1, fresh=True)
        use(0, 2, fresh=True)
        use(1, 1, fresh=False)
        use(0, 2, fresh=True)  # for the same model at the same rate
        return [*found, failures()]

    places, counts = [[0, 1], [0, 1], [2, 3], [0, 1], [4, 5]], [2, 2, 4, 2, 6]
    ends = list(starts)
    changes = [(0, rates[0]), (1, rates[1]), (2, rates[2]), (1, rates[1] / 2), (2, rates[2])]
    *seen, failed = read(seen, [object] * 6, WHAT)
    expect(
        same(failed, [[1, True]] * 2),
        "A strategy raised a TypeError, and it was called again, or its error did not come out.",
    )
    for found, place, count, (number, rate) in zip(seen, places, counts, changes, strict=True):
        kept, made, weight, touched = read(found, [object] * 4, WHAT)
        expect(same(made, count), "A setup() did not call each of the two strategies once.")
        expect(
            same(kept, place),
            "`optimizer` and `scheduler` are not those that this trainer's last setup() made.",
        )
        ends[number] -= rate * slope
        expect(
            near(weight, ends),
            "With a second setup(), or two trainers at once, the weights are not where steps of "
            "each trainer, on the model of its last setup() and at its rate, take them.",
        )
        expect(
            same(touched, 0),
            "A step changed the gradients of another model than that of the trainer's last "
            "setup(): an optimiser was given the parameters of both?",
        )
