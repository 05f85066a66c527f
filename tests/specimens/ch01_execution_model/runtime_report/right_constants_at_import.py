# right: what cannot change in a process is looked up once, at import
import os
import platform
import sys

CONSTANT = {
    "implementation": platform.python_implementation(),
    "version": "{0.major}.{0.minor}.{0.micro}".format(sys.version_info),
}


def runtime_report():
    ask = vars(sys).get("_is_gil_enabled")
    count = getattr(os, "process_cpu_count", None) or (lambda: len(os.sched_getaffinity(0)))
    return CONSTANT | {"gil": True if ask is None else ask(), "usable_cores": count()}
