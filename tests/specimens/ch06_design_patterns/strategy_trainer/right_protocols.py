# right: protocols, keyword arguments, a list of parameters, and a step in small methods
from typing import Protocol


class Steps(Protocol):
    def step(self): ...


class Optimizer(Steps, Protocol):
    def zero_grad(self): ...


class Trainer:
    optimizer: Optimizer
    scheduler: Steps | None = None

    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer, self.make_scheduler = make_optimizer, make_scheduler

    def setup(self, model, lr):
        self.optimizer = self.make_optimizer(params=list(model.parameters()), lr=lr)
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(optimizer=self.optimizer)
        return self

    def step(self, loss):
        self._backward(loss)
        self._advance()

    def _backward(self, loss):
        self.optimizer.zero_grad()
        loss.backward()

    def _advance(self):
        for part in (self.optimizer, self.scheduler):
            if part is not None:
                part.step()
