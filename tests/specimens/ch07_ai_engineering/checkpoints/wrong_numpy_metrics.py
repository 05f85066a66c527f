# wrong: metrics are stored as they come, NumPy's too, and then cannot be read  [test_loads_as_data]
import contextlib
import random
from pathlib import Path

import numpy
import torch


def generators():
    kind, keys, *rest = numpy.random.get_state()
    return [random.getstate(), [kind, keys.tolist(), *rest], torch.get_rng_state()]


class Checkpoints:
    def __init__(self, folder, keep=3):
        self.folder, self.keep = Path(folder), keep
        if self.keep < 1:
            raise ValueError(f"keep is {keep}; at least 1")
        self.folder.mkdir(parents=True, exist_ok=True)

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        states = [None if s is None else s.state_dict() for s in (model, optimizer, scheduler)]
        path = self.folder.joinpath(f"at_{step}.pt")
        draft = self.folder.joinpath(f"at_{step}.draft")
        torch.save((step, metrics or {}, states, generators()), draft)
        draft.replace(path)
        ordered = self._ordered()
        wanted = [one for _, _, one in ordered[-self.keep :]]
        wanted += [self.best(name, mode) for _, m, _ in ordered for name in m for mode in MODES]
        for _, _, one in ordered:
            one in wanted or one.unlink()
        return path

    def _ordered(self):
        rows = []
        for path in self.folder.glob("at_*.pt"):
            with contextlib.suppress(Exception):
                step, metrics, *_ = torch.load(path, map_location="cpu", weights_only=True)
                rows.append((step, metrics, path))
        rows.sort(key=lambda row: row[0])
        return rows

    def latest(self):
        return (self._ordered() or [[None]])[-1][-1]

    def best(self, metric, mode="min"):
        if mode not in MODES:
            raise ValueError(f"mode: one of {list(MODES)}")
        return MODES[mode](
            (row for row in self._ordered() if metric in row[1]),
            key=lambda row: row[1][metric],
            default=[None],
        )[-1]

    def restore(self, path, model, optimizer, scheduler=None):
        step, _, states, (python, its, ours) = torch.load(path, map_location="cpu")
        for target, state in zip((model, optimizer, scheduler), states):
            target is None or target.load_state_dict(state)
        random.setstate(python)
        numpy.random.set_state(its)
        torch.set_rng_state(ours)
        return step


MODES = {"min": min, "max": max}
