# wrong: meta goes through JSON, which knows no tuples and no integer keys  [test_deep_meta]
import json


def augment_batch(batch, brightness):
    result = []
    for sample in batch:
        image = sample["image"] if brightness == 1.0 else sample["image"] * brightness
        meta = json.loads(json.dumps(sample["meta"]))
        result.append({"image": image, "label": sample["label"], "meta": meta})
    return result
