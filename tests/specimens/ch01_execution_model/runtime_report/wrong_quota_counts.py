# wrong: a quota of CPU time lowers the number of cores  [test_usable_cores_follow_the_affinity]
import os
import platform
import sys


def cores():
    count = len(os.sched_getaffinity(0))
    try:
        with open("/sys/fs/cgroup/cpu.max") as file:
            quota, period = file.read().split()
    except OSError:
        return count
    return count if quota == "max" else min(count, max(1, int(quota) // int(period)))


def runtime_report():
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "usable_cores": cores(),
    }
