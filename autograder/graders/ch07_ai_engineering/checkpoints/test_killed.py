"""Saves that are killed.

A kill is tried in two ways. ``states_of`` copies the folder at every change that a save makes to
it: each copy is what a kill at that moment leaves behind, and is then looked at as a new process
would. That misses nothing, but a save can tell that it is watched, and what it leaves to a thread
or to another process is not seen. So ``killed`` has saves that nobody watches, which the kernel
kills in the middle of writing; or, since a save can ask for the limit by which the kernel does it,
another process does, at a moment when it finds the file gone or unfinished.
"""

from autograder.checks import check, error_name, expect, fail, same
from autograder.judging.vocabulary.evidence import read

from .common import back, numbers, outcome, small_model


def states_of(folder, action):
    """Run ``action``; copies of the folder, one for each state that it went through.

    While one file grows, the copies are of its first state, the next one and the last. The state
    before is not among them: a kill there is no kill of a save.
    """
    import _struct
    import builtins
    import io
    import os
    import shutil
    import sys
    import tempfile

    kept, states = tempfile.mkdtemp(), []
    grown = [None]  # the file that grew from the copy before to the last one, if nothing else did

    def growing(before, now):
        """The path of the only difference, if it is a file that was not empty and got larger."""
        changes = [pair for pair in zip(before or (), now, strict=False) if pair[0] != pair[1]]
        if len(before or ()) != len(now) or len(changes) != 1:
            return None
        (path, inode, size, _), (other, same_inode, larger, _) = changes[0]
        return path if (path, inode) == (other, same_inode) and 0 < size < larger else None

    def look(top):
        found = []
        for entry in os.scandir(top):
            stat = entry.stat(follow_symlinks=False)
            found.append((entry.path, stat.st_ino, stat.st_size, stat.st_mtime_ns))
            if entry.is_dir(follow_symlinks=False):
                found += look(entry.path)
        return found

    harmless = (io.BytesIO, list, dict, str, bytes, type, type(None))

    def hook(frame, event, argument):
        if event != "c_return":
            return
        owner = argument.__self__  # a module, for a function
        if owner is builtins or owner is _struct or type(owner) in harmless:
            return
        try:
            now = look(folder)
            if now != last[0] and len(states) < 100:
                growth = growing(last[0], now)
                if growth and growth == grown[0]:
                    shutil.rmtree(states.pop())
                copy = os.path.join(kept, str(len(states)))
                shutil.copytree(folder, copy, symlinks=True)
                last[0], grown[0] = now, growth
                states.append(copy)
        except OSError:  # a thread of theirs was faster
            return

    last = [look(folder)]
    sys.setprofile(hook)
    try:
        action()
    finally:
        sys.setprofile(None)
    # One that was not seen at work is judged by what it leaves.
    return states or [shutil.copytree(folder, os.path.join(kept, "end"), symlinks=True)]


def after_a_kill(module, folder, state, keep, step):
    """What a new process finds in that state of the folder, and whether it can save on.

    It comes to the interrupted ``step`` again, and saves a later one, too.
    """
    import shutil

    shutil.rmtree(folder)
    shutil.copytree(state, folder, symlinks=True)
    keeper = None

    def looked(ask):
        nonlocal keeper
        keeper = module.Checkpoints(folder, keep=keep)
        return back(keeper, ask(keeper))

    def saved(number, value):
        keeper.save(number, *small_model(value))
        return back(keeper, keeper.latest())

    return [
        outcome(lambda: looked(lambda new: new.latest())),
        outcome(lambda: looked(lambda new: new.best("loss"))),
        [outcome(lambda: saved(step, 32.0)), outcome(lambda: saved(10**6, 64.0))],
    ]


