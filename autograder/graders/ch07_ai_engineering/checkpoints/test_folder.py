"""Which checkpoints stay in a folder, and what a new process knows of it."""

from autograder.checks import check, expect, fail, same
from autograder.judging.vocabulary.evidence import read

from .common import back, numbers, outcome, place, small_model, steps


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


@check(points=1, hint="Work out the set that stays, from all that is there; delete the others.")
def test_keeps_what_is_wanted(student, rng):
    """The last keep stay, and the extremes of each metric; the others go."""
    number = 8
    losses, scores = numbers(rng, number), [-score for score in numbers(rng, number)]
    every = zip(steps(rng, number), losses, scores, strict=True)
    rows = [[step, {"loss": loss, "score": score}] for step, loss, score in every]
    for n in [*rng.sample(range(number - 1), 2), number - 1]:  # the last one lacks one, or both
        rows[n][1] = rng.choice([None, {"loss": losses[n]}, {"score": scores[n]}])
    # The smallest and the largest come early in one metric, so that they outlive the window.
    early = [[step, {"loss": [9.5, 0.5, *losses][n]}] for n, step in enumerate(steps(rng, 4))]
    for row in early[2:]:
        row[1]["loss"] = 1 + row[1]["loss"] / 64
    runs = [[rng.randint(2, 3), rows], [None, [[step, None] for step in steps(rng, 5)]], [1, early]]

    @student.observe(helpers=(small_model,), runs=runs)
    def seen(module, runs):
        import tempfile

        found = []
        for keep, rows in runs:
            options = {} if keep is None else {"keep": keep}
            folder, paths = tempfile.mkdtemp(), []
            keeper, there = module.Checkpoints(folder, **options), []
            model, optimizer = small_model(1.0)
            for n, (step, metrics) in enumerate(rows):
                if n == len(rows) // 2:  # another process takes over
                    keeper = module.Checkpoints(folder, **options)
                paths.append(keeper.save(step, model, optimizer, metrics=metrics))
                there.append([path.exists() for path in paths])
            found.append(there)
        return found

    for (keep, rows), there in zip(runs, read(seen, [list] * 3), strict=True):
        read(there, [[bool] * n for n in range(1, len(rows) + 1)])
        for n, exists in enumerate(there):
            wanted = _wanted(rows[: n + 1], keep or 3)
            for at, stays in enumerate(exists):
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


@check(points=1, hint="The steps beyond the one that is saved belong to a run that was given up.")
def test_going_back(student, rng):
    """Saving a step drops those of later steps; the new one stays, and is latest()."""
    some = steps(rng, 6)
    low = numbers(rng, 1)[0]
    every = some[:3] + some[4:]
    runs, stays = [], []  # [keep, the step gone back to], and the places that stay
    for keep in (1, rng.randint(2, 3)):
        at = rng.randrange(3)
        runs.append([keep, some[at] + 1])
        stays.append(range(max(0, at + 2 - keep), at + 1))

    @student.observe(helpers=(small_model, back, outcome, place), every=every, runs=runs, low=low)
    def seen(module, every, runs, low):
        import shutil
        import tempfile

        class Unwritable:
            def __reduce__(self):
                raise OSError("no space left")

        folder, found = tempfile.mkdtemp(), []
        keeper, losses = module.Checkpoints(folder, keep=9), [None, None, None, {"loss": low}, None]
        paths = [
            keeper.save(step, *small_model(1.0), metrics=loss)
            for step, loss in zip(every, losses, strict=True)
        ]
        whole = shutil.copytree(folder, tempfile.mkdtemp() + "/whole", symlinks=True)
        for keep, again in runs:
            shutil.rmtree(folder)
            shutil.copytree(whole, folder, symlinks=True)
            keeper = module.Checkpoints(folder, keep=keep)
            model, optimizer = small_model(2.0)
            optimizer.param_groups[0]["note"] = Unwritable()
            failed = type(outcome(lambda: keeper.save(again, model, optimizer))) is str
            early = failed and not all(path.exists() for path in paths)
            new = keeper.save(again, *small_model(2.0))
            row = [new.exists(), place(keeper.latest(), [new]), back(keeper, keeper.latest())]
            there = [path.exists() for path in paths]
            keeper.save(again + 1, *small_model(3.0))
            found.append([*row, there, back(keeper, keeper.latest()), early])
        return found

    for (_, again), stay, row in zip(runs, stays, read(seen, [list] * 2), strict=True):
        kinds = [bool, object, object, list, object, bool]
        exists, latest, restored, there, later, early = read(row, kinds)
        expect(
            exists,
            "A step below those in the folder was saved, as after going back, and the path that "
            "save() returned did not exist: the new checkpoint was deleted as the oldest.",
        )
        expect(
            same(latest, 0) and same(restored, [again, 2.0]),
            "A step below those in the folder was saved, as after going back, and latest() was "
            "not the new checkpoint.",
        )
        expect(
            not any(there[n] for n, step in enumerate(every) if step > again),
            "Checkpoints of later steps than the one that was saved were still there.",
        )
        expect(
            same(there, [n in stay for n in range(len(every))]),
            "After going back, the last `keep` of the steps up to the new one did not stay.",
        )
        expect(same(later, [again + 1, 3.0]), "After going back, the next save was not latest().")
        expect(not early, "A save that could not write its file had deleted checkpoints before.")


