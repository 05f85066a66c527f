"""Hidden grader of ``checkpoints``.

A kill is tried in two ways. ``states_of`` copies the folder at every change that a save makes to
it: each copy is what a kill at that moment leaves behind, and is then looked at as a new process
would. That misses nothing, but a save can tell that it is watched, and what it leaves to a thread
or to another process is not seen. So ``killed`` has saves that nobody watches, which the kernel
kills in the middle of writing; or, since a save can ask for the limit by which the kernel does it,
another process does, at a moment when it finds the file gone or unfinished.
"""

import numpy as np

from autograder.checks import check, error_name, expect, fail, needs, show

# -- helpers that travel --------------------------------------------------------------------


def made(value, device="cpu"):
    """A small model whose parameters are all ``value``, and an optimiser with a momentum."""
    import torch

    model = torch.nn.Linear(3, 2).to(device)
    for parameter in model.parameters():
        parameter.data.fill_(value)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0, momentum=0.9)
    model(torch.ones(2, 3, device=device)).sum().backward()
    optimizer.step()  # a rate of 0: it makes the buffers, and the weights stay
    return model, optimizer


def back(keeper, path):
    """``[step, weight]`` of a checkpoint, restored into another model; or why that failed."""
    if path is None:
        return None
    model, optimizer = made(-1.0)
    try:
        step = keeper.restore(path, model, optimizer)
    except Exception as error:
        return type(error).__name__
    values = {float(v) for p in model.parameters() for v in p.detach().flatten()}
    return [step, values.pop() if len(values) == 1 else "mixed"]


def place(path, paths):
    """The number of ``path`` among ``paths``; None for None, -1 if it is none of them."""
    import os

    if path is None:
        return None
    names = [os.path.realpath(p) for p in paths]
    path = os.path.realpath(path)
    return names.index(path) if path in names else -1


def states_of(folder, action):
    """Run ``action``; copies of the folder, one for each state that it went through."""
    import _struct
    import builtins
    import io
    import os
    import shutil
    import sys
    import tempfile

    kept, last = tempfile.mkdtemp(), [None]
    states = []

    def look(top):
        found = []
        for entry in os.scandir(top):
            stat = entry.stat(follow_symlinks=False)
            found.append((entry.path, stat.st_ino, stat.st_size, stat.st_mtime_ns))
            if entry.is_dir(follow_symlinks=False):
                found += look(entry.path)
        return found

    harmless = (io.BytesIO, list, dict, str, bytes, type, type(None))

    def hook(frame, event, argument):
        if event != "c_return":
            return
        owner = argument.__self__  # a module, for a function
        if owner is builtins or owner is _struct or type(owner) in harmless:
            return
        try:
            now = look(folder)
            if now != last[0] and len(states) < 100:
                copy = os.path.join(kept, str(len(states)))
                shutil.copytree(folder, copy, symlinks=True)
                last[0] = now
                states.append(copy)
        except OSError:  # a thread of theirs was faster
            return

    sys.setprofile(hook)
    try:
        action()
    finally:
        sys.setprofile(None)
    return states


def after_a_kill(module, folder, state, keep, step):
    """What a new process finds in that state of the folder, and whether it can save on.

    It comes to the interrupted ``step`` again, and saves a later one, too.
    """
    import shutil

    shutil.rmtree(folder)
    shutil.copytree(state, folder, symlinks=True)
    found = []
    for ask in ("latest", "best"):
        try:
            keeper = module.Checkpoints(folder, keep=keep)
            path = keeper.latest() if ask == "latest" else keeper.best("loss")
            found.append(back(keeper, path))
        except Exception as error:
            found.append(type(error).__name__)
    found.append([])
    for number, value in ((step, 32.0), (10**6, 64.0)):
        try:
            keeper.save(number, *made(value))
            found[-1].append(back(keeper, keeper.latest()))
        except Exception as error:
            found[-1].append(type(error).__name__)
    return found


