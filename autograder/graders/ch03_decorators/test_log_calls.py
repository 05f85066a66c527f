"""Hidden grader of ``log_calls``."""

import re

from autograder.checks import check, expect, fail, show

# -- in the sandbox ------------------------------------------------------------------------


def listening(log, name, level):
    """The logger of that name and level, with every record of any logger written to ``log``."""
    import logging

    class Listener(logging.Handler):
        def emit(self, record):
            try:
                text = record.getMessage()[:2000]
            except Exception:
                text = None
            lazy = not isinstance(record.msg, str)
            msg = "" if lazy else record.msg[:2000]
            error = type(record.exc_info[1]).__name__ if record.exc_info else ""
            entry = [record.name, record.levelno, msg, text, lazy or bool(record.args), error]
            log.append(["record", entry])

    root = logging.getLogger()
    root.setLevel(1)
    root.handlers = [Listener()]
    logger = logging.getLogger(name)
    logger.setLevel(level)
    return logger


def call_once(module, name, args, kwargs, result, raises="", level=20, how="default"):
    """Decorate a function of that name and call it once; ``[how it ended, log]``."""
    import builtins

    log = []
    logger = listening(log, "vision.detector", level)

    def function(*args, **kwargs):
        log.append(["run"])
        if raises:
            log.append(error)
            raise error
        return result

    error = getattr(builtins, raises or "OSError")("no such thing")
    function.__name__ = function.__qualname__ = name
    decorate = module.log_calls(logger) if how == "default" else module.log_calls(logger, level)
    decorated = decorate(function)
    end = ["nothing"]
    try:
        end = ["returned", decorated(*args, **kwargs) is result]
    except BaseException as caught:
        if error not in log:
            raise  # not what the function raised: their line says more
        end = ["raised", caught is error]
    return [end, [entry for entry in log if entry is not error]]


def touchy(name):
    """An object that counts how often it was made into text, and the list of the counts.

    ``name`` is that of its class.
    """
    touched = []

    def as_text(how):
        def text(self, *spec):
            touched.append(how)
            return f"<{name}>"

        return text

    methods = {f"__{how}__": as_text(how) for how in ("repr", "str", "format")}
    return type(name, (), methods)(), touched


def many_calls(module, values, scales):
    """Call a decorated function of about a microsecond so often, with logging off."""
    import logging

    logger = logging.getLogger(f"models.part{int(sum(values)) % 1000}")
    logger.setLevel(logging.WARNING)
    logger.propagate, logger.handlers = False, [logging.Handler()]

    def work(values, scale=1):
        return scale * sum(values) + max(values) - min(values)

    work = module.log_calls(logger, logging.DEBUG)(work)
    total = 0
    for scale in scales:
        total += work(values, scale=scale)
    # A decorator that never logs is fast, too: one call with logging on.
    count = []
    logger.handlers[0].emit = count.append
    logger.setLevel(logging.DEBUG)
    work(values)
    return [total, len(count)]


# -- on the judge's side -------------------------------------------------------------------

FIELDS = {"logger": str, "level": int, "msg": str, "text": str, "lazy": bool, "error": str}
"""What is written down of a record: logger, level, msg and text, whether it is lazy, exception."""


def is_list(value, length):
    return type(value) is list and len(value) == length


def records(log, what, logger="vision.detector", level=20, run=True):
    """The two records of one call, on the right logger, at the right level, in order."""
    good = type(log) is list and all(is_list(e, 1) or is_list(e, 2) for e in log)
    expect(good, "The log of records is not what the check wrote.")
    found = []
    for values in (e[1] for e in log if len(e) == 2):
        if is_list(values, 6) and values[3] is None:
            fail(f"{what}: a record could not be formatted; do its % signs match its arguments?")
        good = is_list(values, 6) and [*map(type, values)] == [*FIELDS.values()]
        expect(good, "The log of records is not what the check wrote.")
        found.append(dict(zip(FIELDS, values, strict=True)))
        if values[0] != logger:
            other = "the root logger" if values[0] == "root" else "another logger"
            fail(f"{what}: a record went to {other}, not to the logger that was passed.")
        if values[1] != level:
            fail(f"{what}: a record was not at the level that was asked for.")
    order = [e[0] for e in log]
    wanted = ["record", "run", "record"] if run else ["record", "record"]
    if order != wanted:
        if len(found) != 2:
            fail(
                f"{what}: {len(found)} record(s) on the logger instead of two, "
                "one for the call and one for its end."
            )
        if order.count("run") != 1:
            fail(f"{what}: the function ran {order.count('run')} times.")
        fail(f"{what}: one record comes before the function runs, the other after it.")
    return found


