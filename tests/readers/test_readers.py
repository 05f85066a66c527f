"""One submission stops nobody: what the process that reads it may do, and what is said of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path

import pytest

from autograder.ingest import reading
from autograder.ingest.readers import (
    FAILED,
    FAULT,
    REFUSED,
    Readers,
    ReadingLimits,
    Request,
    pool,
    protocol,
)
from autograder.ingest.submissions import collect
from autograder.model import Verdict
from autograder.outline import Course
from autograder.text.encoding import encoding_problem
from tests.readers import attacks

Replies = Generator[protocol.Reply, None, None]

CALM = ReadingLimits(cpu=10, memory=400 << 20)
"""What every attack has to get by with: seconds of CPU, bytes. Most took minutes or gigabytes."""


def ask(root: Path, name: str, toy: Course, limits: ReadingLimits = CALM) -> protocol.Reply:
    task, place = ("folder", root / name)
    if not place.is_dir():
        task, place = ("zipped", root / f"{name}.zip")
    with Readers(1) as readers:
        return readers.ask(Request(task, (str(place), toy, toy.exercises), limits))


@pytest.mark.parametrize("name", sorted(attacks.ATTACKS))
def test_each_is_read_at_small_cost(name: str, tmp_path: Path, toy: Course) -> None:
    attacks.ATTACKS[name](tmp_path)
    reply = ask(tmp_path, name, toy)
    assert reply.end not in (FAILED, FAULT), reply
    assert "processor time" not in reply.trouble and "memory" not in reply.trouble, reply
    expected = attacks.VERDICTS[name]
    if reply.trouble:
        assert expected == "rejected" and len(reply.trouble) < 300
        return
    source, verdict, message, note, _ = reply.value["double"]
    assert verdict == (expected if expected in ("rejected", "not attempted") else None), message
    assert (source is None) == (verdict is not None)
    assert message.isprintable() and note.isprintable() and len(message + note) < 600


def test_a_class_with_one_of_each(tmp_path: Path, toy: Course) -> None:
    root = tmp_path / "class"
    attacks.whole_class(root)
    found = {s.student: s for s in collect(root, toy, toy.exercises)}
    expected = len(attacks.ATTACKS) + len(attacks.ODD_NAMES) + 2
    assert len(found) == expected
    assert not [s.failed for s in found.values() if s.failed]
    for name in ("ann", "bob"):
        (alone,) = collect(root / name, toy, toy.exercises)
        assert found[name].answers == alone.answers
    for student in found:
        student.encode()
        assert student.isprintable()
    read = [s for s in found.values() if s.answers["double"].source is not None]
    passed = sum(v in ("passed", "raised") for v in attacks.VERDICTS.values())
    assert len(read) == passed + len(attacks.ODD_NAMES) + 2


# -- the limits -------------------------------------------------------------------------------


def hostile(task: str, tmp_path: Path, **limits: float) -> protocol.Reply:
    """Ask for a task that only the test's copy of the server knows."""
    program = tmp_path / "hostile.py"
    program.write_text(f"""
import os, signal, sys, time
from autograder.ingest.readers import server, tasks
def spins():
    while True: pass
def sleeps(): time.sleep(1000)
def eats(): return [bytearray(1 << 20) for _ in range(100_000)]
def dies(): os._exit(3)
def crashes(): os.kill(os.getpid(), signal.SIGSEGV)
def floods(): return "x" * (8 << 20)
def raises(): raise KeyError("\\udcff<b>")
def recurses(): return recurses()
def writes(): os.write(os.open({str(tmp_path / "written")!r}, os.O_CREAT | os.O_WRONLY), b"x")
def honest(): return "well"
for function in (spins, sleeps, eats, dies, crashes, floods, raises, recurses, writes, honest):
    setattr(tasks, function.__name__, function)
sys.exit(server.main())
""")
    asked = Request(task, (), ReadingLimits(**limits))  # type: ignore[arg-type]
    after = Request("honest", ())
    process = subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    import pickle

    assert process.stdin is not None and process.stdout is not None
    replies = []
    for request in (asked, after):
        protocol.write_frame(process.stdin, pickle.dumps(request))  # type: ignore[arg-type]
        data = protocol.read_frame(process.stdout)  # type: ignore[arg-type]
        assert data is not None
        inner, cpu, peak = protocol.unpacked(data)
        value, trouble, end = protocol.unpacked(inner)
        replies.append(protocol.Reply(value, trouble, end, cpu, peak))
    process.stdin.close()
    process.stdout.close()
    assert process.wait(20) == 0
    assert replies[1].value == "well"  # the next one is read as if nothing had been
    return replies[0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="readers are forked where there is fork")
