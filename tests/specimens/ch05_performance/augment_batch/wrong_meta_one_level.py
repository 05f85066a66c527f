# wrong: meta is copied one level deep  [test_deep_meta]
def augment_batch(batch, brightness):
    return [
        {
            "image": s["image"] if brightness == 1.0 else s["image"] * brightness,
            "label": s["label"],
            "meta": s["meta"].copy(),
        }
        for s in batch
    ]
