# wrong: chooses the optimiser by the name of what it was given  [test_unfamiliar_strategies]
import torch

KNOWN = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        name = getattr(make_optimizer, "__name__", "").lower()
        self.make_optimizer = KNOWN.get(name, make_optimizer)
        self.make_scheduler = make_scheduler

    def setup(self, model, lr):
        self.optimizer = self.make_optimizer(model.parameters(), lr=lr)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