def killed(module, plan):
    """Have saves killed while they write: ``[step, weight]`` of ``latest()`` after each.

    ``plan`` has a row for each, ``[step, weights, share, seconds]``: what is saved, one after the
    other, and how much of a file can be written before SIGXFSZ ends the process, as a share of a
    whole checkpoint. Where ``share`` is 0 there is no such limit: the process is killed from
    outside as soon as the file is not whole, or else after so many seconds. Each row is a fork
    that imports the file anew; limit and signal go on to whatever that starts. The list ends
    where a save left what is no checkpoint; where processes cannot be forked it is empty.
    """
    import importlib.util
    import os
    import select
    import signal
    import sys
    import tempfile
    import time

    import torch

    def wide(value):
        model = torch.nn.ModuleList(torch.nn.Linear(16, 16) for _ in range(20))
        for parameter in model.parameters():
            parameter.data.fill_(value)
        return model, torch.optim.SGD(model.parameters(), lr=0.1)

    def latest():
        model, optimizer = wide(-1.0)
        try:
            keeper = module.Checkpoints(folder, keep=1)
            path = keeper.latest()
            if path is None:
                return None
            step = keeper.restore(path, model, optimizer)
        except Exception as error:
            return type(error).__name__
        values = {float(v) for p in model.parameters() for v in p.detach().flatten()}
        return [step, values.pop() if len(values) == 1 else "mixed"]

    def save(step, values, most):
        import resource

        ask = resource.getrlimit
        none = resource.RLIM_INFINITY, resource.RLIM_INFINITY
        # The size of files is limited here in any case, so who asks would learn where they are.
        resource.getrlimit = lambda which: none if which == resource.RLIMIT_FSIZE else ask(which)
        resource.prlimit = lambda _, which, *new: resource.getrlimit(which)
        spec = importlib.util.spec_from_file_location(module.__name__, module.__file__)
        sys.modules[module.__name__] = again = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(again)
        keeper, job = again.Checkpoints(folder, keep=1), wide(values[0])
        if most:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        for value in values:
            for parameter in job[0].parameters():
                parameter.data.fill_(value)
            keeper.save(step, *job)

    def broken():
        try:
            return os.stat(path).st_size < 0.9 * size
        except OSError:
            return True

    if not hasattr(os, "fork"):
        return []
    folder, found = tempfile.mkdtemp(), []
    path = os.fspath(module.Checkpoints(folder, keep=1).save(plan[0][0], *wide(0.0)))
    size = max(os.path.getsize(path), 1000)
    for step, values, share, seconds in plan:
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.setpgid(0, 0)
                os.close(ear)
                save(step, values, int(share * size))
            finally:
                os._exit(0)
        os.close(mouth)
        if share:
            select.select([ear], [], [], 5)  # until it has ended, and what it may have started
        until = time.monotonic() + seconds
        while not (share or broken() or time.monotonic() > until):
            if select.select([ear], [], [], 0)[0]:
                break
        os.close(ear)
        for end in (lambda: os.killpg(child, signal.SIGKILL), lambda: os.kill(child, 9)):
            try:
                end()
            except OSError:
                pass
        os.waitpid(child, 0)
        found.append(latest())
        if type(found[-1]) is not list:
            break
    return found


def with_a_gpu(tensors, dice, action):
    """Run ``action`` beside a stand-in for one GPU; the state of its generator afterwards.

    ``tensors`` bear its name in a file, unless they are brought to the host before; nothing is
    ever loaded to it.
    """
    import types

    import torch
    from torch import serialization

    there = {tensor.untyped_storage().data_ptr() for tensor in tensors}
    state = [torch.tensor(dice, dtype=torch.uint8)]
    tag, cpu, to = serialization.location_tag, torch.Tensor.cpu, torch.Tensor.to

    def moved(self, *arguments, **options):
        result = to(self, *arguments, **options)
        return result.clone() if result.data_ptr() == self.data_ptr() else result

    def given(device="cuda"):
        return state[0].clone()

    def put(new, device="cuda"):
        state[0] = new.clone()

    generator = types.SimpleNamespace(get_state=given, set_state=put)
    patches = [
        (serialization, "location_tag", lambda s: "cuda:0" if s.data_ptr() in there else tag(s)),
        (serialization, "_get_restore_location", lambda where: lambda storage, location: storage),
        (torch.Tensor, "cpu", lambda self, *arguments, **options: cpu(self).clone()),
        (torch.Tensor, "to", moved),
        (torch.cuda, "is_available", lambda: True),
        (torch.cuda, "is_initialized", lambda: True),
        (torch.cuda, "device_count", lambda: 1),
        (torch.cuda, "current_device", lambda: 0),
        (torch.cuda, "get_rng_state", given),
        (torch.cuda, "set_rng_state", put),
        (torch.cuda, "get_rng_state_all", lambda: [given()]),
        (torch.cuda, "set_rng_state_all", lambda new: [put(one) for one in new]),
        (torch.cuda, "default_generators", (generator,)),
        (torch.accelerator, "is_available", lambda: True),
        (torch.accelerator, "current_accelerator", lambda *_, **__: torch.device("cuda")),
        (torch, "get_device_module", lambda device=None: torch.cuda),
    ]
    before = [getattr(owner, name, None) for owner, name, _ in patches]
    try:
        for (owner, name, value), original in zip(patches, before, strict=True):
            if isinstance(value, types.FunctionType):  # a stand-in with the name of the original
                value.__name__ = value.__qualname__ = name
                value.__module__ = getattr(original, "__module__", None)
            setattr(owner, name, value)
        action()
    finally:
        for (owner, name, _), value in zip(patches, before, strict=True):
            setattr(owner, name, value)
    return state[0].tolist()


def training():
    """A model with dropout and running means, Adam, and a rate that falls."""
    import torch

    layers = torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Dropout(0.5)
    model = torch.nn.Sequential(*layers, torch.nn.Linear(4, 1))
    optimizer = torch.optim.Adam(model.parameters(), 0.1)
    return model, optimizer, torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.7)


