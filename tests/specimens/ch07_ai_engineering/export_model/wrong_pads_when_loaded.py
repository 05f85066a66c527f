# wrong: the file takes batches of one size, to which load_model pads  [test_exported_program_of_any_batch]
import copy
from pathlib import Path

import torch


def export_model(model, example, path):
    model = copy.deepcopy(model).eval()
    match Path(path).suffix:
        case ".pt":
            torch.jit.script(model).save(path)
        case ".pt2":
            torch.export.save(torch.export.export(model, (torch.cat([example] * 200)[:200],)), path)
        case _:
            raise ValueError(f"path must end in .pt or .pt2, not {path}")


def load_model(path):
    match Path(path).suffix:
        case ".pt":
            return torch.jit.load(path)
        case ".pt2":
            model = torch.export.load(path).module()
            return lambda batch: model(torch.cat([batch] * 200)[:200])[: len(batch)]
        case _:
            raise ValueError(f"path must end in .pt or .pt2, not {path}")
