# wrong: the newest by its name, whether it loads or not  [test_skips_corrupt_files]
import json
import random
from pathlib import Path

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep must be at least 1 (it is {keep})")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keep = keep

    def _steps(self):
        return sorted(int(path.stem) for path in self.folder.glob("*.pt"))

    def _values(self, metric):
        values = {}
        for step in self._steps():
            notes = json.loads((self.folder / f"{step}.json").read_text())
            if metric in notes:
                values[step] = notes[metric]
        return values

    def _write(self, name, write):
        partial = self.folder / f"{name}.partial"
        write(partial)
        return partial.replace(self.folder / name)

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        notes = {name: float(value) for name, value in (metrics or {}).items()}
        numpy_state = np.random.get_state()
        state = {
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict() if scheduler else None,
            "python": random.getstate(),
            "numpy": (numpy_state[0], numpy_state[1].tolist(), *numpy_state[2:]),
            "torch": torch.get_rng_state(),
        }
        self._write(f"{step}.json", lambda path: path.write_text(json.dumps(notes)))
        path = self._write(f"{step}.pt", lambda path: torch.save(state, path))
        steps = self._steps()
        stay = set(steps[-self.keep :])
        names = set()
        for known in steps:
            names |= json.loads((self.folder / f"{known}.json").read_text()).keys()
        for values in map(self._values, names):
            stay |= {min(values, key=values.get), max(values, key=values.get)}
        for old in set(steps) - stay:
            (self.folder / f"{old}.pt").unlink()
            (self.folder / f"{old}.json").unlink()
        return path

    def latest(self):
        steps = self._steps()
        return self.folder / f"{steps[-1]}.pt" if steps else None

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f"no such mode: {mode}")
        values = self._values(metric)
        if not values:
            return None
        step = min(values, key=values.get) if mode == "min" else max(values, key=values.get)
        return self.folder / f"{step}.pt"

    def restore(self, path, model, optimizer, scheduler=None):
        state = torch.load(path, map_location="cpu")
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        if scheduler:
            scheduler.load_state_dict(state["scheduler"])
        random.setstate(state["python"])
        np.random.set_state(state["numpy"])
        torch.set_rng_state(state["torch"])
        return state["step"]
