# wrong: sys.implementation.name is the lower-case name  [test_this_interpreter]
import os
import sys


def runtime_report():
    gil = sys._is_gil_enabled() if hasattr(sys, "_is_gil_enabled") else True
    cores = len(os.sched_getaffinity(0))
    version = "%d.%d.%d" % sys.version_info[:3]
    return dict(
        implementation=sys.implementation.name, version=version, gil=gil, usable_cores=cores
    )
