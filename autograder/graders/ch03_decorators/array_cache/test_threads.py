"""Several threads at once, and exceptions."""

from autograder.checks import check, expect, fail, show
from autograder.judging.vocabulary.evidence import matches, read
from autograder.judging.vocabulary.gates import at_once, company

from .collisions import whole


def crowd(module, array, fails):
    """Eight threads at once: ``[computed so often, threads left, what each got]``.

    That is ``[whether it is right, whether it is its own]``, or a text: an exception's or another
    type.
    """
    import time

    import numpy as np

    class Slow:
        """A hashable argument that lets the other threads in wherever a dict asks for it."""

        def __hash__(self):
            time.sleep(0.001)
            return 1

        def __reduce__(self):
            return str, ("slow",)  # for those whose key is made by pickle

    slow, state = Slow(), {}
    # Time for the others to come in while the first one computes, if they are let in.
    pause = company(state, 2, seconds=0.1 if fails else 0.3)

    @module.array_cache()
    def double(x, tag):
        pause()
        if fails:
            raise LookupError("no result")
        return x + x

    def ask():
        try:
            return double(array.copy(), slow)
        except LookupError:
            return "LookupError"

    ends = at_once([ask] * 8)
    left = sum(how == "never finished" for how, _ in ends)
    got = [result if how == "returned" else how for how, result in ends]
    arrays = {n: result for n, result in enumerate(got) if hasattr(result, "shape")}
    right = {n: bool((result == array + array).all()) for n, result in arrays.items()}
    for number, result in arrays.items():
        try:
            result[:] = number
        except ValueError:
            arrays[number] = np.full_like(result, number)  # read-only: safe in another way
    for number, result in arrays.items():
        got[number] = [right[number], bool((result == number).all())]
    got = [g if isinstance(g, (str, list)) else type(g).__name__ for g in got]
    return [state["began"], left, got]


@check(points=2, hint="A thread that finds another one computing waits for that result.")
def test_threads_compute_once(student, rng):
    """Of eight threads that ask for the same at once, one computes; each gets its own result."""
    for _ in range(2):
        seen = student.run(crowd, array=whole(rng, 50), fails=False)
        computed, left, got = read(seen, [int, int, [object] * 8], "What the threads got")
        if computed == 0:
            names = sorted({g for g in got if type(g) is str})
            fail(
                "Eight threads asked, with an array and another hashable object, and the "
                f"function was not called. What they got: {show(names)}"
            )
        expect(
            computed == 1,
            f"Eight threads that asked for the same at once computed it {computed} times. Each "
            "looked, answers nothing and went on before the first had stored its result.",
        )
        expect(left == 0, "Some of eight threads never got their result.")
        good = not matches(got, list[[bool, bool]])
        expect(good, "Some of eight threads got an exception instead of the result.")
        expect(all(right for right, _ in got), "Some of eight threads got a wrong result.")
        expect(
            all(own for _, own in got),
            "Threads that waited for one computation got one and the same array: what one of "
            "them does to it, the others see.",
        )


@check(points=1, hint="Those who wait must be woken in any case: try, except, raise.")
def test_exceptions_are_not_kept(student, rng):
    """An exception reaches the caller and is not kept; no thread waits for ever."""

    @student.observe(value=rng.randint(1, 99))
    def seen(module, value):
        import numpy as np

        computed, own = [], LookupError("not yet")

        @module.array_cache()
        def double(x):
            computed.append(1)
            if len(computed) < 3:
                raise own
            return x + x

        ends = []
        for _ in range(4):
            try:
                ends.append(int(double(np.array([value]))[0]) == 2 * value)
            except LookupError as error:
                ends.append("raised" if error is own else "another")

        @module.array_cache()
        def interrupted(x):
            computed.append(1)
            if len(computed) == 4:
                raise KeyboardInterrupt
            return x + x

        try:
            interrupted(np.array([value]))
            pressed = "swallowed"
        except KeyboardInterrupt:
            # Another thread, for it may wait for ever.
            [[how, again]] = at_once([lambda: int(interrupted(np.array([value]))[0])])
            pressed = "kept" if how != "returned" else again == 2 * value
        return [ends, len(computed), pressed]

    ends, computed, pressed = read(seen, [[bool | str] * 4, int, bool | str], "What the calls gave")
    expect(ends[0] == "raised", "The exception of the function did not reach the caller unchanged.")
    expect(
        ends == ["raised", "raised", True, True] and computed >= 3,
        "After an exception the next call has to compute again, and a result is kept then.",
    )
    expect(pressed != "swallowed", "A KeyboardInterrupt did not reach the caller.")
    expect(
        pressed is True and computed == 5,
        "After a KeyboardInterrupt the next call, in another thread, did not compute again.",
    )
    crowded = student.run(crowd, array=whole(rng, 50), fails=True)
    computed, left, got = read(crowded, [int, int, [object] * 8], "What the threads got")
    expect(computed != 0, "Eight threads asked, and the function was not called.")
    expect(left == 0, "When the computation failed, threads that waited for it never ended.")
    good = all(type(g) is str and g == "LookupError" for g in got)
    expect(
        good,
        "When the computation failed, a thread that waited got something else than the exception.",
    )
