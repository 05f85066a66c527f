"""export_model, load_model: a model in a file that needs no Python class to run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

### BEGIN SOLUTION
import copy


def _form(path: str | Path) -> str:
    """The ending of ``path``, which names the form of the file."""
    suffix = Path(path).suffix
    if suffix not in (".pt", ".pt2"):
        raise ValueError(f"path must end in .pt or .pt2, not {str(path)!r}")
    return suffix


### END SOLUTION


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
    ### BEGIN SOLUTION
    form = _form(path)
    # A copy: eval() and train() act on every part, and some parts may have a mode of their own.
    model = copy.deepcopy(model).eval()
    if form == ".pt":
        # Compiled from the source. A trace would keep one way through each branch.
        torch.jit.save(torch.jit.script(model), path)
    else:
        # By position: the name of forward's parameter is the model's own affair.
        any_batch = ({0: torch.export.Dim("batch")},)
        program = torch.export.export(model, (example,), dynamic_shapes=any_batch)
        torch.export.save(program, path)
    ### END SOLUTION


def load_model(path: str | Path) -> Callable[[torch.Tensor], torch.Tensor]:
    """What :func:`export_model` wrote to ``path``: a callable from a batch to the model's output.

    Raises ``ValueError`` if ``path`` ends in neither ``.pt`` nor ``.pt2``.
    """
    ### BEGIN SOLUTION
    if _form(path) == ".pt":
        return torch.jit.load(path)
    # An exported program is a description; its module() is what can be called.
    return torch.export.load(path).module()
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. TorchScript is a language of its own, a part of Python: what it does not know (most
# libraries, *args, many types) it refuses to compile. It is deprecated, and from Python 3.14 on
# no longer supported; new code exports. torch.export records one run, too, but with a symbol in
# the place of the batch size. Where the code asks a value to choose its way, it refuses, and
# torch.cond is the way to say that both ways are meant.
#
# Dim("batch") is a promise that is checked: if the model fixes the size somewhere (a reshape to
# the example's numbers), the export fails and says where. Dim.AUTO would fix it quietly. The
# example needs two rows, because sizes of 0 and 1 are taken for constants (a 1 broadcasts).
#
# Instead of a copy: remember `part.training` for each part of `model.modules()`, and put it back in
# a `finally`, since the export may fail. It
# saves the memory of a second model.
#
# Common mistakes: torch.save(model), which stores the class's name and fails elsewhere;
# torch.jit.trace, wrong without an error behind a branch; an export in training mode, which
# bakes the dropout in, where no eval() after loading reaches it; dynamic_shapes={"x": …}, which
# holds for models whose parameter is called x; testing with the example's batch size only.
### END SOLUTION