def train(model, optimizer, scheduler, steps, noise=None):
    """Some steps, with noise from each generator in the data."""
    import random

    import numpy as np
    import torch

    device = next(model.parameters()).device
    for _ in range(steps):
        levels = [random.gauss(0, 1), np.random.standard_normal()]  # both make two, and keep one
        x = torch.rand(6, 3).to(device) + levels[0] * torch.arange(3.0, device=device)
        optimizer.zero_grad()
        (model(x) - levels[1]).square().mean().backward()
        optimizer.step()
        scheduler.step()


def seeded(seed):
    import random

    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def draws():
    """What each generator gives next, taken from copies of them."""
    import random

    import numpy as np
    import torch

    python, numpy, generator = random.Random(), np.random.RandomState(), torch.Generator()
    python.setstate(random.getstate())
    numpy.set_state(np.random.get_state())
    generator.set_state(torch.get_rng_state())
    return [
        [python.gauss(0, 1), python.random()],
        [float(numpy.standard_normal()), float(numpy.random_sample())],
        torch.rand(2, generator=generator).tolist(),
    ]


def flat(state):
    """All numbers of a state dict in one array."""
    import numpy as np
    import torch

    if isinstance(state, torch.Tensor):
        return state.detach().cpu().double().flatten().numpy()
    if isinstance(state, dict):
        state = [state[key] for key in state]
    parts = [flat(part) for part in state if isinstance(part, dict | list | tuple | torch.Tensor)]
    return np.concatenate([np.zeros(0), *parts])


# -- helpers of the judge --------------------------------------------------------------------


def readable(seen, length):
    expect(type(seen) is list and len(seen) == length, "What the calls gave could not be read.")
    return seen


def same(found, wanted):
    """Equal, with the same types at every depth."""
    return repr(found) == repr(wanted)


def equal(a, b):
    """Two arrays, equal bit for bit."""
    good = all(type(x) is np.ndarray and x.dtype == np.float64 and x.size > 0 for x in (a, b))
    return good and a.tobytes() == b.tobytes()


def numbers(rng, count):
    """Different values that a float32 holds exactly."""
    return [n / 64 for n in rng.sample(range(1, 4000), count)]


def steps(rng, count):
    """Rising steps, of more and more digits."""
    found = [rng.randint(2, 9)]
    while len(found) < count:
        found.append(found[-1] * rng.randint(2, 3) + rng.randint(1, 5))
    return found


# -- public ----------------------------------------------------------------------------------


@check(points=1, public=True, hint="One dict of state_dict()s, through torch.save and torch.load.")
def test_saves_and_restores(student):
    """save gives a path; restore brings weights, optimiser and step back."""

    @student.observe(helpers=(made, back, flat))
    def seen(module):
        import os
        import pathlib
        import tempfile

        folder = tempfile.mkdtemp()
        keeper = module.Checkpoints(folder)
        model, optimizer = made(0.5)
        before = flat(optimizer.state_dict()["state"])
        path = keeper.save(7, model, optimizer)
        inside = os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep)
        other, its = made(0.25)
        its.param_groups[0]["momentum"] = 0.5
        its.state.clear()
        keeper.restore(path, other, its)
        after = flat(its.state_dict()["state"])
        rate = its.param_groups[0]["momentum"]
        return [isinstance(path, pathlib.Path), inside, back(keeper, path), before, after, rate]

    is_path, inside, found, before, after, rate = readable(seen, 6)
    expect(is_path is True, "save() should return a pathlib.Path; yours returned something else.")
    expect(inside is True, "The path that save() returned does not lie in the folder.")
    expect(
        same(found, [7, 0.5]),
        "restore() should return step 7 and set all weights to 0.5; "
        f"[step, weight] was {show(found)}.",
    )
    good = equal(before, after) and same(rate, 0.9)
    expect(good, "After restore() the optimiser was not what it had been at save().")


@check(points=1, public=True, hint="Steps are numbers: as text, '9' comes after '10'.")
def test_latest_and_best(student):
    """latest() has the highest step, best() the smallest or largest metric."""

    @student.observe(helpers=(made, place))
    def seen(module):
        import pathlib
        import tempfile

        folder = pathlib.Path(tempfile.mkdtemp())
        keeper, paths = module.Checkpoints(folder), []
        for step, loss in [(9, 0.9), (10, 0.2), (100, 0.5)]:
            paths.append(keeper.save(step, *made(1.0), metrics={"loss": loss, "score": -loss}))
        asked = [keeper.latest(), keeper.best("loss"), keeper.best("loss", mode="max")]
        asked += [keeper.best("loss", "min"), keeper.best("score"), keeper.best("score", "max")]
        asked += [keeper.best("accuracy")]
        return [place(path, paths) for path in asked]

    found = readable(seen, 7)
    calls = ["latest()", "best('loss')", "best('loss', mode='max')", "best('loss', 'min')"]
    calls += ["best('score')", "best('score', 'max')"]
    names = {0: "that of step 9", 1: "that of step 10", 2: "that of step 100", None: "None"}
    for call, given, wanted in zip(calls, found, [2, 1, 0, 1, 0, 1], strict=False):
        given = names.get(given, "another path") if type(given) in (int, type(None)) else "another"
        score = " and score -0.9, -0.2, -0.5" if "score" in call else ""
        text = f"After steps 9, 10, 100 with loss 0.9, 0.2, 0.5{score}, {call} should be "
        expect(given == names[wanted], text + f"{names[wanted]}; yours was {given}.")
    expect(found[6] is None, "best('accuracy') should be None: no checkpoint has that metric.")


