# right: a table of forms, a frozen script, bytes written at once, answers without gradients
from __future__ import annotations

import io
from copy import deepcopy
from pathlib import Path

import torch


def write_script(model, example, file):
    torch.jit.save(torch.jit.freeze(torch.jit.script(model)), file)


def write_program(model, example, file):
    with torch.no_grad():
        batch = torch.export.Dim("batch", min=1, max=2**20)
        shapes = ({0: batch, **dict.fromkeys(range(1, example.ndim))},)
        torch.export.save(torch.export.export(model, (example,), dynamic_shapes=shapes), file)


def read_program(file):
    return torch.export.load(file).module()


FORMS = {".pt": (write_script, torch.jit.load), ".pt2": (write_program, read_program)}


def form(path):
    path = Path(path)
    try:
        return path, *FORMS[path.suffix]
    except KeyError:
        raise ValueError(f"no form for {path.name!r}: use {' or '.join(FORMS)}") from None


class Served:
    def __init__(self, program):
        self.program = program

    @torch.inference_mode()
    def __call__(self, batch):
        return self.program(batch)


def export_model(model, example, path):
    path, write, _ = form(path)
    buffer = io.BytesIO()
    write(deepcopy(model).eval(), example.clone(), buffer)
    path.write_bytes(buffer.getvalue())


def load_model(path):
    path, _, read = form(path)
    return Served(read(io.BytesIO(path.read_bytes())))
