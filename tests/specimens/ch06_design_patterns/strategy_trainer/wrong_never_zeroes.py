# wrong: gradients add up from step to step  [test_gradients_are_zeroed]
class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler

    def setup(self, model, lr):
        self.optimizer = self.make_optimizer(model.parameters(), lr)
        make = self.make_scheduler
        self.scheduler = None if make is None else make(self.optimizer)
        self.optimizer.zero_grad()

    def step(self, loss):
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
