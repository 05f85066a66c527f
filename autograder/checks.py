"""The name under which graders import what they are written with.

See :mod:`autograder.judging.checks`.
"""

from autograder.judging.checks import (
    CheckSpec,
    Side,
    check,
    difference,
    error_name,
    expect,
    fail,
    needs,
    same,
    show,
)

__all__ = [
    "CheckSpec",
    "Side",
    "check",
    "difference",
    "error_name",
    "expect",
    "fail",
    "needs",
    "same",
    "show",
]
