# wrong: a deepcopy of all is held while the new images are made of it  [test_peak_memory]
import copy


def augment_batch(batch, brightness):
    if brightness == 1.0:
        return [{**sample, "meta": copy.deepcopy(sample["meta"])} for sample in batch]
    safe = copy.deepcopy(batch)
    return [{**sample, "image": sample["image"] * brightness} for sample in safe]
