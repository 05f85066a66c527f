"""Commands whose help and errors are for people: plain words, no Python types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_WORDS = {"int": "N", "float": "N", "path": "PATH", "file": "PATH", "directory": "PATH"}
"""By what typer would show."""
_ERRORS = (
    (re.compile(r"Input should be a valid integer.*"), "must be a whole number"),
    (re.compile(r"Input should be a valid number.*"), "must be a number"),
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"must be at least \1"),
)


class Command(TyperCommand):
    """A command of `autograde` or `kata`."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The command's parameters, each with a word for its value."""
        return _in_words(super().get_params(ctx), ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer's, its errors in plain words. ``help`` alone is ``--help``."""
        if args == ["help"]:
            args = ["--help"]
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            for pattern, words in _ERRORS:
                error.message = pattern.sub(words, error.message)
            raise


HELP = {"help_option_names": ["-h", "--help"]}
"""``context_settings`` of a program; its commands inherit them."""


class Group(TyperGroup):
    """`autograde`, `kata`, or a command that has commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer's. ``help check`` is ``check -h``, ``version`` is ``--version``."""
        if args and args[0] == "help":
            args = [*args[1:], "--help"]
        elif args == ["version"] and ctx.parent is None:
            args = ["--version"]
        return super().parse_args(ctx, args)

    def get_params(self, ctx: Any) -> list[Any]:
        """The group's own options, each with a word for its value."""
        return _in_words(super().get_params(ctx), ctx)


def _in_words(params: Iterable[Any], ctx: Any) -> list[Any]:
    listed = list(params)
    for param in listed:
        if not hasattr(param, "plain"):
            param.plain = _word(param, ctx)
            param.display_type_rich = lambda ctx, word=param.plain: word
            if param.param_type_name == "argument" and param.required:
                # Typer would write {SUBMISSIONS}.
                param._usage_display_name = lambda name=param.metavar: name
    return listed


def _word(param: Any, ctx: Any) -> str | None:
    shown = getattr(param, "display_type_rich", None)
    if shown is None or param.param_type_name == "argument" or getattr(param, "is_flag", False):
        return None
    kind = str(shown(ctx)).lower()
    return next((word for name, word in _WORDS.items() if name in kind), "TEXT")
