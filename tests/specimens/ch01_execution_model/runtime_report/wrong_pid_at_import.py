# wrong: keeps the pid of the import: a forked process reports its parent's cores  [test_usable_cores_follow_the_affinity]
import os
import platform
import sys

PID = os.getpid()


def runtime_report():
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "usable_cores": len(os.sched_getaffinity(PID)),
    }
