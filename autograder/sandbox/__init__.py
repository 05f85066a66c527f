"""Run a submission's code behind walls and tell the judge what it did.

Theory of operation
===================

*The promise.* Code in the sandbox sees nothing of the course (hidden checks, expected values,
solutions, other submissions), reaches no network, takes no more than its limits with all that it
starts, and leaves nothing behind. The judge gets, within a deadline, a well-formed reply or a
:class:`WorkerEnded` that says how the worker ended (``endings.py``). It never unpickles, imports or
runs what a worker sends: a reply is exact built-in types and arrays (``inside/wire.py``).

*The processes.*

judge      Holds graders, hidden inputs and marks. Sends requests, watches, decodes, decides. What
           it does for the sandbox is in this folder; ``inside/`` is all that lies behind the wall.
root       A Python interpreter in a bubblewrap that has imported what exercises of one kind need,
           and forks a zygote for each judge of a run that asks. Others serve the reference
           solution: submissions share none with it. Under root it may change its user, and no more.
           Judge's side: ``walls.py``, ``bubblewrap.py``; inside: ``inside/roots.py``.
zygote     A fork of a root, or a process with a wall of its own, that forks the workers of one
           judge. It never sees a submission. Judge's side: ``zygote.py``; inside:
           ``inside/zygote.py``.
worker     A fork that serves one check of one submission: it loads the module, runs small
           functions of the grader on it and returns what they return. Judge's side: ``worker.py``
           (requests, deadlines), ``worker_process.py`` (output, the end); inside:
           ``inside/serve.py``.
spawned    A fresh interpreter instead of both, without walls, where nothing can be forked (macOS,
           Windows). Only a student's own code runs so. ``spawned.py``, ``inside/spawned.py``.

What makes workers is a ``WorkerSource`` (``protocols.py``); ``unwalled.py`` chooses one for a
student's own machine. ``tests/sandbox/test_conformance.py`` is run on each.

*Two tiers of walls.* What follows is about namespaces, the default. Where a machine refuses them
and is a container, the container is one wall (``--walls container``, docs/decisions/0029). Then no
bubblewrap is started: root and zygotes are plain processes of root, each worker is a user of its
own (``users.py``), and Landlock decides which files it opens (``visible.py``,
``inside/landlock.py``). What differs between tiers within a zygote is in ``inside/tiers.py``; what
a machine must have, in ``tiers.py``, ``container.py`` and ``routes.py`` (ways out to a network).
Workers share /proc with the judge there: what it keeps from them is in ``concealing.py``.

*From the start of a zygote to the end of a worker.*

1.  ``bubblewrap.command`` names what is mounted and masked, and starts the root with a control
    socket. It imports its profile (``inside/profiles.py``), and takes this project's modules out of
    sight. It must have one thread: forks of more would hang. Where exercises need packages beside
    the profile, a fork of it that loads them is another root. For each judge a root forks a zygote,
    with a control socket of its own. Under root that changes to a user that owns nothing. It goes
    on as PID 1 of a PID namespace of its own, and says that it is ready. A zygote with a wall of
    its own does the same in one process.
2.  For each worker the judge makes a socket and a pipe for output, puts a fresh key into the socket
    and passes the other ends through the control socket. The zygote forks into a new PID namespace
    and answers with a pidfd.
3.  The fork closes every other descriptor, makes its other namespaces, mounts its scratch folders,
    makes /proc read-only, sets its rlimits, drops all capabilities and installs the filter of
    system calls. The last two come last, since they take away the rights that the others need. It
    sends one byte: the walls stand. An exit before that is a :class:`SandboxFault`, never the
    student's.
4.  Meanwhile the judge moves it into a control group, where it can make one (``bounds.py``).
5.  The module travels as bytes, observations as code objects. Each reply carries a keyed tag
    (``inside/seal.py``), so that what a submission writes to the socket is no reply.
6.  When a reply has come, the judge freezes the worker and all it has started before it decodes a
    byte; the next request wakes it. So nothing runs while nobody watches, except for a worker that
    another one, still at work, talks to.
7.  At the end of the check the judge kills PID 1 through the pidfd. The kernel ends everything in
    that PID namespace, and the scratch folders go with the mount namespace.
8.  The zygote ends when its control socket closes, which it also does when the judge dies. The
    root ends with the process that started it; bubblewrap sees to that.

*Which wall stops what.*

mount namespace      Files. The interpreter, its packages and the system's libraries are there,
                     read-only, and of this project only ``inside/``. What is private and lies
                     within these is masked (``masking.py``). /proc and a small /dev are read-only,
                     too; /tmp and /dev/shm are the worker's own.
user namespace       Rights. The worker is user 1000, without capabilities, and maps nobody else.
PID namespace        Outliving a check, and signals to others (their names stay visible in /proc,
                     as those of other judges' workers do; nothing else of them can be read).
network namespace    Every address but the worker's own loopback.
IPC, UTS, cgroup     Message queues of others, the host name, the names of control groups.
Landlock             Files, once more: a second layer where the kernel has it.
system call filter   Most ways into the kernel, sockets that no namespace confines, memory that
                     nobody counts, waiting by choice (``inside/seccomp_rules.py``).
cleared environment  The judge's variables; one thread for each math library.

*Where limits are held* (``inside/limits.py`` has them, docs/decisions/0013 the reasons).

kernel         For each process: address space, data, CPU time, open files, size of a file, locked
               memory; for the user: processes. Scratch folders have sizes. No core dumps.
control group  For the tree: memory at 1.125 times the limit and 32 MiB, processes, CPU time of
               everything that ever ran in it, freezing (``cgroups/``).
judge          Every 50 ms while it waits: wall time, less what the worker waited for a core
               (``deadline.py``), CPU time and memory of the tree; also the bytes of output that are
               kept, the size of a reply and what decoding may cost (``inside/decoding.py``). Where
               there is no control group, signals freeze and /proc is read (``processes/``).
               At a timeout it asks where the code is (``whereabouts.py``).

*What is deliberately not promised.* Safety from a bug in the kernel. Exact limits on memory and CPU
time without a control group. Secrecy of the worker's own memory: a submission shares that process,
and what ``inside/`` does to stay out of reach (decision 15) ends where ``ctypes`` begins; such
answers are marked for review. Protection from side channels between workers. Without walls
(``kata``, ``--unsafe-no-sandbox``): anything but the deadlines and those limits that need no wall.

docs/threat-model.md lists the attacks, and the test that shows what became of each.
"""