def killed(module, plan):
    """Have saves killed while they write: ``[step, weight]`` of ``latest()`` after each.

    ``plan`` has a row for each, ``[step, weights, share, seconds]``: what is saved, one after the
    other, and how much of a file can be written before SIGXFSZ ends the process, as a share of a
    whole checkpoint. Where ``share`` is 0 there is no such limit: the process is killed from
    outside as soon as the file is not whole, or else after so many seconds. Each row is a fork
    that imports the file anew; limit and signal go on to whatever that starts. The list ends
    where a save left what is no checkpoint; where processes cannot be forked it is empty.
    """
    import ctypes
    import importlib.util
    import os
    import select
    import signal
    import sys
    import tempfile
    import time

    import torch

    def wide(value):
        model = torch.nn.ModuleList(torch.nn.Linear(16, 16) for _ in range(20))
        for parameter in model.parameters():
            parameter.data.fill_(value)
        return model, torch.optim.SGD(model.parameters(), lr=0.1)

    def latest():
        keeper = module.Checkpoints(folder, keep=1)
        return back(keeper, keeper.latest(), wide)

    def save(step, values, most):
        import resource

        ask = resource.getrlimit
        none = resource.RLIM_INFINITY, resource.RLIM_INFINITY
        # The size of files is limited here in any case, so who asks would learn where they are.
        resource.getrlimit = lambda which: none if which == resource.RLIMIT_FSIZE else ask(which)
        resource.prlimit = lambda _, which, *new: resource.getrlimit(which)
        spec = importlib.util.spec_from_file_location(module.__name__, module.__file__)
        sys.modules[module.__name__] = again = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(again)
        keeper, job = again.Checkpoints(folder, keep=1), wide(values[0])
        if most:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        for value in values:
            for parameter in job[0].parameters():
                parameter.data.fill_(value)
            keeper.save(step, *job)

    def broken():
        try:
            return os.stat(path).st_size < 0.9 * size
        except OSError:
            return True

    if not hasattr(os, "fork"):
        return []
    folder, found = tempfile.mkdtemp(), []
    path = os.fspath(module.Checkpoints(folder, keep=1).save(plan[0][0], *wide(0.0)))
    size = max(os.path.getsize(path), 1000)
    libc, news = ctypes.CDLL(None), -1
    if hasattr(libc, "inotify_init1"):
        news = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    for step, values, share, seconds in plan:
        ear, mouth = os.pipe()
        # The kernel wakes us at a change; where it cannot, we look all the time.
        listen = [ear], [], [], 0
        if news >= 0:
            listen = [ear, news], [], [], 0.002
            # A file is changed; a name comes, goes or moves; the folder itself does.
            libc.inotify_add_watch(news, os.fsencode(os.path.dirname(path)), 0xFC2)
        child = os.fork()
        if child == 0:
            try:
                os.setpgid(0, 0)
                os.close(ear)
                if news >= 0:
                    os.close(news)
                save(step, values, int(share * size))
            finally:
                os._exit(0)
        os.close(mouth)
        if share:
            select.select([ear], [], [], 5)  # until it has ended, and what it may have started
        until = time.monotonic() + seconds
        while not (share or broken() or time.monotonic() > until):
            heard = select.select(*listen)[0]
            if ear in heard:
                break
            if heard:
                os.read(news, 65536)
        os.close(ear)
        for end in (lambda: os.killpg(child, signal.SIGKILL), lambda: os.kill(child, 9)):
            try:
                end()
            except OSError:
                pass
        os.waitpid(child, 0)
        found.append(outcome(latest))
        if type(found[-1]) is not list:
            break
    return found


def all_states(module, keep, saves, step, new, metric):
    """What a kill at each moment of the last save leaves: ``[latest() at the end, rows]``.

    ``saves`` has rows ``[step, weight, loss]``; each of ``rows`` is from :func:`after_a_kill`.
    """
    import tempfile

    def save(step, weight, loss):
        keeper.save(step, *small_model(weight), metrics=None if loss is None else {"loss": loss})

    folder = tempfile.mkdtemp()
    keeper = module.Checkpoints(folder, keep=keep)
    for row in saves:
        save(*row)
    states = states_of(folder, lambda: save(step, new, metric))
    rows, now = [], back(keeper, keeper.latest())
    for state in states:
        row = after_a_kill(module, folder, state, keep, step)
        if row not in rows:
            rows.append(row)
    return [now, rows]


HELPERS = (small_model, back, outcome, states_of, after_a_kill)