# -- hidden ----------------------------------------------------------------------------------


@check(points=1, hint="An empty folder is the beginning of every run: make it, and expect nothing.")
def test_none_when_there_is_none(student, rng):
    """A folder that does not exist is made; latest() and best() are None in it."""
    step, value = rng.randint(3, 10**6), numbers(rng, 1)[0]

    @student.observe(helpers=(made, back), step=step, value=value)
    def seen(module, step, value):
        import pathlib
        import tempfile

        new = pathlib.Path(tempfile.mkdtemp(), "runs", "first")
        keeper = module.Checkpoints(new)
        found = [keeper.latest(), keeper.best("loss"), keeper.best("loss", "max")]
        found = [each is None for each in found]
        keeper.save(step, *made(value))
        again = module.Checkpoints(new)
        return [*found, again.best("loss") is None, back(again, again.latest())]

    latest, small, large, without, found = readable(seen, 5)
    expect(latest is True, "Without any checkpoint, latest() was something else than None.")
    expect(small is True and large is True, "Without any checkpoint, best() was not None.")
    expect(without is True, "best() of a metric that no checkpoint has was not None.")
    expect(same(found, [step, value]), "What was saved to a new folder could not be restored.")


@check(points=3, hint="All that changes from step to step: weights, moments, rate, generators.")
def test_exact_resume(student, rng):
    """A resumed run equals the uninterrupted one bit for bit."""
    # An odd number of normal numbers: of the second of a pair, the generators keep a copy.
    seed, before, after = rng.randint(1, 10**6), rng.choice((3, 5, 7)), rng.randint(3, 6)

    @student.observe(
        helpers=(training, train, seeded, draws, flat), seed=seed, before=before, after=after
    )
    def seen(module, seed, before, after):
        import tempfile

        def ended(run):
            train(*run, after)
            return flat(run[0].state_dict())

        seeded(seed)
        run = training()
        train(*run, before)
        whole = ended(run)

        seeded(seed)
        run = training()
        train(*run, before)
        folder = tempfile.mkdtemp()
        wanted = draws()
        path = module.Checkpoints(folder).save(before, *run)
        undisturbed = draws() == wanted
        state = [flat(part.state_dict()) for part in run[:2]]
        rate = run[2].get_last_lr()
        went_on = ended(run)

        seeded(seed + 1)
        run = training()
        train(*run, 1)
        step = module.Checkpoints(folder).restore(path, *run)
        pieces = [a == b for a, b in zip(draws(), wanted, strict=True)]
        again = [flat(part.state_dict()) for part in run[:2]]
        rates = [run[2].get_last_lr() == rate, run[2].last_epoch == before]
        return [whole, undisturbed, went_on, step, pieces, state, again, rates, ended(run)]

    whole, undisturbed, went_on, step, pieces, state, again, rates, resumed = readable(seen, 9)
    expect(same(step, before), "restore() did not return the step, an int.")
    expect(
        undisturbed is True and equal(whole, went_on),
        "A run that was saved on its way ended otherwise than one that was not: save() changes "
        "something, the state of a random generator perhaps.",
    )
    for what, a, b in zip(
        ("weights and buffers", "optimiser's moments"),
        readable(state, 2),
        readable(again, 2),
        strict=True,
    ):
        expect(equal(a, b), f"After restore() the {what} were not those of the moment of save().")
    expect(same(rates, [True, True]), "After restore() the scheduler was not where it had been.")
    for what, good in zip(("random", "np.random", "torch"), readable(pieces, 3), strict=True):
        text = f"After restore() the generator of `{what}` went on with other numbers: "
        expect(good is True, text + "its state is not in the checkpoint, or not all of it.")
    expect(equal(resumed, whole), "A resumed run did not end like the uninterrupted one.")


def _wanted(saves, keep):
    """The places that stay, of the saves so far; with why."""
    last = {n: "last" for n in range(max(0, len(saves) - keep), len(saves))}
    extreme = {}
    for metric in sorted({name for _, metrics in saves for name in metrics or {}}):
        having = {
            n: metrics[metric] for n, (_, metrics) in enumerate(saves) if metric in (metrics or {})
        }
        extreme |= {min(having, key=having.get): "smallest", max(having, key=having.get): "largest"}
    return extreme | last


