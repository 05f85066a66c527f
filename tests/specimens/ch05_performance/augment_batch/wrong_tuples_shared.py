# wrong: takes tuples for unchangeable, and shares what is in them  [test_deep_meta]


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"],
            "meta": _own(sample["meta"]),
        }
        for sample in batch
    ]


def _own(value):
    if isinstance(value, dict):
        return {key: _own(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_own(part) for part in value]
    return value
