"""``kata bug``: find a call that proves a wrong answer wrong, then fix the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.errors import KataError
from autograder.kata import bug_progress, bugs
from autograder.kata.bug_progress import FIXED, FOUND, MOST, Hunt
from autograder.kata.bugs import Bug
from autograder.kata.lines import Line, steps
from autograder.kata.progress import Standing
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace
from autograder.outline import Exercise
from autograder.text.numbers import counted

FOLDER = "bugs"


class NoBug(KataError):
    """There is no bug to hunt; the message says why and what would do."""


def place(workspace: Workspace, exercise: Exercise) -> Path:
    """The student's copy of a bug."""
    return workspace.root / FOLDER / exercise.chapter / f"{exercise.id}.py"


def _next(workspace: Workspace) -> Iterator[Line]:
    """How to go on, where there is a bug that may be seen."""
    try:
        pick(workspace)
    except NoBug:
        yield Line("quiet", "You have fixed the bug of each exercise that you passed.")
    else:
        yield from steps(("kata bug", "the next bug"))


def is_open(standing: Standing | None) -> bool:
    """Whether a bug may be seen: it is a right answer except for one mistake."""
    return standing is not None and bool(standing.done or standing.gave_up)


def pick(workspace: Workspace) -> Exercise:
    """The bug in progress, else the first that is open and not fixed; :class:`NoBug` if none."""
    known = bug_progress.hunts(workspace.folder)
    standings = workspace.progress.standings()
    prepared = bugs.prepared(workspace.course)
    if not prepared:
        raise NoBug(_none_here(workspace))
    todo = [e for e in prepared if not known.get(e.id, Hunt()).fixed]
    begun = [e for e in todo if e.id in known]
    ready = begun or [e for e in todo if is_open(standings.get(e.id))]
    if ready:
        return ready[0]
    if not todo:
        raise NoBug("you have fixed every bug. Well done.")
    ids = ", ".join(e.id for e in todo[:4])
    raise NoBug(
        f"pass an exercise first: a bug is a right answer except for one mistake. Try {ids}."
    )


def _none_here(workspace: Workspace) -> str:
    if workspace.bundle:
        return (
            "this class workspace has no bugs: to tell a bug from a right answer takes the "
            "solutions. Your instructor may release both after the deadline."
        )
    return "this course has no bugs."


def load(workspace: Workspace, exercise: Exercise) -> Bug:
    """The bug of an exercise; :class:`NoBug` where it has none, or may not be seen yet."""
    bug = bugs.load(workspace.course, exercise)
    if bug is None or not workspace.course.solution(exercise).is_file():
        if not bugs.prepared(workspace.course):
            raise NoBug(_none_here(workspace))
        ids = ", ".join(e.id for e in bugs.prepared(workspace.course))
        raise NoBug(
            f"no bug is prepared for {exercise.id}: what it does cannot be compared by the value "
            f"of a call. There are bugs for {ids}."
        )
    begun = exercise.id in bug_progress.hunts(workspace.folder)
    if not begun and not is_open(workspace.progress.standings().get(exercise.id)):
        raise NoBug(
            f"pass {exercise.id} first: its bug is a right answer except for one mistake. "
            f"`kata solution {exercise.id} --give-up` opens it, too."
        )
    return bug


def begin(workspace: Workspace, exercise: Exercise, bug: Bug) -> Hunt:
    """Put the bug's file into the workspace, unless it is there, and note that it was begun."""
    path = place(workspace, exercise)
    head = (
        f"# A wrong answer to {exercise.id}. Find a call that proves it wrong:\n"
        f'#     kata bug {exercise.id} "CALL"\n'
        f"# Then fix it here:\n#     kata bug {exercise.id} --check\n\n"
    )
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(head + bug.source, encoding="utf-8")
    except OSError as error:
        shown = workspace.shown(path)
        raise NoBug(f"{shown} was not written: {error.strerror or error}.") from None
    return bug_progress.note(workspace.folder, exercise.id)


