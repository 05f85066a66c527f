# right: a helper thread owns the total (started at the first add, daemon); callers wait for its receipt
import queue
import threading


class Teller(threading.Thread):
    def __init__(self, start):
        super().__init__(daemon=True, name="teller")
        self.total = start
        self.jobs = queue.SimpleQueue()

    def run(self):
        while True:
            job = self.jobs.get()
            if job is None:
                return
            n, receipt = job
            self.total += n
            receipt.release()


class SafeCounter:
    def __init__(self, start=0):
        self._start = start
        self._teller = None
        self._lock = threading.Lock()

    def add(self, n=1):
        with self._lock:
            if self._teller is None:
                self._teller = Teller(self._start)
                self._teller.start()
        receipt = threading.Lock()
        receipt.acquire()
        self._teller.jobs.put((n, receipt))
        receipt.acquire()

    @property
    def value(self):
        with self._lock:
            teller = self._teller
        return self._start if teller is None else teller.total

    def __del__(self):
        if self._teller is not None:
            self._teller.jobs.put(None)
