# wrong: makes the folder of the path before it looks at the ending  [test_refuses_other_endings]
from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import torch


def export_model(model: torch.nn.Module, example: torch.Tensor, path: str | Path) -> None:
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix not in (".pt", ".pt2"):
        raise ValueError(f"{path} ends in neither .pt nor .pt2")
    frozen = copy.deepcopy(model).eval()
    if path.suffix == ".pt":
        torch.jit.script(frozen).save(str(path))
        return
    rows = torch.export.Dim("rows", min=1)
    program = torch.export.export(frozen, (example,), dynamic_shapes=({0: rows},))
    torch.export.save(program, str(path))


def load_model(path: str | Path) -> Callable[[torch.Tensor], torch.Tensor]:
    path = Path(path)
    if path.suffix == ".pt":
        return torch.jit.load(str(path))
    if path.suffix == ".pt2":
        return torch.export.load(str(path)).module()
    raise ValueError(f"{path} ends in neither .pt nor .pt2")
