"""Arguments that are refused."""

from autograder.checks import check
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.refusals import Refusal, error_of, expect_refusal

from .common import small_model


@check(points=1, hint="Look at `keep` in __init__, and at `mode` first thing in best().")
def test_wrong_arguments(student, rng):
    """keep below 1, or an unknown mode, is a ValueError at once."""
    wrong = [0, -rng.randint(1, 99)]

    @student.observe(helpers=(small_model,), wrong=wrong)
    def seen(module, wrong):
        import tempfile

        keeper = module.Checkpoints(tempfile.mkdtemp(), keep=1)
        keeper.save(1, *small_model(1.0), metrics={"loss": 0.5})
        attempts = [lambda k=keep: module.Checkpoints(tempfile.mkdtemp(), keep=k) for keep in wrong]
        modes = [("loss", "median"), ("loss", "MAX "), ("loss", ""), ("score", "median")]
        attempts += [lambda n=name, m=mode: keeper.best(n, m) for name, mode in modes]
        empty = module.Checkpoints(tempfile.mkdtemp())
        attempts.append(lambda: empty.best("loss", "median"))
        return [error_of(attempt, "ValueError") for attempt in attempts]

    names = ["keep=0", "a negative keep", *["an unknown mode"] * 3]
    names.append("an unknown mode, for a metric that no checkpoint has,")
    names.append("an unknown mode, in an empty folder,")
    for what, end in zip(names, read(seen, [str] * 7), strict=True):
        expect_refusal(end, what, Refusal("ValueError"))
