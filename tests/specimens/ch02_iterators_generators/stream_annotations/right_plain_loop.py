# right: one loop with a list that is filled, opened in the call, closed by try/finally
import gzip
import json


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(f"batch_size: {batch_size}")
    name = str(path)
    if name.endswith(".gz"):
        f = gzip.open(name, "rt", encoding="utf8")
    else:
        f = open(name, encoding="utf8")

    def generate():
        try:
            batch = []
            n = 0
            for line in f:
                n += 1
                line = line.strip()
                if not line:
                    continue
                try:
                    batch.append(json.loads(line))
                except ValueError as e:
                    raise ValueError("bad JSON in %s at line %d: %s" % (name, n, e))
                if len(batch) == batch_size:
                    yield batch
                    batch = []
            if batch:
                yield batch
        finally:
            f.close()

    return generate()
