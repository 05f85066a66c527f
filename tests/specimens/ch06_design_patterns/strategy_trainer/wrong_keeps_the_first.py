# wrong: a second setup keeps the optimiser of the first model  [test_setup_begins_anew]
class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler
        self.optimizer = None
        self.scheduler = None

    def setup(self, model, lr):
        if self.optimizer is None:
            self.optimizer = self.make_optimizer(model.parameters(), lr)
        if self.scheduler is None and self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