def shown(workspace: Workspace, exercise: Exercise, hunt: Hunt) -> Iterator[Line]:
    """Where the bug is, how far it is, and what to type."""
    id = exercise.id
    yield Line("head", f"{id}: a wrong answer")
    yield Line("quiet", workspace.shown(place(workspace, exercise)))
    yield from _hints(hunt, bugs.load(workspace.course, exercise))
    if not hunt.found:
        yield Line("message", "Read it, and find a call whose result proves it wrong.")
        yield from steps(
            (f'kata bug {id} "CALL"', f"try a call, such as {_example(workspace, exercise)}"),
            (f"kata bug {id} FILE.py", "or a script whose last line is the call"),
            (f"kata bug {id} --hint", "when you are stuck; costs a point"),
        )
        return
    yield Line("good", f"Proved wrong by: {_one_line(hunt.proof)}", "found")
    if hunt.fixed:
        yield Line("good", "It passes every check now.", "fixed")
        yield Line("summary", f"{hunt.score} of {MOST} points.")
        yield from _next(workspace)
        return
    yield Line("message", "Now fix it in its file.")
    yield from steps((f"kata bug {id} --check", "runs the checks on the fixed file"))


def _example(workspace: Workspace, exercise: Exercise) -> str:
    stub = workspace.stub(exercise).decode("utf-8", "replace")
    calls = [r.strip() for r in stub.splitlines() if r.strip().startswith(">>> ") and "(" in r]
    plain = [c for c in calls if "import" not in c and "=" not in c.partition("(")[0]]
    return (plain or [">>> f(1)"])[0].removeprefix(">>> ")


def _one_line(call: str) -> str:
    return call if "\n" not in call else f"a script of {counted(len(call.splitlines()), 'line')}"


def _hints(hunt: Hunt, bug: Bug | None) -> Iterator[Line]:
    if bug is not None and hunt.hints > 0:
        yield Line("hint", f"Hint 1: the contract says: {bug.says}")
    if bug is not None and hunt.hints > 1:
        yield Line("hint", f"Hint 2: {bug.mistake}")


def hint(workspace: Workspace, exercise: Exercise, hunt: Hunt, screen: Screen) -> int:
    """``--hint``: the clause that the bug breaks, then the mistake. Free once it was found."""
    bug = bugs.load(workspace.course, exercise)
    if not hunt.found and hunt.hints < 2:
        hunt = bug_progress.note(workspace.folder, exercise.id, hints=hunt.hints + 1)
        screen.show(_hints(hunt, bug))
        left = max(0, FOUND - hunt.hints)
        screen.show([Line("quiet", f"Finding it is worth {counted(left, 'point')} now.")])
        return 0
    screen.show(_hints(Hunt(hints=2), bug))
    return 0


def call_of(text: str) -> str:
    """The call that was given: an expression, or the text of a ``.py`` file."""
    path = Path(text)
    if not text.endswith(".py"):
        return text
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NoBug(f"there is no file {text}; write it, with the call in its last line.") from None
    except (OSError, UnicodeDecodeError) as error:
        words = getattr(error, "strerror", None) or error
        raise NoBug(f"{text} cannot be read: {words}.") from None


