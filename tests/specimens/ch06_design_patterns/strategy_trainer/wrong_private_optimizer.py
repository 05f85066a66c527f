# wrong: keeps what the strategies made to itself, and leaves a copy for others  [test_setup_calls_the_strategies]
import copy


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler

    def setup(self, model, lr):
        self._optimizer = self.make_optimizer(model.parameters(), lr)
        self._scheduler = None
        if self.make_scheduler is not None:
            self._scheduler = self.make_scheduler(self._optimizer)

    @property
    def optimizer(self):
        return copy.copy(self._optimizer)

    @property
    def scheduler(self):
        return copy.copy(self._scheduler)

    def step(self, loss):
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        if self._scheduler is not None:
            self._scheduler.step()
