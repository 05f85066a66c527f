"""Hidden grader of ``log_calls``."""

import re

import numpy as np

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.decorating import (
    expect_metadata,
    expect_method_calls,
    method_calls,
)
from autograder.judging.vocabulary.evidence import matches, read
from autograder.judging.vocabulary.measures import expect_speed

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

FIELDS = {"logger": str, "level": int, "msg": str, "text": str | None, "lazy": bool, "error": str}
"""What is written down of a record: logger, level, msg and text, whether it is lazy, exception."""

LOG = "The log of records"


def records(log, what, logger="vision.detector", level=20, run=True):
    """The two records of one call, on the right logger, at the right level, in order."""
    found = []
    for entry in read(log, list[list], LOG):
        if entry == ["run"]:
            continue
        record = dict(zip(FIELDS, read(entry, [str, [*FIELDS.values()]], LOG)[1], strict=True))
        if record["text"] is None:
            fail(f"{what}: a record could not be formatted; do its % signs match its arguments?")
        found.append(record)
        if record["logger"] != logger:
            other = "the root logger" if record["logger"] == "root" else "another logger"
            fail(f"{what}: a record went to {other}, not to the logger that was passed.")
        if record["level"] != level:
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
    end, log = read(seen, [[str, bool], list], "What the call did")
    wanted = "raised" if options.get("raises") else "returned"
    if end[0] != wanted:
        fail(
            f"{what}: the exception was swallowed; the caller goes on as if all were well. "
            "After its record, raise it again."
        )
    if not end[1]:
        fail(f"{what}: the caller did not get the very object that the function {wanted}.")
    return records(log, what, level=level)


def same_and_logged(mine, other):
    """Whether the timed calls gave the right total and, turned on, two records."""
    if not matches(mine, [object, int]) and same(mine[0], other[0]) and mine[1] != 2:
        fail(
            f"Turned on after the timing, a call gave {mine[1]} records instead of two; "
            "the time of a decorator that does not log counts for nothing."
        )
    return same(mine, [other[0], 2])


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

        for size in (shape, ()):
            for array in (np.full(size, value, np.int32), torch.full(size, value)):
                forward(array)
                logs.append(list(log))
                log.clear()
                backward(images=array)
                logs.append(list(log))
                log.clear()
        return logs

    read(seen, [list] * 8, "What the calls did")
    whats = [("an array", "int32"), ("an array", "int32"), ("a tensor", "int64")]
    whats += [whats[-1], *((f"{what} without axes", dtype) for what, dtype in whats)]
    whats.append(whats[-1])
    for number, (log, (what, dtype)) in enumerate(zip(seen, whats, strict=True)):
        with_it = f"With {what} passed by {'keyword' if number % 2 else 'position'}"
        begun, ended = records(log, with_it)
        for record in (begun, ended):
            text = record["text"]
            expect(str(value) not in text, f"Values of {what} are in a record: {show(text)}")
        text = begun["text"]
        shape = rf"{rows}\D+{columns}" if number < 4 else r""
        expect(
            bool(re.search(shape, text)) and dtype in text,
            f"{with_it}, the record of the call lacks its shape or dtype: {show(text)}",
        )
        expect(
            number % 2 == 0 or "images" in text,
            f"{with_it}, the record of the call lacks the argument's name: {show(text)}",
        )


