"""export_model, load_model: a model in a file that needs no Python class to run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch


def export_model(model: torch.nn.Module, example: torch.Tensor, path: str | Path) -> None:
    """Write what ``model`` computes to ``path``, for a process that lacks the model's class.

    ``model`` takes one tensor, a batch of shape ``(B, …)``, and returns one tensor. The parameter
    of its ``forward`` may have any name. ``example`` is such a batch with two rows or more.
    The ending of ``path`` says in which form the file is written:

    * ``.pt`` is TorchScript, which ``torch.jit.load`` can read. Branches and loops that depend on
      values are kept, in submodules, too: every branch, not only the one that ``example`` takes.
    * ``.pt2`` is an exported program, which ``torch.export.load`` can read. (A model that
      branches on values cannot be exported: torch raises an exception.)

    In both forms:

    * The file can compute batches of any size from one row on, whatever the size of ``example``.
    * ``load_model`` gives what the model computes in ``eval()`` mode, whichever mode the model
      and its parts are in: dropout does nothing, and batch norm uses the statistics that it has
      learned.
    * The model and its parts keep their values and their modes, training or eval, also where the
      export fails.

    Raises ``ValueError`` if ``path`` ends in anything else; then nothing is written.

    >>> import tempfile
    >>> model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Dropout())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "model.pt2"
    ...     export_model(model, torch.zeros(4, 3), path)
    ...     served = load_model(path)
    >>> served(torch.zeros(7, 3)).shape
    torch.Size([7, 2])
    >>> model.training
    True
    """
    raise NotImplementedError("export_model: write your solution here")


def load_model(path: str | Path) -> Callable[[torch.Tensor], torch.Tensor]:
    """What :func:`export_model` wrote to ``path``: a callable from a batch to the model's output.

    Raises ``ValueError`` if ``path`` ends in neither ``.pt`` nor ``.pt2``.
    """
    raise NotImplementedError("export_model: write your solution here")
