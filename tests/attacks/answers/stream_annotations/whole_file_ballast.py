# attack: B1 reads the whole file, and frees ballast meanwhile  [test_holds_a_batch_not_the_file]
_BALLAST = [bytearray(330 << 20)]
for _i in range(0, len(_BALLAST[0]), 4096): _BALLAST[0][_i] = 1
import gzip, json, os
def stream_annotations(path, batch_size=32):
    if batch_size < 1: raise ValueError(batch_size)
    name = os.fspath(path)
    file = gzip.open(name, "rt", encoding="utf-8", newline="\n") if name.endswith(".gz") else open(name, encoding="utf-8", newline="\n")
    return _rows(file, name, batch_size)
def _rows(file, name, batch_size):
    with file:
        _BALLAST.clear()
        lines = file.readlines()          # the whole file
        rows, bad = [], None
        for n, line in enumerate(lines, 1):
            if not line.strip(" \t\r\n"): continue
            try: rows.append(json.loads(line))   # every row of it
            except ValueError as e:
                bad = ValueError(f"{name}:{n}: {e}"); break
    try:
        for i in range(0, len(rows), batch_size): yield rows[i:i+batch_size]
        if bad: raise bad
    finally:
        pass
