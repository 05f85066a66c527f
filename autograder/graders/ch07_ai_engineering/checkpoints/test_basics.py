"""Saving, restoring, the newest and the best."""

from autograder.checks import check, expect, same, show
from autograder.judging.vocabulary.evidence import read

from .common import back, equal, flat, numbers, place, small_model


@check(points=1, public=True, hint="One dict of state_dict()s, through torch.save and torch.load.")
def test_saves_and_restores(student):
    """save gives a path; restore brings weights, optimiser and step back."""

    @student.observe(helpers=(small_model, back, flat))
    def seen(module):
        import os
        import pathlib
        import tempfile

        folder = tempfile.mkdtemp()
        keeper = module.Checkpoints(folder)
        model, optimizer = small_model(0.5)
        before = flat(optimizer.state_dict()["state"])
        path = keeper.save(7, model, optimizer)
        inside = os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep)
        other, its = small_model(0.25)
        its.param_groups[0]["momentum"] = 0.5
        its.state.clear()
        keeper.restore(path, other, its)
        after = flat(its.state_dict()["state"])
        rate = its.param_groups[0]["momentum"]
        return [isinstance(path, pathlib.Path), inside, back(keeper, path), before, after, rate]

    is_path, inside, found, before, after, rate = read(seen, [bool, bool, *[object] * 4])
    expect(is_path, "save() should return a pathlib.Path; yours returned something else.")
    expect(inside, "The path that save() returned does not lie in the folder.")
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

    @student.observe(helpers=(small_model, place))
    def seen(module):
        import pathlib
        import tempfile

        folder = pathlib.Path(tempfile.mkdtemp())
        keeper, paths = module.Checkpoints(folder), []
        for step, loss in [(9, 0.9), (10, 0.2), (100, 0.5)]:
            paths.append(
                keeper.save(step, *small_model(1.0), metrics={"loss": loss, "score": -loss})
            )
        asked = [keeper.latest(), keeper.best("loss"), keeper.best("loss", mode="max")]
        asked += [keeper.best("loss", "min"), keeper.best("score"), keeper.best("score", "max")]
        asked += [keeper.best("accuracy")]
        return [place(path, paths) for path in asked]

    found = read(seen, [int | None] * 7)
    calls = ["latest()", "best('loss')", "best('loss', mode='max')", "best('loss', 'min')"]
    calls += ["best('score')", "best('score', 'max')"]
    names = {0: "that of step 9", 1: "that of step 10", 2: "that of step 100", None: "None"}
    for call, given, wanted in zip(calls, found, [2, 1, 0, 1, 0, 1], strict=False):
        given = names.get(given, "another path")
        score = " and score -0.9, -0.2, -0.5" if "score" in call else ""
        text = f"After steps 9, 10, 100 with loss 0.9, 0.2, 0.5{score}, {call} should be "
        expect(given == names[wanted], text + f"{names[wanted]}; yours was {given}.")
    expect(found[6] is None, "best('accuracy') should be None: no checkpoint has that metric.")


@check(points=1, hint="An empty folder is the beginning of every run: make it, and expect nothing.")
def test_none_when_there_is_none(student, rng):
    """A folder that does not exist is made; latest() and best() are None in it."""
    step, value = rng.randint(3, 10**6), numbers(rng, 1)[0]

    @student.observe(helpers=(small_model, back), step=step, value=value)
    def seen(module, step, value):
        import pathlib
        import tempfile

        new = pathlib.Path(tempfile.mkdtemp(), "runs", "first")
        keeper = module.Checkpoints(new)
        found = [keeper.latest(), keeper.best("loss"), keeper.best("loss", "max")]
        found = [each is None for each in found]
        keeper.save(step, *small_model(value))
        again = module.Checkpoints(new)
        return [*found, again.best("loss") is None, back(again, again.latest())]

    latest, small, large, without, found = read(seen, [*[bool] * 4, object])
    expect(latest, "Without any checkpoint, latest() was something else than None.")
    expect(small and large, "Without any checkpoint, best() was not None.")
    expect(without, "best() of a metric that no checkpoint has was not None.")
    expect(same(found, [step, value]), "What was saved to a new folder could not be restored.")
