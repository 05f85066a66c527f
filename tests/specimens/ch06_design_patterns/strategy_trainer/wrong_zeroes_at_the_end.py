# wrong: zeroes after the step; older gradients get in  [test_gradients_are_zeroed]
class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make = make_optimizer, make_scheduler

    def setup(self, model, lr):
        self.optimizer = self.make[0](model.parameters(), lr)
        self.scheduler = None if self.make[1] is None else self.make[1](self.optimizer)

    def step(self, loss):
        loss.backward()
        for part in (self.optimizer, self.scheduler):
            if part is not None:
                part.step()
        self.optimizer.zero_grad()
