"""From pinned memory, on a side stream, and never read too early or overwritten too soon."""

from autograder.checks import check, expect, same

from .epoch import arrays_in, batches_of, device_of, leaves, observe, observe_all


@check(points=1, hint="pin_memory() gives a pinned copy; copy to the device from that one.")
def test_pins_every_tensor_once(student, rng):
    """Every tensor is copied from pinned memory, and pinned once."""
    epoch = observe(student, batches_of(rng, 5, "nested"), **device_of(rng))
    pinned = epoch.flags(2)
    pageable = pinned.count(False)
    expect(
        pageable == 0,
        f"{pageable} of {len(pinned)} tensors were copied from pageable memory: such a "
        "copy blocks, whatever non_blocking says.",
    )
    pins = [epoch.log[i][1] for i in epoch.events("pin", 2) if epoch.log[i][1] is not None]
    twice = len(pins) - len({str(name) for name in pins})
    expect(twice == 0, f"{twice} tensors were pinned more than once; each pinning is a copy.")


@check(points=1, hint="`.to` and `.cuda` have an argument for that, off by default.")
def test_copies_do_not_block(student, rng):
    """Every copy is made with non_blocking=True."""
    epoch = observe(student, batches_of(rng, 5, "nested"), **device_of(rng))
    non_blocking = epoch.flags(3)
    blocking = non_blocking.count(False)
    expect(
        blocking == 0,
        f"{blocking} of {len(non_blocking)} copies were made without non_blocking=True: the "
        "host stands still until each of them is through.",
    )


@check(points=1, hint="with torch.cuda.stream(side): around the copies, and only around them.")
def test_copies_on_a_side_stream(student, rng):
    """The copies run on a side stream, and the consumer's stream stays the current one."""
    ways = ({}, {"own_stream": True}, {"error": "OSError"})  # the last is met while reading ahead
    for epoch in observe_all(student, *((batches_of(rng, 5), 2, how) for how in ways)):
        streams = epoch.flags(4)
        on_home = streams.count(epoch.home)
        expect(
            on_home == 0,
            f"{on_home} of {len(streams)} copies were queued on the consumer's own stream, "
            "where they wait for its kernels and its kernels for them.",
        )
        expect(
            all(epoch.log[at][2] == epoch.home for at in epoch.hands),
            "After the hand-over another stream was the current one: a `yield` inside `with "
            "torch.cuda.stream(...)`, or a set_stream that is not undone, leaves the consumer "
            "on your side stream.",
        )


def _garbage(epoch):
    """How many batches a kernel of the consumer read before their copy was through."""
    count = 0
    for seen, want in zip(epoch.used, epoch.batches, strict=False):
        pairs = zip(leaves(arrays_in(seen, want)), leaves(want), strict=False)
        count += any(bool((got == 77).all()) and not same(got, w) for got, w in pairs)
    return count


@check(points=2, hint="current_stream().wait_event(...) for the event that follows the copy.")
def test_waits_for_the_copy(student, rng):
    """The consumer's stream, whichever it is, waits for a batch's copy."""
    # The one that leaves the consumer on another stream comes last.
    ways = (
        ("", rng.randint(6, 9), {}),
        ("The consumer ran on a stream of its own. ", 2, {"own_stream": True}),
        ("After three batches the consumer went on to another stream. ", 2, {"moves": True}),
    )
    epochs = observe_all(student, *((batches_of(rng, 5), depth, how) for _, depth, how in ways))
    for epoch, (which, _, _) in zip(epochs, ways, strict=True):
        epoch.check_handed()
        garbage = _garbage(epoch)
        expect(
            garbage == 0,
            f"{which}In {garbage} of 5 batches its kernels read memory before the copy into it "
            "was through: the stream that is current at the hand-over did not wait.",
        )


@check(points=1, hint="tensor.record_stream(torch.cuda.current_stream()), for every tensor.")
def test_records_the_stream(student, rng):
    """record_stream is called on every tensor with the consumer's stream."""
    # The one that leaves the consumer on another stream comes last.
    ways = ((rng.randint(6, 9), {}), (2, {"own_stream": True}), (2, {"moves": True}))
    work = ((batches_of(rng, 5, "nested"), *way) for way in ways)
    for epoch in observe_all(student, *work):
        lost = wrong = 0
        for at, copies in epoch.copies():
            home = epoch.log[at][2]
            records = [epoch.log[i] for i in epoch.events("record", 3, 0, at)]
            for position in copies:
                _, memory, _, _, side, made_on = epoch.log[position]
                streams = [r[2] for r in records if r[1] == memory]
                # Memory of the consumer's own stream needs the note for the stream of the copy.
                good = home in streams or (made_on in (home, epoch.home) and side in streams)
                lost += not streams
                wrong += bool(streams) and not good
        expect(
            lost == 0,
            f"{lost} tensors were handed over without record_stream: once the consumer drops "
            "one, its memory goes to the next copy while kernels may still read it.",
        )
        expect(
            wrong == 0,
            f"{wrong} tensors were recorded for another stream than the one that the consumer "
            "uses them on.",
        )


@check(points=2, hint="Let torch manage the pinned memory, or wait for the copy out of a buffer.")
def test_reuses_no_buffer_too_early(student, rng):
    """Pinned memory is not written to while a copy from it may still be running."""
    batches = batches_of(rng, 16)
    epoch = observe(student, batches, depth=rng.randint(1, 3))
    epoch.check_handed()
    overwritten = 0
    for used, kept, want in zip(epoch.used, epoch.kept, batches, strict=False):
        batch = arrays_in(used, want), arrays_in(kept, want), want
        tensors = zip(*map(leaves, batch), strict=False)
        # Where no stream waited the kernel saw nothing yet: what arrived in the end says it then.
        overwritten += any(not same(k if bool((u == 77).all()) else u, w) for u, k, w in tensors)
    expect(
        overwritten == 0,
        f"{overwritten} of {len(batches)} batches hold the values of other ones: a pinned buffer "
        "was filled again before the device had copied what was in it. The host must wait for "
        "that copy (event.synchronize()) before it writes.",
    )
