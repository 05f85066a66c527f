"""What notebooks say around an exercise, the same in those of a class and of a self-learner."""

from __future__ import annotations

from autograder.text.numbers import points

LOAD = """\
# Gives this notebook %check, %show, %hint and more. If it fails, kata is not installed for the
# Python of this kernel: README.md in your course folder says how to install it.
%load_ext autograder.kata"""
"""The cell that a notebook's other magics need."""


def heading(id: str, title: str, section: str) -> str:
    """Title of an exercise, as Markdown, with the id that commands know it by."""
    number = f" {section}" if section else ""
    return f"### Exercise{number}: {title} (`{id}`)"


def effort(worth: float, minutes: int) -> str:
    """What an exercise is worth, and how long it takes."""
    return f"{points(worth)} points, about {minutes} minutes."


def task(id: str, title: str, section: str, worth: float, minutes: int) -> str:
    """The cell above an answer. It leaves the contract to the docstrings of the answer's cell, so
    that it is said once."""
    how = (
        "The docstrings say what to write. Replace the lines that raise `NotImplementedError`, "
        "run the cell, then run the `%check` cell below it; "
        f"`%hint {id}` helps."
    )
    return f"{heading(id, title, section)}\n\n{effort(worth, minutes)} {how}"


def check(id: str) -> str:
    """The cell below an answer, in which students check it."""
    return f"%check {id}"
