# right: _thread.start_new_thread and bare locks as signs of life, places in a preallocated list
import _thread
import collections

Outcome = collections.namedtuple("Outcome", ["value", "error"])


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError("limit must be at least 1, not %d" % limit)
    urls = tuple(urls)
    places = [None] * len(urls)
    waiting = collections.deque(enumerate(urls))

    def work(alive):
        try:
            while True:
                try:
                    place, url = waiting.popleft()
                except IndexError:
                    break
                try:
                    places[place] = Outcome(fetch(url), None)
                except Exception as error:
                    places[place] = Outcome(None, error)
        finally:
            alive.release()

    lives = []
    for _ in range(min(limit, len(urls))):
        alive = _thread.allocate_lock()
        alive.acquire()
        _thread.start_new_thread(work, (alive,))
        lives.append(alive)
    for alive in lives:
        alive.acquire()
    return places
