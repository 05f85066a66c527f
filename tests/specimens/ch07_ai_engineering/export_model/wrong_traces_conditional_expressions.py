# wrong: traces a model in which it finds no if, for or while statement, and overlooks conditional expressions  [test_control_flow_is_kept]
from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path

import torch


def _branches(model: torch.nn.Module) -> bool:
    for kind in {type(part) for part in model.modules() if not type(part).__module__.startswith("torch.nn")}:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
        if any(isinstance(node, (ast.If, ast.For, ast.While)) for node in ast.walk(tree)):
            return True
    return False


def export_model(model: torch.nn.Module, example: torch.Tensor, path: str | Path) -> None:
    path = Path(path)
    if path.suffix not in (".pt", ".pt2"):
        raise ValueError(f"unknown ending: {path.name}")
    modes = {part: part.training for part in model.modules()}
    model.eval()
    try:
        if path.suffix == ".pt":
            if _branches(model):
                script = torch.jit.script(model)
            else:
                script = torch.jit.trace(copy.deepcopy(model), example, check_trace=False)
            torch.jit.save(script, str(path))
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
