# wrong: multiplies the data set's images in place  [test_original_is_untouched]
import copy


def augment_batch(batch, brightness):
    result = []
    for sample in batch:
        image = sample["image"]
        if brightness != 1.0:
            image *= float(brightness)
        result.append(dict(sample, image=image, meta=copy.deepcopy(sample["meta"])))
    return result
