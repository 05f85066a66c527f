# wrong: multiplies by the factor as it is, which may be a NumPy float64  [test_stays_float32]
import copy


def augment_batch(batch, brightness):
    factor = brightness
    return [
        {
            "image": sample["image"] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
