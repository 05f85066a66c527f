"""Hidden grader of ``runtime_report``."""

import os
import platform
import sys

from autograder.checks import check, expect, fail, needs, show

KEYS = {"implementation": str, "version": str, "gil": bool, "usable_cores": int}


def pretend(module, name, version, gil=None):
    """Make this process look like another interpreter everywhere; the module, loaded again.

    ``gil`` is the answer of ``sys._is_gil_enabled()``, None where there is no such function.
    Returns the module and a function that changes that answer. Loaded again, because whoever
    writes `from sys import version_info` looks at the module's top, and may.
    """
    import collections
    import importlib
    import os
    import platform  # noqa: F401  (while things are as they are)
    import sys
    import sysconfig
    import types

    settings, answer = sysconfig.get_config_vars(), [gil]
    text, pypy = ".".join(map(str, version)), name == "PyPy"
    built = "\n[PyPy 7.3.17 with GCC 12.2.0]" if pypy else " [GCC 12.2.0]"
    # Functions of platform read this, and remember what they read by its text.
    sys.version = f"{text} (39dc8d3c85a7, Aug 27 2024, 20:45:42){built}"
    info = collections.namedtuple("version_info", "major minor micro releaselevel serial")
    sys.version_info = info(*version, "final", 0)
    sys.hexversion = version[0] << 24 | version[1] << 16 | version[2] << 8 | 0xF0
    if pypy:
        sys.pypy_version_info = info(7, 3, 17, "final", 0)
    elif hasattr(sys, "pypy_version_info"):
        del sys.pypy_version_info
    sys.implementation = types.SimpleNamespace(
        **{
            **vars(sys.implementation),
            "name": name.lower(),
            "version": info(7, 3, 17, "final", 0) if pypy else sys.version_info,
            "cache_tag": f"{name.lower()}-{version[0]}{version[1]}",
        }
    )
    settings["Py_GIL_DISABLED"] = 0 if gil is None else 1
    if gil is not None:
        sys._is_gil_enabled = lambda: answer[0]
    elif hasattr(sys, "_is_gil_enabled"):
        del sys._is_gil_enabled
    if version >= [3, 13] and not hasattr(os, "process_cpu_count"):
        everything = getattr(os, "sched_getaffinity", lambda pid: range(os.cpu_count()))
        os.process_cpu_count = lambda: len(everything(0))

    def change(now):
        answer[0] = now

    return importlib.reload(module), change


def version_of(rng, minors, micros=range(30)):
    return [3, rng.choice(minors), rng.choice(micros)]


def elsewhere(module, worlds, key):
    """One entry of the report in each of the pretended worlds."""
    found = []
    for world in worlds:
        report = pretend(module, *world)[0].runtime_report()
        found.append(report.get(key) if isinstance(report, dict) else None)
    return found


@check(points=1, public=True, hint="Return a dict with a value for each of the four keys.")
def test_has_the_four_entries(student):
    """The report has all four entries, each of its type."""

    @student.observe()
    def seen(module):
        report = module.runtime_report()
        if not isinstance(report, dict):
            return type(report).__name__
        return {str(key): value for key, value in report.items()}

    expect(type(seen) is dict, f"runtime_report() should return a dict, not a {show(seen)}.")
    for key, kind in KEYS.items():
        expect(key in seen, f"The report has no {key!r}; its keys: {show(sorted(seen))}.")
        value = seen[key]
        expect(
            type(value) is kind, f"{key!r} should be of type {kind.__name__}, not {show(value)}."
        )
    expect(seen["usable_cores"] > 0, f"'usable_cores' is {show(seen['usable_cores'])}.")


@check(points=1, public=True, hint="See what the functions of the module `platform` return.")
def test_this_interpreter(student):
    """It names the interpreter that runs it, and the version in three numbers."""

    @student.observe()
    def seen(module):
        report = module.runtime_report()
        return [report["implementation"], report["version"]]

    expect(type(seen) is list and len(seen) == 2, "The report could not be read.")
    expect(
        [type(value) for value in seen] == [str, str],
        f"'implementation' and 'version' should be strings, not {show(seen)}.",
    )
    name, version = platform.python_implementation(), platform.python_version()
    expect(seen[0] == name, f"This is {name}, written like that; your report says {show(seen[0])}.")
    # They differ in a release candidate.
    fitting = (version, ".".join(map(str, sys.version_info[:3])))
    expect(
        seen[1] in fitting,
        f"The version should be '{version}', neither more nor less; yours is {show(seen[1])}.",
    )


@check(points=2, hint="Ask for the name at run time; do not write it into the code.")
def test_names_another_interpreter(student, rng):
    """On PyPy it says PyPy."""
    worlds = [["PyPy", version_of(rng, [9, 10, 11])], ["CPython", version_of(rng, [9, 10, 12])]]
    seen = student.run(elsewhere, helpers=(pretend,), worlds=worlds, key="implementation")
    expect(
        type(seen) is list and [type(name) for name in seen] == [str, str],
        "'implementation' is no str.",
    )
    expect(
        seen != ["CPython", "CPython"],
        "In a process that looks like PyPy in all respects your report still says CPython: the "
        "name is hard-coded, not asked for.",
    )
    expect(
        seen != ["pypy", "cpython"],
        "The names are in lower case (sys.implementation.name is). PyPy and CPython are written "
        "as their makers do.",
    )
    expect(seen == ["PyPy", "CPython"], "It does not call PyPy and CPython by these names.")


