"""Hidden grader of ``export_model``.

Models come from a file that lies beside the student's in the process that exports, and in no
other. The file that was written goes to a second process as bytes. What the models must answer
is computed here, with NumPy, from weights that were made here.
"""

import re

import numpy as np

from autograder.checks import check, error_name, expect, fail, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.refusals import Refusal, error_of, expect_refusal

MODELS = '''
import torch
from torch import nn


class Scorer(nn.Module):
    """Differs between its two modes. Each operation costs an export some 30 ms."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.first, self.norm = nn.Identity(), nn.BatchNorm1d(inputs)
        self.drop = nn.Sequential(nn.Sequential(nn.Dropout(0.5)))  # deeper than the children
        self.last = nn.Linear(inputs, outputs)
        self.same = nn.Sequential(self.drop[0][0])  # a part that has two parents

    def forward(self, features):
        return self.last(self.drop(self.norm(self.first(features))))


class Tokens(nn.Module):
    def __init__(self, words, width, outputs):
        super().__init__()
        self.words, self.last = nn.Embedding(words, width), nn.Linear(width, outputs)

    def forward(self, tokens):
        return self.last(self.words(tokens).mean(1))


class Image(nn.Module):
    def __init__(self, channels, side, outputs):
        super().__init__()
        self.last = nn.Linear(channels * side * side, outputs)

    def forward(self, image):
        return self.last(image.reshape(image.shape[0], -1))


class Branches(nn.Module):
    """One way where the sum is positive; else it halves until all is small, and counts."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        if x.sum() > 0:
            return x * self.scale
        steps = 0
        while x.abs().max() > 1.0:
            x = x / 2
            steps += 1
        return x + steps


class Choice(nn.Module):
    """Branches without a statement of its own for it, and counts its calls."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x):
        self.calls.add_(1)
        return x * self.scale if bool(x.sum() > 0) else x - 1.0


class Around(nn.Module):
    """Has no branch of its own."""

    def __init__(self):
        super().__init__()
        self.inner = Branches()

    def forward(self, values):
        return self.inner(values)
'''

NAMES = ["Net", "Ranker", "Encoder", "Head", "Detector", "Tagger", "Filter", "Estimator", "Policy"]

# -- in the sandbox ------------------------------------------------------------------------


def exported(
    module,
    name,
    sizes,
    weights,
    example,
    suffix,
    as_text=False,
    training=False,
    others=1,
    fails=False,
):
    """Export a model of ``kata_models``: ``[file, names in its folder, same modes, same values]``.

    ``file`` is bytes, or None. The model's first ``others`` parts are in the other mode. Where the
    export ``fails``, that is no error.
    """
    import os
    import pathlib
    import tempfile

    import kata_models as models
    import torch

    model = getattr(models, name)(*sizes)
    weights = {key: torch.from_numpy(value) for key, value in weights.items()}
    model.load_state_dict(weights, strict=False)
    model.train(training)
    for part in [*model.children()][:others]:
        part.train(not training)
    modes = [part.training for part in model.modules()]
    before = [value.clone() for value in model.state_dict().values()]
    path = pathlib.Path(tempfile.mkdtemp()) / f"model{suffix}"
    try:
        module.export_model(model, torch.from_numpy(example), str(path) if as_text else path)
    except Exception:
        if not fails:
            raise
    after = list(model.state_dict().values())
    return [
        path.read_bytes() if path.is_file() else None,
        sorted(os.listdir(path.parent)) if path.parent.is_dir() else [],
        [part.training for part in model.modules()] == modes,
        len(before) == len(after) and all(map(torch.equal, before, after)),
    ]


def readable(data, suffix, batches):
    """Whether torch itself can read a file, or how many batches what it reads refuses."""
    import pathlib
    import tempfile

    import torch

    path = pathlib.Path(tempfile.mkdtemp()) / f"served{suffix}"
    path.write_bytes(data)
    refused = 0
    try:
        program = (torch.jit.load if suffix == ".pt" else torch.export.load)(path)
        call = program.eval() if suffix == ".pt" else program.module()
    except Exception:
        return False
    for batch in batches:
        try:
            call(torch.from_numpy(batch.copy()))
        except Exception:
            refused += 1
    return refused or True


