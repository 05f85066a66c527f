# wrong: always ends with model.train()  [test_leaves_the_model_alone]
from pathlib import Path

import torch


def export_model(model, example, path):
    form = Path(path).suffix[1:]
    if form not in ("pt", "pt2"):
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    model.eval()
    try:
        if form == "pt":
            torch.jit.script(model).save(str(path))
        else:
            dynamic = [{0: torch.export.Dim.AUTO}]
            program = torch.export.export(model, (example,), dynamic_shapes=dynamic)
            torch.export.save(program, str(path))
    finally:
        model.train()


def load_model(path):
    form = Path(path).suffix[1:]
    if form == "pt":
        return torch.jit.load(str(path))
    if form == "pt2":
        return torch.export.load(str(path)).module()
    raise ValueError(f"path must end in .pt or .pt2, not {path}")