def one_call(student, what, **options):
    """One call of a decorated function, its records, and what the caller got."""
    level = options.get("level", 20)
    seen = student.run(call_once, helpers=(listening,), **options)
    expect(is_list(seen, 2) and is_list(seen[0], 2), "The call did not answer.")
    end, log = seen
    wanted = "raised" if options.get("raises") else "returned"
    if end[0] != wanted:
        fail(
            f"{what}: the exception was swallowed; the caller goes on as if all were well. "
            "After its record, raise it again."
        )
    if end[1] is not True:
        fail(f"{what}: the caller did not get the very object that the function {wanted}.")
    return records(log, what, level=level)


def same_and_logged(mine, other):
    """Whether the timed calls gave the right total and, turned on, two records."""
    if is_list(mine, 2) and mine[0] == other[0] and mine[1] != 2:
        fail(
            f"Turned on after the timing, a call gave {show(mine[1])} records instead of two; "
            "the time of a decorator that does not log counts for nothing."
        )
    return is_list(mine, 2) and repr(mine) == repr([other[0], 2])


def quoted(record, public):
    return f" It says: {show(record['text'])}." if public else ""


def judge_call(student, what, name, args, kwargs, result, public=False, **options):
    """A call of plain values: what its records say."""
    begun, ended = one_call(
        student, what, name=name, args=args, kwargs=kwargs, result=result, **options
    )
    for record, which in ((begun, "first"), (ended, "second")):
        if name not in record["text"]:
            fail(f"{what}: the {which} record does not name the function.{quoted(record, public)}")
    words = [str(value) for value in (*args, *kwargs, *kwargs.values())]
    if not all(word in begun["text"] for word in words):
        fail(
            f"{what}: the first record does not have all arguments, those passed by keyword "
            f"with their names.{quoted(begun, public)}"
        )
    raises = options.get("raises")
    kind = raises or type(result).__name__
    if kind not in ended["text"] and not (raises and ended["error"] == raises):
        which = "exception" if raises else "result"
        fail(f"{what}: the second record does not name the {which}'s type.{quoted(ended, public)}")


# -- checks --------------------------------------------------------------------------------


@check(points=2, public=True, hint="logger.log(level, …) once before the call and once after it.")
def test_logs_call_and_end(student):
    """A call gives two records: name and arguments, then name and the result's type."""
    what = "A call of detect(640, size=480) that returns a dict"
    args, kwargs, result = [640], {"size": 480}, {"cat": 0.75}
    judge_call(student, what, "detect", args, kwargs, result, public=True)


@check(points=2, public=True, hint="A bare `raise` in the except part, after its record.")
def test_logs_and_raises_the_error(student):
    """When the function raises, the second record names the exception, and the caller gets it."""
    what = "A call of detect(640) that raises a ValueError"
    judge_call(student, what, "detect", [640], {}, None, public=True, raises="ValueError")