def served(module, data, suffix, batches, as_text=False, by_torch=True):
    """Load a file and compute each batch, twice: ``[how, rows, readable]``.

    ``how`` is "served", "program" (which cannot be called), or the name of what load_model
    raised (its text is the only row, then); a row is ``[name]`` of what the call raised, or two
    outputs. ``readable`` is what :func:`readable` says, or None without ``by_torch``.
    """
    import pathlib
    import tempfile

    import torch

    path = pathlib.Path(tempfile.mkdtemp()) / f"served{suffix}"
    path.write_bytes(data)
    known = readable(data, suffix, batches) if by_torch else None
    try:
        model = module.load_model(str(path) if as_text else path)
    except Exception as error:
        return [type(error).__name__, [str(error)[:200]], known]
    if isinstance(model, torch.export.ExportedProgram):
        return ["program", [], known]
    rows = []
    for batch in batches:
        outputs = []
        try:
            for _ in range(2):
                output = model(torch.from_numpy(batch.copy()))
                tensor = isinstance(output, torch.Tensor)
                outputs.append(output.detach().numpy() if tensor else type(output).__name__)
        except Exception as error:
            outputs = [type(error).__name__]
        rows.append(outputs)
    return ["served", rows, known]


# -- on the judge's side -------------------------------------------------------------------


def draws(rng):
    """A generator of arrays; one by one the numbers of a large batch would take a while."""
    return np.random.default_rng(rng.getrandbits(64))


def floats(rng, *shape, low=-1.0, high=1.0):
    return np.float32(draws(rng).uniform(low, high, shape))


def linear(rng, name, inputs, outputs):
    return {f"{name}.weight": floats(rng, outputs, inputs), f"{name}.bias": floats(rng, outputs)}


def applied(weights, name, x):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def scorer(rng, inputs=6, outputs=3):
    """``(arguments for exported, batch(n), answer(batch))`` of a Scorer in eval mode."""
    weights = {
        **linear(rng, "last", inputs, outputs),
        "norm.weight": floats(rng, inputs),
        "norm.bias": floats(rng, inputs),
        "norm.running_mean": floats(rng, inputs, low=-3.0, high=3.0),
        "norm.running_var": floats(rng, inputs, low=2.0, high=9.0),
    }

    def answer(x):
        normed = x - weights["norm.running_mean"]
        normed = normed / np.sqrt(weights["norm.running_var"] + 1e-5)
        return applied(weights, "last", normed * weights["norm.weight"] + weights["norm.bias"])

    given = {"name": "Scorer", "sizes": [inputs, outputs], "weights": weights}
    return given, lambda rows: floats(rng, rows, inputs), answer


def tokens(rng, words=11, width=5, outputs=2):
    table = floats(rng, words, width)
    weights = {"words.weight": table, **linear(rng, "last", width, outputs)}

    def batch(rows):
        return draws(rng).integers(words, size=(rows, 4))

    given = {"name": "Tokens", "sizes": [words, width, outputs], "weights": weights}
    return given, batch, lambda x: applied(weights, "last", table[x].mean(1))


def image(rng, channels=3, side=4, outputs=2):
    weights = linear(rng, "last", channels * side * side, outputs)
    given = {"name": "Image", "sizes": [channels, side, outputs], "weights": weights}
    return (
        given,
        lambda rows: floats(rng, rows, channels, side, side),
        lambda x: applied(weights, "last", x.reshape(len(x), -1)),
    )


def close(found, wanted):
    return (
        type(found) is np.ndarray
        and found.dtype == np.float32
        and found.shape == wanted.shape
        and bool(np.allclose(found, wanted, rtol=1e-3, atol=1e-4))
    )


def processes(student, rng):
    """One that has the models' classes, one that has not, and what the classes are called."""
    kinds = ["Scorer", "Tokens", "Image", "Branches", "Around", "Choice"]
    names = dict(zip(kinds, rng.sample(NAMES, len(kinds)), strict=True))
    source = MODELS
    for kind, name in names.items():
        source = re.sub(rf"\b{kind}\b(?=\()", name, source)
    return student.with_files(kata_models=source), student.fresh(), names


