# wrong: a shallow copy of each sample, so meta is shared  [test_meta_is_own]
import copy


def augment_batch(batch, brightness):
    result = [copy.copy(sample) for sample in batch]
    for sample in result:
        if brightness != 1.0:
            sample["image"] = sample["image"] * float(brightness)
    return result
