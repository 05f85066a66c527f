# right: zeroes through the model, before and after, and hands back the number of the loss
import torch


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None, *, max_norm=None):
        self.factories = {"optimizer": make_optimizer, "scheduler": make_scheduler}
        self.max_norm = max_norm
        self.model = self.optimizer = self.scheduler = None

    def setup(self, model: torch.nn.Module, lr: float) -> None:
        self.model = model
        self.optimizer = self.factories["optimizer"](model.parameters(), lr)
        make = self.factories["scheduler"]
        self.scheduler = None if make is None else make(self.optimizer)

    def step(self, loss):
        self.model.zero_grad()
        loss.backward()
        if self.max_norm is not None:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
        self.model.zero_grad()
        return loss.item()