def written(sides, made, suffix, example, **how):
    """Export: the file's bytes, and ``[same modes, same values]`` of :func:`exported`."""
    exporting, _, classes = sides
    given = {**made[0], "name": classes[made[0]["name"]]}
    seen = exporting.run(exported, example=example, suffix=suffix, **how, **given)
    data, names, modes, values = read(seen, [bytes | None, list, object, object])
    if data is None:
        other = ", but one of another name" if names else ""
        fail(f"export_model returned, and there was no file at its path (…{suffix}){other}.")
    return data, [modes, values]


def deployed(
    sides, made, suffix, batches, example, as_text=False, training=False, others=1, by_torch=True
):
    """Export in one process and serve in another, one without the class.

    ``by_torch`` asks torch itself, too, whether it can read the file. Returns the rows of
    :func:`served`, and ``[same modes, same values]`` of :func:`exported`.
    """
    how = {"as_text": as_text, "training": training, "others": others}
    data, after = written(sides, made, suffix, example, **how)
    seen = sides[1].run(
        served,
        helpers=(readable,),
        data=data,
        suffix=suffix,
        batches=batches,
        as_text=as_text,
        by_torch=by_torch,
    )
    how, rows, known = read(seen, [str, list, object])
    pickled = ("ModuleNotFoundError", "ImportError", "AttributeError", "UnpicklingError")
    if how in pickled and not known:
        fail(
            f"load_model failed in a process that lacks the model's class (…{suffix}): the file "
            "seems to be a pickle, of weights or of the class's name and weights, and holds "
            "nothing of what the model computes."
        )
    if how == "program":
        fail(
            "load_model returned an ExportedProgram: that describes the model, and cannot be "
            "called. What its module() returns can."
        )
    if how != "served":
        fail(f"load_model raised {error_name(how)} in a fresh process (…{suffix}): {show(rows)}.")
    form = "TorchScript" if suffix == ".pt" else "an exported program"
    reader = "torch.jit.load" if suffix == ".pt" else "torch.export.load"
    expect(
        known is not False, f"A file that ends in {suffix} must be {form}; {reader} cannot read it."
    )
    served_all = all(len(row) == 2 for row in read(rows, [list] * len(batches)))
    expect(
        known is None or known is True or not served_all,
        f"What load_model gives takes every batch, but the file (…{suffix}) does not: what "
        f"{reader} reads from it refuses some.",
    )
    return rows, after


def right(rows, batches, answer, example, what):
    """Expect that each batch got its answer; ``what`` begins the messages."""
    for row, batch in zip(rows, batches, strict=True):
        size = f"a batch of {len(batch)}" if len(batch) in (1, 7) else "a batch"
        if len(row) == 1:
            if len(batch) > 7 and len(batches) > 2:  # after those of 7 and of 1
                fail(f"{what}, a large batch was refused, where small ones were not.")
            if len(batch) != len(example):
                fail(
                    f"{what}, {size} was refused ({error_name(row[0])}), of another size than "
                    "the example. Was the example's size taken for the only one?"
                )
            fail(f"{what}, computing {size} raised {error_name(row[0])}.")
        first, second = read(row, [object, object])
        wanted = answer(batch)
        expect(type(first) is np.ndarray, f"{what}, {size} gave no tensor: {show(first)}.")
        expect(
            first.shape == wanted.shape,
            f"{what}, the output for {size} had another shape than the model's.",
        )
        if not close(first, wanted) and not np.array_equal(first, second):
            fail(
                f"{what}, the same batch gave two different answers: dropout is on. Was the "
                "model exported in training mode?"
            )
        expect(
            close(first, wanted) and close(second, wanted),
            f"{what}, the output for {size} was not that of the model in eval() mode.",
        )


def round_trip(sides, made, suffix, rows, sizes, what, **how):
    """Expect the right answers to batches of these sizes, after an export with ``rows`` rows.

    Returns ``[same modes, same values]`` of the model afterwards; ``what`` begins the messages.
    """
    _, batch, answer = made
    example, batches = batch(rows), [batch(size) for size in sizes]
    outputs, after = deployed(sides, made, suffix, batches, example, **how)
    right(outputs, batches, answer, example, what)
    return after


