"""Hidden grader of ``safe_counter``."""

from autograder.checks import check, error_name, expect, fail, show

# -- pieces of observations ---------------------------------------------------------------------


def at_once(jobs, seconds=5):
    """Run the functions in threads that start together; how each ended."""
    import threading
    import time

    ends = ["never finished"] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def work(place, job):
        try:
            barrier.wait(seconds)
            job()
            ends[place] = "done"
        except BaseException as error:
            ends[place] = type(error).__name__

    # Of every kind, so that nobody is careful in threads of one kind only.
    threads = [
        threading.Thread(target=work, args=(place, job), daemon=place % 2 == 0)
        for place, job in enumerate(jobs)
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return list(ends)


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


def read(counter):
    """The value; a number that is a subclass of int, a NumPy one say, as it is."""
    value = counter.value
    return int(value) if isinstance(value, int) and type(value) is not bool else value


def unseen(interval):
    """Set a short switch interval, and report the usual one to code that asks.

    Nobody's counter needs to know whether threads are switched more often than usual, or whether
    there is a trace function. Returns a function that gives true answers again.
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
    """How the threads ended, and then the value, unless some still hold its lock perhaps."""
    ends = at_once(jobs)
    return [ends, None if "never finished" in ends else read(counter)]


def first_additions(module, start, amounts, stop):
    """Two threads add to a new counter: ``[did one stop, how they ended, value]``.

    One stops at an instruction of the student's code, the ``stop``-th that it runs, until the
    other is in the middle of its sum, where this one waits for the first to end. Both go on after
    a moment: the other thread may well be waiting for a lock.
    """
    import sys
    import threading

    back = unseen(1e-4)
    counter, steps = module.SafeCounter(start), 0
    stopped, adding, ended = (threading.Event() for _ in range(3))

    class Sum(int):
        def __add__(self, other):
            adding.set()
            ended.wait(0.01)
            return int.__add__(self, other)

        __radd__ = __add__

    def trace(frame, event, argument):
        nonlocal steps
        if frame.f_code.co_filename != module.__file__:
            return None
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        if steps == stop and not stopped.is_set():
            stopped.set()
            adding.wait(0.01)
        return trace

    def first():
        sys.settrace(trace)
        try:
            counter.add(amounts[0])
        finally:
            sys.settrace(None)
            stopped.set()
            ended.set()

    def second():
        stopped.wait(1)
        counter.add(Sum(amounts[1]))

    ends, value = storm([first, second], counter)
    back()
    return [steps >= stop, ends, value]


def reads_amid(module, start, own, amount, times):
    """One thread adds ``own`` and reads after every step of another one, that adds ``amount``.

    Returns ``[how they ended, value, what was read]``. A read that has to wait for a lock goes on
    beside the steps that follow, and the next one begins when it has ended.
    """
    import sys
    import threading

    back = unseen(1e-4)
    counter, found = module.SafeCounter(start), []
    ask, answered = threading.Event(), threading.Event()
    ended = False

    def trace(frame, event, argument):
        if frame.f_code.co_filename != module.__file__:
            return None
        frame.f_trace_opcodes = True
        if answered.is_set() and len(found) < 3000:
            answered.clear()
            ask.set()
            answered.wait(0.005)
        return trace

    def adder():
        nonlocal ended
        sys.settrace(trace)
        try:
            for _ in range(times):
                answered.wait(1)  # on a busy machine the reader comes late
                counter.add(amount)
        finally:
            sys.settrace(None)
            ended = True
            ask.set()

    def reader():
        counter.add(own)
        while not ended:
            answered.set()
            ask.wait(1)
            ask.clear()
            found.append(read(counter))

    ends, value = storm([adder, reader], counter)
    back()
    return [ends, value, found[:4000]]


def adds_amid(module, start, amount, most):
    """One thread adds and reads, again and again; amid its reading a new one does the same.

    In the first round after the first step of reading, in the second after the second, and so on.
    Returns ``[how the first ended, value, additions, reads, how the others ended]``. A read is
    ``[additions ended before, value, additions begun until it was there]``.
    """
    import sys
    import threading

    back = unseen(1e-4)
    counter, begun, ended, reads = module.SafeCounter(start), [], [], []
    others, ends, over, answered = [], [], threading.Event(), threading.Event()
    steps = stop = 0

    def add():
        begun.append(1)
        counter.add(amount)
        ended.append(1)

    def look():
        before = len(ended)
        value = read(counter)
        reads.append([before, value, len(begun)])

    def other():
        try:
            add()
            look()
            ends.append("done")
        except Exception as error:
            ends.append(type(error).__name__)
        answered.set()
        over.wait(5)  # as long as it lives no other thread gets its number

    def trace(frame, event, argument):
        nonlocal steps
        if frame.f_code.co_filename != module.__file__:
            return None
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        if steps == stop > len(others):
            answered.clear()
            others.append(threading.Thread(target=other, daemon=True))
            others[-1].start()
            answered.wait(0.005)  # the reader may hold a lock
        return trace

    def first():
        nonlocal steps, stop
        for stop in range(1, most + 1):
            add()
            steps = 0
            sys.settrace(trace)
            try:
                look()
            finally:
                sys.settrace(None)
            if steps < stop:
                break  # reading is not so long
            answered.wait(1)

    how, value = storm([first], counter)
    over.set()
    back()
    ends += ["never finished"] * (len(others) - len(ends))
    return [how, value, len(begun), reads, ends]


def readable(seen, length):
    expect(type(seen) is list and len(seen) == length, "What the counter gave could not be read.")
    return seen


def all_done(ends, what):
    expect(type(ends) is list, "What the counter gave could not be read.")
    for end in ends:
        expect(
            end != "never finished",
            f"{what} and some never came back: they wait for a lock that nobody gives "
            "back, or take it twice.",
        )
        expect(end == "done", f"{what} and one got {error_name(end)}.")


def exact(value, wanted, what):
    """Hold a total against what it has to be."""
    expect(type(value) is int, "value is no int after threads have added.")
    if value < wanted:
        fail(
            f"{what} and additions were lost. Mostly that is so: a thread read the value, others "
            "added, and then it wrote over what they had written. Reading, adding and writing "
            "need one lock around all three, that everybody waits for. No lock in add, one made "
            "in each call, by the first call or for each thread, one in `value` only, or one not "
            "waited for: these do not protect it."
        )
    expect(
        value == wanted,
        f"{what} and value is too large: something was added twice, or to another counter.",
    )


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="`add` changes one attribute, the property returns it.")
def test_counts(student):
    """It starts at `start` and adds 1, or n."""

    @student.observe(helpers=(read,))
    def seen(module):
        found = []
        counter = module.SafeCounter()
        found.append(read(counter))
        counter.add()
        found.append(read(counter))
        counter.add(5)
        counter.add(n=2)
        found.append(read(counter))
        counter.add(0)
        found.append(read(counter))
        counter = module.SafeCounter(start=100)
        counter.add(3)
        found.append(read(counter))
        counter = module.SafeCounter(10**17)
        counter.add()
        return [*found, read(counter)]

    told = (
        "SafeCounter() starts at 0",
        "after add() it is 1",
        "after add(5) and add(n=2) it is 8",
        "after add(0) it is still 8",
        "after SafeCounter(start=100) and add(3) it is 103",
        "after SafeCounter(10**17) and add() it is 10**17 + 1",
    )
    totals = (0, 1, 8, 8, 103, 10**17 + 1)
    for found, wanted, words in zip(readable(seen, 6), totals, told, strict=True):
        expect(type(found) is int, f"value should be an int, but it was {show(found)}.")
        expect(found == wanted, f"{words}; yours was {show(found)}.")


@check(points=1, public=True, hint="A property without a setter refuses by itself.")
def test_value_is_read_only(student):
    """Assigning to value is an AttributeError and changes nothing."""

    @student.observe(helpers=(read,))
    def seen(module):
        counter = module.SafeCounter(7)
        try:
            counter.value = 1000
            how = "accepted"
        except AttributeError:
            how = "AttributeError"
        except Exception as error:
            how = type(error).__name__
        found = [how, read(counter)]
        counter.add()
        return [*found, read(counter)]

    how, after, later = readable(seen, 3)
    expect(
        how != "accepted", "`counter.value = 1000` was accepted: value is no read-only property."
    )
    expect(
        how == "AttributeError", f"`counter.value = 1000` raised {show(how)}, not AttributeError."
    )
    expect(
        type(after) is int and after == 7,
        f"`counter.value = 1000` failed, but changed value from 7 to {show(after)}.",
    )
    expect(type(later) is int and later == 8, f"After that, add() made 7 to {show(later)}.")


@check(points=1, public=True, hint="Nothing in `add` may wait for ever.")
def test_many_threads(student):
    """8 threads that add 500 times each make 4000."""

    @student.observe(helpers=(at_once, unseen, read, storm))
    def seen(module):
        back = unseen(1e-6)
        counter = module.SafeCounter()

        def job():
            for _ in range(500):
                counter.add()

        found = storm([job] * 8, counter)
        back()
        return found

    ends, value = readable(seen, 2)
    all_done(ends, "8 threads called add() 500 times each,")
    expect(
        repr(value) != "0",
        "What other threads added does not show in the thread that made the "
        "counter: value is still 0.",
    )
    expect(
        type(value) is int and value == 4000,
        f"8 threads called add() 500 times each: value should be 4000, it is {show(value)}.",
    )


@check(points=3, hint="Make a lock in __init__, and hold it from the read to the write.")
def test_switch_between_read_and_write(student, rng):
    """Nothing is lost when another thread runs in the middle of an addition."""
    start, amounts = rng.randint(1, 10**6), [rng.randint(1, 999) for _ in range(8)]

    @student.observe(helpers=(at_once, unseen, slow_int, read, storm), start=start, amounts=amounts)
    def seen(module, start, amounts):
        back = unseen(1e-4)  # whoever waits for the lock in a busy loop is soon interrupted

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

    if seen is None:
        return  # the next check makes the switch in another way
    ends, value = readable(seen, 2)
    what = "8 threads added numbers whose addition takes a while,"
    all_done(ends, what)
    exact(value, start + 6 * sum(amounts), what)

    pieces = (at_once, unseen, read, storm)
    what = "Two threads made the first additions to a new counter,"
    for stop in range(1, 61):
        work = {"start": start, "amounts": amounts[:2], "stop": stop}
        stopped, ends, value = readable(student.run(first_additions, helpers=pieces, **work), 3)
        all_done(ends, what)
        exact(value, start + sum(amounts[:2]), what)
        if stopped is not True:
            break  # add is not so long


@check(
    points=3, hint="Which steps does `self.x += n` consist of? All of them belong under the lock."
)
def test_switch_after_every_step(student, rng):
    """Nothing is lost when threads take turns after every instruction of your code."""
    # Small ones: somebody may add n in n steps.
    start, amounts = rng.randint(1, 10**6), [rng.randint(1, 9) for _ in range(4)]

    @student.observe(helpers=(at_once, unseen, read, storm), start=start, amounts=amounts)
    def seen(module, start, amounts):
        import sys
        import time

        back = unseen(1e-4)
        counter, own = module.SafeCounter(start), module.__file__

        def trace(frame, event, argument):
            if frame.f_code.co_filename != own:
                return None
            frame.f_trace_opcodes = True
            time.sleep(0.00002)
            return trace

        def follow(function):
            for _ in range(1000):
                try:
                    return sys.settrace(function)
                except RuntimeError:  # another thread is in the middle of it
                    time.sleep(0)

        def adds(amount):
            def job():
                follow(trace)
                try:
                    for _ in range(12):
                        counter.add(amount)
                finally:
                    follow(None)

            return job

        found = storm([adds(amount) for amount in amounts], counter)
        back()
        return found

    ends, value = readable(seen, 2)
    what = "4 threads took turns after every instruction of add,"
    all_done(ends, what)
    exact(value, start + 12 * sum(amounts), what)

    # The same without instruments, as any program does it: threads of a pool call add itself.
    @student.fresh().observe(helpers=(patient, read), start=start, amounts=amounts * 4)
    def slowed(module, start, amounts):
        from concurrent.futures import ThreadPoolExecutor, wait

        counter = patient(module, 0.0001)(start)
        pool = ThreadPoolExecutor(4)
        futures = [pool.submit(counter.add, amount) for amount in amounts]
        done, late = wait(futures, 8)
        pool.shutdown(wait=False, cancel_futures=True)
        ends = [type(future.exception()).__name__ for future in done if future.exception()]
        ends += ["never finished"] * len(late) + ["done"] * (len(done) - len(ends))
        return [ends, None if late else read(counter)]

    ends, value = readable(slowed, 2)
    what = "4 threads took turns between the reads and writes of add,"
    all_done(ends, what)
    exact(value, start + 4 * sum(amounts), what)


@check(points=2, hint="Readers see a finished sum, and never have to wait for long.")
def test_reads_while_threads_add(student, rng):
    """While others add, value grows, and holds what the reading thread has added itself."""
    start, amounts = rng.randint(1, 10**6), [rng.randint(1, 99) for _ in range(6)]

    def add_and_read(module, start, amounts, times, slowly):
        back = (lambda: None) if slowly else unseen(1e-6)
        counter = (patient(module, 0.0001) if slowly else module.SafeCounter)(start)
        found = [[] for _ in amounts]

        def adds(place):
            def job():
                for _ in range(times):
                    counter.add(amounts[place])
                    found[place].append(read(counter))

            return job

        ends = storm([adds(place) for place in range(len(amounts))], counter)
        back()
        return [*ends, found]

    for slowly, times, side in ((False, 150, student), (True, 3, student.fresh())):
        some = [min(amount, 9) for amount in amounts] if slowly else amounts
        work = {"start": start, "amounts": some, "times": times, "slowly": slowly}
        pieces = (at_once, unseen, patient, read, storm)
        ends, value, found = readable(side.run(add_and_read, helpers=pieces, **work), 3)
        what = "6 threads added and read in turn,"
        all_done(ends, what)
        for values, amount in zip(readable(found, 6), some, strict=True):
            expect(
                all(type(value) is int for value in readable(values, times)),
                "value was no int while threads were adding.",
            )
            expect(
                all(v >= start + n * amount for n, v in enumerate(values, 1)),
                "A thread read a value without what it had added itself before.",
            )
            expect(values == sorted(values), "value went down while threads were only adding.")
            expect(
                values[-1] <= start + times * sum(some), "value was larger than all that was added."
            )
        exact(value, start + times * sum(some), what)

    # A small one: somebody may add n in n steps.
    amount = rng.randint(1, 5)
    work = {"start": start, "own": amounts[0], "amount": amount, "times": 60}
    evidence = student.run(reads_amid, helpers=(at_once, unseen, read, storm), **work)
    ends, value, found = readable(evidence, 3)
    what = "One thread read after every instruction of another one's add,"
    all_done(ends, what)
    expect(
        type(found) is list and len(found) > 0 and all(type(value) is int for value in found),
        "value was no int while another thread was in the middle of add.",
    )
    expect(
        min(found) >= start + amounts[0] and found == sorted(found),
        "A thread read while another one was in the middle of add, and what had been counted "
        "before was not all there: for a moment the total is incomplete, and readers can see it.",
    )
    exact(value, start + amounts[0] + 60 * amount, what)
    expect(max(found) <= value, "value was larger than all that was added.")

    work = {"start": start, "amount": rng.randint(1, 5), "most": 40}
    evidence = student.run(adds_amid, helpers=(at_once, unseen, read, storm), **work)
    how, value, additions, reads, ends = readable(evidence, 5)
    what = "Other threads added while one was in the middle of reading,"
    all_done(how, what)
    all_done(ends, what)
    whole = type(additions) is int and type(reads) is list
    whole = whole and all(type(entry) is list and len(entry) == 3 for entry in reads)
    expect(whole, "What the counter gave could not be read.")
    numbers = [number for entry in reads for number in entry]
    expect(all(type(number) is int for number in numbers), "value is no int.")
    exact(value, start + additions * work["amount"], what)
    expect(
        all(
            before <= (number - start) / work["amount"] <= begun for before, number, begun in reads
        ),
        f"{what} and value was something else than what had been added: a value that is put "
        "together when it is read needs the lock, too.",
    )


@check(points=1, hint="Value and lock belong to the object, not to the class or the module.")
def test_counters_are_independent(student, rng):
    """Two counters do not share what they count."""
    starts, amounts = rng.sample(range(1, 10**6), 2), rng.sample(range(1, 999), 2)

    @student.observe(helpers=(at_once, read, storm), starts=starts, amounts=amounts)
    def seen(module, starts, amounts):
        counters = [module.SafeCounter(start) for start in starts]

        def adds(counter, amount):
            return lambda: [counter.add(amount) for _ in range(50)]

        pairs = zip(counters, amounts, strict=True)
        ends, one = storm([adds(*pair) for pair in [*pairs] * 2], counters[0])
        if one is None:
            return [ends, None, None, None]
        return [ends, one, read(counters[1]), read(module.SafeCounter())]

    ends, one, two, fresh = readable(seen, 4)
    all_done(ends, "Threads added to two counters,")
    expect([type(v) for v in (one, two, fresh)] == [int] * 3, "value is no int.")
    wanted = [start + 100 * amount for start, amount in zip(starts, amounts, strict=True)]
    expect(
        [one, two] == wanted and fresh == 0,
        "What was added to one counter showed in another one, or was lost there: they share "
        "their value.",
    )
