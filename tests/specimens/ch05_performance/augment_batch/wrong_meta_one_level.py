# wrong: meta is copied one level deep  [test_deep_meta]


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"],
            "meta": sample["meta"].copy(),
        }
        for sample in batch
    ]
