# wrong: makes a schedule of its own where none was given  [test_without_a_schedule]
import torch


def constant(optimizer):
    if isinstance(optimizer, torch.optim.Optimizer):
        return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
    return Constant()


class Constant:
    def step(self):
        pass


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=constant):
        self.make_optimizer, self.make_scheduler = make_optimizer, make_scheduler

    def setup(self, model, lr):
        self.optimizer = self.make_optimizer(model.parameters(), lr)
        self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.scheduler.step()
