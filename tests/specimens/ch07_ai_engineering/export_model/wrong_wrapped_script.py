# wrong: wraps the TorchScript in a file of its own  [test_torchscript_without_the_class]
import copy
import io
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
        script = io.BytesIO()
        torch.jit.save(torch.jit.script(twin), script)
        torch.save({"script": script.getvalue()}, path)
    else:
        shapes = ({0: torch.export.Dim("batch")},)
        torch.export.save(torch.export.export(twin, (example,), dynamic_shapes=shapes), path)


def load_model(path):
    if _ending(path) == ".pt":
        return torch.jit.load(io.BytesIO(torch.load(path)["script"]))
    return torch.export.load(path).module()
