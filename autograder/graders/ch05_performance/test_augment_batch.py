"""Hidden grader of ``augment_batch``."""

import numpy as np

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.measures import expect_peak

# -- pieces of observations ---------------------------------------------------------------------


def built(samples):
    """A batch of samples ``[image, layout, label, meta]``, the images laid out as asked for."""
    import numpy as np

    batch = []
    for image, layout, label, meta in samples:
        if layout == "strided":
            wide = np.repeat(image, 2, axis=-1)
            image = wide[..., ::2]
        elif layout == "fortran":
            image = np.asfortranarray(image)
        elif layout == "read-only":
            image.flags.writeable = False
        elif layout == "once more":  # the very array of the sample before
            image = batch[-1]["image"]
        batch.append({"image": image, "label": label, "meta": meta})
    return batch


def plain(batch):
    """A batch with nothing in it that was made by the student's code, values as they are now."""
    import copy

    import numpy as np

    if not isinstance(batch, list):
        return type(batch).__name__
    found = []
    for sample in batch:
        if not isinstance(sample, dict):
            return f"list of {type(sample).__name__}"
        sample = dict(sample)
        image = sample.get("image")
        if isinstance(image, np.ndarray):
            sample["image"] = np.array(image)
        sample["meta"] = copy.deepcopy(sample.get("meta"))
        found.append(sample)
    return found


def mutables(value):
    """Every dict and list in nested plain data."""
    found, todo = [], [value]
    while todo and len(found) < 10_000:
        part = todo.pop()
        if isinstance(part, (dict, list)):
            found.append(part)
        if isinstance(part, dict):
            todo.extend(part.values())
        elif isinstance(part, (list, tuple)):
            todo.extend(part)
    return found


def augmented(module, samples, brightness, number=""):
    """``[result, the original afterwards, how they are related, the list is the one given]``.

    The third is a list of ``[is the dict, is the image, shares its memory, dicts and lists of its
    meta that it holds, shares the memory of another new image]``, one for each sample. ``number``
    is NumPy's name for the type of ``brightness``.
    """
    import numpy as np

    batch = built(samples)
    inside = [[sample, sample["image"], sample["meta"]] for sample in batch]
    writeable = [image.flags.writeable for _, image, _ in inside]
    brightness = getattr(np, number)(brightness) if number else brightness
    result = module.augment_batch(batch, brightness)
    seen = [plain(result), plain(batch), []]
    if isinstance(seen[1], list) and writeable != [i.flags.writeable for _, i, _ in inside]:
        seen[1].append("other flags")
    if isinstance(seen[0], str) or result is batch or len(result) != len(inside):
        return [*seen, result is batch]
    images = [new.get("image") for new in result]
    for i, (new, (sample, image, meta)) in enumerate(zip(result, inside, strict=True)):
        if not isinstance(images[i], np.ndarray):
            break
        own = {id(part) for part in mutables(meta)}
        reached = sum(id(part) in own for part in mutables(new.get("meta")))
        shares = bool(np.shares_memory(images[i], image))
        others = [other for other in images[i + 1 :] if isinstance(other, np.ndarray)]
        again = any(np.shares_memory(images[i], other) for other in others)
        seen[2].append([new is sample, images[i] is image, shares, reached, bool(again)])
    return [*seen, False]


PARTS = (built, plain, mutables)


def pixels(seed, size):
    """A big image, each pixel another one."""
    import numpy as np

    return np.random.default_rng(seed).random((size, size), np.float32)


def big(module, count, size, brightness, seed, rows, columns):
    """Augment big images made here: ``[samples, shared images, what the new images hold]``.

    The last has for each its sum and some pixels; the name of its type if it is no array, since
    what computes pixels when it is asked holds none.
    """
    import numpy as np

    batch = [
        {"image": pixels(seed + n, size), "label": n, "meta": {"n": [n]}} for n in range(count)
    ]
    kind = type(batch[0]["image"])
    result = module.augment_batch(batch, brightness)
    shared = sum(new["image"] is old["image"] for new, old in zip(result, batch, strict=True))
    held = [
        np.append(sample["image"][rows, columns], sample["image"].sum(dtype="float64"))
        if type(sample["image"]) is kind and sample["image"].shape == (size, size)
        else type(sample["image"]).__name__
        for sample in result
    ]
    return [len(result), shared, held]


# -- on the judge's side --------------------------------------------------------------------------


