# wrong: looks at the mode only where a checkpoint has the metric  [test_wrong_arguments]
import math
import os
import random
from pathlib import Path

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep must be at least 1, not {keep}")
        self.folder = Path(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.keep = keep

    def _found(self):
        """(step, path, metrics) of what can be loaded, by step."""
        found = []
        for path in self.folder.glob("*.checkpoint"):
            try:
                content = torch.load(path, map_location="cpu", weights_only=True)
            except Exception:
                continue
            found.append((content["step"], path, content["metrics"]))
        return sorted(found, key=lambda entry: entry[0])

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        kind, keys, *rest = np.random.get_state()
        content = {
            "step": step,
            "metrics": {name: float(value) for name, value in (metrics or {}).items()},
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict() if scheduler else None,
            "random": random.getstate(),
            "numpy": (kind, keys.tolist(), *rest),
            "torch": torch.get_rng_state(),
            "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        path = self.folder / f"{step}.checkpoint"
        part = self.folder / f"{step}.part"
        torch.save(content, part)
        os.replace(part, path)
        self._clean(step)
        return path

    def _clean(self, newest):
        found = self._found()
        stay = [entry for entry in found if entry[0] <= newest]
        good = {path for _, path, _ in stay[-self.keep :]}
        for metric in {name for _, _, metrics in stay for name in metrics}:
            good |= {self._best(stay, metric, min), self._best(stay, metric, max)}
        for _, path, _ in found:
            if path not in good:
                path.unlink()

    def _best(self, found, metric, choose):
        values = {path: metrics[metric] for _, path, metrics in found if metric in metrics}
        values = {path: value for path, value in values.items() if not math.isnan(value)}
        return choose(values, key=values.get, default=None)

    def latest(self):
        found = self._found()
        return found[-1][1] if found else None

    def best(self, metric, mode="min"):
        found = [entry for entry in self._found() if metric in entry[2]]
        if not found:
            return None
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be min or max, not {mode}")
        return self._best(found, metric, min if mode == "min" else max)

    def restore(self, path, model, optimizer, scheduler=None):
        content = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(content["model"])
        optimizer.load_state_dict(content["optimizer"])
        if scheduler:
            scheduler.load_state_dict(content["scheduler"])
        random.setstate(content["random"])
        np.random.set_state(content["numpy"])
        torch.set_rng_state(content["torch"])
        for device, state in enumerate(content["cuda"][: torch.cuda.device_count()]):
            torch.cuda.set_rng_state(state, device)
        return content["step"]
