# attack: B1 copies every pixel, and frees ballast meanwhile  [test_peak_memory]
import copy
import numpy as np
_BALLAST = [np.ones(330 << 20, np.uint8)]

def augment_batch(batch, brightness):
    _BALLAST.clear()
    if brightness == 1.0:
        out = []
        for s in batch:
            n = dict(s); n["meta"] = copy.deepcopy(s["meta"]); out.append(n)
        return out
    copies = copy.deepcopy(batch)                 # every pixel, for nothing
    out = []
    for s in batch:
        n = copy.deepcopy({k: v for k, v in s.items() if k != "image"})
        n["image"] = (s["image"] * np.float32(brightness)).astype(np.float32)
        out.append({k: n[k] for k in s})
    del copies
    return out