@pytest.mark.parametrize(
    ("task", "limits", "words", "end"),
    [
        ("spins", {"cpu": 1}, "more than 1 s of processor time", REFUSED),
        ("sleeps", {"wall": 0.5}, "more than 0.5 s", REFUSED),
        ("spins", {"cpu": 2, "wall": 3}, "more than 2 s of processor time", REFUSED),
        ("eats", {"memory": 100 << 20}, "more than 100 MiB of memory", REFUSED),
        ("dies", {}, "memory", REFUSED),
        ("crashes", {}, "crashed on it (SIGSEGV)", REFUSED),
        ("floods", {"reply": 1 << 20}, "too much text", REFUSED),
        ("raises", {}, "reading it failed (KeyError", FAILED),
        ("recurses", {}, "nested too deeply", REFUSED),
        ("writes", {}, "reading it failed (OSError", FAILED),
    ],
)
def test_whatever_a_reader_does_is_one_reply(
    task: str, limits: dict[str, float], words: str, end: str, tmp_path: Path
) -> None:
    reply = hostile(task, tmp_path, **limits)
    assert words in reply.trouble and reply.end == end and reply.value is None
    reply.trouble.encode()
    written = tmp_path / "written"
    assert not written.exists() or written.stat().st_size == 0


def test_a_server_that_is_killed_is_replaced(tmp_path: Path, toy: Course) -> None:
    attacks.source(tmp_path, "ann", attacks.GOOD)
    request = Request("folder", (str(tmp_path / "ann"), toy, toy.exercises))
    with Readers(1) as readers:
        assert not readers.ask(request).trouble
        process = readers._servers[0]._process
        assert process is not None
        process.kill()
        process.wait()
        assert not readers.ask(request).trouble


