# wrong: counts the machine's cores  [test_usable_cores_follow_the_affinity]
import os
import platform
import sys


def runtime_report():
    try:
        gil = sys._is_gil_enabled()
    except AttributeError:
        gil = True
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "gil": gil,
        "usable_cores": os.cpu_count(),
    }
