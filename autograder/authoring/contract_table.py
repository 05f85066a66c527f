"""What is wrong with a table of clauses, and the page that shows all tables. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder import clauses
from autograder.authoring import specimens
from autograder.authoring.check_list import checks
from autograder.clauses import Table
from autograder.outline import Course, Exercise
from autograder.stubs import StubError, stub_text

_WORD = re.compile(r"\w")


def problems(course: Course, exercise: Exercise) -> list[str]:
    """What an exercise's table of clauses lacks, in words that say what to do."""
    path = clauses.path(course, exercise)
    try:
        table = clauses.load(course, exercise)
    except clauses.ClausesError as error:
        return [str(error)]
    if table is None:
        return [f"no table of clauses: write {path}"]
    solution = course.solution(exercise)
    if not solution.is_file():
        return []  # said already
    try:
        source = stub_text(exercise, solution.read_text(encoding="utf-8"), solution)
    except (StubError, UnicodeDecodeError):
        return []
    known = checks(course.check_files(exercise)).names
    wrong = {p.stem: p for p in sorted(course.specimens(exercise).glob("wrong_*.py"))}
    gaps = [
        *_texts(table, clauses.contract_text(source)),
        *_links(table, set(known), set(wrong)),
        *_made_for(table, {name: specimens.made_for(path) for name, path in wrong.items()}),
        *_point(table),
    ]
    for name in known:
        if not table.judged_by(name):
            gaps.append(f"{name} judges no clause: name it in the checks of one, or delete it")
    return [f"{path.name}: {words}" for words in gaps]


def _texts(table: Table, contract: str) -> Iterator[str]:
    """Each piece is in the contract, and all of the contract is in a piece."""
    rest = contract
    pieces = [*(clause.says for clause in table.clauses), *table.asks_nothing]
    for piece in sorted((" ".join(p.split()) for p in pieces), key=len, reverse=True):
        if piece not in rest:
            yield f"the contract does not say (or not once more) {piece!r}; copy its words"
        rest = rest.replace(piece, "\n", 1)
    for left in rest.split("\n"):
        if _WORD.search(left):
            yield (
                f"in no clause: {left.strip()!r}; add it to a clause, or to asks_nothing "
                "if it asks for nothing"
            )


def _links(table: Table, checks: set[str], wrong: set[str]) -> Iterator[str]:
    for clause in table.clauses:
        place = f"[clauses.{clause.id}]"
        if not clause.checks:
            yield f"{place} no check judges it: write one, or take the sentence out of the contract"
        yield from (f"{place} there is no check {c}" for c in clause.checks if c not in checks)
        yield from (
            f"{place} there is no specimen {name}.py"
            for name in clause.broken_by
            if name not in wrong
        )
        if not any(_breaks_alone(table, name) for name in clause.broken_by):
            yield f"{place} no wrong specimen breaks it alone: write one and name it in broken_by"
    named = {name for clause in table.clauses for name in clause.broken_by}
    for name in sorted(wrong - named):
        yield f"{name}.py breaks no clause: name it in the broken_by of the one that it breaks"


def _breaks_alone(table: Table, specimen: str) -> bool:
    return sum(specimen in clause.broken_by for clause in table.clauses) == 1


def _point(table: Table) -> Iterator[str]:
    ids = {clause.id for clause in table.clauses}
    if not table.point:
        yield 'name the clauses that the exercise is about: point = ["…"]'
    yield from (f"point: there is no clause {id!r}" for id in table.point if id not in ids)
    for name in table.rare:
        if not table.breaks_point(name):
            yield f"rare: {name!r} breaks no clause of `point`"


def _made_for(table: Table, made_for: dict[str, str]) -> Iterator[str]:
    """The check that a specimen is made for judges a clause that the specimen breaks."""
    for name, check in made_for.items():
        broken = [clause for clause in table.clauses if name in clause.broken_by]
        if broken and check and not any(check in clause.checks for clause in broken):
            places = ", ".join(f"[clauses.{clause.id}]" for clause in broken)
            yield f"{name}.py is made for {check}, which is not among the checks of {places}"
