"""All statements of a notebook, and which of them may change what a name stands for.

What a call changes is told by the notebook's own functions where it is one of theirs, and by
its name where it is not. Everything here takes time in proportion to the notebook.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from autograder.ingest.notebooks import verbs
from autograder.ingest.notebooks.effects import Effects
from autograder.ingest.notebooks.scopes import KNOWN
from autograder.ingest.notebooks.statements import STATEMENTS_CAP, Callable, Statement, statements

TEXT_CAP = 1 << 20
"""Most characters of a notebook's cells that are looked at."""

# Where one of these stands, a new subclass may be noted somewhere.
_SUBCLASSES = ("__init_subclass__", "metaclass", "__subclasses__")
_ALIASES_CAP = 16  # other names of one object that are followed


class Index:
    """The statements of a notebook's cells, in order.

    ``events[name]`` are the numbers of the statements that bind or change ``name``;
    ``perhaps[name]`` of those that call a method on it whose name does not say what it does.
    ``package x`` is what the package x was told, ``part x`` an import of something in it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.statements: list[Statement] = []
        self.cells: list[int] = []
        self.whole = True  # whether all cells were looked at
        size = 0
        for cell, text in enumerate(texts):
            size += len(text)
            parts = statements(text) if size <= TEXT_CAP else ()
            total = len(self.cells) + max(
                len(parts), 0 if parts else text.count(";") + text.count("\n")
            )
            self.whole = size <= TEXT_CAP and total <= STATEMENTS_CAP
            if not self.whole:
                break
            self.statements += parts
            self.cells += [cell] * len(parts)
        self.packages: dict[str, tuple[str, bool]] = {}
        self.functions: dict[str, list[tuple[int, Callable]]] = defaultdict(list)
        self.subclassing = any(word in text for text in texts for word in _SUBCLASSES)
        for number, statement in enumerate(self.statements):
            for imported in statement.imports:
                self.packages[imported.name] = (imported.package, imported.module)
            for function in statement.callables:
                self.functions[function.name].append((number, function))
        self._states: dict[str, bool] = {}
        self._returns: dict[str, set[str]] = {}
        self.flagged = self._flagged()
        self.events: dict[str, list[int]] = defaultdict(list)
        self.perhaps: dict[str, list[int]] = defaultdict(list)
        self.calls: dict[str, list[int]] = defaultdict(list)
        self.stars: list[int] = []
        self._note_events()
        self.changers: dict[str, set[str]] = defaultdict(set)
        self.callers: dict[str, set[str]] = defaultdict(set)
        for name, versions in self.functions.items():
            for _, function in versions:
                for changed in self._changed_by(function):
                    self.changers[changed].add(name)
                for called in function.effects.calls:
                    self.callers[called].add(name)

    # -- functions ----------------------------------------------------------------------------

    def _flagged(self) -> set[tuple[str, str]]:
        """Which functions change what they are given, and which methods their object."""
        waiting: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        pending: list[tuple[str, str]] = []
        for name, parts in self.functions.items():
            for _, function in parts:
                effects = function.effects
                stands = _stands_for(effects)
                own = frozenset({function.own} - {""})
                for kind, mine in (("self", own), ("args", function.parameters)):
                    key = (kind, name)
                    if any(_meet(changed, mine, stands) for changed in effects.changes):
                        pending.append(key)
                    for method in effects.methods:
                        if _meet(method.root, mine, stands):
                            if f".{method.name}" in self.functions:
                                waiting["self", f".{method.name}"].append(key)
                            elif verbs.changes(method.name):
                                pending.append(key)
                    for given in effects.passes:
                        if _meet(given.argument, mine, stands):
                            if given.function in self.functions:
                                waiting["args", given.function].append(key)
                            elif verbs.changes_arguments(given.function.lstrip(".")):
                                pending.append(key)
        pairs: set[tuple[str, str]] = set()
        while pending:
            key = pending.pop()
            if key not in pairs:
                pairs.add(key)
                pending += waiting[key]
        return pairs

    def _changed_by(self, function: Callable) -> set[str]:
        """The notebook's names that a call of the function changes itself."""
        free = function.names.lazy - function.parameters - {function.own}
        changed, _ = self._changed(function.effects, at_top=False)
        packages = {n for n in changed if " " in n} if verbs.configures(function.name) else set()
        return (changed & free) | function.names.rebinds | packages

    def _has_state(self, name: str) -> bool:
        """Whether a name stands for what a call made, and calling that changes it."""
        if name not in self._states:
            makers = {
                called
                for _, function in self.functions.get(name, ())[-_ALIASES_CAP:]
                if function.kind == "value"
                for called in function.effects.calls
            }
            parts = [f for maker in makers for _, f in self.functions.get(maker, ())]
            called = ("self", ".__call__") in self.flagged
            self._states[name] = any(f.remembers if f.kind == "function" else called for f in parts)
        return self._states[name]

    def _returned(self, name: str) -> set[str]:
        """The notebook's names whose objects a function may return: those that it reads."""
        if name not in self._returns:
            self._returns[name] = {
                read
                for _, function in self.functions.get(name, ())[:_ALIASES_CAP]
                if function.kind != "class"
                for read in sorted(function.names.lazy)[:_ALIASES_CAP]
            }
        return self._returns[name]

    # -- statements ---------------------------------------------------------------------------

    def _note_events(self) -> None:
        standing: dict[str, set[str]] = {}
        others: dict[str, dict[str, None]] = defaultdict(dict)
        holders: dict[str, dict[str, None]] = defaultdict(dict)
        for number, statement in enumerate(self.statements):
            changed, perhaps = self._changed(statement.effects, at_top=True)
            for sure, names in ((True, changed), (False, perhaps)):
                touched = self._with_aliases(names, standing, others)
                for name in list(touched):
                    touched.update(islice(reversed(holders.get(name, {})), _ALIASES_CAP))
                for name in touched:
                    (self.events if sure else self.perhaps)[name].append(number)
            for name in statement.names.binds:
                if not self.events[name] or self.events[name][-1] != number:
                    self.events[name].append(number)
                if name in statement.names.strong:
                    standing.pop(name, None)
            for name, root in statement.effects.aliases:
                roots = standing.setdefault(name, set())
                if name != root and len(roots) < _ALIASES_CAP:
                    roots |= {root, *standing.get(root, ())}
                    others[root].pop(name, None)
                    others[root][name] = None
            for name, held in statement.effects.holds:
                if held in KNOWN:
                    continue
                holders[held].pop(name, None)
                holders[held][name] = None
            for name in statement.effects.calls:
                self.calls[name].append(number)
            for package in {i.package for i in statement.imports if i.part}:
                self.events[f"part {package}"].append(number)
            dynamic = any(m.root in ("globals()", "locals()") for m in statement.effects.methods)
            if statement.star or dynamic or "exec" in statement.effects.bare:
                self.stars.append(number)

    def _with_aliases(
        self,
        names: Iterable[str],
        standing: dict[str, set[str]],
        others: dict[str, dict[str, None]],
    ) -> set[str]:
        pairs = set(names)
        for name in names:
            roots = standing.get(name, set())
            pairs |= roots
            for root in (name, *roots):
                latest = islice(reversed(others.get(root, {})), _ALIASES_CAP)
                pairs.update(n for n in latest if root in standing.get(n, ()))
        return pairs

    def _changed(self, effects: Effects, *, at_top: bool) -> tuple[set[str], set[str]]:
        """The names that a piece changes, and those that it perhaps changes."""
        sure, perhaps = self._by_methods(effects, at_top=at_top)
        sure |= set(effects.changes) | self._by_passing(effects) | self._by_decorating(effects)
        for name in effects.bare:
            if name in self.packages and verbs.configures(name):
                sure.add(f"package {self.packages[name][0]}")
        if self.subclassing:
            sure |= {base for base in effects.bases if base in self.functions}
        sure.update(name for name in effects.calls if self._has_state(name))
        stands = _stands_for(effects)
        for name in [n for n in sure if n in stands]:
            sure |= stands[name]
        for name in [n for n in sure if n.endswith("()")]:
            sure |= self._returned(name[:-2])
        sure = {
            f"package {self.packages[n][0]}" if self.packages.get(n, ("", False))[1] else n
            for n in sure
        }
        return sure - {""}, perhaps - sure - {""}

    def _by_methods(self, effects: Effects, *, at_top: bool) -> tuple[set[str], set[str]]:
        """The names that calls of methods change, and those that they perhaps change."""
        sure: set[str] = set()
        perhaps: set[str] = set()
        for root, name, bare, once in effects.methods:
            if root in self.packages:
                if bare and (once or not at_top) and verbs.configures(name):
                    sure.add(f"package {self.packages[root][0]}")
                elif verbs.changes(name) and not self.packages[root][1]:
                    sure.add(root)
            elif f".{name}" in self.functions:
                if ("self", f".{name}") in self.flagged:
                    sure.add(root)
            elif verbs.changes(name):
                sure.add(root)
            elif bare and not verbs.shows(name):
                perhaps.add(root)
        return sure, perhaps

    def _by_passing(self, effects: Effects) -> set[str]:
        """The names that are changed by what they are passed to."""
        changed: set[str] = set()
        for name, argument in effects.passes:
            if name in self.functions:
                if ("args", name) in self.flagged:
                    changed.add(argument)
            elif verbs.changes_arguments(name.lstrip(".")):
                changed.add(argument)
        return changed

    def _by_decorating(self, effects: Effects) -> set[str]:
        """The names that decorators change: themselves, or what they are put on."""
        changed: set[str] = set()
        for root, attribute, noted in effects.decorators:
            if root in self.packages:
                continue
            if attribute:
                changed.add(root)
            if any(f.kind == "class" for _, f in self.functions.get(root, ())) or root == "patch":
                changed.update(noted)
        return changed


@lru_cache(maxsize=64)
def index(texts: tuple[str, ...]) -> Index:
    """The index of a notebook's cells, kept for the next exercise."""
    return Index(texts)


def _stands_for(effects: Effects) -> dict[str, set[str]]:
    """Within one piece: which names another name may stand for."""
    stands: dict[str, set[str]] = {}
    for name, root in effects.aliases:
        roots = stands.setdefault(name, set())
        if len(roots) < _ALIASES_CAP:
            roots |= {root, *stands.get(root, ())}
    return stands


def _meet(name: str, mine: frozenset[str], stands: dict[str, set[str]]) -> bool:
    """Whether a name is one of mine, or stands for one."""
    return name in mine or not mine.isdisjoint(stands.get(name, ()))
