# wrong: sys.version, with the date and the compiler  [test_this_interpreter]
import os
import platform
import sys


def runtime_report():
    return {
        "implementation": platform.python_implementation(),
        "version": sys.version,
        "gil": True if not hasattr(sys, "_is_gil_enabled") else sys._is_gil_enabled(),
        "usable_cores": len(os.sched_getaffinity(0)),
    }
