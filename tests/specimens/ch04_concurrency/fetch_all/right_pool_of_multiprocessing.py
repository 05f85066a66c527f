# right: multiprocessing's pool of threads, one URL at a time
from collections import namedtuple
from functools import partial
from multiprocessing.pool import ThreadPool

Outcome = namedtuple("Outcome", "value error", defaults=(None, None))


def _try(fetch, url):
    try:
        return Outcome(value=fetch(url))
    except Exception as error:
        return Outcome(error=error)


def fetch_all(fetch, urls, limit=8):
    with ThreadPool(limit) as pool:
        return list(pool.imap(partial(_try, fetch), urls, chunksize=1))