@check(points=2, hint="platform.python_version(), or the first three of sys.version_info.")
def test_version_follows_the_interpreter(student, rng):
    """The version is that of the language, whatever its digits and the interpreter."""
    worlds = [
        ["CPython", version_of(rng, [8, 9], range(1, 10))],
        ["CPython", version_of(rng, [10, 11, 12], range(10, 30))],
        ["CPython", version_of(rng, [13, 14, 15], [0]), True],
        ["PyPy", version_of(rng, [9, 10, 11])],
    ]
    seen = student.run(elsewhere, helpers=(pretend,), worlds=worlds, key="version")
    wanted = [".".join(map(str, world[1])) for world in worlds]
    expect(type(seen) is list and len(seen) == 4, "The versions could not be read.")
    expect(all(type(text) is str for text in seen), "The version is not a str.")
    expect(
        seen[:3] != wanted[:3] or seen[3] != "7.3.17",
        "On PyPy your report gives PyPy's own version (sys.implementation.version), not that of "
        "the Python it implements.",
    )
    expect(
        not all(
            found != text and found.startswith(text)
            for found, text in zip(seen, wanted, strict=True)
        ),
        "The version has more in it than three numbers: sys.version tells the build, too.",
    )
    expect(
        len(set(seen)) > 1,
        "The version stays the same on an interpreter of another version: it is hard-coded.",
    )
    for found, text in zip(seen, wanted, strict=True):
        expect(
            found == text,
            "On an interpreter of another version your report gave a wrong one. Numbers may have "
            "one digit or two, and the third may be 0.",
        )


@check(points=2, hint="Call sys._is_gil_enabled() where it exists, each time.")
def test_gil_follows_the_interpreter(student, rng):
    """Where Python can tell whether the GIL is on, the report says so, at each call."""
    answers = rng.choice([[True, False, False, True], [False, True, True, False]])
    version = version_of(rng, [13, 14])

    @student.observe(helpers=(pretend,), answers=answers, version=version)
    def seen(module, answers, version):
        module, change = pretend(module, "CPython", version, answers[0])
        found = []
        for answer in answers:
            change(answer)
            found.append(module.runtime_report()["gil"])
        return found

    expect(type(seen) is list and len(seen) == 4, "The entry 'gil' could not be read.")
    expect(all(type(value) is bool for value in seen), "'gil' is no bool.")
    expect(
        seen != [not answer for answer in answers],
        "'gil' is the wrong way round: True means that the lock is on.",
    )
    if len({*seen}) == 1:
        fail(
            "'gil' stayed the same while the lock of a free-threaded interpreter went on and off. "
            "How Python was built (Py_GIL_DISABLED), what its version is, or what was so at "
            "import, does not tell: sys._is_gil_enabled() does, at the call."
        )
    expect(seen == answers, "'gil' was not what sys._is_gil_enabled() said at that moment.")


@check(points=2, hint="Is the function there? If not, the answer is True.")
def test_gil_where_python_cannot_tell(student, rng):
    """Without sys._is_gil_enabled the answer is True."""
    worlds = [["CPython", version_of(rng, [11, 12])], ["PyPy", version_of(rng, [10, 11])]]

    @student.observe(helpers=(pretend,), worlds=worlds)
    def seen(module, worlds):
        found = []
        for world in worlds:
            again = pretend(module, *world)[0]
            try:
                found.append(again.runtime_report()["gil"])
            except AttributeError as error:
                if "_is_gil_enabled" not in str(error):
                    raise
                found.append("AttributeError")
        return found

    expect(type(seen) is list and len(seen) == 2, "The entry 'gil' could not be read.")
    expect(
        "AttributeError" not in [v for v in seen if type(v) is str],
        "It called sys._is_gil_enabled() where there is none: AttributeError. The function is "
        "private, and new in CPython 3.13.",
    )
    expect(
        all(value is True for value in seen),
        "An interpreter that has no sys._is_gil_enabled has its lock always on: 'gil' should be "
        "True there.",
    )


@check(points=2, needs=("cores",), hint="os.sched_getaffinity(0) is a set of core numbers.")
def test_usable_cores_follow_the_affinity(student, rng):
    """usable_cores is the number of cores that the process may run on at the time."""
    needs("cores", hasattr(os, "sched_setaffinity"))
    cores = sorted(os.sched_getaffinity(0))
    some = rng.sample(cores, rng.randint(1, len(cores) - 1))
    sets = [cores, some, rng.sample(cores, 1), cores]

    @student.observe(sets=sets)
    def seen(module, sets):
        import os

        found = []
        for cores in sets:
            os.sched_setaffinity(0, cores)
            found.append(module.runtime_report()["usable_cores"])
        return found

    expect(type(seen) is list and len(seen) == 4, "The entry 'usable_cores' could not be read.")
    expect(all(type(value) is int for value in seen), "'usable_cores' is no int.")
    expect(
        len({*seen}) > 1,
        "'usable_cores' stayed the same while the process was confined to one core and let loose "
        "again: os.cpu_count() counts the machine's cores, not those that this process may use, "
        "and what was remembered from an earlier call may be so no more.",
    )
    expect(
        seen == [len(chosen) for chosen in sets],
        "'usable_cores' was not the number of cores that the process could run on at the time.",
    )
