# wrong: the label 0 gets lost  [test_any_batch]
import copy


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"] or None,
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
