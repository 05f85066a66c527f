# wrong: the interpreter is CPython because the author's is  [test_names_another_interpreter]
import os
import platform
import sys


def runtime_report():
    return {
        "implementation": "CPython",
        "version": platform.python_version(),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "usable_cores": len(os.sched_getaffinity(0)),
    }