RELATION = [bool, bool, bool, int, bool]
WHAT = "What augment_batch made of a batch"
RELATED = "How the samples are related"


def as_given(samples):
    return [{"image": image, "label": label, "meta": meta} for image, _, label, meta in samples]


def augment(student, samples, brightness, number=""):
    """What ``augmented`` returns, in good shape."""
    work = {"samples": samples, "brightness": brightness, "number": number}
    seen = student.run(augmented, helpers=PARTS, **work)
    return read(seen, [object, object, list, bool], WHAT)


def judge(student, samples, brightness, what, number=""):
    """Augment a batch; the new list, its images and labels are right."""
    result, _, _, is_batch = augment(student, samples, brightness, number)
    judge_list(result, samples, what)
    expect(not is_batch, f"{what} it returned the very list that it was given.")
    for sample, wanted in zip(result, as_given(samples), strict=True):
        judge_image(sample["image"], wanted["image"], samples, brightness, what)
        expect(
            same(sample["label"], wanted["label"]), f"{what} a label is not that of the original."
        )


def judge_original(student, samples, brightness, what):
    """Augment a batch; the one that was given is as it was."""
    result, after, _, _ = augment(student, samples, brightness)
    expect(type(result) is list, f"{what} it returned something that is no list of dicts.")
    frozen = type(after) is list and same(after[-1:], ["other flags"])
    expect(not frozen, f"{what} an image that was given is read-only now, and was not before.")
    expect(
        type(after) is list and len(after) == len(samples),
        f"{what} the list that was given has other samples in it afterwards.",
    )
    for sample, wanted in zip(after, as_given(samples), strict=True):
        image = sample.get("image") if type(sample) is dict else None
        expect(
            same(image, wanted["image"]),
            f"{what} an image of the original batch was changed. In the next epoch it is "
            "augmented once more: `image *= …` writes into the data set, and a shallow copy of the "
            "sample still holds the data set's image.",
        )
        expect(
            same(sample, wanted),
            f"{what} the label, the meta or the keys of an original sample were changed.",
        )


def judge_meta(student, samples, brightness, what):
    """Augment a batch; each meta is equal to the original's, and shares nothing with it."""
    result, _, relations, _ = augment(student, samples, brightness)
    judge_list(result, samples, what)
    for sample, wanted in zip(result, samples, strict=True):
        expect(
            same(sample["meta"], wanted[3]),
            f"{what} a meta is not equal to the original's. (A way through JSON makes lists of "
            "tuples, and strings of keys that are integers.)",
        )
    for _, _, _, reached, _ in read(relations, [RELATION] * len(samples), RELATED):
        expect(
            reached == 0,
            f"{what} the new meta is, or holds, dicts or lists of the original: what the caller "
            "does to them reaches the data set. dict(…) and copy.copy make one new level only; "
            "tuples may hold lists.",
        )


def judge_memory(student, samples, brightness, what):
    """Augment a batch; each sample is new, and its image, too, or the original's at 1.0."""
    result, _, relations, _ = augment(student, samples, brightness)
    judge_list(result, samples, what)
    for is_dict, is_image, shares, _, again in read(relations, [RELATION] * len(samples), RELATED):
        expect(
            not is_dict,
            f"{what} a sample of the result is the original's dict: a new label for the one is a "
            "new label for the other.",
        )
        if brightness == 1.0:
            expect(
                is_image,
                f"{what} a new sample does not hold the original's array, but a copy or a view. "
                "copy.deepcopy copies every pixel.",
            )
            continue
        expect(
            not shares,
            f"{what} a new image lies in the memory of the original one, or is the original.",
        )
        expect(
            not again,
            f"{what} two new images share their memory: what the caller paints on one of them is "
            "on the other, too.",
        )


def judge_list(result, samples, what):
    """The result is a list of dicts with the right keys, as many as there are samples."""
    expect(type(result) is list, f"{what} it returned something that is no list of dicts.")
    count = len(samples)
    expect(len(result) == count, f"{what} it returned {len(result)} samples for {count}.")
    for sample in result:
        expect(
            type(sample) is dict and sample.keys() == {"image", "label", "meta"},
            f"{what} a new sample has other keys than image, label and meta.",
        )


