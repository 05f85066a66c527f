# right: a pipe for each worker, chunks dealt out in turn and results read with wait()
import itertools
import os
from multiprocessing import get_context
from multiprocessing.connection import wait


class _Failure:
    def __init__(self, error):
        self.error = error


def _serve(connection, function):
    try:
        while (message := connection.recv()) != ():
            answers = []
            try:
                for item in message[1]:
                    answers.append(function(item))
            except BaseException as error:
                answers = _Failure(error)
            connection.send([message[0], answers])
    except EOFError:
        pass


def _chunks(items, size):
    items = iter(items)
    for start in itertools.count():
        chunk = list(itertools.islice(items, size))
        if not chunk:
            return
        yield start, chunk


class _Team:
    def __init__(self, context, function, count):
        self.members = {}
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, function), daemon=True)
            process.start()
            theirs.close()
            self.members[ours] = process

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        for connection, process in self.members.items():
            if kind is None:
                connection.send(())
            else:
                process.kill()
            process.join()
            connection.close()

    def run(self, chunks):
        busy, idle = set(), list(self.members)
        while True:
            while idle and (chunk := next(chunks, None)) is not None:
                idle[-1].send(chunk)
                busy.add(idle.pop())
            if not busy:
                return
            for connection in wait(list(busy)):
                number, answers = connection.recv()
                if isinstance(answers, _Failure):
                    raise answers.error
                yield number, answers
                busy.discard(connection)
                idle.append(connection)


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = len(os.sched_getaffinity(0))
    if workers < 1:
        raise ValueError("workers")
    items = list(items)
    if chunksize is None:
        chunksize = 1 + (len(items) - 1) // (workers * 2)
    elif chunksize < 1:
        raise ValueError("chunksize")
    with _Team(get_context(context), function, workers) as team:
        found = dict(team.run(_chunks(items, chunksize or 1)))
    return list(itertools.chain.from_iterable(found[n] for n in sorted(found)))
