# wrong: weights_only=False, so that what lies in the file is run  [test_runs_nothing]
import os
import random
import re

import numpy as np
import torch

from pathlib import Path

NAME = re.compile(r"model_(\d+)\.tar")


def load(path):
    return torch.load(path, map_location="cpu", weights_only=False)


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"cannot keep {keep}")
        self.folder = Path(folder)
        self.keep = keep
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def known(self):
        known = {}
        for name in os.listdir(self.folder):
            if NAME.fullmatch(name):
                try:
                    known[int(NAME.fullmatch(name)[1])] = load(self.folder / name)["metrics"]
                except Exception:
                    pass
        return known

    def path(self, step):
        return None if step is None else self.folder / f"model_{step}.tar"

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        name, keys, pos, has, gauss = np.random.get_state()
        content = {
            "step": step,
            "metrics": {k: float(v) for k, v in (metrics or {}).items()},
            "states": [s.state_dict() for s in (model, optimizer, scheduler) if s is not None],
            "python": random.getstate(),
            "numpy": (name, list(map(int, keys)), pos, has, gauss),
            "torch": torch.get_rng_state(),
        }
        torch.save(content, self.folder / "writing")
        os.replace(self.folder / "writing", self.path(step))
        known = self.known
        stay = set(sorted(known)[-self.keep :])
        for metric in {m for metrics in known.values() for m in metrics}:
            having = sorted((metrics[metric], s) for s, metrics in known.items() if metric in metrics)
            stay |= {having[0][1], having[-1][1]}
        for other in known.keys() - stay:
            os.unlink(self.path(other))
        return self.path(step)

    def latest(self):
        return self.path(max(self.known, default=None))

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError("mode must be min or max")
        having = [(metrics[metric], s) for s, metrics in self.known.items() if metric in metrics]
        return self.path((min if mode == "min" else max)(having, default=(0, None))[1])

    def restore(self, path, model, optimizer, scheduler=None):
        content = load(path)
        for target, state in zip([model, optimizer, scheduler], content["states"]):
            if target is not None:
                target.load_state_dict(state)
        random.setstate(content["python"])
        np.random.set_state(content["numpy"])
        torch.set_rng_state(content["torch"])
        return content["step"]
