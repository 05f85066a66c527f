"""Hidden grader of ``safe_counter``."""

from autograder.checks import check, expect, fail, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.gates import at_once, expect_all_ended
from autograder.judging.vocabulary.refusals import Refusal, error_of, expect_refusal

# -- pieces of observations ---------------------------------------------------------------------


def slow_int(number):
    """An int whose sums take a nap: other threads run between a read and the write after it."""
    import time

    class SlowInt(int):
        def __add__(self, other):
            time.sleep(0.0005)
            return int.__add__(self, other)

        def __radd__(self, other):
            time.sleep(0.0005)
            return int.__add__(self, other)

    return SlowInt(number)


def total(counter):
    """The value; a number of a subclass of int, for example of NumPy's, as an int."""
    value = counter.value
    return int(value) if isinstance(value, int) and type(value) is not bool else value


def unseen(interval):
    """Set a short switch interval, and report the usual one to code that asks.

    No counter needs to know whether threads are switched more often than usual, or whether there
    is a trace function. Returns a function that gives true answers again.
    """
    import sys
    import threading

    real = [
        (place, name, getattr(place, name))
        for place, name in ((sys, "getswitchinterval"), (sys, "gettrace"), (threading, "gettrace"))
        if hasattr(place, name)
    ]
    sys.setswitchinterval(interval)
    for place, name, _ in real:
        setattr(place, name, (lambda: 0.005) if name == "getswitchinterval" else lambda: None)

    def back():
        sys.setswitchinterval(0.005)
        for place, name, function in real:
            setattr(place, name, function)

    return back


def patient(module, seconds):
    """The module's class, compiled anew with a pause between what it reads and what it writes.

    A pause follows every attribute and item that is read, and ``x += n`` gets one before the sum:
    Python has read ``x`` by then. Threads, numbers and switch interval are ordinary ones and
    nobody traces anything, so nothing tells this from a day on which threads switch there.
    """
    import _thread
    import ast
    import os
    import sys
    import types

    # Waiting for a lock that nobody gives back is a sleep that no other file can have replaced.
    gate = _thread.allocate_lock()
    gate.acquire()
    running, name = [], f"_{os.urandom(4).hex()}"

    def pause(value):
        if running:
            gate.acquire(timeout=seconds)
        return value

    def paused(node):
        return ast.Call(ast.Name(name, ast.Load()), [node], [])

    class Pauses(ast.NodeTransformer):
        def visit_body(self, node):
            # Decorators, defaults, annotations and patterns stay as they are.
            node.body = [self.visit(part) for part in node.body]
            return node

        visit_ClassDef = visit_FunctionDef = visit_match_case = visit_body

        def visit_AnnAssign(self, node):
            node.value = node.value and self.visit(node.value)
            return node

        def visit_read(self, node):
            self.generic_visit(node)
            return paused(node) if isinstance(node.ctx, ast.Load) else node

        visit_Attribute = visit_Subscript = visit_read

        def visit_AugAssign(self, node):
            node.value = paused(self.visit(node.value))
            return node

    with open(module.__file__, "rb") as file:
        tree = ast.fix_missing_locations(Pauses().visit(ast.parse(file.read())))
    again = types.ModuleType(module.__name__)
    vars(again).update({"__file__": module.__file__, name: pause})
    sys.modules[module.__name__] = again  # dataclasses look there
    try:
        exec(compile(tree, module.__file__, "exec"), vars(again))
    finally:
        sys.modules[module.__name__] = module
    running.append(True)
    return again.SafeCounter


def storm(jobs, counter):
    """How the threads ended, and then the value, unless some still hold its lock perhaps.

    All threads have one name, as those of two pools may.
    """
    import threading

    def named(job):
        def run():
            threading.current_thread().name = "worker"
            job()

        return run

    ends = [how for how, _ in at_once([named(job) for job in jobs])]
    return [ends, None if "never finished" in ends else total(counter)]


