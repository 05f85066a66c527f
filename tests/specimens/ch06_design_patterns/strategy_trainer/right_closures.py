# right: setup makes the step as a closure; backward through torch.autograd.backward, in a class with slots
from __future__ import annotations



import torch


class Trainer:
    __slots__ = ("_go", "_strategies", "optimizer", "scheduler")

    def __init__(self, make_optimizer, make_scheduler=None):
        self._strategies = (make_optimizer, make_scheduler)

    def setup(self, model, lr):
        make, schedule = self._strategies
        self.optimizer = make(model.parameters(), lr)
        self.scheduler = schedule(self.optimizer) if schedule is not None else None
        after = (self.optimizer.step, *((self.scheduler.step,) if self.scheduler is not None else ()))
        before = self.optimizer.zero_grad

        def go(loss):
            before()
            torch.autograd.backward((loss,))
            for step in after:
                step()

        self._go = go

    def step(self, loss):
        self._go(loss)