def test_readers_end_with_whoever_started_them(tmp_path: Path, toy: Course) -> None:
    program = (
        "import sys, pathlib\n"
        "from autograder import outline\n"
        "from autograder.ingest.readers import Request, shared\n"
        "course = outline.load(pathlib.Path(sys.argv[1]))\n"
        "shared().ask(Request('folder', (sys.argv[2], course, course.exercises)))\n"
        "print(shared()._servers[0]._process.pid, flush=True)\n"
        "import os; os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(toy.root), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    for _ in range(600):
        if not Path(f"/proc/{done.stdout.strip()}").exists():
            return
        time.sleep(0.05)
    raise AssertionError("a server of readers was left behind")


def test_what_is_ours_and_what_is_theirs(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the machine costs nobody points; an error on a submission is named besides."""
    attacks.source(tmp_path, "ann", attacks.GOOD)
    for end, verdict in ((FAULT, Verdict.GRADER_FAULT), (FAILED, Verdict.REJECTED)):

        class Some:
            def ask_all(self, requests: Iterable[Request], end: str = end) -> Replies:
                for _ in requests:
                    yield protocol.Reply(trouble="it went wrong", end=end)

        monkeypatch.setattr(reading, "shared", Some)
        (found,) = collect(tmp_path, toy, toy.exercises)
        assert {a.verdict for a in found.answers.values()} == {verdict}
        assert bool(found.failed) is (end == FAILED)


@pytest.mark.parametrize(
    "value", [{"double": None}, {"double": ["text", None, "", ""]}, {}, [], "x", {"double": [1]}]
)
def test_a_reply_of_the_wrong_shape_is_no_answer(
    value: object, tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    attacks.source(tmp_path, "ann", attacks.GOOD)

    class Some:
        def ask_all(self, requests: Iterable[Request]) -> Replies:
            for _ in requests:
                yield protocol.Reply(value)

    monkeypatch.setattr(reading, "shared", Some)
    (found,) = collect(tmp_path, toy, toy.exercises)
    assert {a.source for a in found.answers.values()} == {None}


# -- as Python reads it -----------------------------------------------------------------------


@pytest.mark.parametrize("head", ["# coding: {}\n", "#!/x\n# -*- coding: {} -*-\n"])
@pytest.mark.parametrize("body", [b"x = 1\n", b"s = '\xe9'\n", b"\xff\xfe = 2\n", b"s = '\\x4'\n"])
def test_what_python_runs_is_taken_and_what_it_refuses_is_not(head: str, body: bytes) -> None:
    import encodings
    import pkgutil
    import warnings

    names = {m.name for m in pkgutil.iter_modules(encodings.__path__)} | {*attacks.CODECS, "utf8"}
    for name in sorted(names - {"idna", "punycode"}):
        data = head.format(name).encode() + body
        problem = encoding_problem(data)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(data, "answer.py", "exec")
        except SyntaxError as error:
            said = str(error.msg)
            if error.text is None and re.search("encoding|codec", said):
                assert problem, (name, said)
        except (LookupError, ValueError):
            assert problem, name
        else:
            assert not problem, (name, problem)


def test_the_same_words_as_python() -> None:
    assert encoding_problem(b"# coding: martian\n").endswith("(unknown encoding: martian)")
    assert "is not a text encoding" in encoding_problem(b"# coding: rot13\nx = 1\n")


# -- the judge --------------------------------------------------------------------------------

NASTY = {
    "spaces": b" " * (1 << 20),
    "lines": b"\n" * (1 << 20),
    "words": b"a " * (1 << 19),
    "imports": b"import a" * (1 << 17),
    "import lines": b"import torc\n" * 87_000 + b"# torch",
    "one import": b"import " + b"x." * (1 << 19) + b"#numpy",
    "from": b"from " * 200_000 + b"numpy",
    "carriage returns": b"\r" * (1 << 20) + b"torch",
    "no text": bytes(range(128, 256)) * 8192,
}


@pytest.mark.parametrize("name", sorted(NASTY))
def test_the_judge_does_little_with_a_source(name: str, toy: Course) -> None:
    """At most 0.5 s of CPU for a source of 1 MiB, whatever it holds."""
    from autograder.judging.hiding import Hiding
    from autograder.judging.outcomes import raised
    from autograder.judging.rooms import profile_for
    from autograder.stubs import is_untouched

    source, exercise = NASTY[name], toy.exercise("double")
    stub = toy.stub(exercise).read_bytes()
    hiding = Hiding(toy.grader_files(exercise), source)
    error = {"type": "ValueError", "message": "x", "frames": [[3, "a" * 50], [1 << 30, "b"]]}
    for work in (
        lambda: profile_for(exercise, source),
        lambda: is_untouched(source, stub),
        lambda: hiding.known("never there"),
        lambda: raised(error, "double", source.decode("utf-8", "replace")),
    ):
        began = time.process_time()
        work()
        assert time.process_time() - began < 0.5


def test_profiles_are_those_of_the_imports(toy: Course) -> None:
    from autograder.judging.rooms import profile_for

    exercise = toy.exercise("double")
    for text, profile in {
        "import torch": "torch",
        "  from torch.nn import functional": "torch",
        "import os, numpy as np": "numpy",
        "import numpy, torch": "torch",
        "# import torch": "plain",
        "x = 'torch'": "plain",
        "important = torch": "plain",
        "import pytorch": "plain",
        "import x  # torch": "plain",
        "import x\rimport torch": "torch",
        "fromage = numpy": "plain",
        "": "plain",
    }.items():
        assert profile_for(exercise, text.encode()) == profile, text


# -- from end to end --------------------------------------------------------------------------


@pytest.mark.usefixtures("walls")
def test_grade_reports_everybody(tmp_path: Path, toy: Course) -> None:
    root, out = tmp_path / "class", tmp_path / "out"
    attacks.whole_class(root)
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        root,
        "--course",
        toy.root,
        "--out",
        out,
        "--only",
        "double",
        "--jobs",
        "2",
    ]
    done = subprocess.run(
        [str(c) for c in command],
        capture_output=True,
        check=False,
        env={**os.environ, "COLUMNS": "120"},
    )
    assert done.returncode == 3, done.stderr  # archives that nobody could open are among them
    assert b"\x1b" not in done.stdout and b"[bold red]rich[red]" in done.stdout
    text = (out / "results.jsonl").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines == text.split("\n")[:-1]
    results = {r["student"]: r for r in map(json.loads, lines)}
    assert len(results) == len(attacks.ATTACKS) + len(attacks.ODD_NAMES) + 2
    for name, verdict in attacks.VERDICTS.items():
        assert results[name]["verdict"] == verdict, results[name]
    others = [r for name, r in results.items() if name not in attacks.ATTACKS]
    assert sorted(r["points"] for r in others) == [0] + [4] * (len(others) - 1)
    assert results["bob"]["points"] == 0 and results["ann"]["points"] == 4
    assert len(list((out / "feedback").iterdir())) == len(results)
    rows = (out / "grades.csv").read_bytes()
    assert len(rows.decode().split("\r\n")) == len(results) + 2
    assert not re.search(rb"""(^|[;,\n])[\s"]*[=+@-]""", rows)


def _many_notebooks(path: Path) -> None:
    """A folder that takes a while to read."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "x = 1\n" * 2000}
    book = json.dumps({"cells": [cell] * 150, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    path.mkdir(parents=True)
    for number in range(15):
        (path / f"n{number}.ipynb").write_text(book)


def test_ctrl_c_ends_the_reading_at_once(tmp_path: Path, toy: Course) -> None:
    for number in range(30):
        _many_notebooks(tmp_path / "class" / f"s{number}")
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        tmp_path / "class",
        "--course",
        toy.root,
        "--out",
        tmp_path / "out",
        "--unsafe-no-sandbox",
    ]
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )

    def sessions(of: Callable[[int, int], bool]) -> set[int]:
        """Of the processes that run, by parent and session."""
        found = set()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                state, parent, _, session = stat.read_text("latin-1").rpartition(")")[2].split()[:4]
                if state not in "ZX" and of(int(parent), int(session)):
                    found.add(int(session))
        return found

    own = process.pid  # a server that has just been forked is in that session for a moment
    try:
        while not (mine := sessions(lambda parent, session: parent == own != session)):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:  # a failure here leaves nothing that another test would be blamed for
        process.kill()
        process.communicate()
    assert process.returncode == 130
    assert errors.strip() == "Stopped while reading the submissions; nothing was graded."
    assert not (tmp_path / "out").exists()
    for _ in range(200):
        if not sessions(lambda _, session: session in mine):
            return
        time.sleep(0.05)
    raise AssertionError("a server of readers is left")


def test_readers_that_were_stopped_are_replaced(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "double.py").write_text("def double(x): return x\n")
    old = pool.shared()

    def interrupted(request: Request) -> protocol.Reply:
        raise KeyboardInterrupt

    monkeypatch.setattr(old, "ask", interrupted)
    with pytest.raises(KeyboardInterrupt):
        collect(tmp_path, toy, toy.exercises)
    assert pool.shared() is not old
    (again,) = collect(tmp_path, toy, toy.exercises)
    assert again.answers["double"].source


def test_ctrl_c_at_the_start_shows_no_traceback() -> None:
    code = (
        "import autograder.cli, os, signal, sys\nclass Finder:\n def find_spec(s, name, *_):\n"
        "  if name == 'autograder.commands.app': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\nautograder.cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGINT and done.stderr == ""