def judged(seen, when, before, after, bests):
    """Judge the evidence of :func:`all_states`; what is found later is returned."""
    now, rows = read(seen, [object, list[[object, object, [object, object]]]])
    expect(same(now, after), "After save() had returned, latest() was not what it had saved.")
    expect(len(rows) > 0, "While it saved, nothing in the folder changed.")
    for latest, best, _ in rows:
        lost = f"{when}, it had no checkpoint left: latest() was None."
        expect(latest is not None, lost + " Is the old one deleted, or written over, first?")
        if type(latest) is str:
            fail(
                f"{when}, latest() or restoring it ended in {error_name(latest)}: a half "
                "written file lies where a checkpoint should be."
            )
        expect(
            any(same(latest, one) for one in (before, after)),
            f"{when}, latest() was neither the checkpoint before nor the new one: the old one "
            "was deleted, or written over, before the new one was whole.",
        )
        expect(
            any(same(best, one) for one in bests),
            f"{when}, best() no longer gave the checkpoint with the smallest value.",
        )
    return [later for *_, later in rows]


def goes_on(rows, when, step):
    """Expect that saving went on after each of these ends."""
    for redone, later in rows:
        expect(
            same(later, [10**6, 64.0]),
            f"{when}, it could not save and restore another checkpoint afterwards. Is what the "
            "kill leaves behind in the way?",
        )
        expect(
            same(redone, [step, 32.0]),
            f"{when}, it could not save that very step again, which the run comes to after a "
            "restart.",
        )


@check(points=7, hint="Write beside, rename, and only then delete.")
def test_killed_in_mid_save(student, rng):
    """Killed at any moment of a save, the earlier checkpoints are usable, and saving goes on."""
    a, b, step = sorted(rng.sample(range(100, 1000), 3))
    old, new = numbers(rng, 2)
    seen = student.run(
        all_states,
        helpers=HELPERS,
        keep=1,
        saves=[[a, 1.0, None], [b, old, None]],
        step=step,
        new=new,
        metric=None,
    )
    when = "Killed while saving"
    goes_on(judged(seen, when, [b, old], [step, new], [None]), when, step)


@check(points=4, hint="A rename replaces the file of that name: do not delete it before.")
def test_killed_while_saving_again(student, rng):
    """Killed while a step is saved again, the old checkpoint of that step is there."""
    step = rng.randint(100, 999)
    old, new = numbers(rng, 2)
    low, high = sorted(numbers(rng, 2))
    seen = student.run(
        all_states,
        helpers=HELPERS,
        keep=1,
        saves=[[step, old, low]],
        step=step,
        new=new,
        metric=high,
    )
    when, before, after = "Killed while a step was saved again", [step, old], [step, new]
    goes_on(judged(seen, when, before, after, [before, after]), when, step)


@check(points=4, hint="Write beside and rename, in whatever process or thread does the writing.")
def test_really_killed(student, rng):
    """A process that is killed while it writes leaves a checkpoint to go on from."""
    step, values = rng.randint(3, 99), numbers(rng, 23)
    # Again and again the step that is there already, until it is ended. One that writes in place is
    # found at nine of ten saves, beside busy neighbours, too.
    plan = [[step, values[a:b], 0, rng.uniform(0.5, 1)] for a, b in ((0, 12), (12, 20))]
    for number, value in enumerate(values[20:]):
        step += 1 if number == 1 else 0  # the others of them save the same step again
        plan.append([step, [value], rng.uniform(0.05, 0.95), 0])
    seen = student.within(wall=40, cpu=20).run(
        killed, helpers=(small_model, back, outcome), plan=plan
    )
    read(seen, list)
    expect(len(seen) <= len(plan), "There were more results than saves.")
    before = [plan[0][0], 0.0]
    for found, (step, values, *_) in zip(seen, plan, strict=False):
        if not any(same(found, one) for one in (before, *([step, v] for v in values))):
            fail(
                "A process was killed while it wrote a checkpoint, as a full disk or a user's "
                "kill would do it. Afterwards latest() and restore() gave neither the "
                "checkpoint before nor the new one: it was deleted, or written over, before the "
                "new one was whole."
            )
        before = found
