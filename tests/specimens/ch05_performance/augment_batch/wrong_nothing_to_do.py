# wrong: hands an empty list back as it is  [test_any_batch]
import copy


def augment_batch(batch, brightness):
    if not batch:
        return batch
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
