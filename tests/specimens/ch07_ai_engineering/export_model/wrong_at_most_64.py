# wrong: an upper bound for the batch  [test_exported_program_of_any_batch]
import copy
import pathlib

import torch


def checked(path):
    path = pathlib.Path(path)
    if path.suffix == ".pt" or path.suffix == ".pt2":
        return path
    raise ValueError(f"path must end in .pt or .pt2, not {path}")


def export_model(model, example, path):
    path, model = checked(path), copy.deepcopy(model).eval()
    if path.suffix == ".pt":
        torch.jit.save(torch.jit.script(model), path)
    else:
        batch = torch.export.Dim("batch", min=1, max=64)
        program = torch.export.export(model, (example,), dynamic_shapes=({0: batch},))
        torch.export.save(program, path)


def load_model(path):
    path = checked(path)
    return torch.jit.load(path) if path.suffix == ".pt" else torch.export.load(path).module()
