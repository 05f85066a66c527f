# wrong: steps a schedule only if it is one of torch's  [test_order_of_a_step]
from torch.optim.lr_scheduler import LRScheduler


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.strategies = make_optimizer, make_scheduler

    def setup(self, model, lr):
        first, second = self.strategies
        self.optimizer = first(model.parameters(), lr)
        self.scheduler = second(self.optimizer) if second is not None else None

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if isinstance(self.scheduler, LRScheduler):
            self.scheduler.step()
