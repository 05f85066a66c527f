# wrong: reaches into torch's parameter groups, others lack them  [test_unfamiliar_strategies]
class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler

    def setup(self, model, lr):
        self.optimizer = self.make_optimizer(model.parameters(), lr)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)
        self.rates = []

    def step(self, loss):
        self.rates.append(self.optimizer.param_groups[0]["lr"])
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