@check(points=2, public=True, hint="Arrays and tensors both have a .shape and a .dtype.")
def test_arrays_as_shape_and_dtype(student, rng):
    """Arrays and tensors are shown as shape and dtype, never as values."""
    value, rows, columns = rng.randint(10**6, 9 * 10**6), rng.randint(11, 20), rng.randint(2, 9)

    @student.observe(helpers=(listening,), value=value, shape=[rows, columns])
    def seen(module, value, shape):
        import numpy as np
        import torch

        log, logs = [], []
        logged = module.log_calls(listening(log, "vision.detector", 20))

        @logged
        def forward(images):
            log.append(["run"])
            return images + 0

        @logged
        def backward(*, images):
            log.append(["run"])
            return 7

        for array in (np.full(shape, value, np.int32), torch.full(shape, value)):
            forward(array)
            logs.append(list(log))
            log.clear()
            backward(images=array)
            logs.append(list(log))
            log.clear()
        return logs

    expect(is_list(seen, 4), "The calls did not answer.")
    whats = [("an array", "int32"), ("an array", "int32"), ("a tensor", "int64")]
    whats.append(whats[-1])
    for number, (log, (what, dtype)) in enumerate(zip(seen, whats, strict=True)):
        with_it = f"With {what} passed by {'keyword' if number % 2 else 'position'}"
        begun, ended = records(log, with_it)
        for record in (begun, ended):
            text = record["text"]
            expect(str(value) not in text, f"Values of {what} are in a record: {show(text)}")
        text = begun["text"]
        expect(
            bool(re.search(rf"{rows}\D+{columns}", text)) and dtype in text,
            f"{with_it}, the record of the call lacks its shape or dtype: {show(text)}",
        )


@check(points=1, hint="repr() of a list calls repr() of what is in it.")
def test_nested_arrays(student, rng):
    """Arrays within lists, tuples and dicts, and parameters, do not show their values either."""
    value = rng.randint(10**6, 9 * 10**6)

    @student.observe(helpers=(listening,), value=value)
    def seen(module, value):
        import numpy as np
        import torch

        log = []

        @module.log_calls(listening(log, "vision.detector", 20))
        def train(*batches, **options):
            return [batches[0]]

        array, tensor = np.full((2, 3), value), torch.full((4,), value)
        train({"images": array, "labels": tensor})
        train([tensor, 1], (array, "a"))
        train(1, batch=[{"pair": (array, tensor)}])
        train(1, weights=torch.nn.Parameter(tensor + 0.5))
        return log

    expect(is_list(seen, 8), "Four calls did not give eight records.")
    for record in records(seen[6:], "With a Parameter", run=False):
        expect(
            str(value) not in record["text"],
            "The values of a torch.nn.Parameter are in a record. It is a tensor, too: isinstance "
            "knows, type(x) == … does not.",
        )
    for call in (0, 2, 4):
        for record in records(seen[call : call + 2], "With arrays in lists and dicts", run=False):
            expect(
                str(value) not in record["text"],
                "The values of an array that is within a list, a tuple or a dict are in a "
                "record: repr() of a container shows all that is in it.",
            )


@check(points=2, hint="logger.isEnabledFor(level), asked in the wrapper.")
def test_off_means_off(student, rng):
    """While the level is off there is no record and no repr; turned on later, it works."""

    name = rng.choice(["Image", "Batch", "Config", "Sample", "Checkpoint", "Tokenizer"])

    @student.observe(helpers=(listening, touchy), name=name)
    def seen(module, name):
        import logging

        log, found = [], []
        thing, touched = touchy(name)
        logger = listening(log, "vision.detector", logging.WARNING)

        @module.log_calls(logger, logging.INFO)
        def give(value, *, again):
            return [value, again]

        @module.log_calls(logger, logging.INFO)
        def fail(value):
            raise LookupError(value)

        def calls():
            before = len(log), len(touched)
            right = [part is thing for part in give(thing, again=thing) or []]
            try:
                fail(thing)
                right.append("swallowed")
            except LookupError:
                right.append(True)
            found.append([right, len(log) - before[0], len(touched) - before[1]])

        calls()
        logger.setLevel(logging.INFO)
        calls()
        logging.disable(logging.CRITICAL)
        calls()
        return found

    good = is_list(seen, 3) and all(is_list(part, 3) for part in seen)
    good = good and all(type(n) is int for part in seen for n in part[1:])
    expect(good, "The calls did not answer.")
    for (right, count, touched), when in zip(seen, ("off", "on", "disabled"), strict=True):
        if right != [True, True, True]:
            lost = "swallowed" in right if type(right) is list else False
            what = "an exception was swallowed" if lost else "the result got lost"
            fail(f"With the level {when}, {what}.")
        if when == "on":
            expect(
                count > 0,
                "Turned on after the decoration, the calls were not logged: ask "
                "whether the level is on at each call.",
            )
            expect(count == 4, f"Two calls gave {count} records; they should give four.")
            continue
        expect(count == 0, f"With the level {when}, {count} records were made of two calls.")
        expect(
            touched == 0,
            f"With the level {when}, arguments or results were made into text {touched} times: "
            "an f-string, or repr() or str() in the wrapper, does so whether anybody logs it "
            "or not.",
        )


