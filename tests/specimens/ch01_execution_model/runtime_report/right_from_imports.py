# right: everything imported by name at the top, the private function under try
from os import cpu_count
from platform import python_implementation, python_version_tuple

try:
    from os import sched_getaffinity
except ImportError:
    sched_getaffinity = None
try:
    from sys import _is_gil_enabled as gil_enabled
except ImportError:

    def gil_enabled():
        return True


def runtime_report():
    cores = cpu_count() if sched_getaffinity is None else len(sched_getaffinity(0))
    return {
        "implementation": python_implementation(),
        "version": ".".join(python_version_tuple()),
        "gil": gil_enabled(),
        "usable_cores": cores,
    }
