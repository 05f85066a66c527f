# wrong: tries the model on the example first; a buffer that forward changes in eval mode, too, is another afterwards  [test_control_flow_is_kept]
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch


def export_model(model: torch.nn.Module, example: torch.Tensor, path: str | Path) -> None:
    path = Path(path)
    if path.suffix not in (".pt", ".pt2"):
        raise ValueError(f"unknown ending: {path.name}")
    modes = {part: part.training for part in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            if not isinstance(model(example), torch.Tensor):
                raise TypeError("the model must return one tensor")
        if path.suffix == ".pt":
            torch.jit.save(torch.jit.script(model), str(path))
        else:
            batch = torch.export.Dim("batch", min=1)
            program = torch.export.export(model, (example,), dynamic_shapes=({0: batch},))
            torch.export.save(program, path)
    finally:
        for part, mode in modes.items():
            part.training = mode


def load_model(path: str | Path) -> Callable[[torch.Tensor], torch.Tensor]:
    path = Path(path)
    if path.suffix == ".pt":
        return torch.jit.load(str(path))
    if path.suffix == ".pt2":
        return torch.export.load(path).module()
    raise ValueError(f"unknown ending: {path.name}")
