"""The words of graders in a notebook's test cell, and how such a cell runs its check.

The text of this file is the end of the first cell of the nbgrader notebooks.
"""

import functools
import random
import sys
import tempfile
from pathlib import Path

from bench.local import Baselines, LocalSide
from bench.restoring import restored


class CheckFailed(AssertionError):
    """An expectation that was not met."""


def expect(condition, message):
    if condition is not True:
        raise CheckFailed(message)


def fail(message):
    raise CheckFailed(message)


def show(value, limit=160):
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 2 :]}"


class Deferred(Exception):
    """The check needs something this machine lacks."""


def check(**options):
    return lambda function: function


def lend_to_vocabulary():
    """Have the vocabulary of graders speak with the words of this module, in a notebook."""
    module = sys.modules[__name__]
    for name in ("autograder.checks", "autograder.judging.checks"):
        sys.modules.setdefault(name, module)


def run_check(function, exercise, reference=""):
    """Run one check of a grader in this process, as a test cell does; raises where it fails.

    The student's text is ``<exercise>.py`` in the working folder.
    """
    folder = _scratch()
    source = Path(f"{exercise}.py").read_bytes()
    if folder not in sys.path:
        sys.path.insert(0, folder)
    known = {
        "student": lambda: LocalSide(exercise, source, folder, unlimited=True),
        "reference": lambda: LocalSide(
            f"reference_{exercise}", reference.encode(), folder, "reference", unlimited=True
        ),
        "baseline": lambda: Baselines(folder, unlimited=True),
        "rng": lambda: random.Random(f"{exercise}/{function.__name__}"),
        "compare_speed": lambda: _measure().compare_speed,
        "peak_memory": lambda: LocalSide.peak_memory,
    }
    code = function.__code__
    with restored():
        function(**{name: known[name]() for name in code.co_varnames[: code.co_argcount]})


def _measure():
    from autograder.judging import measuring

    return measuring


@functools.cache
def _scratch_folder():
    return tempfile.TemporaryDirectory()


def _scratch():
    return _scratch_folder().name