@check(points=2, hint="Work out the set that stays, from all that is there; delete the others.")
def test_keeps_what_is_wanted(student, rng):
    """The last keep stay, and the extremes of each metric; the others go."""
    number = 11
    losses, scores = numbers(rng, number), [-score for score in numbers(rng, number)]
    every = zip(steps(rng, number), losses, scores, strict=True)
    rows = [[step, {"loss": loss, "score": score}] for step, loss, score in every]
    for n in rng.sample(range(number), 3):
        rows[n][1] = rng.choice([None, {"loss": losses[n]}, {"score": scores[n]}])
    # The smallest and the largest come early in one metric, so that they outlive the window.
    early = [[step, {"loss": [9.5, 0.5, *losses][n]}] for n, step in enumerate(steps(rng, 6))]
    for row in early[2:]:
        row[1]["loss"] = 1 + row[1]["loss"] / 64
    runs = [[rng.randint(2, 3), rows], [None, [[step, None] for step in steps(rng, 6)]], [1, early]]

    @student.observe(helpers=(made,), runs=runs)
    def seen(module, runs):
        import tempfile

        found = []
        for keep, rows in runs:
            options = {} if keep is None else {"keep": keep}
            folder, paths = tempfile.mkdtemp(), []
            keeper, there = module.Checkpoints(folder, **options), []
            model, optimizer = made(1.0)
            for n, (step, metrics) in enumerate(rows):
                if n == len(rows) // 2:  # another process takes over
                    keeper = module.Checkpoints(folder, **options)
                paths.append(keeper.save(step, model, optimizer, metrics=metrics))
                there.append([path.exists() for path in paths])
            found.append(there)
        return found

    for (keep, rows), there in zip(runs, readable(seen, 3), strict=True):
        for n, exists in enumerate(readable(there, len(rows))):
            wanted = _wanted(rows[: n + 1], keep or 3)
            for at, stays in enumerate(readable(exists, n + 1)):
                expect(type(stays) is bool, "What the calls gave could not be read.")
                if wanted.get(at) == "last" and not stays:
                    fail(f"One of the last {keep or 3} checkpoints was deleted.")
                expect(
                    stays or at not in wanted,
                    f"The checkpoint with the {wanted.get(at)} value of a metric was deleted.",
                )
                default = " (the default of `keep`)" if keep is None else ""
                expect(
                    at in wanted or not stays,
                    f"A checkpoint stayed that is none of the last {keep or 3}{default} and "
                    "has the smallest or largest value of no metric.",
                )


@check(
    points=2, hint="Whatever it must know, read it from the folder: by the steps, not the times."
)
def test_another_process(student, rng):
    """A new Checkpoints of the folder knows it all; file times and other files mean nothing."""
    some, losses = steps(rng, 5), numbers(rng, 5)
    small, large = losses.index(min(losses)), losses.index(max(losses))

    @student.observe(helpers=(made, place), some=some, losses=losses)
    def seen(module, some, losses):
        import os
        import pathlib
        import tempfile

        folder = tempfile.mkdtemp()
        notes = pathlib.Path(folder, "notes.txt")
        notes.write_text("dropout 0.3 was too much")
        keeper = module.Checkpoints(folder, keep=9)
        paths = [
            keeper.save(step, *made(1.0), metrics={"loss": loss})
            for step, loss in zip(some, losses, strict=True)
        ]
        for n, path in enumerate(paths):
            os.utime(path, (10**9 - n, 10**9 - n))
        new = module.Checkpoints(folder, keep=1)
        found = [new.latest(), new.best("loss"), new.best("loss", "max"), new.best("score")]
        found = [place(path, paths) for path in found]
        new.save(some[-1] + 1, *made(1.0))
        return [found, [path.exists() for path in paths], notes.exists()]

    found, there, notes = readable(seen, 3)
    latest, low, high, none = readable(found, 4)
    expect(
        same(latest, 4),
        "In a new process, with the times of the files changed (as in a copy), "
        "latest() was not the checkpoint with the highest step.",
    )
    expect(
        same([low, high], [small, large]),
        "In a new process best() gave another checkpoint: "
        "are the metrics kept in an attribute only?",
    )
    expect(none is None, "best() of a metric that no checkpoint has was not None.")
    expect(
        same(there, [n in (small, large) for n in range(5)]),
        "After a save by a new process, with keep=1, other checkpoints were there than that "
        "one and the extremes of the metric.",
    )
    expect(notes is True, "A notes.txt that lay in the folder is gone.")


