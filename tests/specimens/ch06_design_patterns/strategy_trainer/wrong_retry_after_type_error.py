# wrong: a strategy that raises TypeError is called again by name  [test_setup_begins_anew]
from __future__ import annotations

import torch


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler
        self.optimizer = None
        self.scheduler = None

    def setup(self, model, lr):
        try:
            self.optimizer = self.make_optimizer(model.parameters(), lr)
        except TypeError:  # a strategy with keyword-only arguments
            self.optimizer = self.make_optimizer(params=model.parameters(), lr=lr)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