def ledger(counter):
    """``add`` and ``look`` of a counter, and the looks.

    A look is ``[added before it began, value, added or begun until it ended]``.
    """
    begun, ended, looks = [], [], []

    def add(amount):
        begun.append(amount)
        counter.add(amount)
        ended.append(amount)

    def look():
        before = sum(list(ended))
        value = total(counter)
        looks.append([before, value, sum(list(begun))])

    return add, look, looks


def stepped(module, call, act):
    """Make the call, with ``act(is it an instruction?)`` before each step of the student's code."""
    import sys
    import time

    def trace(frame, event, argument):
        if frame.f_code.co_filename != module.__file__:
            return None
        frame.f_trace_opcodes = True
        act(event == "opcode")
        return trace

    def follow(function):
        for _ in range(1000):
            try:
                return sys.settrace(function)
            except RuntimeError:  # another thread is in the middle of it
                time.sleep(0)

    follow(trace)
    try:
        call()
    finally:
        follow(None)


def first_additions(module, start, amounts, stop, moment):
    """Two threads add to a new counter: ``[did one stop, how they ended, value]``.

    One stops at an instruction of the student's code, the ``stop``-th that it runs, until the
    other is in the middle of its sum, where this one waits for the first to end. Both go on after
    a moment (in seconds): the other thread may well be waiting for a lock.
    """
    import threading

    back = unseen(1e-4)
    counter, steps = module.SafeCounter(start), 0
    stopped, adding, ended = (threading.Event() for _ in range(3))

    class Sum(int):
        def __add__(self, other):
            adding.set()
            ended.wait(moment)
            return int.__add__(self, other)

        __radd__ = __add__

    def act(instruction):
        nonlocal steps
        steps += instruction
        if steps == stop and not stopped.is_set():
            stopped.set()
            adding.wait(0.01)

    def first():
        try:
            stepped(module, lambda: counter.add(amounts[0]), act)
        finally:
            stopped.set()
            ended.set()

    def second():
        stopped.wait(1)
        counter.add(Sum(amounts[1]))

    ends, value = storm([first, second], counter)
    back()
    return [steps >= stop, ends, value]


def reads_in_turn(module, start, amounts, times, slowly):
    """Each thread adds and reads in turn: ``[how they ended, value, looks]``."""
    back = (lambda: None) if slowly else unseen(1e-6)
    counter = (patient(module, 0.0001) if slowly else module.SafeCounter)(start)
    add, look, looks = ledger(counter)

    def adds(amount):
        return lambda: [(add(amount), look()) for _ in range(times)]

    found = storm([adds(amount) for amount in amounts], counter)
    back()
    return [*found, looks]


def reads_amid(module, start, own, amount, times):
    """One thread adds ``own`` and reads after every step of another one, that adds ``amount``.

    Returns ``[how they ended, value, looks]``. A read that has to wait for a lock goes on
    beside the steps that follow, and the next one begins when it has ended.
    """
    import threading

    back = unseen(1e-4)
    counter = module.SafeCounter(start)
    add, look, looks = ledger(counter)
    ask, answered = threading.Event(), threading.Event()
    over = False

    def act(_):
        if answered.is_set() and len(looks) < 6000:
            answered.clear()
            ask.set()
            answered.wait(0.005)

    def adder():
        nonlocal over
        try:
            for _ in range(times):
                answered.wait(1)  # on a busy machine the reader comes late
                stepped(module, lambda: add(amount), act)
        finally:
            over = True
            ask.set()

    def reader():
        add(own)
        while not over:
            answered.set()
            ask.wait(1)
            ask.clear()
            look()

    found = storm([adder, reader], counter)
    back()
    return [*found, looks[:8000]]