def judge_image(image, old, samples, brightness, what):
    """Say what is wrong with a new image."""
    expect(type(image) is np.ndarray, f"{what} a new image is no array.")
    expect(
        image.dtype == np.float32,
        f"{what} the dtype of a new image is {image.dtype.name}, not float32.",
    )
    others = [s["image"].astype("float64") * brightness for s in as_given(samples)]
    bright = old.astype("float64") * brightness
    mistakes = (
        ([np.clip(bright, 0, 1)], "the new images were clipped: values above 1 became 1"),
        ([np.maximum(bright, 0)], "the new images were clipped: values below 0 became 0"),
        (others, "a new sample has the image of another one: the order is that of the batch"),
    )
    if image.shape == bright.shape and close(image, bright):
        return
    for values, mistake in mistakes:
        mistaken = any(image.shape == other.shape and close(image, other) for other in values)
        expect(not mistaken, f"{what} {mistake}.")
    expect(image.shape == old.shape, f"{what} a new image has another shape.")
    fail(f"{what} the values of a new image are not those of the original times `brightness`.")


def close(found, wanted):
    return bool(np.allclose(found.astype("float64"), wanted, rtol=1e-5, atol=1e-6))


def image(rng, *shape):
    """Pixels between 0 and 1, some of them bright."""
    random = np.random.default_rng(rng.getrandbits(32))
    return (0.1 + 0.9 * random.random(shape)).astype("float32")


def samples_of(rng, count, layout="", shape=None):
    """Samples with a meta that is nested a little."""
    return [
        [
            image(rng, *(shape or (rng.randint(2, 7), rng.randint(2, 7), rng.choice([1, 3])))),
            layout,
            rng.randint(0, 99),
            {"path": f"{rng.randint(0, 999)}.png", "boxes": [[rng.randint(0, 9)] * 4]},
        ]
        for _ in range(count)
    ]


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="Multiply; nothing else happens to the pixels.")
def test_brighter(student):
    """[[0.5, 0.75]] with brightness 2.0 becomes [[1.0, 1.5]]; label and meta stay."""
    samples = [[np.array([[0.5, 0.75]], np.float32), "", 3, {"path": "3.png"}]]
    result, *_ = augment(student, samples, 2.0)
    listed = type(result) is list
    expect(listed, f"It returned something of type {show(result)}, not a list of dicts.")
    expect(len(result) == 1, f"For one sample it returned {len(result)}.")
    found = read(result, [dict], WHAT)[0].get("image")
    expect(type(found) is np.ndarray, f"The new sample's image is {show(found)}.")
    right = found.shape == (1, 2) and close(found, np.array([[1.0, 1.5]]))
    expect(right, f"The new image is {show(found.tolist())}.")
    judge(student, samples, 2.0, "With one sample")


@check(points=4, public=True, hint="`image *= 2` writes into the array that the data set holds.")
def test_original_is_untouched(student):
    """Brightening a batch twice gives the same images twice: the original is not changed."""
    samples = [[np.full((2, 2), 0.25, np.float32), "", n, {"n": n}] for n in range(3)]

    @student.observe(samples=samples, helpers=(built,))
    def seen(module, samples):
        batch = built(samples)
        images = [sample["image"] for sample in batch]
        found = [[s["image"].tolist() for s in module.augment_batch(batch, 2.0)] for _ in range(2)]
        return [*found, [image.tolist() for image in images]]

    expect(all(read(seen, [list] * 3, WHAT)), "Of three samples none came back.")
    first, second, now = (images[0] for images in seen)
    expect(
        same(now, [[0.25] * 2] * 2),
        f"The original image was [[0.25, 0.25], [0.25, 0.25]] before and is {show(now)} "
        "afterwards: the code writes into the data set.",
    )
    expect(same(first, second), f"The first epoch saw {show(first)}, the second {show(second)}.")
    judge_original(student, samples, 2.0, "With three samples")


@check(points=1, public=True, hint="Which of the dicts and lists in `meta` are new in your result?")
def test_meta_is_own(student):
    """The caller changes the new meta, nested lists included; the original's stays."""
    samples = [[np.ones((1, 2), np.float32), "", 0, {"flips": 0, "boxes": [[0, 1], [2, 3]]}]]
    for brightness in (0.5, 1.0):

        @student.observe(samples=samples, brightness=brightness, helpers=(built,))
        def seen(module, samples, brightness):
            batch = built(samples)
            original = batch[0]["meta"]
            meta = module.augment_batch(batch, brightness)[0]["meta"]
            meta["flips"] += 1
            meta["boxes"].append([4, 5])
            meta["boxes"][0][0] = 9
            return original

        expect(
            same(seen, samples[0][3]),
            f"With brightness {brightness} the new sample's meta was changed, and the original's "
            f"is {show(seen)} now; it was {show(samples[0][3])}. What has been copied is fewer "
            "levels than there are.",
        )
        judge_meta(student, samples, brightness, f"With brightness {brightness}")


