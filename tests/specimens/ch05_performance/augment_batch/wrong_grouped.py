# wrong: goes through the images by shape, and leaves that order  [test_any_batch]
import copy


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in sorted(batch, key=lambda sample: sample["image"].shape)
    ]
