"""Which results come back, for which items."""

import zlib

from autograder.checks import check, expect, same, show
from autograder.judging.vocabulary.evidence import read

from .calls import FORK, TASKS, as_list, call, drive, in_any_order, numbers_of, rows_of


@check(points=1, public=True, hint="One result an item, in the items' order, in a list.")
def test_maps_a_list(student):
    """parallel_map(square, [5, 3, 8, 1, 9, 2]) is [25, 9, 64, 1, 81, 4]."""
    crew, wanted = student.with_files(kata_tasks=TASKS), [25, 9, 64, 1, 81, 4]
    # The 5 takes its time: who takes results as they come has the same mark at each run.
    seen = as_list(crew.run(call, task="square_late", items=[5, 3, 8, 1, 9, 2], options=FORK), 6)
    mixed = seen != wanted and sorted(map(repr, seen)) == sorted(map(repr, wanted))
    expect(not mixed, f"The results are right but not in the order of the items: {show(seen)}.")
    expect(seen == wanted, f"It should return {wanted}; yours returned {show(seen)}.")


@check(points=1, public=True, hint="How many workers does your code start for no items?")
def test_no_items(student):
    """No items give an empty list, from a list and from a generator."""

    @student.with_files(kata_tasks=TASKS).observe(options=FORK)
    def seen(module, options):
        import kata_tasks as tasks

        nothing = [[], (x for x in [])]
        return [module.parallel_map(tasks.square, items, **options) for items in nothing]

    expect(seen == [[], []], f"No items should give [] each time; yours gave {show(seen)}.")


@check(points=1, hint="A generator has neither len() nor slices; list(items) has both.")
def test_any_iterable(student, rng):
    """Generators and mappings work, whatever their length."""
    wanted = [numbers_of(rng, n) for n in (rng.randint(40, 60), rng.randint(40, 60), 1, 2, 3, 17)]

    @student.with_files(kata_tasks=TASKS).observe(wanted=wanted, options=FORK)
    def seen(module, wanted, options):
        import kata_tasks as tasks

        sources = [dict.fromkeys(wanted[0]), *((n for n in numbers) for numbers in wanted[1:])]
        return [module.parallel_map(tasks.square, items, **options) for items in sources]

    for got, items in zip(read(seen, [object] * len(wanted)), wanted, strict=True):
        squares = [n * n for n in items]
        mixed = sorted(map(repr, as_list(got, len(items)))) == sorted(map(repr, squares))
        what = "in another order than the items" if mixed else "wrong"
        expect(got == squares, f"With an iterable of {len(items)} items the results are {what}.")


@check(points=2, hint="map waits for its turn; imap_unordered and as_completed do not.")
def test_order_of_the_items(student, rng):
    """The first item is ready last, and its result still comes first."""
    # It waits until a third of the others have begun, so one whole chunk or more is ready.
    numbers = numbers_of(rng, 24)
    jobs = [[n, 0.01 * (not i), 9 * (not i)] for i, n in enumerate(numbers)]
    seen = student.with_files(kata_tasks=TASKS).run(drive, jobs=jobs, options=FORK)
    expect(
        [row[0] for row in rows_of(seen, jobs)[1]] == numbers,
        "The results are not in the order of the items but in another, such as that in which "
        "they were ready: a slow first item does not come first.",
    )
    expect(seen[2] == 24, f"The function was called {show(seen[2])} times for 24 items.")


@check(points=1, hint="Each item is one argument, also a tuple; keep results by position.")
def test_any_items_and_results(student, rng):
    """None, equal items, lists, tuples and returned exceptions are values like others."""
    a, b = rng.sample(range(10_000), 2)
    items = [a, None, [a, b], b, {"a": b}, a, False, "", (a, b), None, [], a, 0.0]
    crew = student.with_files(kata_tasks=TASKS)
    left = as_list(crew.run(call, task="same", items=items, options=FORK), len(items))
    for item in items:  # their order is for the checks of order
        place = next((n for n, mine in enumerate(left) if same(mine, item)), None)
        what = "A list" if type(item) is list else f"An item of type {type(item).__name__}"
        expect(
            place is not None, f"{what} did not come through: something else stands in its place."
        )
        left = left[:place] + left[place + 1 :]

    @crew.observe(items=[a, b], options=FORK)
    def seen(module, items, options):
        import kata_tasks as tasks

        try:
            found = module.parallel_map(tasks.as_error, items, **options)
        except ValueError:
            return "raised"
        return [[type(error).__name__, list(error.args)] for error in found]

    expect(seen != "raised", "An exception that the function only returned was raised.")
    wanted = [["ValueError", [a]], ["ValueError", [b]]]
    expect(
        in_any_order(as_list(seen, 2), wanted),
        "Exception objects that the function returned did not come through.",
    )


@check(
    points=1,
    hint="A process that has put much into a queue ends only when that has been read: read the "
    "results first, then join.",
)
def test_large_results(student, rng):
    """Results larger than a pipe holds come back."""
    items = [(chr(rng.randint(97, 122)), 150_000 + rng.randint(0, 999)) for _ in range(10)]

    @student.with_files(kata_tasks=TASKS).observe(items=items, options=FORK)
    def seen(module, items, options):
        import zlib

        import kata_tasks as tasks

        result = module.parallel_map(tasks.repeated, items, **options)
        return [zlib.crc32(text.encode()) for text in result]

    wanted = [zlib.crc32((letter * size).encode()) for letter, size in items]
    expect(
        in_any_order(as_list(seen, 10), wanted),
        "Results of 150 kB each did not come back as they were.",
    )
