# wrong: the interpreter's own version, not that of Python  [test_version_follows_the_interpreter]
import os
import platform
import sys


def runtime_report():
    own = sys.implementation.version
    return {
        "implementation": platform.python_implementation(),
        "version": f"{own.major}.{own.minor}.{own.micro}",
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "usable_cores": len(os.sched_getaffinity(0)),
    }
