# wrong: calls the private function where there is none  [test_gil_where_python_cannot_tell]
import os
import platform
import sys


def runtime_report():
    report = {"gil": sys._is_gil_enabled()}
    report["implementation"] = platform.python_implementation()
    report["version"] = platform.python_version()
    report["usable_cores"] = len(os.sched_getaffinity(0))
    return report