def adds_amid(module, start, amount, most):
    """One thread adds and reads, again and again; amid its reading a new one does the same.

    In the first round after the first step of reading, in the second after the second, and so on.
    Returns ``[how the first ended, value, looks, additions, how the others ended]``.
    """
    import threading

    back = unseen(1e-4)
    counter = module.SafeCounter(start)
    add, look, looks = ledger(counter)
    others, ends, over, answered = [], [], threading.Event(), threading.Event()
    steps = stop = 0

    def other():
        try:
            add(amount)
            look()
            ends.append("returned")
        except Exception as error:
            ends.append(type(error).__name__)
        answered.set()
        over.wait(5)  # as long as it lives no other thread gets its number

    def act(instruction):
        nonlocal steps
        steps += instruction
        if steps == stop > len(others):
            answered.clear()
            others.append(threading.Thread(target=other, daemon=True))
            others[-1].start()
            answered.wait(0.005)  # the reader may hold a lock

    def first():
        nonlocal steps, stop
        for stop in range(1, most + 1):
            add(amount)
            steps = 0
            stepped(module, look, act)
            if steps < stop:
                break  # reading is not so long
            answered.wait(1)

    found = storm([first], counter)
    over.set()
    back()
    ends += ["never finished"] * (len(others) - len(ends))
    return [*found, looks, stop + len(others), ends]


HELPERS = (unseen, total, storm, stepped, ledger, patient)


def exact(seen, wanted, what):
    """Hold ``[how the threads ended, value]`` against the total that it has to be."""
    ends, value = read(seen, [list[str], object], "What the counter gave")
    expect_all_ended(ends, what)
    expect(type(value) is int, "value is no int after threads have added.")
    if value < wanted:
        fail(
            f"{what} and additions were lost. Mostly that is so: a thread read the value, others "
            "added, and then it wrote over what they had written. Reading, adding and writing "
            "need one lock around all three, that every thread waits for. No lock in add, one made "
            "in each call, by the first call or for each thread, one in `value` only, or one not "
            "waited for: these do not protect it."
        )
    expect(
        value == wanted,
        f"{what} and value is too large: something was added twice, or to another counter.",
    )


def complete(looks, start, what):
    """Each value holds what had been added before, and nothing that was not begun."""
    read(looks, list[[int, object, int]], "What was read")
    expect(
        len(looks) > 0 and all(type(v) is int for _, v, _ in looks), f"{what} and value was no int."
    )
    expect(
        all(start + before <= value for before, value, _ in looks),
        f"{what} and a thread read less than had been added before: for a moment the total is "
        "incomplete, or is put together from parts of which some are missing. Readers can see it.",
    )
    expect(
        all(value <= start + begun for _, value, begun in looks),
        f"{what} and a thread read more than had been added until then.",
    )


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="`add` changes one attribute, the property returns it.")
def test_counts(student):
    """It starts at `start` and adds 1, or n, however large it gets."""

    @student.observe(helpers=(total,))
    def seen(module):
        found = []
        counter = module.SafeCounter()
        found.append(total(counter))
        for given in ({}, {"n": 5}, {"n": 0}):
            counter.add(**given)
            found.append(total(counter))
        for start in (-2, 10**17, 2**63 - 1, 10**30):
            counter = module.SafeCounter(start)
            counter.add(3)
            found.append(total(counter))
        counter = module.SafeCounter(start=100)
        counter.add(2)
        return [*found, total(counter)]

    told = {
        "SafeCounter() starts at 0": 0,
        "after add() it is 1": 1,
        "after add(n=5) it is 6": 6,
        "after add(0) it is still 6": 6,
        "after SafeCounter(-2) and add(3) it is 1": 1,
        "after SafeCounter(10**17) and add(3) it is 10**17 + 3": 10**17 + 3,
        "after SafeCounter(2**63 - 1) and add(3) it is 2**63 + 2": 2**63 + 2,
        "after SafeCounter(10**30) and add(3) it is 10**30 + 3": 10**30 + 3,
        "after SafeCounter(start=100) and add(2) it is 102": 102,
    }
    read(seen, [object] * len(told), "What the counter gave")
    for found, (words, wanted) in zip(seen, told.items(), strict=True):
        expect(type(found) is int, f"value should be an int, but it was {show(found)}.")
        expect(found == wanted, f"{words}; yours was {show(found)}.")


