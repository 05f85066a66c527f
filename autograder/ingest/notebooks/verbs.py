"""What the names of functions and methods say: whether a call may change something.

A notebook's own functions are looked into instead; this is for everybody else's.
"""

from __future__ import annotations

import re

_CHANGES = re.compile(
    r"(?:add|append|attach|bind|clear|configure|connect|define|del|delete|difference_"
    r"update|disable|discard|enable|extend|fill|freeze|heap(?:push|pop|ify|replace)|include|init|"
    r"insert|insort|install|intersection_update|load|manual_seed|move_to_end|patch|pop|popitem|"
    r"popleft|push|put|register|remove|reset|resize|reverse|rotate|seed|set|shuffle|sort|subscribe|"
    r"subtract|symmetric_difference_update|unfreeze|unregister|update|cache_clear)"
    r"(?:_\w*|[A-Z]\w*|left|default|attr|item|items|ifneeded|config|sample)?"
)
_SHOWS = re.compile(
    r"(?:add_subplot|all|any|as\w*|assert\w*|bar|barh|cache_info|copy|count|critical|debug|describe|"
    r"display|draw|endswith|error|exception|fig\w*|format|get|group\w*|head|hist|imshow|index|"
    r"info|is\w*|items|keys|legend|line|log|lower|max|mean|min|most_common|pie|plot\w*|print|"
    r"render|replace|run|savefig|scatter|show\w*|sleep|split|startswith|std|strip|sum|summary|"
    r"tail|tight_layout|title|to_\w*|union|upper|values|warning|xlabel|ylabel|write|flush|close)"
)
_CONFIGURES = re.compile(
    r"(?:set|seed|manual_seed|filterwarnings|simplefilter|resetwarnings|basicConfig|register|use|"
    r"enable|disable|install|patch|addHandler|addFilter|addLevelName|config|dictConfig)"
    r"(?:_\w*|[A-Za-z]*)?"
)
_ON_ARGUMENTS = re.compile(
    r"(?:apply_to|at|copyto|fill_diagonal|heap(?:push|pop|ify|pushpop|replace)|insort(?:_\w*)?|"
    r"patch\w*|pickle|place|put_along_axis|register\w*|shuffle|total_ordering|update_wrapper|"
    r"\w*[A-Za-z]_)"
)


def changes(method: str) -> bool:
    """Whether a method of this name changes the object that it is called on: ``append``."""
    dunder = method in ("__setattr__", "__setitem__", "__delattr__", "__delitem__", "__iadd__")
    # PyTorch's `zero_`, `fill_`: in place.
    return dunder or _CHANGES.fullmatch(method) is not None or _in_place(method)


def shows(method: str) -> bool:
    """Whether a method is called for what it returns or shows: ``head``, ``plot``."""
    return not changes(method) and _SHOWS.fullmatch(method) is not None


def configures(function: str) -> bool:
    """Whether a module's function is called for the state of the module: ``seed``."""
    return _CONFIGURES.fullmatch(function) is not None


def changes_arguments(function: str) -> bool:
    """Whether a function changes what it is given: ``shuffle``, ``setattr``, ``init.zeros_``."""
    return _ON_ARGUMENTS.fullmatch(function) is not None


def _in_place(method: str) -> bool:
    return method.endswith("_") and not method.startswith("_") and method != "_"
