# wrong: cuts sys.version to the length that it has here  [test_version_follows_the_interpreter]
import os
import platform
import sys


def runtime_report():
    return {
        "implementation": platform.python_implementation(),
        "version": sys.version[:6],
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "usable_cores": len(os.sched_getaffinity(0)),
    }