@check(points=1, hint="Both records through the methods of `logger`, with `level`.")
def test_logger_and_level(student, rng):
    """Records go to the logger that was passed, at the level that was passed, errors too."""
    for level in rng.sample([5, 10, 15, 25, 30, 40, 50], 2):
        raises = rng.choice(["", "KeyError", "OSError"])
        name, number = f"fetch_{rng.randint(100, 999)}", rng.randint(100, 999)
        args, kwargs = [number, f"u{number}%d"], {"timeout": rng.randint(100, 999)}
        result = rng.choice([[1, 2], {"a": 1}, 2.5, "text"])
        options = {"raises": raises, "level": level, "how": "level"}
        what = f"With another level, and {'an exception' if raises else 'a result'}"
        judge_call(student, what, name, args, kwargs, result, **options)
    for result in (None, 0):
        what = f"With {result} for a result"
        judge_call(student, what, "save", [f"to{number}"], {}, result, level=level, how="level")


@check(points=1, hint="What logger.log writes, any handler gets: a file, a stream, a service.")
def test_ordinary_logging(student, rng):
    """With an ordinary logger and handler, both lines of a call are in the log."""
    logger = rng.choice(["train", "app.data", "models.resnet", "serve", "pipeline.load"])
    name, number = rng.choice(["detect", "resize", "collate", "embed"]), rng.randint(10**4, 10**5)

    raises = rng.random() < 0.5

    @student.observe(logger=logger, name=name, number=number, fails=raises)
    def seen(module, logger, name, number, fails):
        import io
        import logging

        stream, log = io.StringIO(), logging.getLogger(logger)
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.DEBUG)
        log.propagate = False

        def function(value, *, size=1):
            if fails:
                raise LookupError(value)
            return [value] * size

        function.__name__ = function.__qualname__ = name
        decorated = module.log_calls(log, logging.DEBUG)(function)
        try:
            ended = decorated(number, size=3) == [number] * 3
        except LookupError:
            ended = fails
        handler.flush()
        return [ended, stream.getvalue()[:4000]]

    good = is_list(seen, 2) and type(seen[1]) is str
    expect(good and seen[0] is True, "A call with an ordinary logger did not end as it should.")
    parts = seen[1].split(f"DEBUG {logger} ")
    expect(
        len(parts) == 3 and not parts[0],
        f"With an ordinary handler a call gave {len(parts) - 1} lines in the log instead of two.",
    )
    expect(
        name in parts[1] and name in parts[2],
        "In the log of an ordinary handler a line does not name the function.",
    )
    expect(
        str(number) in parts[1] and "size" in parts[1],
        "In the log of an ordinary handler the line of the call lacks an argument.",
    )
    expect(
        ("LookupError" if raises else "list") in parts[2],
        "In the log of an ordinary handler "
        "the line of the end lacks the type of the result or of the exception.",
    )


