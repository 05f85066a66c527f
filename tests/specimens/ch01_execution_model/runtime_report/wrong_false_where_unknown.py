# wrong: no function to ask is taken for no lock  [test_gil_where_python_cannot_tell]
import os
import platform
import sys


def runtime_report():
    ask = getattr(sys, "_is_gil_enabled", lambda: False)
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "gil": ask(),
        "usable_cores": len(os.sched_getaffinity(0)),
    }
