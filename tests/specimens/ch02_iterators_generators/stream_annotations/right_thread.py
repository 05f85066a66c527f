# right: a thread reads ahead into a bounded queue
import gzip
import json
import pathlib
import queue
import threading


class Ahead(threading.Thread):
    def __init__(self, path, size, depth):
        super().__init__(daemon=True)
        self.file = gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
        self.path, self.size = path, size
        self.queue, self.stopped = queue.Queue(depth), threading.Event()

    def put(self, item):
        while not self.stopped.is_set():
            try:
                return self.queue.put(item, timeout=0.02)
            except queue.Full:
                pass

    def run(self):
        batch = []
        with self.file:
            for number, raw in enumerate(self.file, 1):
                if self.stopped.is_set():
                    return
                text = raw.decode("utf-8").strip()
                if not text:
                    continue
                try:
                    batch.append(json.loads(text))
                except json.JSONDecodeError as error:
                    self.put(ValueError(f"{self.path}:{number}: {error}"))
                    return
                if len(batch) == self.size:
                    self.put(batch)
                    batch = []
        if batch:
            self.put(batch)
        self.put(None)


def _consume(reader):
    reader.start()
    try:
        while (item := reader.queue.get()) is not None:
            if isinstance(item, ValueError):
                raise item
            yield item
    finally:
        reader.stopped.set()
        reader.join()


def stream_annotations(path, batch_size=32, *, ahead=2):
    if batch_size < 1:
        raise ValueError(f"batch_size={batch_size!r}")
    return _consume(Ahead(pathlib.Path(path), batch_size, ahead))