# -- checks --------------------------------------------------------------------------------


@check(
    points=2,
    public=True,
    hint="torch.jit.script(model) compiles; torch.jit.save writes, torch.jit.load reads.",
)
def test_torchscript_without_the_class(student, rng):
    """A .pt file is TorchScript, and gives the model's answers in a process without its class."""
    sides, made = processes(student, rng), scorer(rng)
    round_trip(sides, made, ".pt", 3, [3], "After a round trip through .pt")


@check(
    points=2,
    public=True,
    hint="torch.export.export, then torch.export.save; what "
    "torch.export.load returns is called through its module().",
)
def test_exported_program_without_the_class(student, rng):
    """A .pt2 file is an exported program, and gives the model's answers without its class."""
    sides, made = processes(student, rng), scorer(rng)
    round_trip(sides, made, ".pt2", 3, [3], "After a round trip through .pt2", as_text=True)


@check(
    points=3,
    hint="dynamic_shapes says which axis may vary: a tuple with a dict for the one "
    "argument, from axis 0 to a torch.export.Dim.",
)
def test_exported_program_of_any_batch(student, rng):
    """A .pt2 file takes batches of 1, of 7 and of any other size, whatever the model's input is."""
    sides = processes(student, rng)
    for kind, rows in ((tokens, rng.randint(3, 6)), (image, 2)):
        sizes = [7, 1, rng.randint(4100, 9000) if kind is tokens else rng.randint(100, 150)]
        round_trip(sides, kind(rng), ".pt2", rows, sizes, "From a .pt2 file")


@check(points=2, hint="Nothing in TorchScript fixes the batch, unless you put the example in.")
def test_torchscript_of_any_batch(student, rng):
    """A .pt file takes batches of 1, of 7 and of any other size, whatever the model's input is."""
    sides = processes(student, rng)
    for kind in (tokens, image):
        sizes = [7, 1, rng.randint(4100, 9000) if kind is tokens else rng.randint(100, 150)]
        round_trip(sides, kind(rng), ".pt", 2, sizes, "From a .pt file", as_text=True)


@check(points=2, hint="eval() comes before the export: the mode goes along.")
def test_eval_mode(student, rng):
    """A model in training mode is exported as it is in eval mode."""
    sides = processes(student, rng)
    for suffix in (".pt", ".pt2"):
        sizes, what = [4, rng.randint(5, 20)], f"From a {suffix} file of a model in training mode"
        round_trip(sides, scorer(rng), suffix, 4, sizes, what, training=True, by_torch=False)


@check(
    points=2,
    hint="Tracing writes down what happened with the example. Scripting compiles the source.",
)
def test_control_flow_is_kept(student, rng):
    """A .pt file keeps the branches and loops that depend on values."""
    scale = floats(rng, 1, low=2.0, high=5.0)
    made = ({"name": "Around", "sizes": [], "weights": {"inner.scale": scale}}, None, None)

    def answer(x):
        if x.sum() > 0:
            return x * scale
        steps = 0
        while np.abs(x).max() > 1:
            x, steps = x / 2, steps + 1
        return x + np.float32(steps)

    sides, example = processes(student, rng), floats(rng, 3, 4, low=0.1)
    batches = [floats(rng, 3, 4, low=0.1, high=2.0)]
    batches += [floats(rng, rng.randint(1, 5), 4, low=-top, high=-top / 2) for top in (0.9, 7, 90)]
    rows, _ = deployed(sides, made, ".pt", batches, example)
    counting = ({**made[0], "name": "Choice", "weights": {"scale": scale}}, None, None)
    choices, (_, values) = deployed(
        sides, counting, ".pt", batches[:2], example, training=True, by_torch=False
    )
    for row, batch in zip(choices, batches, strict=False):
        wanted = batch * scale if batch.sum() > 0 else batch - 1
        expect(
            all(close(output, wanted) for output in row) and len(row) == 2,
            "A model that branches by a conditional expression (`a if … else b`) gave another "
            "answer after its export.",
        )
    expect(values is True, "A model that counts its calls in a buffer was called by its export.")
    for number, (row, batch) in enumerate(zip(rows, batches, strict=True)):
        way = "another way through its branch" if number else "the example's way"
        if len(row) == 1:
            fail(f"A batch that takes {way} raised {error_name(row[0])}.")
        trace = ": what depends on values was fixed at the export, as in a trace" if number else ""
        expect(
            all(close(output, answer(batch)) for output in read(row, [object, object])),
            f"A batch that takes {way} got another answer than from the model{trace}.",
        )


