"""Choose the bugs of ``kata bug`` from the wrong specimens, by what works.

    python -m scripts.bugs [ID …]

Each call of ``scripts/bug_probes.toml`` runs on the reference and on wrong specimens. A bug is one
that some call proves wrong, if possible not the first call, which everybody tries; every right
specimen agrees with the reference on the proof. Writes ``course/bugs/<chapter>/<id>.toml``, and
removes the file of an exercise where no call proves anything.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from autograder import clauses, outline
from autograder.kata import bugs
from autograder.kata.bug_calls import Calls, alike
from autograder.outline import Course, Exercise
from autograder.text import toml

PROBES = Path(__file__).with_name("bug_probes.toml")
MOST = 14  # specimens that are tried


def sentence(course: Course, exercise: Exercise, specimen: str) -> str:
    """The clauses of the contract that a specimen breaks."""
    table = clauses.load(course, exercise)
    said = [c.says for c in table.clauses if specimen in c.broken_by] if table else []
    return " … ".join(" ".join(text.split()).replace("``", "`") for text in said)


def stripped(source: str) -> str:
    """A specimen without its first line, which names the mistake."""
    lines = source.splitlines()
    while lines and lines[0].startswith("#"):
        del lines[0]
    return "\n".join(lines).strip("\n") + "\n"


def chosen(course: Course, exercise: Exercise, probes: list[str]) -> str:
    """The text of the file of an exercise; empty where nothing is proved."""
    stub = course.stub(exercise).read_text(encoding="utf-8")
    specimens = sorted(course.specimens(exercise).glob("wrong_*.py"))
    calls = Calls(course, exercise, stub)
    try:
        best: tuple[int, Path, str] | None = None
        for path in [p for p in specimens if sentence(course, exercise, p.stem)][:MOST]:
            proofs = [p for p in probes if calls.attempt(p, path.read_bytes()).proves]
            print(f"  {path.stem}: {len(proofs)} of {len(probes)}", flush=True)
            # The fewer calls prove it, the better; one that everybody tries is the last resort.
            rank = len(proofs) + 100 * (probes[0] in proofs)
            if proofs and (best is None or rank < best[0]) and _fair(calls, proofs[-1]):
                best = (rank, path, proofs[-1])
        if best is None:
            return ""
        _, path, proof = best
        source = path.read_text(encoding="utf-8")
        mistake = source.splitlines()[0].partition("wrong: ")[2].partition("  [")[0]
        says = sentence(course, exercise, path.stem)
        values = {"says": says, "mistake": mistake, "proof": proof, "source": stripped(source)}
        head = f"# Written by `python -m scripts.bugs` from {path.stem}.py.\n"
        return head + "".join(f"{name} = {toml.text(text)}\n" for name, text in values.items())
    finally:
        calls.close()


def _fair(calls: Calls, proof: str) -> bool:
    """Whether all right answers agree about a call."""
    course, exercise = outline.load(), calls.exercise
    seen = calls.seen(course.solution(exercise).read_bytes(), proof)
    rights = sorted(course.specimens(exercise).glob("right_*.py"))
    return all(alike(calls.seen(path.read_bytes(), proof), seen) for path in rights)


def main(ids: list[str]) -> None:
    """Write the files of the named exercises, or of all."""
    course = outline.load()
    probes = tomllib.loads(PROBES.read_text(encoding="utf-8"))
    for exercise in course.exercises:
        if ids and exercise.id not in ids:
            continue
        path = bugs.path(course, exercise)
        print(exercise.id, flush=True)
        text = chosen(course, exercise, probes[exercise.id]) if exercise.id in probes else ""
        if not text:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"  -> {tomllib.loads(text)['mistake']}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
