# wrong: the optimiser makes no step where the loss is not finite  [test_order_of_a_step]
import torch


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer, self.make_scheduler = make_optimizer, make_scheduler

    def setup(self, model, lr):
        self.optimizer, self.scheduler = self.make_optimizer(model.parameters(), lr), None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        if torch.isfinite(loss).all():
            self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