@check(points=3, hint="Write beside, rename, and only then delete.")
def test_killed_in_mid_save(student, rng):
    """Killed at any moment of a save, the earlier checkpoints are usable."""
    a, b, c = sorted(rng.sample(range(100, 1000), 3))
    old, new = numbers(rng, 2)
    low, high = sorted(numbers(rng, 2))

    @student.observe(
        helpers=(made, back, states_of, after_a_kill),
        a=a,
        b=b,
        c=c,
        old=old,
        new=new,
        low=low,
        high=high,
    )
    def seen(module, a, b, c, old, new, low, high):
        import tempfile

        found = []
        for keep, step, first, second in ((1, c, None, None), (2, b, low, high)):
            folder = tempfile.mkdtemp()
            keeper = module.Checkpoints(folder, keep=keep)
            metrics = [None if m is None else {"loss": m} for m in (first, second)]
            keeper.save(a, *made(1.0), metrics=metrics[0] and {"loss": high + 1})
            keeper.save(b, *made(old), metrics=metrics[0])
            run = made(new)
            states = states_of(folder, lambda: keeper.save(step, *run, metrics=metrics[1]))
            rows, now = [], back(keeper, keeper.latest())
            for state in states:
                row = after_a_kill(module, folder, state, keep, step)
                if row not in rows:
                    rows.append(row)
            found.append([now, rows])
        return found

    for again, step, part in zip((False, True), (c, b), readable(seen, 2), strict=True):
        now, rows = readable(part, 2)
        expect(
            same(now, [step, new]),
            "A step that was saved again was not the newer one."
            if again
            else "The newest checkpoint was not the one saved last.",
        )
        good = type(rows) is list and len(rows) > 0
        expect(good, "What the calls gave could not be read.")
        when = "Killed while a step was saved again, " if again else "Killed while saving, "
        for latest, best, on in (readable(row, 3) for row in rows):
            lost = when + "it had no checkpoint left: latest() was None."
            expect(latest is not None, lost + " Is the old one deleted, or written over, first?")
            if type(latest) is str:
                fail(
                    when + f"latest() or restoring it ended in {error_name(latest)}: a half "
                    "written file lies where a checkpoint should be."
                )
            expect(
                any(same(latest, one) for one in ([b, old], [step, new])),
                when
                + "latest() was neither the checkpoint before nor the new one: the old one was "
                "deleted, or written over, before the new one was whole.",
            )
            kept = [[b, old], [b, new]] if again else [None]
            expect(
                any(same(best, one) for one in kept),
                when + "best() no longer gave the checkpoint with the smallest value.",
            )
            redone, later = readable(on, 2)
            expect(
                same(later, [10**6, 64.0]),
                when + "it could not save and restore another "
                "checkpoint afterwards. Is what the kill leaves behind in the way?",
            )
            expect(
                same(redone, [step, 32.0]),
                when + "it could not save that very step again, "
                "which the run comes to after a restart.",
            )
    really_killed(student.fresh(), rng)


def really_killed(student, rng):
    """The same with saves that the kernel ends, at some byte of a file."""
    step, values = rng.randint(3, 99), numbers(rng, 184)
    # Again and again the step that is there already, until somebody ends it.
    plan = [[step, values[n : n + 60], 0, rng.uniform(0.5, 1)] for n in (4, 64, 124)]
    for number, value in enumerate(values[:4]):
        step += 1 if number in (0, 2) else 0  # the others of them save the same step again
        plan.append([step, [value], rng.uniform(0.05, 0.95) if number else 2, 0])
    seen = student.within(wall=40, cpu=20).run(killed, plan=plan)
    expect(type(seen) is list and len(seen) <= len(plan), "What the calls gave could not be read.")
    before = [plan[0][0], 0.0]
    for found, (step, values, *_) in zip(seen, plan, strict=False):
        if not any(same(found, one) for one in (before, *([step, v] for v in values))):
            fail(
                "A process was killed while it wrote a checkpoint, as a full disk or somebody's "
                "kill would do it. Afterwards latest() and restore() gave neither the "
                "checkpoint before nor the new one: it was deleted, or written over, before the "
                "new one was whole."
            )
        before = found


@check(points=2, hint="float(value) for every metric; np.random's state as a list.")
def test_loads_as_data(student, rng):
    """torch.load(path, weights_only=True) loads the file, with NumPy metrics, too."""
    low, high = sorted(numbers(rng, 2))
    step = rng.randint(3, 10**6)

    @student.observe(helpers=(made, back, place), low=low, high=high, step=step)
    def seen(module, low, high, step):
        import tempfile

        import numpy as np
        import torch

        keeper = module.Checkpoints(tempfile.mkdtemp())
        model, optimizer = made(low)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
        kinds = [(float, float, int), (np.float64, np.float32, np.int64)]
        paths, loads = [], []
        for n, (a, b, c) in enumerate(kinds):
            metrics = {"loss": a(high - n), "score": b([low, high][n]), "seen": c(n)}
            path = keeper.save(step + n, model, optimizer, scheduler, metrics)
            torch.serialization.clear_safe_globals()  # a reader elsewhere has none of them
            try:
                torch.load(path, weights_only=True)
                loads.append(True)
            except Exception:
                loads.append(False)
            paths.append(path)
        best = [keeper.best("score", "max"), keeper.best("loss"), keeper.best("seen", "max")]
        return [loads, [place(path, paths) for path in best], back(keeper, paths[1])]

    loads, best, found = readable(seen, 3)
    plain, numpy = readable(loads, 2)
    expect(
        plain is True,
        "torch.load(path, weights_only=True) refused the file: it is not from "
        "torch.save, or holds whole objects or NumPy arrays (np.random's state?).",
    )
    expect(
        numpy is True,
        "With NumPy numbers among the metrics, torch.load(path, "
        "weights_only=True) refused the file: make them floats.",
    )
    expect(same(best, [1, 1, 1]), "best() did not compare NumPy metrics by their values.")
    expect(
        same(found, [step + 1, low]),
        "A checkpoint that was saved with a scheduler could not be restored without one.",
    )


