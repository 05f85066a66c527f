# right: no base class; a Philox generator from a SeedSequence with a spawn key
from numpy.random import Generator, Philox, SeedSequence


class Augmented:
    epoch = 0

    def __init__(self, dataset, augment, seed):
        vars(self).update(dataset=dataset, augment=augment, seed=seed)

    def set_epoch(self, n):
        self.epoch = n
        return self

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        sequence = SeedSequence(self.seed, spawn_key=(self.epoch, index))
        return self.augment(self.dataset[index], Generator(Philox(sequence)))
