# wrong: sorts the names as text, where 9 comes after 10  [test_latest_and_best]
import glob
import os
import random
from pathlib import Path

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(keep)
        os.makedirs(folder, exist_ok=True)
        self.pattern, self.keep = os.path.join(folder, "step-*.pt"), keep

    def _usable(self):
        for name in sorted(glob.glob(self.pattern)):
            try:
                yield Path(name), torch.load(name, map_location="cpu")["metrics"]
            except Exception:
                continue

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        n = np.random.get_state()
        data = {
            "step": step,
            "metrics": {name: float(value) for name, value in (metrics or {}).items()},
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": None if scheduler is None else scheduler.state_dict(),
            "generators": (random.getstate(), (n[0], n[1].tolist(), *n[2:]), torch.get_rng_state()),
        }
        name = self.pattern.replace("*", str(step))
        torch.save(data, name + ".tmp")
        os.replace(name + ".tmp", name)
        usable = dict(self._usable())
        extremes = [self.best(m, mode) for v in usable.values() for m in v for mode in ("min", "max")]
        for path in list(usable)[: -self.keep]:
            if path not in extremes:
                os.remove(path)
        return Path(name)

    def latest(self):
        usable = list(self._usable())
        return usable[-1][0] if usable else None

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(mode)
        values = {path: metrics[metric] for path, metrics in self._usable() if metric in metrics}
        if not values:
            return None
        return (max if mode == "max" else min)(values, key=lambda path: values[path])

    def restore(self, path, model, optimizer, scheduler=None):
        data = torch.load(path, map_location="cpu")
        model.load_state_dict(data["model"])
        optimizer.load_state_dict(data["optimizer"])
        if scheduler is not None:
            scheduler.load_state_dict(data["scheduler"])
        python, numpy, own = data["generators"]
        random.setstate(python), np.random.set_state(numpy), torch.set_rng_state(own)
        return data["step"]