@check(points=2, hint="Try to load it, the newest first; what does not load is none.")
def test_skips_corrupt_files(student, rng):
    """A newest file that is cut off, empty or overwritten is skipped."""
    a, b, c = sorted(rng.sample(range(100, 999), 3))
    low, mid, high = sorted(numbers(rng, 3))
    share = rng.uniform(0.3, 0.9)

    @student.observe(helpers=(made, back), some=[a, b, c], losses=[high, mid, low], share=share)
    def seen(module, some, losses, share):
        import tempfile

        found = []
        for way in range(3):
            folder = tempfile.mkdtemp()
            keeper = module.Checkpoints(folder)
            paths = [
                keeper.save(step, *made(loss), metrics={"loss": loss})
                for step, loss in zip(some, losses, strict=True)
            ]
            data = paths[-1].read_bytes()
            cut = data[: int(share * len(data))]
            paths[-1].write_bytes([cut, b"", bytes(b ^ 0x5A for b in data)][way])
            row = []
            for ask in (lambda k: k.latest(), lambda k: k.best("loss")):
                new = module.Checkpoints(folder)
                try:
                    row.append(back(new, ask(new)))
                except Exception as error:
                    row.append(type(error).__name__)
            new.save(some[-1] + 1, *made(losses[0]))
            row.append(back(new, new.latest()))
            found.append(row)
        return found

    for how, row in zip(("cut off", "empty", "overwritten"), readable(seen, 3), strict=True):
        latest, best, on = readable(row, 3)
        for call, which, given in (("latest()", "newest", latest), ("best()", "best", best)):
            if type(given) is str:
                fail(
                    f"With the newest file {how}, {call} or restoring what it gave ended in "
                    f"{error_name(given)}: the file should be skipped."
                )
            expect(
                same(given, [b, mid]),
                f"With the newest file {how}, {call} was not the {which} "
                "of those that can be loaded.",
            )
        expect(same(on, [c + 1, high]), f"With a file {how} in the folder, saving did not go on.")


@check(points=1, hint="torch.load(…, weights_only=True), wherever you load.")
def test_runs_nothing(student, rng):
    """Looking at a file, or restoring it, runs nothing that is in it."""
    step, way = rng.randint(3, 10**6), rng.randrange(4)

    @student.observe(helpers=(made,), step=step, way=way)
    def seen(module, step, way):
        import os
        import shutil
        import tempfile

        import torch

        class Surprise:
            def __reduce__(self):
                calls = [
                    (os.mkdir, (mark,)),
                    (os.symlink, (folder, mark)),
                    (shutil.copytree, (folder, mark)),
                    (os.makedirs, (mark,)),
                ]
                return calls[way]

        folder, mark = tempfile.mkdtemp(), os.path.join(tempfile.mkdtemp(), "ran")
        path = module.Checkpoints(folder).save(step, *made(1.0), metrics={"loss": 0.5})
        try:
            document = torch.load(path, weights_only=True)
        except Exception:
            return ["not torch's"]
        surprise = Surprise()
        if type(document) is dict:
            document["surprise"] = surprise
        else:
            document = [document, surprise]
        torch.save(document, path)
        ran = []
        for look in (
            lambda: module.Checkpoints(folder).latest(),
            lambda: module.Checkpoints(folder).best("loss"),
            lambda: module.Checkpoints(folder).restore(path, *made(2.0)),
        ):
            try:
                look()
            except Exception:
                pass
            ran.append(os.path.exists(mark))
        return ran

    if same(seen, ["not torch's"]):
        fail("torch.load(path, weights_only=True) refused the file that save() wrote.")
    for call, ran in zip(("latest()", "best()", "restore()"), readable(seen, 3), strict=True):
        expect(
            ran is False,
            f"{call} ran a program that somebody had put into the file: a pickle "
            "can call any function. weights_only=True refuses that.",
        )


