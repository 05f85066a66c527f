# wrong: leaves the model in eval mode where the export fails  [test_leaves_the_model_alone]
from pathlib import Path

import torch


def _ending(path):
    suffix = Path(path).suffix
    if suffix not in {".pt", ".pt2"}:
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    return suffix


def export_model(model, example, path):
    suffix = _ending(path)
    modes = {part: part.training for part in model.modules()}
    model.eval()
    if suffix == ".pt":
        torch.jit.save(torch.jit.script(model), path)
    else:
        shapes = ({0: torch.export.Dim("batch")},)
        torch.export.save(torch.export.export(model, (example,), dynamic_shapes=shapes), path)
    for part, training in modes.items():
        part.training = training


def load_model(path):
    if _ending(path) == ".pt":
        return torch.jit.load(path)
    return torch.export.load(path).module()