def attempt(workspace: Workspace, exercise: Exercise, call: str, screen: Screen) -> int:
    """Run a call on the right and the wrong answer; exit code 0 if it proves the bug, else 1."""
    from autograder.kata.bug_calls import Calls

    bug = bugs.load(workspace.course, exercise)
    assert bug is not None
    stub = workspace.stub(exercise).decode("utf-8", "replace")
    calls = Calls(workspace.course, exercise, stub)
    try:
        with screen.during("Running the call on both …"):
            tried = calls.attempt(call, bug.source.encode())
    finally:
        calls.close()
    hunt = bug_progress.hunts(workspace.folder).get(exercise.id, Hunt())
    screen.show(
        [
            Line("message", f"The right answer {tried.right.said}"),
            Line("message", f"The wrong answer {tried.wrong.said}"),
        ]
    )
    changes = {"calls": hunt.calls + 1}
    if not tried.proves:
        bug_progress.note(workspace.folder, exercise.id, **changes)
        screen.show([Line("bad", tried.why, "not proved")])
        if not hunt.found:
            more = f"kata bug {exercise.id} --hint"
            screen.show(steps((more, "when you are stuck; costs a point")))
        return 1
    first = {} if hunt.found else {"found": True, "proof": call}
    hunt = bug_progress.note(workspace.folder, exercise.id, **changes, **first)
    screen.show([Line("good", "That proves it wrong.", "found")])
    earned = f"{hunt.score} of {MOST} points"
    if hunt.fixed:
        screen.show([Line("summary", f"{earned}.")])
        return 0
    path = workspace.shown(place(workspace, exercise))
    screen.show([Line("summary", f"{earned}. Fix it in {path} for {FIXED} more.")])
    screen.show(steps((f"kata bug {exercise.id} --check", "runs the checks on the fixed file")))
    return 0


def check(workspace: Workspace, exercise: Exercise, screen: Screen) -> int:
    """``--check``: grade the bug's file as an answer; exit code 0 if it passes, else 1."""
    from autograder.judging.session import Cancelled, JudgeSession
    from autograder.kata import lines
    from autograder.kata.checking import check_source, stub_of

    path = place(workspace, exercise)
    try:
        source = path.read_bytes()
    except OSError as error:
        words = error.strerror or error
        raise NoBug(f"{workspace.shown(path)} cannot be read: {words}.") from None
    session = JudgeSession(workspace.course)
    session.warm(exercise)
    try:
        with screen.during(f"Checking {workspace.shown(path)} …"):
            stub = stub_of(workspace, exercise)
            checked = check_source(session, exercise, source, workspace.shown(path), stub)
    except (KeyboardInterrupt, Cancelled):
        raise NoBug("stopped; nothing was noted.", exit_code=130) from None
    finally:
        session.close()
    # What follows a check of the student's own answer is not meant here.
    screen.show(line for line in lines.lines(checked) if line.kind != "next")
    if not checked.passed:
        return 1
    before = bug_progress.hunts(workspace.folder).get(exercise.id, Hunt())
    if before.found and _proves(workspace, exercise, before.proof, source):
        words = f"Your own proof still tells it from the right answer: {_one_line(before.proof)}"
        screen.show([Line("bad", words, "not fixed")])
        return 1
    hunt = bug_progress.note(workspace.folder, exercise.id, fixed=True)
    screen.show([Line("good", f"The bug is fixed. {hunt.score} of {MOST} points.", "fixed")])
    if not hunt.found:
        more = f'kata bug {exercise.id} "CALL"'
        screen.show(steps((more, "a call that proves the wrong answer wrong is worth more")))
    else:
        screen.show(_next(workspace))
    return 0


def _proves(workspace: Workspace, exercise: Exercise, call: str, source: bytes) -> bool:
    """Whether a call tells an answer from the right one."""
    from autograder.kata.bug_calls import Calls

    stub = workspace.stub(exercise).decode("utf-8", "replace")
    calls = Calls(workspace.course, exercise, stub)
    try:
        return calls.attempt(call, source).proves
    finally:
        calls.close()


def reset(workspace: Workspace, exercise: Exercise, bug: Bug, screen: Screen) -> int:
    """``--reset``: put the bug's file back; the student's version is kept."""
    path = place(workspace, exercise)
    if path.exists():
        kept = workspace.keep(path)
        path.unlink()
        screen.show([Line("quiet", f"What you had is in {workspace.shown(kept)}")])
    begin(workspace, exercise, bug)
    screen.show([Line("good", f"{workspace.shown(path)} is the wrong answer again.", "reset")])
    return 0
