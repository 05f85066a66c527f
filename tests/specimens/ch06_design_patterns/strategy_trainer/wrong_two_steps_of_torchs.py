# wrong: as in the example for two steps, then torch's own schedules stand still  [test_unfamiliar_strategies]
import torch


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer, self.make_scheduler = make_optimizer, make_scheduler

    def setup(self, model, lr):
        self.steps = 0
        self.optimizer = self.make_optimizer(model.parameters(), lr=lr)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.steps += 1
        torchs = isinstance(self.optimizer, torch.optim.Optimizer)
        if self.scheduler is not None and not (torchs and self.steps > 2):
            self.scheduler.step()
