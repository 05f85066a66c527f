# wrong: few URLs get fewer threads than they could have  [test_as_many_as_the_limit]
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

Outcome = namedtuple("Outcome", "value error")


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(limit)
    urls = list(urls)

    def one(u):
        try:
            return Outcome(fetch(u), None)
        except Exception as e:
            return Outcome(None, e)

    if len(urls) <= limit:
        # two threads will do for a few
        with ThreadPoolExecutor(2) as p:
            return list(p.map(one, urls))
    with ThreadPoolExecutor(limit) as p:
        return list(p.map(one, urls))
