import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)


def singleton(cls):
    return cls
