"""The same where there is a GPU."""

from autograder.checks import check, expect, needs, same
from autograder.judging.vocabulary.evidence import read

from .common import equal, flat, seeded, train, training


def has_cuda(module):
    import torch

    return torch.cuda.is_available()


@check(points=1, kind="gpu", needs=("gpu",), hint="Its generator, and map_location='cpu'.")
def test_on_a_gpu(student, rng):
    """On a GPU: exact resume, and a restore to a model on the CPU."""
    # CUDA reserves a lot of address space.
    side = student.within(wall=120.0, cpu=120.0, memory=1 << 40, processes=256)
    needs("gpu", side.run(has_cuda) is True)
    seed, before, after = rng.randint(1, 10**6), rng.randint(3, 7), rng.randint(3, 6)

    @side.observe(helpers=(training, train, seeded, flat), seed=seed, before=before, after=after)
    def seen(module, seed, before, after):
        import tempfile

        def begun(seed, device="cuda"):
            seeded(seed)
            return training(device)

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

    whole, resumed, saved, found, places = read(seen, [object] * 5)
    expect(same(places, ["cpu", "cuda"]), "restore() moved the model to another device.")
    expect(equal(saved, found), "A model on the CPU got other weights than were saved on the GPU.")
    expect(
        equal(whole, resumed),
        "On the GPU a resumed run did not end like the uninterrupted "
        "one. Is the state of the GPU's generator in the checkpoint?",
    )