@check(points=1, hint="Compare `is`, not `==`: which arrays are the original's own?")
def test_unchanged_images_are_shared(student, rng):
    """With brightness 1.0 each image is the original's array; the dicts are new."""
    for count in (1, rng.randint(3, 8)):
        for layout in ("", "strided", "read-only"):
            samples = samples_of(rng, count, layout)
            judge_memory(student, samples, 1.0, "With brightness 1.0")


@check(points=1, hint="Make every step work for one sample alone; the batch is a loop over it.")
def test_any_batch(student, rng):
    """Any number of samples, images of any shape, any brightness."""
    judge(student, [], rng.uniform(1.1, 2), "With no samples")
    judge(student, [], 1.0, "With no samples")
    shape = (rng.randint(2, 9), rng.randint(2, 9), 3)
    for brightness, words in (
        (0.0, "brightness 0.0"),
        (rng.uniform(0.1, 0.9), "a brightness below 1"),
        (1.0, "brightness 1.0"),
        (1 + rng.uniform(3e-4, 9e-4), "a brightness next to 1"),
        (rng.uniform(1.5, 9), "a brightness above 1"),
        (rng.randint(2, 5), "an int for the brightness"),
    ):
        alike = samples_of(rng, rng.randint(4, 9), shape=shape)
        judge(student, alike, brightness, f"With images of one shape and {words},")
        mixed = samples_of(rng, rng.randint(2, 9))
        mixed[0][2] = 0
        judge(student, mixed, brightness, f"With images of several shapes and {words},")
    standard = samples_of(rng, rng.randint(2, 5))
    for sample in standard:
        sample[0] = 4 * sample[0] - np.float32(2)
    judge(student, standard, rng.uniform(1.1, 2), "With pixels below 0 and above 1")
    for dimensions in (1, 2, 4):
        shape = [rng.randint(2, 5) for _ in range(dimensions)]
        samples = samples_of(rng, 3, shape=shape)
        judge(student, samples, rng.uniform(1.2, 3), f"With {dimensions}-dimensional images")
    for layout in ("strided", "fortran", "read-only"):
        samples = samples_of(rng, 3, layout, (rng.randint(3, 6), rng.randint(3, 6), 3))
        judge(student, samples, rng.uniform(1.2, 3), f"With {layout} images")


@check(points=1, hint="What is the dtype of `image * np.float64(2)`, and of `image * 2.0`?")
def test_stays_float32(student, rng):
    """The new images are float32, also where brightness is a NumPy number."""
    for number in ("float64", "float32", "float16"):
        samples = samples_of(rng, 3)
        what = f"With a NumPy {number} for the brightness"
        judge(student, samples, rng.randint(5, 40) / 4 + 0.125, what, number)


@check(points=1, hint="Which of the new arrays was made for this sample alone?")
def test_images_have_memory_of_their_own(student, rng):
    """Unless brightness is exactly 1.0, each new image lies in memory of its own."""
    shape = (rng.randint(2, 9), rng.randint(2, 9), 3)
    for brightness, words in (
        (rng.uniform(1.5, 9), "a brightness above 1"),
        (1 + rng.uniform(3e-6, 8e-6), "a brightness that np.isclose takes for 1"),
        (1 + rng.uniform(1e-12, 9e-11), "a brightness that math.isclose takes for 1"),
    ):
        samples = samples_of(rng, rng.randint(3, 6), shape=shape)
        judge_memory(student, samples, brightness, f"With {words}")
    twice = samples_of(rng, 2)
    twice.append([twice[-1][0], "once more", *twice[0][2:]])
    judge_memory(student, twice, rng.uniform(1.1, 2), "With an array that is in two samples")
    black = samples_of(rng, 2)
    for sample in black:
        sample[0] = np.zeros_like(sample[0])
    judge_memory(student, black, rng.uniform(1.1, 2), "With images that are black")


