# wrong: a new list of the old dicts, which get new images  [test_original_is_untouched]
def augment_batch(batch, brightness):
    result = batch[:]
    for sample in result:
        if brightness != 1.0:
            sample["image"] = sample["image"] * float(brightness)
    return result
