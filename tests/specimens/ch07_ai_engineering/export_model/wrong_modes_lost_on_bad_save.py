# wrong: puts the modes back where exporting fails, but not where writing the file fails  [test_leaves_the_model_alone]
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch


def _put_back(modes: dict[torch.nn.Module, bool]) -> None:
    for part, mode in modes.items():
        part.training = mode


def export_model(model: torch.nn.Module, example: torch.Tensor, path: str | Path) -> None:
    path = Path(path)
    if path.suffix not in (".pt", ".pt2"):
        raise ValueError(f"unknown ending: {path.name}")
    modes = {part: part.training for part in model.modules()}
    model.eval()
    try:
        if path.suffix == ".pt":
            program = torch.jit.script(model)
        else:
            batch = torch.export.Dim("batch", min=1)
            program = torch.export.export(model, (example,), dynamic_shapes=({0: batch},))
    except BaseException:
        _put_back(modes)
        raise
    if path.suffix == ".pt":
        torch.jit.save(program, str(path))
    else:
        torch.export.save(program, path)
    _put_back(modes)


def load_model(path: str | Path) -> Callable[[torch.Tensor], torch.Tensor]:
    path = Path(path)
    if path.suffix == ".pt":
        return torch.jit.load(str(path))
    if path.suffix == ".pt2":
        return torch.export.load(path).module()
    raise ValueError(f"unknown ending: {path.name}")
