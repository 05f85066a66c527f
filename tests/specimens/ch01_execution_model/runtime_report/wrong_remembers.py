# wrong: made once and remembered  [test_usable_cores_follow_the_affinity]
import functools
import os
import platform
import sys


@functools.cache
def runtime_report():
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "gil": sys._is_gil_enabled() if hasattr(sys, "_is_gil_enabled") else True,
        "usable_cores": len(os.sched_getaffinity(0)),
    }