@check(points=1, public=True, hint="A property without a setter refuses by itself.")
def test_value_is_read_only(student):
    """Assigning to value is an AttributeError and changes nothing."""

    @student.observe(helpers=(total,))
    def seen(module):
        counter = module.SafeCounter(7)
        found = [error_of(lambda: setattr(counter, "value", 1000), "AttributeError")]
        found.append(total(counter))
        counter.add()
        return [*found, total(counter)]

    how, after, later = read(seen, [str, object, object], "What the counter gave")
    accepted = "`counter.value = 1000` was accepted: value is no read-only property."
    rule = Refusal("AttributeError", accepted=accepted)
    expect_refusal(how, "`counter.value = 1000`", rule)
    expect(
        type(after) is int and after == 7,
        f"`counter.value = 1000` failed, but changed value from 7 to {show(after)}.",
    )
    expect(type(later) is int and later == 8, f"After that, add() made 7 to {show(later)}.")


@check(points=1, public=True, hint="Nothing in `add` may wait for ever.")
def test_many_threads(student):
    """8 threads that add 500 times each make 4000."""

    @student.observe(helpers=(unseen, total, storm))
    def seen(module):
        back = unseen(1e-6)
        counter = module.SafeCounter()
        found = storm([lambda: [counter.add() for _ in range(500)]] * 8, counter)
        back()
        return found

    ends, value = read(seen, [list[str], object], "What the counter gave")
    what = "8 threads called add() 500 times each,"
    expect_all_ended(ends, what)
    expect(
        repr(value) != "0",
        "What other threads added does not show in the thread that made the counter: value is "
        "still 0.",
    )
    expect(
        type(value) is int and value == 4000, f"{what} value should be 4000, it is {show(value)}."
    )


@check(points=7, hint="Make a lock in __init__, and hold it from the read to the write.")
def test_nothing_is_lost(student, rng):
    """Nothing is lost, whenever another thread runs: at any step of add, at once or later."""
    # Small ones: an answer may add n in n steps.
    start, amounts = rng.randint(1, 10**6), [rng.randint(1, 9) for _ in range(8)]
    work = {"start": start, "amounts": amounts}

    @student.observe(helpers=(unseen, slow_int, total, storm), **work)
    def slow_sums(module, start, amounts):
        back = unseen(1e-4)  # a thread that waits for the lock in a busy loop is soon interrupted

        def adds(amount):
            slow = slow_int(amount)
            return lambda: [counter.add(slow) for _ in range(6)]

        try:
            module.SafeCounter().add(slow_int(1))
        except TypeError:  # takes no subclass of int
            return None
        counter = module.SafeCounter(start)
        found = storm([adds(amount) for amount in amounts], counter)
        back()
        return found

    most = 0 if slow_sums is None else 60  # the switch comes in other ways, too
    if most:
        what = "8 threads added numbers whose addition takes a while,"
        exact(slow_sums, start + 6 * sum(amounts), what)

    what, pieces = "Two threads made the first additions to a new counter,", HELPERS[:4]
    given = {"start": start, "amounts": amounts[:2]}
    for stop in range(1, most + 1):
        # Once a thread holds the others up for long, as it may where cores are few.
        given["moment"] = 0.6 if stop == 1 else 0.01
        seen = student.run(first_additions, helpers=pieces, stop=stop, **given)
        stopped, *seen = read(seen, [bool, list, object], "What the counter gave")
        exact(seen, start + sum(amounts[:2]), what)
        if not stopped:
            break  # add is not so long

    @student.observe(helpers=(unseen, total, storm, stepped), **work)
    def after_every_step(module, start, amounts):
        import time

        back = unseen(1e-4)
        counter = module.SafeCounter(start)

        def adds(amount):
            def twelve_times():
                for _ in range(12):
                    counter.add(amount)

            return lambda: stepped(module, twelve_times, lambda _: time.sleep(0.00002))

        found = storm([adds(amount) for amount in amounts[:4]], counter)
        back()
        return found

    what = "4 threads took turns after every instruction of add,"
    exact(after_every_step, start + 12 * sum(amounts[:4]), what)

    # The same without instruments, as any program does it: threads of a pool call add itself.
    @student.fresh().observe(helpers=(patient, total), start=start, amounts=amounts * 2)
    def slowed(module, start, amounts):
        from concurrent.futures import ThreadPoolExecutor, wait

        counter = patient(module, 0.0001)(start)
        pool = ThreadPoolExecutor(4)
        futures = [pool.submit(counter.add, amount) for amount in amounts]
        done, late = wait(futures, 8)
        pool.shutdown(wait=False, cancel_futures=True)
        ends = [type(future.exception()).__name__ for future in done if future.exception()]
        ends += ["never finished"] * len(late) + ["returned"] * (len(done) - len(ends))
        return [ends, None if late else total(counter)]

    what = "4 threads took turns between the reads and writes of add,"
    exact(slowed, start + 2 * sum(amounts), what)

    @student.observe(helpers=(total, storm), **work)
    def one_by_one(module, start, amounts):
        counter = module.SafeCounter(start)
        # A thread may get the number of one that has ended.
        ends = [storm([lambda n=n: counter.add(n)], counter)[0][0] for n in amounts]
        return [ends, total(counter)]

    exact(one_by_one, start + sum(amounts), "Threads added one after the other,")


