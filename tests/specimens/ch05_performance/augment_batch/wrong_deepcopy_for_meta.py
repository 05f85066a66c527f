# wrong: copies the whole batch for the sake of its metas  [test_peak_memory]
import copy


def augment_batch(batch, brightness):
    own = copy.deepcopy(batch)
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else sample["image"] * factor,
            "label": sample["label"],
            "meta": new["meta"],
        }
        for sample, new in zip(batch, own)
    ]
