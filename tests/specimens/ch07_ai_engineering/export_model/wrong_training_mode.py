# wrong: exports the model in the mode that it is in  [test_eval_mode]
import copy
from pathlib import Path

import torch

READERS = {
    ".pt": torch.jit.load,
    ".pt2": lambda path: torch.export.load(path).module(),
}


def kind(path):
    suffix = Path(path).suffix
    if suffix not in READERS:
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    return suffix


def export_model(model, example, path):
    if kind(path) == ".pt":
        torch.jit.save(torch.jit.script(model), path)
    else:
        rows = torch.export.Dim("rows")
        # Batch norm in training mode counts its batches: on a copy, at least.
        program = torch.export.export(copy.deepcopy(model), (example,), dynamic_shapes=({0: rows},))
        torch.export.save(program, path)


def load_model(path):
    return READERS[kind(path)](path)
