# wrong: the generator of torch is saved, those of random and NumPy are not  [test_exact_resume]
import dataclasses
import pathlib
import typing

import torch


@dataclasses.dataclass
class Checkpoints:
    folder: typing.Any
    keep: int = 3

    def __post_init__(self):
        if self.keep < 1:
            raise ValueError(f"keep={self.keep}")
        self.folder = pathlib.Path(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        state = [step, {}, model.state_dict(), optimizer.state_dict(), None, torch.get_rng_state()]
        if scheduler is not None:
            state[4] = scheduler.state_dict()
        for name, value in dict(metrics or ()).items():
            state[1][name] = float(value)
        path = self.folder / f"s{step}.pt"
        torch.save(state, path.with_suffix(".new"))
        path.with_suffix(".new").rename(path)
        for old in self._superfluous():
            old.unlink()
        return path

    def _found(self):
        found = []
        for path in self.folder.glob("s*.pt"):
            try:
                found.append((path, torch.load(path, map_location="cpu", weights_only=True)))
            except Exception:
                pass
        return sorted(found, key=lambda pair: pair[1][0])

    def _superfluous(self):
        found = self._found()
        names = {name for _, state in found for name in state[1]}
        extremes = {self.best(name, mode) for name in names for mode in ("min", "max")}
        return [path for path, _ in found[: -self.keep] if path not in extremes]

    def latest(self):
        for path, _ in reversed(self._found()):
            return path

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f"mode={mode!r}")
        found = [(state[1][metric], path) for path, state in self._found() if metric in state[1]]
        return {"min": min, "max": max}[mode](found)[1] if found else None

    def restore(self, path, model, optimizer, scheduler=None):
        step, _, weights, moments, rate, generator = torch.load(
            path, map_location="cpu", weights_only=True
        )
        model.load_state_dict(weights)
        optimizer.load_state_dict(moments)
        if scheduler is not None:
            scheduler.load_state_dict(rate)
        torch.set_rng_state(generator)
        return step
