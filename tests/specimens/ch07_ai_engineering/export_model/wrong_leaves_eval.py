# wrong: puts the caller's model into eval mode, and leaves it there  [test_leaves_the_model_alone]
from pathlib import Path

import torch


def export_model(model, example, path):
    suffix = Path(path).suffix
    if suffix not in {".pt", ".pt2"}:
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    model.eval()
    if suffix == ".pt":
        return torch.jit.save(torch.jit.script(model), path)
    shapes = ({0: torch.export.Dim("batch")},)
    torch.export.save(torch.export.export(model, (example,), dynamic_shapes=shapes), path)


def load_model(path):
    suffix = Path(path).suffix
    if suffix not in {".pt", ".pt2"}:
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    return torch.jit.load(path) if suffix == ".pt" else torch.export.load(path).module()
