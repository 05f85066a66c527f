"""The frames between the worker and the student's code, with nothing in them.

From a frame one can walk to its callers, their variables and their globals. So whatever is on
the stack while a submission runs is made here, in a namespace that holds only what these few
functions name: no wire, no worker, no other module of this project.
"""

from __future__ import annotations

import builtins
import types
from typing import Any

_SOURCE = '''
def call(job, *_):
    """``(True, value)`` of a call, ``(False, error)`` if it raised."""
    try:
        function, positional, named = job
        return True, function(*positional, **named)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are the student's, too
        return False, error


def finish_with(runner, loop, coroutine):
    def finish(result):
        """The same for a coroutine that a call returned, in an event loop of Python's own."""
        try:
            if result[0] and type(result[1]) is coroutine:
                with runner(loop_factory=loop) as running:
                    return True, running.run(result[1])
        except BaseException as error:
            return False, error
        return result

    return finish


def words(result):
    """The result, and an error's own message: making it runs the student's code."""
    if result[0]:
        return result, ""
    try:
        return result, str(result[1])[:2000].encode("utf-8", "backslashreplace").decode()
    except BaseException:
        return result, "(its message could not be made)"


def batch(function, module, batch):
    """An observation for each set of inputs, back to back."""
    return [function(module, **arguments) for arguments in batch]


def again(error):
    raise error


def pristine(real, base):
    """A class for one module that stands in front of ``real``: see ``instruments``."""

    class Pristine(base):
        def __getattr__(self, name):
            return getattr(real, name)

        def __setattr__(self, name, value):
            setattr(real, name, value)

        def __delattr__(self, name):
            delattr(real, name)

    return Pristine


def no_hook(hook):
    """Stands for sys.addaudithook: a hook would be called on the worker's own events."""


def closed_to(create, closed):
    def create_builtin(spec):
        if spec.name in closed:
            raise ImportError("this module exists and is not created again", name=spec.name)
        return create(spec)

    return create_builtin


def importing(table, real):
    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        if level == 0 and name in table:
            return table[name if fromlist else name.partition(".")[0]]
        return real(name, globals, locals, fromlist, level)

    return __import__
'''

BUILTINS: dict[str, Any] = dict(vars(builtins))
"""Python's builtins as they were. The worker's modules take these for their own: a submission may
replace ``builtins.len``, and its function would be called from the worker's frames."""

_NEEDED = (
    "BaseException",
    "ImportError",
    "str",
    "type",
    "getattr",
    "setattr",
    "delattr",
    "__build_class__",
)

_space: dict[str, Any] = {
    "__builtins__": {name: getattr(builtins, name) for name in _NEEDED},
    "__name__": "__main__",
    # Python would add it with the first warning that is charged to one of these frames.
    "__warningregistry__": {},
}
exec(compile(_SOURCE, "<string>", "exec"), _space)


def _taken(name: str) -> Any:
    return _space.pop(name)


again, batch, call, words = map(_taken, ("again", "batch", "call", "words"))
importing, pristine, closed_to, no_hook, _finish_with = map(
    _taken, ("importing", "pristine", "closed_to", "no_hook", "finish_with")
)
SPACE: dict[str, Any] = _space
"""The globals of these functions. No function is among them: its code could be exchanged."""


def finish() -> Any:
    """The step that runs a coroutine to its end, with asyncio as it is now."""
    import asyncio

    loop = getattr(asyncio, "ProactorEventLoop", asyncio.SelectorEventLoop)
    return _finish_with(asyncio.Runner, loop, types.CoroutineType)
