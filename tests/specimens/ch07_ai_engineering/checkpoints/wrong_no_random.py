# wrong: model, optimiser and scheduler, but no random state  [test_exact_resume]
import os
import torch
from pathlib import Path


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError("keep < 1: " + str(keep))
        os.makedirs(folder, exist_ok=True)
        self._where, self._keep = Path(folder), keep

    def _load(self, path):
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except Exception:
            return None

    def _steps(self):
        loaded = [(self._load(path), path) for path in self._where.glob("*.ckpt")]
        return sorted((d["step"], path, d["metrics"]) for d, path in loaded if d is not None)

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
        document = {name: part.state_dict() for name, part in parts.items() if part is not None}
        document["step"] = step
        document["metrics"] = {k: float(v) for k, v in metrics.items()} if metrics else {}
        final = self._where / f"{step}.ckpt"
        torch.save(document, f"{final}.part")
        os.replace(f"{final}.part", final)
        steps = self._steps()
        stay = [path for _, path, _ in steps[-self._keep :]]
        for name in set().union(*(values for _, _, values in steps)):
            stay += [self.best(name, "min"), self.best(name, "max")]
        for _, path, _ in steps:
            if path not in stay:
                os.remove(path)
        return final

    def latest(self):
        steps = self._steps()
        return steps[-1][1] if steps else None

    def best(self, metric, mode="min"):
        if mode not in {"min", "max"}:
            raise ValueError(f"mode is min or max, not {mode}")
        ranked = sorted((v[metric], path) for _, path, v in self._steps() if metric in v)
        if not ranked:
            return None
        return ranked[0 if mode == "min" else -1][1]

    def restore(self, path, model, optimizer, scheduler=None):
        document = torch.load(path, map_location="cpu", weights_only=True)
        parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
        for name, part in parts.items():
            if part is not None:
                part.load_state_dict(document[name])
        return document["step"]
