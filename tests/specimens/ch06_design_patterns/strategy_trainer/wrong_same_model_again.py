# wrong: a second setup with the same model and lr changes nothing ("it is set up already")  [test_setup_begins_anew]
from __future__ import annotations

import torch


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler
        self.optimizer = None
        self.scheduler = None
        self.ready = None

    def setup(self, model, lr):
        if self.ready is not None and self.ready[0] is model and self.ready[1] == lr:
            return
        self.ready = None
        self.optimizer = self.make_optimizer(model.parameters(), lr)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)
        self.ready = (model, lr)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