@check(points=2, hint="Readers see a finished sum, and never have to wait for long.")
def test_reads_while_threads_add(student, rng):
    """While others add, value holds all that was added before, and nothing that was not."""
    start, amounts = rng.randint(1, 10**6), [rng.randint(1, 9) for _ in range(6)]
    what = "6 threads added and read in turn,"
    for slowly, times, side in ((False, 150, student), (True, 3, student.fresh())):
        work = {"start": start, "amounts": amounts, "times": times, "slowly": slowly}
        seen = side.run(reads_in_turn, helpers=HELPERS, **work)
        ends, value, looks = read(seen, [list, object, list], "What the counter gave")
        exact([ends, value], start + times * sum(amounts), what)
        complete(looks, start, what)

    own, amount = amounts[:2]
    # A total kept in digits or limbs carries on its way past this power, whatever their base is.
    near = 10**64 - own - rng.randint(1, 50) * amount
    # So many that those who fold what has piled up do so: mostly after 64 or 100.
    times = 130
    work = {"start": near, "own": own, "amount": amount, "times": times}
    seen = student.run(reads_amid, helpers=HELPERS, **work)
    ends, value, looks = read(seen, [list, object, list], "What the counter gave")
    what = "One thread read after every instruction of another one's add,"
    exact([ends, value], near + own + times * amount, what)
    complete(looks, near, what)

    seen = student.run(adds_amid, helpers=HELPERS, start=start, amount=amount, most=40)
    how, value, looks, additions, ends = read(seen, [list, object, list, int, list[str]])
    what = "Other threads added while one was in the middle of reading,"
    expect_all_ended(ends, what)
    exact([how, value], start + additions * amount, what)
    complete(looks, start, what)


@check(points=1, hint="Value and lock belong to the object, not to the class or the module.")
def test_counters_are_independent(student, rng):
    """Two counters do not share what they count."""
    starts, amounts = rng.sample(range(1, 10**6), 2), rng.sample(range(1, 999), 2)

    @student.observe(helpers=(total, storm), starts=starts, amounts=amounts)
    def seen(module, starts, amounts):
        counters = [module.SafeCounter(start) for start in starts]

        def adds(counter, amount):
            return lambda: [counter.add(amount) for _ in range(50)]

        jobs = [adds(*pair) for pair in zip(counters, amounts, strict=True)] * 2
        ends, one = storm(jobs, counters[0])
        rest = [] if one is None else [total(counters[1]), total(module.SafeCounter())]
        return [ends, [one, *rest]]

    ends, values = read(seen, [list[str], list], "What the counter gave")
    expect_all_ended(ends, "Threads added to two counters,")
    read(values, [int] * 3, "What the counters gave")
    wanted = [start + 100 * amount for start, amount in zip(starts, amounts, strict=True)]
    expect(
        values == [*wanted, 0],
        "What was added to one counter showed in another one, or was lost there: they share "
        "their value.",
    )
