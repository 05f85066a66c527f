# wrong: how Python was built, not whether the lock is on  [test_gil_follows_the_interpreter]
import os
import platform
import sysconfig


def runtime_report():
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "gil": not sysconfig.get_config_var("Py_GIL_DISABLED"),
        "usable_cores": len(os.sched_getaffinity(0)),
    }
