# right: a new thread for each URL, but started only when another has made room
import threading


class Outcome:
    def __init__(self, value, error):
        self.value = value
        self.error = error


class _Download(threading.Thread):
    def __init__(self, fetch, url, room):
        super().__init__()
        self.fetch, self.url, self.room = fetch, url, room

    def run(self):
        try:
            self.outcome = Outcome(self.fetch(self.url), None)
        except Exception as error:
            self.outcome = Outcome(None, error)
        finally:
            self.room.release()


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(limit)
    room, downloads = threading.BoundedSemaphore(limit), []
    for url in urls:
        room.acquire()
        download = _Download(fetch, url, room)
        download.start()
        downloads.append(download)
    for download in downloads:
        download.join()
    return [download.outcome for download in downloads]
