"""Exceptions, workers that die, and what is left when the call has ended."""

from autograder.checks import check, expect, same, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.leftovers import polled, processes
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals

from .calls import FORK, TASKS, ending, numbers_of


@check(points=2, hint="An executor brings the exception back by itself: let it pass.")
def test_error_reaches_the_caller(student, rng):
    """An exception of the function reaches the caller with its own type and args."""
    crew, numbers = student.with_files(kata_tasks=TASKS), numbers_of(rng, 20)
    # The others are what a pipe or a queue raises, too, when a worker is gone or late.
    for kind in ("BadItem", "KeyError", "EOFError", "BrokenPipeError", "TimeoutError"):
        bad = rng.choice(numbers[3:])
        items = [(n, bad, kind) for n in numbers]
        seen = crew.run(ending, task="picky", items=items, options=FORK)
        kinds, rest = read(seen, [list, object], "How the call ended")
        expect(
            len(kinds) > 0,
            f"The function raised {kind} for one item, but parallel_map returned a "
            f"{show(rest)} as if nothing had happened.",
        )
        expect(
            kinds[0] == kind,
            f"The function raised {kind}; the caller got {show(kinds[0])} instead, and its "
            f"`except {kind}` does not do what it is for.",
        )
        right = same(rest, [bad, "bad"] if kind == "BadItem" else [bad])
        expect(right, f"The {kind} that the caller got has not the args of the original.")


@check(points=2, hint="A ProcessPoolExecutor notices it. With processes of yours, see `sentinel`.")
def test_worker_that_dies(student, rng):
    """When a worker is killed, the call raises, and leaves no other worker behind."""
    numbers = numbers_of(rng, rng.randint(6, 9))
    bad = rng.choice(numbers[1:])

    @(
        student.with_files(kata_tasks=TASKS)
        .within(wall=40)
        .observe(numbers=numbers, bad=bad, options=FORK)
    )
    def seen(module, numbers, bad, options):
        import threading

        import kata_tasks as tasks

        module.parallel_map(tasks.me, range(3), **options)  # it works where no worker dies
        items, ended = [(number, bad, tasks.me()) for number in numbers], []

        def work():
            try:
                module.parallel_map(tasks.doomed, items, **options)
                ended.append("returned")
            except BaseException:
                ended.append("raised")

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(10)  # right ones need a fraction of a second
        return [*ended, polled(processes)] if ended else ["hangs", 0]

    how, left = read(seen, [str, int], "What followed the death of a worker")
    expect(
        how != "hangs",
        "A worker was killed, and the call waits for its result for ever, as multiprocessing.Pool "
        "does.",
    )
    expect(how == "raised", "A worker was killed, and the call returned as if all were well.")
    expect(left == 0, f"After the death of a worker, {left} others were left running.")


@check(points=2, hint="with …Executor(…) as pool: whatever happens inside, the workers end.")
def test_no_process_is_left(student, rng):
    """No worker is left running, after a result and after an exception."""
    numbers = numbers_of(rng, 30)
    bad = rng.choice(numbers[3:])
    items = [(n, bad, "BadItem") for n in numbers]

    @student.with_files(kata_tasks=TASKS).observe(items=items, options=FORK)
    def seen(module, items, options):
        import kata_tasks as tasks

        if tasks.me() in module.parallel_map(tasks.me, range(40), **options):
            return "no workers"
        left = [polled(processes)]
        try:
            module.parallel_map(tasks.picky, items, **options)
        except NotImplementedError:
            raise
        except Exception:
            left.append(polled(processes))  # here, while the exception still holds on to its frames
        try:
            module.parallel_map(tasks.fails_at_once, [0, 1], chunksize=1, **options)
        except tasks.BadItem:
            left.append(polled(processes, seconds=0.3))  # less than the other one takes
        return left

    expect(seen != "no workers", "Items were computed in the calling process, not in workers.")
    read(seen, list[int], "Which processes are left")
    expect(len(seen) in (1, 2, 3), "Which processes are left could not be read.")
    expect(
        seen[0] == 0,
        f"{seen[0]} processes were still running 3 s after the call had returned: the workers are "
        "never told to end.",
    )
    expect(len(seen) == 3, "An exception of the function did not come out of the call.")
    expect(
        seen[1] == 0,
        f"{seen[1]} processes were still running 3 s after the function had raised: the workers "
        "are ended only where all goes well. A `with` or `finally` ends them in any case.",
    )
    expect(
        seen[2] == 0,
        f"{seen[2]} workers were still busy with another item when the exception came out of the "
        "call: it has to wait for them, or to end them and then join() them.",
    )


@check(points=1, hint="`workers or default` is the default for 0, too; ask `is None`.")
def test_arguments_are_checked(student, rng):
    """workers or chunksize below 1, or an unknown start method, is a ValueError."""
    crew = student.with_files(kata_tasks=TASKS)

    def refused(module, options):
        import kata_tasks as tasks

        return module.parallel_map(tasks.square, [1, 2, 3], **options)

    wrong = {"context='thread'": {"context": "thread"}}
    for name in ("workers", "chunksize"):
        wrong |= {f"{name}=0": {name: 0}, f"a negative {name}": {name: -rng.randint(1, 9)}}
    cases = {what: {"options": {**FORK, **options}} for what, options in wrong.items()}
    accepted = "{What} was accepted; it should be a ValueError."
    expect_refusals(crew, refused, cases, Refusal("ValueError", accepted=accepted))
