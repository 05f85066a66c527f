# wrong: ends with model.train(), for all parts  [test_leaves_the_model_alone]
import copy
from pathlib import Path

import torch


def _ending(path):
    suffix = Path(path).suffix
    if suffix not in {".pt", ".pt2"}:
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    return suffix


def export_model(model, example, path):
    suffix = _ending(path)
    twin = copy.deepcopy(model).eval()
    if suffix == ".pt":
        torch.jit.save(torch.jit.script(twin), path)
    else:
        shapes = ({0: torch.export.Dim("batch")},)
        torch.export.save(torch.export.export(twin, (example,), dynamic_shapes=shapes), path)
    model.train()


def load_model(path):
    if _ending(path) == ".pt":
        return torch.jit.load(path)
    return torch.export.load(path).module()
