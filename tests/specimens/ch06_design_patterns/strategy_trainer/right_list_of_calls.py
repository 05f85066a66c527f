# right: setup writes down what a step calls, and step calls it
def nothing(optimizer):
    return None


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        schedule = nothing if make_scheduler is None else make_scheduler

        def begin(model, lr):
            optimizer = make_optimizer(model.parameters(), lr)
            return optimizer, schedule(optimizer)

        self._begin = begin

    def setup(self, model, lr):
        self.optimizer, self.scheduler = self._begin(model, lr)
        self._after = [self.optimizer.step]
        if self.scheduler is not None:
            self._after.append(self.scheduler.step)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        for call in self._after:
            call()
