# right: asks how Python was built, and only then whether the lock is on; reads sys.version
import os
import sys
from sysconfig import get_config_var


class Report(dict):
    @classmethod
    def of_this_process(cls):
        pypy = hasattr(sys, "pypy_version_info")
        return cls(
            implementation="PyPy" if pypy else "CPython",
            version=sys.version.split()[0],
            gil=cls.gil(),
            usable_cores=len(os.sched_getaffinity(0)),
            executable=sys.executable,
        )

    @staticmethod
    def gil():
        if not get_config_var("Py_GIL_DISABLED"):
            return True
        try:
            return bool(sys._is_gil_enabled())
        except AttributeError:
            return True


def runtime_report():
    return Report.of_this_process()