@check(points=1, hint='logger.log(level, "call %s", name): the logger puts them together itself.')
def test_lazy_arguments(student, rng):
    """Calls that differ in their arguments have the same record.msg; the rest are its arguments."""
    runs = []
    for raises in ("", "ValueError"):
        for _ in range(2):
            args = [rng.randint(10**5, 10**6), f"img_{rng.randint(10**5, 10**6)}.png"]
            call = {"name": "load", "args": args, "kwargs": {}, "result": [1], "raises": raises}
            runs.append(one_call(student, "With two arguments", **call))
    for first, second in (runs[:2], runs[2:]):
        for one, other, which in zip(first, second, ("a call", "an end"), strict=True):
            expect(
                one["msg"] == other["msg"],
                f"The record.msg of {which} changes with the arguments: its text was put "
                "together before the logger was asked (by an f-string, % or format).",
            )
            expect(
                one["lazy"] and other["lazy"],
                f"The record of {which} has no arguments (record.args is empty): pass what is to "
                "be filled in to logger.log, after the message.",
            )


@check(points=1, hint="def wrapper(*args, **kwargs): `self` is the first of args.")
def test_methods(student, rng):
    """Methods are logged, and get self and their arguments."""
    a, b = rng.randint(100, 999), rng.randint(1000, 9999)

    @student.observe(helpers=(listening,), a=a, b=b)
    def seen(module, a, b):
        log = []
        logged = module.log_calls(listening(log, "vision.detector", 20))

        class Model:
            def __init__(self, factor):
                self.factor = factor

            @logged
            def forward(self, x, *, bias=0):
                return self.factor * x + bias

            @staticmethod
            @logged
            def static(x):
                return -x

            @classmethod
            @logged
            def made(cls, x):
                return [cls is Model, x]

        tries = [
            lambda: Model(a).forward(b, bias=1),
            lambda: Model(b).forward(x=a),
            lambda: Model.static(a),
            lambda: Model.made(b),
        ]
        found = []
        for call in tries:
            try:
                found.append(call())
            except (TypeError, AttributeError):
                found.append("TypeError")
        return [found, log]

    expect(is_list(seen, 2), "The decorated methods did not answer.")
    good = repr(seen[0]) == repr([a * b + 1, a * b, -a, [True, b]])
    expect(
        good,
        "Methods did not get `self` (or the class) and their arguments unchanged, or "
        "their results got lost.",
    )
    expect(is_list(seen[1], 8), "Four calls of methods did not give eight records.")
    begun, ended = records(seen[1][:2], "With a method", run=False)
    for record in (begun, ended):
        expect("forward" in record["text"], "A record of a method does not name it.")
    expect(str(b) in begun["text"], "The record of a method's call lacks an argument.")


@check(points=1, hint="functools.wraps(function) on the wrapper.")
def test_metadata_kept(student, rng):
    """Name, docstring and __wrapped__ are kept."""

    @student.observe(name=f"load_{rng.randint(100, 999)}")
    def seen(module, name):
        import logging

        def function(path):
            """Load it."""

        function.__name__ = name
        decorated = module.log_calls(logging.getLogger("vision.detector"))(function)
        kept = {
            "name": getattr(decorated, "__name__", None) == name,
            "docstring": getattr(decorated, "__doc__", None) == "Load it.",
            "__wrapped__": getattr(decorated, "__wrapped__", None) is function,
        }
        return [what for what in kept if not kept[what]]

    expect(
        is_list(seen, 0),
        f"A decorated function lost these: {show(seen)}. Tracebacks and help() show your "
        "wrapper instead.",
    )


@check(points=2, kind="performance", hint="While off: one question to the logger, one call.")
def test_cheap_while_off(student, baseline, compare_speed, rng):
    """While the level is off a call takes at most twice as long as undecorated."""
    bare = baseline("def log_calls(logger, level=20):\n    return lambda function: function\n")

    def inputs(_):
        values = [rng.randint(10**6, 10**9) for _ in range(44)]
        return {"values": values, "scales": rng.choices(range(1000), k=500)}

    speed = compare_speed(student, bare, many_calls, inputs, at_most=2.0, same=same_and_logged)
    expect(
        speed.ratio <= 2.0,
        f"With logging off, a call takes {speed.ratio:.1f}x as long as undecorated; at most 2x are "
        "allowed. What is done for the record before anybody asks whether it is wanted?",
    )
