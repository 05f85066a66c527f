# right: an RLock by acquire and finally, exact types only, __slots__
from threading import RLock


class SafeCounter:
    __slots__ = ("__lock", "__total")

    def __init__(self, start=0):
        self.__check("start", start)
        self.__total, self.__lock = start, RLock()

    @staticmethod
    def __check(name, value):
        if type(value) is not int:
            raise TypeError(f"{name} must be an int, not {value!r}")

    def add(self, n=1):
        self.__check("n", n)
        self.__lock.acquire()
        try:
            self.__total = self.value + n
        finally:
            self.__lock.release()
        return self

    @property
    def value(self):
        with self.__lock:
            return self.__total
