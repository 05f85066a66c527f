# wrong: the schedule steps before the optimiser  [test_order_of_a_step]
class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler
        self.scheduler = None

    def setup(self, model, lr):
        self.optimizer = self.make_optimizer(model.parameters(), lr)
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        if self.scheduler is not None:
            self.scheduler.step()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
