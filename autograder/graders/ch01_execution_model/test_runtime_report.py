"""Hidden grader of ``runtime_report``."""

import os
import platform
import sys

from autograder.checks import check, expect, needs, same, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.refusals import error_of

KEYS = {"implementation": str, "version": str, "gil": bool, "usable_cores": int}


def pretend(module, name, version, gil=None):
    """Make this process look like another interpreter everywhere; the module, loaded again.

    ``gil`` is the answer of ``sys._is_gil_enabled()``, None where there is no such function.
    Returns the module and a function that changes that answer. Loaded again, because
    `from sys import version_info` at the module's top is allowed.
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

    read(seen, [str, str], "'implementation' and 'version'")
    name, version = platform.python_implementation(), platform.python_version()
    expect(seen[0] == name, f"This is {name}, written like that; your report says {show(seen[0])}.")
    # They differ in a release candidate.
    fitting = (version, ".".join(map(str, sys.version_info[:3])))
    expect(
        seen[1] in fitting,
        f"The version should be '{version}', neither more nor less; yours is {show(seen[1])}.",
    )


@check(points=1, hint="Ask for the name at run time; do not write it into the code.")
def test_names_another_interpreter(student, rng):
    """On PyPy it says PyPy."""
    worlds = [["PyPy", version_of(rng, [9, 10, 11])], ["CPython", version_of(rng, [9, 10, 12])]]
    seen = student.run(elsewhere, helpers=(pretend,), worlds=worlds, key="implementation")
    read(seen, [str, str], "'implementation'")
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


@check(points=1, hint="platform.python_version(), or the first three of sys.version_info.")
def test_version_follows_the_interpreter(student, rng):
    """The version is that of the language, whatever its digits and the interpreter."""
    worlds = [
        ["CPython", version_of(rng, [8, 9], range(1, 10))],
        ["CPython", version_of(rng, [10, 11, 12], range(10, 30))],
        ["CPython", version_of(rng, [13, 14, 15], [0]), True],
        ["PyPy", version_of(rng, [9, 10, 11])],
    ]
    seen = student.run(elsewhere, helpers=(pretend,), worlds=worlds, key="version")
    read(seen, [str] * 4, "'version'")
    wanted = [".".join(map(str, world[1])) for world in worlds]
    pairs = list(zip(seen, wanted, strict=True))
    expect(
        seen[:3] != wanted[:3] or seen[3] != "7.3.17",
        "On PyPy your report gives PyPy's own version (sys.implementation.version), not that of "
        "the Python it implements.",
    )
    expect(
        not all(found != text and found.startswith(text) for found, text in pairs),
        "The version has more in it than three numbers: sys.version tells the build, too.",
    )
    expect(
        len(set(seen)) > 1,
        "The version stays the same on an interpreter of another version: it is hard-coded.",
    )
    expect(
        seen == wanted,
        "On an interpreter of another version your report gave a wrong one. Numbers may have one "
        "digit or two, and the third may be 0.",
    )


@check(points=3, hint="Call sys._is_gil_enabled() where it exists, each time.")
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

    read(seen, [bool] * 4, "'gil'")
    expect(
        seen != [not answer for answer in answers],
        "'gil' is the wrong way round: True means that the lock is on.",
    )
    expect(
        len({*seen}) > 1,
        "'gil' stayed the same while the lock of a free-threaded interpreter went on and off. How "
        "Python was built (Py_GIL_DISABLED), what its version is, or what was so at import, does "
        "not tell: sys._is_gil_enabled() does, at the call.",
    )
    expect(seen == answers, "'gil' was not what sys._is_gil_enabled() said at that moment.")


@check(points=1, hint="Is the function there? If not, the answer is True.")
def test_gil_where_python_cannot_tell(student, rng):
    """Without sys._is_gil_enabled the answer is True."""
    worlds = [["CPython", version_of(rng, [11, 12])], ["PyPy", version_of(rng, [10, 11])]]

    @student.observe(helpers=(pretend,), worlds=worlds)
    def seen(module, worlds):
        found = []
        for world in worlds:
            again = pretend(module, *world)[0]
            end = error_of(lambda again=again: found.append(again.runtime_report()["gil"]))
            found += [end] if end else []
        return found

    expect(
        not same(seen, ["AttributeError"] * 2),
        "It called sys._is_gil_enabled() where there is none: AttributeError. The function is "
        "private, and new in CPython 3.13.",
    )
    expect(
        same(seen, [True, True]),
        "An interpreter that has no sys._is_gil_enabled has its lock always on: 'gil' should be "
        "True there.",
    )


@check(points=3, needs=("cores",), hint="os.sched_getaffinity(0) is a set of core numbers.")
def test_usable_cores_follow_the_affinity(student, rng):
    """usable_cores is the number of cores that the process may run on at the time."""
    needs("cores", hasattr(os, "sched_setaffinity"))
    cores = sorted(os.sched_getaffinity(0))
    some = rng.sample(cores, rng.randint(1, len(cores) - 1))
    sets = [cores, some, rng.sample(cores, 1), cores]

    def follow(module, sets, quota):
        import builtins
        import io
        import os

        real, found = builtins.open, []
        quotas = {"cpu.max": "50000 100000", "cpu.cfs_quota_us": "50000"}
        quotas |= {"cpu.cfs_period_us": "100000"}

        def opened(file, *args, **options):
            name = os.path.basename(str(file))
            return io.StringIO(quotas[name]) if name in quotas else real(file, *args, **options)

        if quota:  # of half a core
            builtins.open = io.open = opened
        for cores in sets:
            os.sched_setaffinity(0, cores)
            found.append(module.runtime_report()["usable_cores"])
        reading, writing = os.pipe()
        if not os.fork():  # a process of its own, as the workers of a data loader are
            try:
                os.sched_setaffinity(0, sets[2])
                os.write(writing, bytes([module.runtime_report()["usable_cores"] % 256]))
            finally:
                os._exit(0)
        os.close(writing)
        os.wait()
        return [*found, *os.read(reading, 1)]

    seen = read(student.run(follow, sets=sets, quota=False), list[int], "'usable_cores'")
    expect(
        len({*seen[:4]}) > 1,
        "'usable_cores' stayed the same while the process was confined to one core and let loose "
        "again: os.cpu_count() counts the machine's cores, not those that this process may use, "
        "and what was remembered from an earlier call may be so no more.",
    )
    sizes = [len(chosen) for chosen in [*sets, sets[2]]]
    expect(
        seen[:4] != sizes[:4] or seen == sizes,
        "In a process that was forked off and then confined to one core, 'usable_cores' was "
        "another number, or there was none: it is the process that calls which is meant.",
    )
    expect(
        seen == sizes,
        "'usable_cores' was not the number of cores that the process could run on at the time.",
    )
    expect(
        same(student.run(follow, sets=sets, quota=True), sizes),
        "With a quota of CPU time for its control group (cpu.max), 'usable_cores' was another "
        "number. A quota is no set of cores.",
    )