@check(
    points=1,
    hint="eval() changes the model that it is called on: export a copy, or put the mode back.",
)
def test_leaves_the_model_alone(student, rng):
    """Modes and values stay as they were, and the file is in eval mode whatever the modes are."""
    sides = processes(student, rng)
    for suffix in (".pt", ".pt2"):
        for training in (True, False):
            made = scorer(rng)
            if training:  # test_eval_mode looks at what is in such a file
                _, (modes, values) = written(sides, made, suffix, made[1](2), training=True)
            else:
                # Only the model itself is in eval mode: dropout and batch norm are not.
                how = {"others": 3, "by_torch": False}
                modes, values = round_trip(
                    sides, made, suffix, 2, [2], f"From a {suffix} file", **how
                )
            was = "training" if training else "eval"
            expect(
                modes is True,
                f"A model in {was} mode, or a part of it, was in another mode after its export "
                f"(…{suffix}).",
            )
            expect(values is True, "Parameters or buffers of the model changed in its export.")
    for suffix, why in (
        (".pt2", "of a model that branches, to a .pt2 file"),
        ("s/missing/m.pt", "into a folder that does not exist"),
    ):
        seen = sides[0].run(
            exported,
            name=sides[2]["Branches"],
            sizes=[],
            weights={"scale": floats(rng, 1, low=2.0, high=5.0)},
            example=floats(rng, 3, 4, low=0.1),
            suffix=suffix,
            training=True,
            fails=True,
        )
        *_, modes, values = read(seen, [object] * 4)
        expect(
            modes is True and values is True,
            f"After an export that failed ({why}), the model was in another mode than before.",
        )


@check(points=1, hint="pathlib.Path(path).suffix, before anything else is done.")
def test_refuses_other_endings(student, rng):
    """Another ending than .pt or .pt2 is a ValueError, in both functions."""
    names = ["model.onnx", "model.pth", "model", "pt", "model.pt3", "model.pt.bak", "model.ptx"]
    rng.shuffle(names)

    @student.observe(names=names)
    def seen(module, names):
        import os
        import pathlib
        import tempfile
        from functools import partial

        import torch

        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / "model.pt").mkdir()  # a folder's name is no ending of the file's
        saved = pathlib.Path(tempfile.mkdtemp())
        found = []
        for name in names:
            path = folder / "model.pt" / name
            model, example = torch.nn.Linear(3, 2), torch.zeros(2, 3)
            wrote = error_of(partial(module.export_model, model, example, path), "ValueError")
            left = os.listdir(path.parent)
            torch.jit.save(torch.jit.script(model), saved / name)  # its ending is all that is wrong
            loaded = error_of(partial(module.load_model, str(saved / name)), "ValueError")
            found.append([wrote, len(left), loaded])
        path = saved / "new" / names[0]
        wrote = error_of(partial(module.export_model, model, example, path), "ValueError")
        return [*found, [wrote, int(path.parent.exists()), "ValueError"]]

    rule = Refusal(
        "ValueError",
        accepted="{what} accepted a path that ends in neither .pt nor .pt2; it is a ValueError.",
        other="For a path that ends in neither .pt nor .pt2, {what} raised {raised}, "
        "not a ValueError.",
    )
    for wrote, left, loaded in read(seen, [[str, int, str]] * (len(names) + 1)):
        expect_refusal(wrote, "export_model", rule)
        expect_refusal(loaded, "load_model", rule)
        expect(left == 0, "export_model refused a path and had made a file or a folder before.")
