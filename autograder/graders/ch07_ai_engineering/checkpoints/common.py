"""Models, runs and folders that the checks of ``checkpoints`` share."""

import numpy as np


def small_model(value, device="cpu"):
    """A small model whose parameters are all ``value``, and an optimiser with a momentum."""
    import torch

    model = torch.nn.Linear(3, 2).to(device)
    for parameter in model.parameters():
        parameter.data.fill_(value)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0, momentum=0.9)
    model(torch.ones(2, 3, device=device)).sum().backward()
    optimizer.step()  # a rate of 0: it makes the buffers, and the weights stay
    return model, optimizer


def back(keeper, path, build=None):
    """``[step, weight]`` of a checkpoint, restored into another model; or why that failed."""
    if path is None:
        return None
    model, optimizer = (build or small_model)(-1.0)
    try:
        step = keeper.restore(path, model, optimizer)
    except Exception as error:
        return type(error).__name__
    values = {float(v) for p in model.parameters() for v in p.detach().flatten()}
    return [step, values.pop() if len(values) == 1 else "mixed"]


def outcome(call):
    """What ``call()`` returns, or the name of the exception that it raises."""
    try:
        return call()
    except Exception as error:
        return type(error).__name__


def place(path, paths):
    """The number of ``path`` among ``paths``; None for None, -1 if it is none of them."""
    import os

    if path is None:
        return None
    names = [os.path.realpath(p) for p in paths]
    path = os.path.realpath(path)
    return names.index(path) if path in names else -1


def training(device="cpu"):
    """A model with dropout and running means, Adam, and a rate that falls."""
    import torch

    layers = torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Dropout(0.5)
    model = torch.nn.Sequential(*layers, torch.nn.Linear(4, 1)).to(device)
    optimizer = torch.optim.Adam(model.parameters(), 0.1)
    return model, optimizer, torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.7)


def train(model, optimizer, scheduler, steps):
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


def equal(a, b):
    """Two arrays, equal bit for bit."""
    good = all(type(x) is np.ndarray and x.dtype == np.float64 and x.size > 0 for x in (a, b))
    return good and a.tobytes() == b.tobytes()


def numbers(rng, count):
    """Different values that a float32 holds exactly."""
    return [n / 64 for n in rng.sample(range(1, 4000), count)]


def steps(rng, count):
    """Rising steps, of more and more digits, up to 14.

    The more digits, the lower the first one: as text they come in another order, also where
    names are filled up with zeros.
    """
    digits = [*sorted(rng.sample(range(1, 12), count - 2)), 13, 14]
    firsts = sorted(rng.choices(range(2, 9), k=count - 2), reverse=True)
    return [
        first * 10 ** (number - 1) + rng.randrange(10 ** (number - 1) or 1)
        for first, number in zip([9, *firsts, 1], digits, strict=True)
    ]
