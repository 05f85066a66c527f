"""Trainer: an optimiser and a schedule that are passed in, and one step that uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch


class Trainer:
    """Trains a model with whatever optimiser and schedule it is given.

    Both come from strategies: callables that ``setup`` calls with these arguments, by position
    or by name.

    * ``make_optimizer(params, lr)`` returns an optimiser for ``params``, an iterable of parameters.
    * ``make_scheduler(optimizer)`` returns a learning-rate schedule for that optimiser.

    A strategy may be any callable, and what it returns need not come from torch. An optimiser is
    asked for ``zero_grad()`` and ``step()`` only, a schedule for ``step()`` only, each without
    arguments. Names, classes and other attributes decide nothing. Only ``make_scheduler=None``
    means that there is no schedule: strategies and what they return may be falsy.

    >>> def make_optimizer(params, lr):
    ...     return torch.optim.SGD(params, lr)
    >>> def make_scheduler(optimizer):
    ...     return torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    >>> trainer = Trainer(make_optimizer, make_scheduler)
    >>> model = torch.nn.Linear(1, 1, bias=False)
    >>> _ = torch.nn.init.ones_(model.weight)
    >>> trainer.setup(model, lr=0.25)
    >>> trainer.step(2 * model.weight.sum())
    >>> model.weight.item()
    0.5
    >>> trainer.optimizer.param_groups[0]["lr"]
    0.125
    """

    def __init__(
        self,
        make_optimizer: Callable[[Iterable[torch.nn.Parameter], float], Any],
        make_scheduler: Callable[[Any], Any] | None = None,
    ) -> None:
        raise NotImplementedError("strategy_trainer: write your solution here")

    def setup(self, model: torch.nn.Module, lr: float) -> None:
        """Make an optimiser for ``model``, and a schedule for that optimiser.

        ``make_optimizer`` gets all parameters of ``model``, as ``model.parameters()`` gives them,
        and ``lr``. Each strategy is called once, ``make_scheduler`` with the very optimiser that
        ``make_optimizer`` returned. No step is taken. What the strategies returned is left in the
        attributes ``optimizer`` and ``scheduler``; without a schedule ``scheduler`` is None.

        Another ``setup`` starts over: it calls the strategies again, for the model and the ``lr``
        that it is given, and later steps leave the earlier model alone.
        """
        raise NotImplementedError("strategy_trainer: write your solution here")

    def step(self, loss: torch.Tensor) -> None:
        """One step of training on ``loss``, a tensor with one number.

        First the gradients are zeroed, by ``zero_grad()`` or in another way: what an earlier step
        or other code left in them does not count. Then ``loss`` is backpropagated, then the
        optimiser makes one step, and last the schedule, if there is one, makes one.
        """
        raise NotImplementedError("strategy_trainer: write your solution here")
