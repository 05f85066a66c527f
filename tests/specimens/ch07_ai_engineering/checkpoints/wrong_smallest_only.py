# wrong: keeps the smallest value of each metric, and lets the largest go  [test_keeps_what_is_wanted]
import random
from functools import partial
from pathlib import Path

import numpy as np
import torch

load = partial(torch.load, map_location="cpu", weights_only=True)


def attempted(path):
    try:
        return load(path)
    except Exception:
        return {}


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep = {keep}, must be > 0")
        Path(folder).mkdir(parents=True, exist_ok=True)
        self.folder, self.keep = Path(folder), keep

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        algorithm, keys, *others = np.random.get_state()
        state = {"step": step, "metrics": {}, "own": torch.get_rng_state()}
        state["python"], state["numpy"] = random.getstate(), (algorithm, keys.tolist(), *others)
        state["metrics"].update({name: float(v) for name, v in (metrics or {}).items()})
        state["0"], state["1"] = model.state_dict(), optimizer.state_dict()
        if scheduler is not None:
            state["2"] = scheduler.state_dict()
        path = self.folder / f"ck{step}.pt"
        torch.save(state, self.folder / "unfinished")
        (self.folder / "unfinished").replace(path)
        table = self.table()
        keep = {*sorted(table, key=table.get)[-self.keep :]}
        for metrics in [load(path)["metrics"] for path in table]:
            keep.update(self.best(name) for name in metrics)
        for old in table.keys() - keep:
            old.unlink()
        return path

    def table(self):
        found = {path: attempted(path) for path in self.folder.glob("ck*.pt")}
        return {path: state["step"] for path, state in found.items() if state}

    def latest(self):
        table = self.table()
        return max(table, key=table.get, default=None)

    def best(self, metric, mode="min"):
        if mode not in ["min", "max"]:
            raise ValueError(f"{mode} is no mode")
        best = None, None
        for path in self.table():
            value = load(path)["metrics"].get(metric)
            if value is None:
                continue
            if best[0] is None or (value < best[0] if mode == "min" else value > best[0]):
                best = value, path
        return best[1]

    def restore(self, path, model, optimizer, scheduler=None):
        state = load(path)
        for number, target in enumerate((model, optimizer, scheduler)):
            if target is not None:
                target.load_state_dict(state[str(number)])
        random.setstate(state["python"])
        np.random.set_state(state["numpy"])
        torch.set_rng_state(state["own"])
        return state["step"]
