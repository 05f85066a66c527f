"""``kata``: the student's command, and ``%load_ext autograder.kata`` for notebooks."""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext autograder.kata`` calls: registers %check and its like."""
    from autograder.kata.magics import register

    register(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What ``%unload_ext autograder.kata`` calls: ends the warm workers."""
    from autograder.kata.magics import unregister

    unregister(shell)
