# wrong: a view of the image where nothing changes, not the image  [test_unchanged_images_are_shared]
import copy


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"][:] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
