# wrong: the same augmentation in every epoch  [test_epochs_differ]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment = dataset, augment
        children = np.random.SeedSequence(seed).spawn(len(dataset))
        self.states = [child.generate_state(4) for child in children]

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        return self.augment(self.dataset[index], np.random.default_rng(self.states[index]))
