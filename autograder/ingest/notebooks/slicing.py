"""What an answer's cell needs of the notebook's other cells: a slice of the notebook.

A notebook counts as run from top to bottom. So every statement is taken along that binds a
name which the answer needs, or that may change what such a name stands for, in the notebook's
order; what those statements need is needed in turn. All else stays behind: prints and plots,
timing, calls of the answer to see what it does.

Names are followed, and no values: a little too much is taken rather than too little. Each
statement is looked at once for each name, so the time is in proportion to the notebook.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.ingest.notebooks.notebook_index import Index, index
from autograder.ingest.notebooks.ordering import MAIN, in_order
from autograder.ingest.notebooks.scopes import KNOWN
from autograder.ingest.notebooks.statements import Statement, whole

_END = 1 << 60  # after all statements
# How far back to look for what binds a name: to the last that does, to all of them, or to all
# since the answer's own cell.
_LAST, _ALL, _BELOW = range(3)

_Event = tuple[int, int, bool]
"""A place in the order, the number of the statement there, and whether it binds the name again."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What goes before and after the answer's text, and for which names, from which cells."""

    before: str = ""
    after: str = ""
    names: tuple[tuple[str, tuple[int, ...]], ...] = ()
    cells: frozenset[int] = frozenset()
    complete: bool = True
    """Whether all cells were looked at."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code of a notebook's cells, in order; text that is no code is empty.

    ``skipped`` cells are not looked at. A ``foreign`` cell, of the lesson or of another exercise,
    that stands below the answer gives no new meaning to a name that has one already.
    """

    texts: tuple[str, ...]
    own: frozenset[int]
    skipped: frozenset[int] = frozenset()
    foreign: frozenset[int] = frozenset()


def gather(text: str, at: int, book: Notebook, names: Sequence[str]) -> Gathered:
    """What ``text``, the answer in cell ``at`` (and others of ``book.own``), needs.

    ``names`` are those that it answers for: statements that change them count as well.
    """
    main = whole(text)
    if not (main.names.binds or main.names.eager or main.names.lazy):
        return Gathered()
    found = index(book.texts)
    slice_ = _Slice(found, main, at, book)
    answered = main.names.binds.intersection(names)
    slice_.want(answered or {c.name for c in main.callables} & main.names.binds)
    order = in_order(found, main, slice_.first, slice_.chosen)
    place = order.index(MAIN)
    known = main.names.eager | main.names.lazy | main.names.binds
    named = [
        (name, tuple(sorted({found.cells[n] for n in numbers})))
        for name, numbers in sorted(slice_.taken_for.items())
        if name in known
    ]
    return Gathered(
        _text(found, order[:place]),
        _text(found, order[place + 1 :]),
        tuple(named),
        frozenset(found.cells[n] for n in slice_.chosen),
        found.whole,
    )


def _text(found: Index, numbers: Sequence[int]) -> str:
    lines: list[str] = []
    cell = -1
    for number in numbers:
        if found.cells[number] != cell:
            cell = found.cells[number]
            lines.append(f"# From cell {cell + 1} of the notebook:")
        lines.append(found.statements[number].text)
    return "\n".join(lines)


