"""Sources for ``student.beside``: servers on loopback that see what a submission really does.

They run in processes of their own, with none of the student's code. What they count, and the
secret in their answers, cannot be made up by the process that is judged.
"""

WAITING_ROOM = r'''
import selectors
import socket
import time

door = socket.create_server(("127.0.0.1", 0))


def listen():
    return door.getsockname()[1]


def serve(count, wanted, secret):
    """Answer ``count`` requests of a line each with the secret and that line.

    Answers are held back until ``wanted`` requests wait, or all that are left, and a little longer
    for one too many; for 3 s at most. Returns the most that waited at once, and all lines.
    """
    watch = selectors.DefaultSelector()
    watch.register(door, selectors.EVENT_READ)
    waiting, lines, most, tired, quiet = [], [], 0, False, time.monotonic()
    while len(lines) < count or waiting:
        for key, _ in watch.select(0.005):
            try:
                if key.fileobj is door:
                    watch.register(door.accept()[0], selectors.EVENT_READ)
                    continue
                watch.unregister(key.fileobj)
                line = key.fileobj.recv(1000).decode("utf-8", "replace").strip()
            except OSError:
                continue
            waiting.append((key.fileobj, line))
            lines.append(line)
            most, quiet = max(most, len(waiting)), time.monotonic()
        since = time.monotonic() - quiet
        tired = tired or since > 3
        enough = len(waiting) >= wanted or len(lines) >= count
        if waiting and (tired or (enough and since > 0.03)):
            for link, line in waiting:
                try:
                    link.sendall((secret + line).encode())
                    link.close()
                except OSError:
                    pass
            waiting, quiet = [], time.monotonic()
        elif since > 3:
            break
    return [most, lines]
'''
"""``listen()`` is a port; ``serve(count, wanted, secret)`` answers and counts who waits."""

LIBRARY = r'''
import selectors
import socket
import time

door = socket.create_server(("127.0.0.1", 0))


def listen():
    return door.getsockname()[1]


def serve(secret):
    """Answer each line ``get N`` with the secret and N, and keep account of these numbers.

    ``hold N`` is answered when N of them have been asked for and a moment has passed, or nothing
    has been asked for during 2 s. Returns for each of these ``[one more than the largest number
    asked for, how many]``. Ends with any other line, or after 4 s of silence.
    """
    watch = selectors.DefaultSelector()
    watch.register(door, selectors.EVENT_READ)
    asked, found, held, patience, quiet = set(), [], None, 2, time.monotonic()
    while time.monotonic() < quiet + 4:
        for key, _ in watch.select(0.005):
            try:
                if key.fileobj is door:
                    watch.register(door.accept()[0], selectors.EVENT_READ)
                    continue
                watch.unregister(key.fileobj)
                word, _, number = key.fileobj.recv(100).decode("utf-8", "replace").partition(" ")
                quiet, number = time.monotonic(), int(number[:9] or 0)
                if word == "get":
                    asked.add(number)
                    key.fileobj.sendall(f"{secret}{number}".encode())
                    key.fileobj.close()
                elif word == "hold":
                    held = key.fileobj, number
                else:
                    return found
            except (OSError, ValueError):
                pass
        late = held is not None and time.monotonic() > quiet + patience
        if late or (held and len(asked) >= held[1] and time.monotonic() > quiet + 0.03):
            patience = 0.1 if late else patience  # it is behind; only how far is of interest
            found.append([max(asked, default=-1) + 1, len(asked)])
            held[0].close()
            held, quiet = None, time.monotonic()
    return found
'''
"""``listen()`` is a port, ``serve(secret)`` an account of what was asked for at each hold."""
