# wrong: zeroes between backward and step, nothing is learned  [test_order_of_a_step]
class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self._optimizer, self._scheduler = make_optimizer, make_scheduler

    def setup(self, model, lr):
        self.optimizer = self._optimizer(list(model.parameters()), lr)
        self.scheduler = self._scheduler(self.optimizer) if self._scheduler is not None else None

    def step(self, loss):
        loss.backward()
        self.optimizer.zero_grad()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
