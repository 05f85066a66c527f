"""Files as data: without running anything, cut off, from a GPU."""

from autograder.checks import check, error_name, expect, fail, same
from autograder.judging.vocabulary.evidence import read

from .common import back, numbers, outcome, place, small_model


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


@check(points=1, hint="float(value) for every metric; np.random's state as a list.")
def test_loads_as_data(student, rng):
    """torch.load(path, weights_only=True) loads the file, with NumPy metrics, too."""
    low, high = sorted(numbers(rng, 2))
    step = rng.randint(3, 10**6)

    @student.observe(helpers=(small_model, back, place), low=low, high=high, step=step)
    def seen(module, low, high, step):
        import tempfile

        import numpy as np
        import torch

        keeper = module.Checkpoints(tempfile.mkdtemp())
        model, optimizer = small_model(low)
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

    (plain, numpy), best, found = read(seen, [[bool, bool], object, object])
    expect(
        plain,
        "torch.load(path, weights_only=True) refused the file: it is not from "
        "torch.save, or holds whole objects or NumPy arrays (np.random's state?).",
    )
    expect(
        numpy,
        "With NumPy numbers among the metrics, torch.load(path, "
        "weights_only=True) refused the file: make them floats.",
    )
    expect(same(best, [1, 1, 1]), "best() did not compare NumPy metrics by their values.")
    expect(
        same(found, [step + 1, low]),
        "A checkpoint that was saved with a scheduler could not be restored without one.",
    )


@check(points=1, hint="Try to load it, the newest first; skip a file that does not load.")
def test_skips_corrupt_files(student, rng):
    """A newest file that is cut off, empty or overwritten is skipped."""
    a, b, c = sorted(rng.sample(range(100, 999), 3))
    low, mid, high = sorted(numbers(rng, 3))
    share = rng.uniform(0.3, 0.9)

    @student.observe(
        helpers=(small_model, back, outcome), some=[a, b, c], losses=[high, mid, low], share=share
    )
    def seen(module, some, losses, share):
        import shutil
        import tempfile

        folder = tempfile.mkdtemp()
        keeper = module.Checkpoints(folder)
        paths = [
            keeper.save(step, *small_model(loss), metrics={"loss": loss})
            for step, loss in zip(some, losses, strict=True)
        ]
        whole = shutil.copytree(folder, tempfile.mkdtemp() + "/whole", symlinks=True)

        def after(way):
            shutil.rmtree(folder)
            shutil.copytree(whole, folder, symlinks=True)
            data = paths[-1].read_bytes()
            cut = data[: int(share * len(data))]
            paths[-1].write_bytes([cut, b"", bytes(b ^ 0x5A for b in data)][way])
            row = []
            for ask in (lambda k: k.latest(), lambda k: k.best("loss")):
                new = module.Checkpoints(folder)
                row.append(outcome(lambda new=new, ask=ask: back(new, ask(new))))
            new.save(some[-1] + 1, *small_model(losses[0]))
            return [*row, back(new, new.latest())]

        return [after(way) for way in range(3)]

    read(seen, [[object] * 3] * 3)
    for how, (latest, best, on) in zip(("cut off", "empty", "overwritten"), seen, strict=True):
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

    @student.observe(helpers=(small_model, outcome), step=step, way=way)
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
        path = module.Checkpoints(folder).save(step, *small_model(1.0), metrics={"loss": 0.5})
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
            lambda: module.Checkpoints(folder).restore(path, *small_model(2.0)),
        ):
            outcome(look)
            ran.append(os.path.exists(mark))
        return ran

    if same(seen, ["not torch's"]):
        fail("torch.load(path, weights_only=True) refused the file that save() wrote.")
    for call, ran in zip(("latest()", "best()", "restore()"), read(seen, [bool] * 3), strict=True):
        expect(
            not ran,
            f"{call} ran a program that was hidden in the file: a pickle "
            "can call any function. weights_only=True refuses that.",
        )


@check(points=1, hint="map_location, and torch.cuda's generators.")
def test_from_a_gpu(student, rng):
    """What was saved on a GPU: its generator goes along; it is restored where there is none."""
    step, value = rng.randint(3, 10**6), numbers(rng, 1)[0]
    dice, other = ([rng.randrange(256) for _ in range(16)] for _ in range(2))

    @student.observe(
        helpers=(small_model, back, with_a_gpu), step=step, value=value, dice=dice, other=other
    )
    def seen(module, step, value, dice, other):
        import tempfile

        import torch

        model, optimizer = small_model(value)
        tensors = [*model.parameters(), *(s["momentum_buffer"] for s in optimizer.state.values())]
        folder = tempfile.mkdtemp()
        target, paths, new = small_model(-1.0), [], module.Checkpoints(folder)

        def save():
            keeper = module.Checkpoints(folder)
            paths.append(keeper.save(step, model, optimizer, metrics={"loss": value}))

        undisturbed = with_a_gpu(tensors, dice, save) == dice
        went_on = with_a_gpu([], other, lambda: new.restore(paths[0], *target))
        torch.cuda.is_available, torch.cuda.device_count = lambda: False, lambda: 0
        found = [back(new, paths[0]), back(new, new.latest()), back(new, new.best("loss"))]
        return [undisturbed, went_on, found]

    undisturbed, went_on, restored = read(seen, [bool, object, [object] * 3])
    calls = ("the path that save() gave", "latest()", "best()")
    for call, found in zip(calls, restored, strict=True):
        reason = f" ({error_name(found)})" if type(found) is str else ""
        text = f"A checkpoint from a GPU could not be restored where there is none, by {call}"
        expect(
            same(found, [step, value]),
            f"{text}{reason}. torch.load puts tensors back onto the "
            "device that they came from, unless it is told another.",
        )
    expect(undisturbed, "save() changed the random state of the GPU.")
    expect(
        same(went_on, dice),
        "After restore() the GPU's generator did not have the state that "
        "it had at save(): dropout takes other dice.",
    )
