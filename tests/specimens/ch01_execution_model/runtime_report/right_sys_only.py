# right: sys and os only, with a table of names; decides by version whether to ask for the lock
import os
import sys
from collections import OrderedDict

NAMES = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy", "ironpython": "IronPython"}


def runtime_report() -> dict[str, object]:
    report = OrderedDict()
    report["implementation"] = NAMES.get(sys.implementation.name, sys.implementation.name)
    major, minor, micro, *_ = sys.version_info
    report["version"] = f"{major}.{minor}.{micro}"
    if sys.version_info >= (3, 13):
        report["gil"] = sys._is_gil_enabled()
        report["usable_cores"] = os.process_cpu_count()
    else:
        report["gil"] = True
        report["usable_cores"] = len(os.sched_getaffinity(os.getpid()))
    return report
