# wrong: a schedule whose step has a parameter "metrics" (ReduceLROnPlateau) gets the loss  [test_unfamiliar_strategies]
from __future__ import annotations

import inspect

import torch


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler
        self.optimizer = None
        self.scheduler = None

    def setup(self, model, lr):
        self.optimizer = self.make_optimizer(model.parameters(), lr)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            if "metrics" in inspect.signature(self.scheduler.step).parameters:
                self.scheduler.step(metrics=loss.item())
            else:
                self.scheduler.step()