@check(points=2, hint="map_location, and torch.cuda's generators.")
def test_from_a_gpu(student, rng):
    """What was saved on a GPU: its generator goes along; it is restored where there is none."""
    step, value = rng.randint(3, 10**6), numbers(rng, 1)[0]
    dice, other = ([rng.randrange(256) for _ in range(16)] for _ in range(2))

    @student.observe(
        helpers=(made, back, with_a_gpu), step=step, value=value, dice=dice, other=other
    )
    def seen(module, step, value, dice, other):
        import tempfile

        import torch

        model, optimizer = made(value)
        tensors = [*model.parameters(), *(s["momentum_buffer"] for s in optimizer.state.values())]
        folder = tempfile.mkdtemp()
        target, paths, new = made(-1.0), [], module.Checkpoints(folder)

        def save():
            keeper = module.Checkpoints(folder)
            paths.append(keeper.save(step, model, optimizer, metrics={"loss": value}))

        undisturbed = with_a_gpu(tensors, dice, save) == dice
        went_on = with_a_gpu([], other, lambda: new.restore(paths[0], *target))
        torch.cuda.is_available, torch.cuda.device_count = lambda: False, lambda: 0
        found = [back(new, paths[0]), back(new, new.latest()), back(new, new.best("loss"))]
        return [undisturbed, went_on, found]

    undisturbed, went_on, restored = readable(seen, 3)
    calls = ("the path that save() gave", "latest()", "best()")
    for call, found in zip(calls, readable(restored, 3), strict=True):
        reason = f" ({error_name(found)})" if type(found) is str else ""
        text = f"A checkpoint from a GPU could not be restored where there is none, by {call}"
        expect(
            same(found, [step, value]),
            f"{text}{reason}. torch.load puts tensors back onto the "
            "device that they came from, unless it is told another.",
        )
    expect(undisturbed is True, "save() changed the random state of the GPU.")
    expect(
        same(went_on, dice),
        "After restore() the GPU's generator did not have the state that "
        "it had at save(): dropout takes other dice.",
    )


@check(points=1, hint="Look at `keep` in __init__, and at `mode` first thing in best().")
def test_wrong_arguments(student, rng):
    """keep below 1, or an unknown mode, is a ValueError at once."""
    wrong = [0, -rng.randint(1, 99)]

    @student.observe(helpers=(made,), wrong=wrong)
    def seen(module, wrong):
        import tempfile

        keeper = module.Checkpoints(tempfile.mkdtemp(), keep=1)
        keeper.save(1, *made(1.0), metrics={"loss": 0.5})
        attempts = [lambda k=keep: module.Checkpoints(tempfile.mkdtemp(), keep=k) for keep in wrong]
        attempts += [lambda m=mode: keeper.best("loss", m) for mode in ("median", "MAX ", "")]
        ends = []
        for attempt in attempts:
            try:
                attempt()
                ends.append("")
            except Exception as error:
                ends.append("ValueError" if isinstance(error, ValueError) else type(error).__name__)
        return ends

    names = ["keep=0", "a negative keep", *["an unknown mode"] * 3]
    for what, end in zip(names, readable(seen, 5), strict=True):
        expect(not same(end, ""), f"Checkpoints took {what} without a word.")
        expect(same(end, "ValueError"), f"For {what} it raised {error_name(end)}, no ValueError.")


def has_cuda(module):
    import torch

    return torch.cuda.is_available()


@check(points=2, kind="gpu", needs=("gpu",), hint="Its generator, and map_location='cpu'.")
def test_on_a_gpu(student, rng):
    """On a GPU: exact resume, and a restore to a model on the CPU."""
    # CUDA reserves a lot of address space.
    side = student.within(wall=120.0, cpu=120.0, memory=1 << 40, processes=256)
    needs("gpu", side.run(has_cuda) is True)
    seed, before, after = rng.randint(1, 10**6), rng.randint(3, 7), rng.randint(3, 6)

    @side.observe(helpers=(training, train, seeded, flat), seed=seed, before=before, after=after)
    def seen(module, seed, before, after):
        import tempfile

        import torch

        def begun(seed, device="cuda"):
            seeded(seed)
            model = training()[0].to(device)
            optimizer = torch.optim.Adam(model.parameters(), 0.1)
            return model, optimizer, torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.7)

        run = begun(seed)
        train(*run, before)
        path = module.Checkpoints(tempfile.mkdtemp()).save(before, *run)
        saved = flat(run[0].state_dict())
        train(*run, after)
        whole = flat(run[0].state_dict())
        host, run = begun(seed + 1, "cpu"), begun(seed + 2)
        keeper = module.Checkpoints(tempfile.mkdtemp())
        keeper.restore(path, *host)
        found = flat(host[0].state_dict())
        keeper.restore(path, *run)
        train(*run, after)
        places = [next(each[0].parameters()).device.type for each in (host, run)]
        return [whole, flat(run[0].state_dict()), saved, found, places]

    whole, resumed, saved, found, places = readable(seen, 5)
    expect(same(places, ["cpu", "cuda"]), "restore() moved the model to another device.")
    expect(equal(saved, found), "A model on the CPU got other weights than were saved on the GPU.")
    expect(
        equal(whole, resumed),
        "On the GPU a resumed run did not end like the uninterrupted "
        "one. Is the state of the GPU's generator in the checkpoint?",
    )