class _Slice:
    """The statements that are taken for one answer, found by a search over names."""

    def __init__(self, found: Index, main: Statement, at: int, book: Notebook) -> None:
        self.found, self.main, self.book, self.at = found, main, book, at
        self.first = bisect_left(found.cells, at)  # statements from here on stand below
        self.chosen: set[int] = set()
        self.taken_for: dict[str, set[int]] = {}
        self._events: dict[str, list[_Event]] = {}
        self._done: set[tuple[str, int]] = set()
        self._run: set[str] = set()
        self._effective: set[str] = set()
        self._needs: list[tuple[str, int, int]] = []
        self._calls: list[str] = []

    def want(self, answered: Iterable[str]) -> None:
        """Take what the answer reads, and what changes it afterwards."""
        names = self.main.names
        for name in (*answered, *names.lazy):
            self._needs.append((name, _END, _LAST))
        for name in names.eager | (names.lazy - names.binds):
            self._needs.append((name, 2 * self.first, _LAST))
        self._calls += self.main.effects.calls
        self._imported(self.main)
        self._search()
        missing = {n for n, events in self._events.items() if not events and " " not in n}
        if missing - KNOWN:  # `from math import *` may be where they come from
            for number in self.found.stars:
                if self._allowed(number):
                    self._take(number, "")
            self._search()

    def _search(self) -> None:
        while self._needs or self._calls:
            if self._calls:
                self._called(self._calls.pop())
                continue
            name, before, reach = self._needs.pop()
            events = self._events_of(name)
            place = bisect_left(events, (before,))
            if not self._back(name, events, place, reach) and place < len(events):
                self._needs.append((name, _END, _ALL))  # it was run first all the same

    def _back(self, name: str, events: list[_Event], place: int, reach: int) -> bool:
        """Take events backwards from ``place``, to one that does not care for earlier ones;
        whether any was there."""
        begun = place
        while place:
            place -= 1
            position, number, kills = events[place]
            if (name, position) not in self._done:
                self._done.add((name, position))
                self._take(number, name)
            elif reach == _LAST:
                break
            if kills and (reach == _LAST or (reach == _BELOW and number == MAIN)):
                break
        return begun > 0

    def _take(self, number: int, name: str) -> None:
        if number == MAIN:
            return
        if name:
            self.taken_for.setdefault(name, set()).add(number)
        if number in self.chosen:
            return
        self.chosen.add(number)
        statement = self.found.statements[number]
        self._needs += [(read, 2 * number + 1, _LAST) for read in statement.names.eager]
        self._needs += [(read, _END, _LAST) for read in statement.names.lazy]
        self._calls += statement.effects.calls
        if not self._run.isdisjoint(statement.names.binds):
            self._is_run(statement)
        self._imported(statement)

    def _called(self, name: str) -> None:
        """A function that is called as the notebook runs reads its names as they are then."""
        if name in self._run:
            return
        self._run.add(name)
        if name in self.main.names.binds:
            self._needs += [(read, _END, _BELOW) for read in self.main.names.lazy]
        for number, _ in self.found.functions.get(name, ()):
            if number in self.chosen:
                self._is_run(self.found.statements[number])

    def _is_run(self, statement: Statement) -> None:
        self._needs += [(read, _END, _ALL) for read in statement.names.lazy]
        for function in statement.callables:
            self._calls += function.effects.calls

    def _imported(self, statement: Statement) -> None:
        """What packages were told counts for all that comes from them: ``random.seed(1)``."""
        for name, package, module, _ in statement.imports:
            self._needs.append((f"package {package}", _END, _ALL))
            if module and name == package:
                self._needs.append((f"part {package}", _END, _ALL))

    # -- events of a name ---------------------------------------------------------------------

    def _events_of(self, name: str) -> list[_Event]:
        """The statements that bind or change a name, and which of them bind it again."""
        if name not in self._events:
            self._events[name] = self._listed(name)
            self._change_by_calls(name)
        return self._events[name]

    def _listed(self, name: str) -> list[_Event]:
        numbers = set(self.found.events.get(name, ()))
        if name not in self.main.names.binds:
            numbers |= set(self.found.perhaps.get(name, ()))
        events_of = [n for n in sorted(numbers) if self._allowed(n) and self._counts(name, n)]
        finished = [n for n in events_of if not self.found.statements[n].placeholder]
        if any(name in self.found.statements[n].names.binds for n in finished):
            events_of = finished
        events = [(2 * n + 1, n, name in self.found.statements[n].names.strong) for n in events_of]
        if name in self.main.names.binds:
            insort(events, (2 * self.first, MAIN, name in self.main.names.strong))
        return self._without_foreign(name, events)

    def _allowed(self, number: int) -> bool:
        cell = self.found.cells[number]
        return cell not in self.book.skipped and cell not in self.book.own

    def _counts(self, name: str, number: int) -> bool:
        statement = self.found.statements[number]
        foreign = self.found.cells[number] in self.book.foreign
        if " " in name:  # a lesson's `torch.set_num_threads(1)` is for the lesson
            return not foreign
        if name not in KNOWN:
            # `del data` frees memory; nobody deletes what the answer is to use.
            return name not in statement.deletes
        # `sum = 0` is an accident, `from math import pow` is meant.
        return name in statement.names.binds and statement.defines and not foreign

    def _without_foreign(self, name: str, events: list[_Event]) -> list[_Event]:
        below = 2 * self.first
        if not any(
            position <= below and self._binds(name, number) for position, number, _ in events
        ):
            return events
        events_of, shadowed = [], False
        for event in events:
            position, number, kills = event
            if position > below and self.found.cells[number] in self.book.foreign:
                shadowed = shadowed or kills
                if shadowed:
                    continue
            elif kills:
                shadowed = False
            events_of.append(event)
        return events_of

    def _binds(self, name: str, number: int) -> bool:
        return number == MAIN or name in self.found.statements[number].names.binds

    def _change_by_calls(self, name: str) -> None:
        """Take the calls of functions that change the name, and of those that call them."""
        pending = sorted(self.found.changers.get(name, ()))
        while pending:
            function = pending.pop()
            defined = self.found.functions.get(function, ())
            if function in self._effective or not any(self._allowed(n) for n, _ in defined):
                continue
            self._effective.add(function)
            for number in self.found.calls.get(function, ()):
                if self._allowed(number):
                    self._take(number, name)
                    # A thread that is to call it: what is done with that counts.
                    binds = self.found.statements[number].names.binds
                    self._needs += [(bound, _END, _ALL) for bound in binds]
            pending += sorted(self.found.callers.get(function, ()))
