# wrong: returns a tuple with names, not a dict  [test_has_the_four_entries]
import os
import platform
import sys
from typing import NamedTuple


class Report(NamedTuple):
    implementation: str
    version: str
    gil: bool
    usable_cores: int


def runtime_report():
    return Report(
        platform.python_implementation(),
        platform.python_version(),
        getattr(sys, "_is_gil_enabled", lambda: True)(),
        len(os.sched_getaffinity(0)),
    )