@check(points=6, hint="Which lines of yours write into an array, a dict or a list that was given?")
def test_batch_stays_as_it_is(student, rng):
    """Nothing in the batch is changed, whatever it holds and whatever brightness is."""
    for brightness in (0.0, rng.uniform(0.2, 0.8), 1.0, rng.uniform(1.5, 4)):
        for layout in ("", "strided", "fortran", "read-only"):
            samples = samples_of(rng, rng.randint(1, 4), layout)
            judge_original(student, samples, brightness, "With images of several shapes")


@check(points=1, hint="Look at all of it: dicts in lists in tuples. The module `copy` goes deep.")
def test_deep_meta(student, rng):
    """A meta of any depth is equal to the original's, and no dict or list in it is shared."""
    for brightness in (rng.uniform(0.2, 0.8), 1.0):
        samples = samples_of(rng, 5)
        n = [rng.randint(0, 99) for _ in range(7)]
        samples[0][3] = {"a": {"b": {"c": {"d": [n[0], {"e": [n[1]]}]}}}}
        samples[1][3] = {"size": (n[2], n[3]), "tags": ([n[4]], {"k": [n[5]]}), 7: {3: None}}
        samples[1][3]["crop"] = (((n[0], [n[1]]), "x"), ())
        samples[2][3] = {}
        samples[3][3] = {"ok": True, "gain": rng.random(), "empty": [[], {}, ()], "name": "ß\n"}
        samples[4][3] = deep = {"n": n[6]}
        for level in range(18):  # the innermost is the 20th
            deep = samples[4][3] = ({"in": deep}, [deep], (deep,))[level % 3]
        samples[4][3] = {"in": deep}
        also = " and brightness 1.0" if brightness == 1.0 else ""
        judge_meta(student, samples, brightness, f"With a deeply nested meta{also}")


# Of 30 images one at a time may take twice its size beside them (float64): 1.1x.
@check(points=2, kind="memory", hint="How many copies of one image are there at the same time?")
def test_peak_memory(student, baseline, rng):
    """At most 1.2x the new images; with brightness 1.0 at most 0.2x those that were given."""
    count, size = rng.randint(30, 34), rng.randint(430, 450)
    images = count * size * size * 4
    untouched = baseline("def augment_batch(batch, brightness):\n    return batch\n")
    usual = {"count": 32, "size": 440, "brightness": 1.0, "seed": 1, "helpers": (pixels,)}
    usual["rows"] = usual["columns"] = np.arange(20)
    for brightness, share, what in (
        (rng.choice([0.5, 1.5, 3.0]), 1.2, "the new images"),
        (1.0, 0.2, "the images given, with brightness 1.0"),
    ):
        seed = rng.getrandbits(32)
        rows, columns = (np.array([rng.randrange(size) for _ in range(20)]) for _ in range(2))
        work = {
            "count": count,
            "size": size,
            "brightness": brightness,
            "seed": seed,
            "rows": rows,
            "columns": columns,
            "helpers": (pixels,),
        }
        peak = student.peak_memory(big, **work)
        wanted = []
        for image in (pixels(seed + n, size) for n in range(count)):
            kept = np.append(image[rows, columns], image.sum(dtype="float64"))
            wanted.append(kept.astype("float64") * brightness)
        shared = count if brightness == 1.0 else 0
        number, reused, found = read(peak.value, [object, object, list], WHAT)
        expect(same(number, count), "Of a big batch samples were lost.")
        expect(
            same(reused, shared),
            "Of a big batch other images were shared than those that did not change.",
        )
        expect(len(found) == count, "What augment_batch made of a big batch could not be read.")
        arrays = all(type(a) is np.ndarray and a.shape == (21,) for a in found)
        expect(arrays, "New images of a big batch are no arrays, or of another shape.")
        right = all(np.allclose(a, b, rtol=1e-5) for a, b in zip(found, wanted, strict=True))
        expect(right, "The values of a big batch are wrong.")
        # The same batch for all submissions: a judge measures it once.
        alone = untouched.peak_memory(big, **usual).bytes - 32 * 440 * 440 * 4 + images
        message = (
            "Peak {peak}; the limit is {limit}: {batch} for the batch itself and {more} beside it, "
            f"{share}x {what}. Pixels are copied that are then computed anew: copy.deepcopy of a "
            "sample or a batch copies its images, too."
        )
        figures = {"batch": alone, "more": share * images}
        expect_peak(peak, sum(figures.values()), message, **figures)