@check(points=1, hint="repr() of a list calls repr() of what is in it.")
def test_nested_arrays(student, rng):
    """Arrays within lists, tuples and dicts, and parameters, do not show their values either."""
    value = rng.randint(10**6, 9 * 10**6)

    @student.observe(helpers=(listening,), value=value, depth=rng.randint(12, 24))
    def seen(module, value, depth):
        import collections

        import numpy as np
        import torch

        log = []

        @module.log_calls(listening(log, "vision.detector", 20))
        def train(*batches, **options):
            return [batches[0]]

        class Batch(list):
            pass

        array, tensor = np.full((2, 3), value), torch.full((4,), value)
        pair = collections.namedtuple("Pair", "images labels")(array, 1)
        by_name = collections.OrderedDict(labels=tensor)
        train(pair, Batch([tensor]), batch=by_name)
        train({"images": array, "labels": tensor})
        train([tensor, 1], (array, "a"))
        deep = (array, tensor)
        for level in range(depth):
            deep = [lambda: [deep], lambda: (1, deep), lambda: {"deep": deep}][level % 3]()
        train(1, batch=[{"pair": (array, tensor)}, deep])
        train(1, weights=torch.nn.Parameter(tensor + 0.5))
        return log

    expect(len(read(seen, list, LOG)) == 10, "Five calls did not give ten records.")
    for record in records(seen[8:], "With a Parameter", run=False):
        expect(
            str(value) not in record["text"],
            "The values of a torch.nn.Parameter are in a record. It is a tensor, too: isinstance "
            "knows, type(x) == … does not.",
        )
    for record in records(seen[:2], "With a named tuple and an OrderedDict", run=False):
        expect(
            str(value) not in record["text"],
            "The values of an array that is within a named tuple, an OrderedDict or a list of a "
            "class of its own are in a record: these are tuples, dicts and lists, too.",
        )
    for call in (2, 4, 6):
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

    read(seen, [[list[bool | str], int, int]] * 3, "What the calls did")
    for (right, count, touched), when in zip(seen, ("off", "on", "disabled"), strict=True):
        if right != [True, True, True]:
            lost = "swallowed" in right
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
    for raises in ("KeyboardInterrupt", "SystemExit"):
        what = f"With a {raises}"
        judge_call(
            student, what, "save", [number], {}, None, level=level, how="level", raises=raises
        )
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

    ended, text = read(seen, [bool, str], "What an ordinary handler wrote")
    expect(ended, "A call with an ordinary logger did not end as it should.")
    parts = text.split(f"DEBUG {logger} ")
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
    """Calls that differ have the same record.msg; what differs are the record's arguments."""
    runs = []
    for ends in (("", ""), ("ValueError", "KeyError")):
        for raises, result in zip(ends, ([1], {"a": 1}), strict=True):
            args = [rng.randint(10**5, 10**6), f"img_{rng.randint(10**5, 10**6)}.png"]
            call = {"name": "load", "args": args, "kwargs": {}, "result": result, "raises": raises}
            runs.append(one_call(student, "With two arguments", **call))
    call = {"name": "load", "args": [], "kwargs": {}, "result": None}
    without = one_call(student, "Without arguments", **call)
    call |= {"args": [np.ones(3)], "kwargs": {"size": args[0]}}
    by_keyword = one_call(student, "With an argument by keyword", **call)
    for first, second in (runs[:2], runs[2:], (runs[0], without), (runs[0], by_keyword)):
        for one, other, which in zip(first, second, ("a call", "an end"), strict=True):
            expect(
                one["msg"] == other["msg"],
                f"The record.msg of {which} changes from call to call: its text was put "
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
        import io
        import logging

        log = []
        logged = module.log_calls(listening(log, "vision.detector", 20))
        found = [method_calls(logged, a, b), list(log)]

        class Config:
            @logged
            def __init__(self, size):
                self.size = size

            def __repr__(self):
                return f"Config({self.size})"

        @logged
        def measure(*, config):
            return a

        logging.getLogger().handlers = [logging.StreamHandler(io.StringIO())]
        try:
            # There is no size yet when __repr__ is called.
            return [*found, Config(b).size, measure(config=Config.__new__(Config))]
        except AttributeError:
            return [*found, None, None]

    results, log, *rest = read(seen, [list, list, object, object], "What the decorated methods did")
    expect(
        same(rest, [b, a]),
        "The repr() of an argument raised (that of `self` in a decorated __init__, or of one "
        "passed by keyword), and so did the call. Logging must not break what it logs: catch it "
        "where you make the text.",
    )
    expect_method_calls(results, a, b)
    expect(len(log) == 8, "Four calls of methods did not give eight records.")
    begun, ended = records(log[:2], "With a method", run=False)
    for record in (begun, ended):
        expect("forward" in record["text"], "A record of a method does not name it.")
    expect(str(b) in begun["text"], "The record of a method's call lacks an argument.")


@check(points=1, hint="functools.wraps(function) on the wrapper.")
def test_metadata_kept(student, rng):
    """Name, docstring and __wrapped__ are kept."""

    def decorators(module):
        import logging

        return [module.log_calls(logging.getLogger("vision.detector"))]

    expect_metadata(student, decorators, rng, kept=("name", "docstring", "__wrapped__"))


@check(points=2, kind="performance", hint="While off: one question to the logger, one call.")
def test_cheap_while_off(student, baseline, rng):
    """While the level is off a call takes at most twice as long as undecorated."""
    bare = baseline("def log_calls(logger, level=20):\n    return lambda function: function\n")

    def inputs(_):
        values = [rng.randint(10**6, 10**9) for _ in range(44)]
        return {"values": values, "scales": rng.choices(range(1000), k=500)}

    message = (
        "With logging off, a call takes {ratio} as long as undecorated; at most {limit} are "
        "allowed. What is done for the record before anybody asks whether it is wanted?"
    )
    expect_speed(student, bare, many_calls, inputs, message, at_most=2.0, same=same_and_logged)
