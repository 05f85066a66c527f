"""A run that goes on as if it had not been interrupted."""

from autograder.checks import check, expect, same
from autograder.judging.vocabulary.evidence import read

from .common import equal, flat, seeded, train, training


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

    kinds = [object, bool, object, object, [bool] * 3, [object] * 2, [object] * 2, object, object]
    whole, undisturbed, went_on, step, pieces, state, again, rates, resumed = read(seen, kinds)
    expect(same(step, before), "restore() did not return the step, an int.")
    expect(
        undisturbed and equal(whole, went_on),
        "A run that was saved on its way ended otherwise than one that was not: save() changes "
        "something, the state of a random generator perhaps.",
    )
    for what, a, b in zip(
        ("weights and buffers", "optimiser's moments"), state, again, strict=True
    ):
        expect(equal(a, b), f"After restore() the {what} were not those of the moment of save().")
    expect(same(rates, [True, True]), "After restore() the scheduler was not where it had been.")
    for what, good in zip(("random", "np.random", "torch"), pieces, strict=True):
        text = f"After restore() the generator of `{what}` went on with other numbers: "
        expect(good, text + "its state is not in the checkpoint, or not all of it.")
    expect(equal(resumed, whole), "A resumed run did not end like the uninterrupted one.")
