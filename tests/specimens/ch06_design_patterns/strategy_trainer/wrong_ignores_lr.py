# wrong: passes a learning rate of its own instead of lr  [test_setup_calls_the_strategies]
class Trainer:
    rate = 1e-3

    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer, self.make_scheduler = make_optimizer, make_scheduler

    def setup(self, model, lr=None):
        self.optimizer = self.make_optimizer(model.parameters(), self.rate)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
