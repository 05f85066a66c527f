# wrong: torch.save straight to the path, half a file after a kill  [test_killed_in_mid_save]
import random
from pathlib import Path

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep must be positive, got {keep}")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keep = keep

    def _all(self):
        documents = {}
        for path in self.folder.glob("*.pt"):
            try:
                documents[path] = torch.load(path, map_location="cpu")
            except Exception as error:
                print(f"skipping {path.name}: {error}")
        return dict(sorted(documents.items(), key=lambda pair: pair[1]["step"]))

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        numpy_state = np.random.get_state()
        path = self.folder / f"checkpoint-{step:012d}.pt"
        torch.save(
            {
                "step": step,
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "scheduler": scheduler.state_dict() if scheduler else None,
                "metrics": {key: float(value) for key, value in (metrics or {}).items()},
                "rng": (
                    random.getstate(),
                    (numpy_state[0], numpy_state[1].tolist(), *numpy_state[2:]),
                    torch.get_rng_state(),
                ),
            },
            path,
        )
        documents = self._all()
        safe = set(list(documents)[-self.keep :])
        for name in {name for document in documents.values() for name in document["metrics"]}:
            safe |= {self.best(name), self.best(name, "max")}
        for path_ in set(documents) - safe:
            path_.unlink()
        return path

    def latest(self):
        return next(reversed(self._all()), None)

    def best(self, metric, mode="min"):
        pick = {"min": min, "max": max}
        if mode not in pick:
            raise ValueError(mode)
        values = {p: d["metrics"][metric] for p, d in self._all().items() if metric in d["metrics"]}
        return pick[mode](values, key=values.get, default=None)

    def restore(self, path, model, optimizer, scheduler=None):
        document = torch.load(path, map_location="cpu")
        model.load_state_dict(document["model"])
        optimizer.load_state_dict(document["optimizer"])
        if scheduler:
            scheduler.load_state_dict(document["scheduler"])
        for put, state in zip(
            (random.setstate, np.random.set_state, torch.set_rng_state), document["rng"]
        ):
            put(state)
        return document["step"]
