# wrong: the next optimiser gets the old model, too  [test_setup_begins_anew]
class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler
        self.params = []

    def setup(self, model, lr):
        self.params += model.parameters()
        self.optimizer = self.make_optimizer(list(self.params), lr)
        self.scheduler = (
            self.make_scheduler(self.optimizer) if self.make_scheduler is not None else None
        )

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
