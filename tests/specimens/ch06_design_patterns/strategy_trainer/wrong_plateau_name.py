# wrong: gives the loss to a schedule whose class is called ReduceLROnPlateau  [test_order_of_a_step]


class Trainer:
    def __init__(self, make_optimizer, make_scheduler=None):
        self.make_optimizer = make_optimizer
        self.make_scheduler = make_scheduler

    def setup(self, model, lr):
        self.optimizer = self.make_optimizer(model.parameters(), lr)
        self.scheduler = None
        if self.make_scheduler is not None:
            self.scheduler = self.make_scheduler(self.optimizer)

    def step(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.scheduler is not None:
            plateau = type(self.scheduler).__name__ == "ReduceLROnPlateau"
            self.scheduler.step(*([loss.item()] if plateau else []))
