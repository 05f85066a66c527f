"""On the judge's side: the batches of an epoch, and the questions that checks ask of its log."""

import numpy as np

from autograder.checks import fail, same
from autograder.judging.vocabulary.evidence import matches, read

from .driving import drive, drive_all, loader_of, plain

WHAT = "What the loader did"
EVENT = list[int | bool | str | None]
HAND = [str, int, int, list[int | None]]


def is_event(event):
    """Whether an entry of the log is one that ``drive`` may have written."""
    known = type(event) is list and bool(event) and type(event[0]) is str
    return known and not matches(event, HAND if event[0] == "hand" else EVENT)


class Epoch:
    """What ``drive`` saw, checked for its shape, with the questions that checks ask of it."""

    def __init__(self, seen, batches):
        self.batches = batches
        self.log, self.used, self.kept, self.end, self.home = read(
            seen, [list, list, list, object, int], WHAT
        )
        if type(self.end) is not str:
            read(self.end, [str, bool], WHAT)
        if not all(map(is_event, self.log)):
            fail(f"{WHAT} could not be read.")
        self.hands = [i for i, event in enumerate(self.log) if event[0] == "hand"]

    def events(self, kind, size, start=0, stop=None):
        """Positions of the events of a kind within a part of the log."""
        part = enumerate(self.log[start:stop], start)
        return [i for i, event in part if event[0] == kind and len(event) == size]

    def check_handed(self):
        """Fail unless there are batches to judge by, with all their tensors on the device.

        Whether all of them came is the business of the checks that ask for it.
        """
        count = len(self.batches)
        if not min(count, 2) <= len(self.hands) <= count:
            fail(f"{len(self.hands)} batches were handed over; the loader has {count}.")
        for at, batch in zip(self.hands, self.batches, strict=False):
            memories = self.log[at][3]
            if len(memories) != len(leaves(batch)):
                fail("The batches that came out do not hold the tensors that went in.")
            if any(type(m) is not int for m in memories):
                fail("A batch was handed over with a tensor that is still on the host.")

    def copies(self):
        """For each batch the position of its hand-over and those of the copies that made it."""
        self.check_handed()
        found = []
        for at in self.hands:
            before = self.events("copy", 6, 0, at)
            mine = [[i for i in before if self.log[i][1] == memory] for memory in self.log[at][3]]
            if not all(mine):
                fail("A tensor was handed over on the device that nothing was copied to.")
            # Memory that is used again holds older copies, too: the last one made this batch.
            found.append((at, [positions[-1] for positions in mine]))
        return found

    def flags(self, index):
        """One field of every copy that made a batch."""
        return [self.log[i][index] for _, copies in self.copies() for i in copies]

    def memories(self):
        """The device memory of every tensor that was handed over, None for one on the host."""
        return [memory for at in self.hands for memory in self.log[at][3]]


def observe(student, batches, depth=2, **options):
    """An epoch of the student's loader over these batches."""
    helpers = (loader_of, plain)
    seen = student.run(drive, helpers=helpers, batches=batches, depth=depth, **options)
    return Epoch(seen, batches)


def observe_all(student, *epochs, lazy=True):
    """Several epochs in one process, since one with torch takes longer to fork than an epoch.

    Each is ``(batches, depth, options)``.
    """
    work = [{"batches": batches, "depth": depth, **how} for batches, depth, how in epochs]
    seen = student.run(drive_all, helpers=(drive, loader_of, plain), epochs=work, lazy=lazy)
    read(seen, [list] * len(epochs), WHAT)
    return [Epoch(each, batches) for each, (batches, _, _) in zip(seen, epochs, strict=True)]


def leaves(batch):
    """The arrays of a batch, in order."""
    if isinstance(batch, np.ndarray):
        return [batch]
    if type(batch) not in (dict, list, tuple):
        return []
    parts = batch.values() if type(batch) is dict else batch
    return [leaf for part in parts for leaf in leaves(part)]


def arrays_in(seen, want):
    """``seen`` with ``{"at", "is"}`` read as arrays, where ``want`` has arrays."""
    if isinstance(want, np.ndarray):
        known = type(seen) is dict and set(seen) == {"at", "is"}
        return seen["is"] if known else seen
    if type(want) is dict and type(seen) is dict and set(seen) == set(want):
        return {key: arrays_in(seen[key], part) for key, part in want.items()}
    if type(want) in (list, tuple) and type(seen) is type(want) and len(seen) == len(want):
        return type(want)(map(arrays_in, seen, want))
    return seen


def equal(seen, batches):
    """Whether all batches of an epoch are what they must be."""
    return same(arrays_in(seen, batches), batches)


def batches_of(rng, count, form="dict"):
    """Batches of arrays whose content is found nowhere else; the last one is shorter."""
    source = np.random.default_rng(rng.getrandbits(32))
    rows = rng.randint(3, 5)

    def batch(index):
        n = rows if index < count - 1 else rows - rng.randint(1, 2)
        image = source.normal(size=(n, 2, 3)).astype(np.float32)
        label = source.integers(1000, 2**40, n)
        if form == "tensor":
            return image
        if form == "pair":
            return (image, label)
        if form == "dict":
            return {"image": image, "label": label}
        return {
            "image": image,
            "target": [
                {"boxes": source.normal(size=(n, 4)), "names": [f"{v:x}" for v in label]},
                (source.integers(0, 256, (n, 9)).astype(np.uint8), label, None),
            ],
            "index": index,
            "split": "train",
            "file": f"{index}.jpeg".encode(),
            "scale": np.asarray(source.normal(), dtype=np.float32),
        }

    return [batch(i) for i in range(count)]


def device_of(rng):
    """How the device is named: arguments of ``observe``."""
    return {"device": rng.choice(["cuda", "cuda:0"]), "as_object": rng.random() < 0.5}
