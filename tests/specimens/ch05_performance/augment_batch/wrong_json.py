# wrong: meta goes through JSON, which knows no tuples and no integer keys  [test_deep_meta]
import json


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"],
            "meta": json.loads(json.dumps(sample["meta"])),
        }
        for sample in batch
    ]
