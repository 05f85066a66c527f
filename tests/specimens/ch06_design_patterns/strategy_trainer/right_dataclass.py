# right: a dataclass; sets the gradients to None itself and goes back through torch.autograd
from dataclasses import dataclass, field
from typing import Any

import torch


@dataclass
class Trainer:
    make_optimizer: Any
    make_scheduler: Any = None
    optimizer: Any = field(default=None, init=False)
    scheduler: Any = field(default=None, init=False)
    params: tuple = field(default=(), init=False, repr=False)

    def setup(self, model, lr):
        self.params = tuple(model.parameters())
        self.optimizer = self.make_optimizer(iter(self.params), lr)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        for parameter in self.params:
            parameter.grad = None
        torch.autograd.backward(loss)
        self.optimizer.step()
        match self.scheduler:
            case None:
                pass
            case scheduler:
                scheduler.step()
