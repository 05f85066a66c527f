# wrong: makes the schedule for a second optimiser, unused  [test_setup_calls_the_strategies]
class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler

    def setup(self, model, lr):
        def optimizer():
            return self.make_optimizer(model.parameters(), lr)

        self.optimizer = optimizer()
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(optimizer())

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