@check(points=1, hint="Every comparison with a NaN is False, so min() may return it.")
def test_nan_is_no_value(student, rng):
    """A NaN counts as if the metric were missing."""
    low, mid, high = sorted(numbers(rng, 3))
    nan = float("nan")
    orders = [rng.sample([low, mid, high, nan], 4)]
    orders += [[nan, low, high, mid], [low, high, nan, mid], [nan, nan]]

    @student.observe(helpers=(small_model, place), orders=orders)
    def seen(module, orders):
        import tempfile

        found = []
        for losses in orders:
            keeper, paths = module.Checkpoints(tempfile.mkdtemp(), keep=1), []
            for step, loss in enumerate([*losses, None]):
                metrics = None if loss is None else {"loss": loss}
                paths.append(keeper.save(step, *small_model(1.0), metrics=metrics))
            best = [place(keeper.best("loss", mode), paths) for mode in ("min", "max")]
            found.append([best, [path.exists() for path in paths]])
        return found

    kinds = [[list, [bool] * (len(losses) + 1)] for losses in orders]
    for losses, (best, there) in zip(orders, read(seen, kinds), strict=True):
        wanted = [losses.index(low), losses.index(high)] if low in losses else [None, None]
        expect(
            same(best, wanted),
            "With a NaN among the values, best() was another checkpoint than without it."
            if low in losses
            else "With no value but NaN, best() was not None.",
        )
        expect(
            all(there[at] for at in wanted if at is not None),
            "With a NaN among the values, the checkpoint with the smallest or the largest "
            "value was deleted.",
        )
        stayed = any(exists for exists, loss in zip(there, losses, strict=False) if loss != loss)
        expect(not stayed, "A checkpoint stayed for the sake of a NaN.")


@check(
    points=1, hint="Whatever it must know, read it from the folder: by the steps, not the times."
)
def test_another_process(student, rng):
    """A new Checkpoints of the folder knows it all; file times and other files mean nothing."""
    some, losses = steps(rng, 5), numbers(rng, 5)
    small, large = losses.index(min(losses)), losses.index(max(losses))

    names = ["notes.txt", rng.choice(["run.log", "config.json", "README.md", "curve.csv"])]

    @student.observe(helpers=(small_model, place), some=some, losses=losses, names=names)
    def seen(module, some, losses, names):
        import os
        import pathlib
        import tempfile

        folder = tempfile.mkdtemp()
        others = [pathlib.Path(folder, name) for name in names]
        for other in others:
            other.write_text("dropout 0.3 was too much")
        keeper = module.Checkpoints(folder, keep=9)
        paths = [
            keeper.save(step, *small_model(1.0), metrics={"loss": loss})
            for step, loss in zip(some, losses, strict=True)
        ]
        for n, path in enumerate(paths):
            os.utime(path, (10**9 - n, 10**9 - n))
        new = module.Checkpoints(folder, keep=1)
        found = [new.latest(), new.best("loss"), new.best("loss", "max"), new.best("score")]
        found = [place(path, paths) for path in found]
        new.save(some[-1] + 1, *small_model(1.0))
        return [found, [path.exists() for path in paths], all(o.exists() for o in others)]

    (latest, low, high, none), there, notes = read(seen, [[object] * 4, object, bool])
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
    expect(notes, "A file of another kind that lay in the folder, such as a notes.txt, is gone.")
