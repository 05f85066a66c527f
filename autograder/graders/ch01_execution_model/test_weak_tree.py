"""Hidden grader of ``weak_tree``."""

from autograder.checks import check, expect, same, show
from autograder.judging.vocabulary.evidence import read

# -- pieces of observations ---------------------------------------------------------------------


def grow(module, plan, values):
    """A tree after a plan of [label, place of the parent, by add?] rows; the first is the root."""
    nodes = []
    for value, (_, above, by_add) in zip(values, plan, strict=True):
        if above is None:
            nodes.append(module.Node(value))
        elif by_add:
            nodes.append(nodes[above].add(value))
        else:
            nodes.append(module.Node(value, parent=nodes[above]))
    return nodes


def watched(module, plan):
    """The nodes of a tree, and a function that tells the labels of those that are still there.

    It asks for the values, of which each lives as long as its node.
    """
    import gc
    import weakref

    class Value:
        def __init__(self, label):
            self.label = label

    gc.disable()
    values = [Value(label) for label, _, _ in plan]
    watchers = [weakref.ref(value) for value in values]
    nodes = grow(module, plan, values)

    def living():
        pairs = zip(plan, watchers, strict=True)
        return [label for (label, _, _), value in pairs if value() is not None]

    gc.freeze()  # hides the tree from collections
    return nodes, living


def listed(node, budget=None):
    """[label, do its children know it?, the children likewise], of at most 200 nodes."""
    budget = budget or [200]
    budget[0] -= 1
    below = list(node.children)[: budget[0]]
    right = all(child.parent is node for child in below)
    inner = [listed(child, budget) for child in below if budget[0] > 1]
    return [node.value.label, right, inner]


def everyday(module, plan, held):
    """Grow a tree of plain values, with the collector as it is, and let go all but one node.

    No weak reference shows a watcher: a value that its node has let go has no more references than
    before. Returns ``[values that are still held, values that are held when that node is gone]``.
    """
    import sys

    values = [[label] for label, _, _ in plan]

    def kept():
        more = [now > then for now, then in zip(map(sys.getrefcount, values), before, strict=True)]
        return [label for (label, _, _), held in zip(plan, more, strict=True) if held]

    before = list(map(sys.getrefcount, values))
    nodes = grow(module, plan, values)
    node = None if held is None else nodes[held]
    nodes.clear()
    found = kept()
    del node
    return [found, kept()]


def make_plan(rng, size):
    labels = rng.sample(range(10**6), size)
    rows = [[labels[0], None, False]]
    for place in range(1, size):
        rows.append([labels[place], rng.randrange(max(0, place - 4), place), rng.random() < 0.5])
    return rows


def wanted_below(plan, place):
    below = [i for i, row in enumerate(plan) if row[1] == place]
    return [plan[place][0], True, [wanted_below(plan, i) for i in below]]


def labels_below(plan, place):
    found = {place}
    for i, (_, above, _) in enumerate(plan):
        if above in found:
            found.add(i)
    return [plan[i][0] for i in sorted(found)]


def with_siblings(plan):
    """Places of nodes with something below them, an older and a younger sibling."""
    parents = [above for _, above, _ in plan]
    return [
        place
        for place, above in enumerate(parents)
        if place in parents and above in parents[:place] and above in parents[place + 1 :]
    ]


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="`add` makes a node that knows its parent, and keeps it.")
def test_add(student):
    """add() makes a child and returns it; children are in order, in a tuple."""

    @student.observe()
    def seen(module):
        root = module.Node("root")
        before = root.children
        a, b = root.add("a"), root.add("b")
        below = list(root.children)
        return [
            [type(before).__name__, type(root.children).__name__, len(before)],
            [isinstance(a, module.Node), isinstance(b, module.Node)],
            [child.value for child in below],
            len(below) == 2 and below[0] is a and below[1] is b,
            type(a.parent).__name__,
            a.parent is root and b.parent is root,
            root.parent is None,
        ]

    kinds, nodes, values, itself, kind, parents, lone = read(seen, [object] * 7)
    expect(
        same(kinds, ["tuple", "tuple", 0]),
        f"children should be a tuple, empty at first: its types and first length were "
        f"{show(kinds)}.",
    )
    expect(same(nodes, [True, True]), "add() should return the new Node.")
    expect(
        same(values, ["a", "b"]),
        f"After add('a') and add('b') the values of the children are {show(values)}.",
    )
    expect(itself is True, "The children are not the nodes that add() returned.")
    expect(
        parents is True,
        "child.parent should be the very node it was added to; it is another object, of type "
        f"{show(kind)}. A weakref.ref has to be called, and a weakref.proxy is only a stand-in.",
    )
    expect(lone is True, "The parent of a root should be None.")


@check(points=1, public=True, hint="Which code adds the new node to its parent's children?")
def test_parent_argument(student):
    """Node(value, parent=p) makes a last child of p, too, even if no other code keeps it."""

    @student.observe()
    def seen(module):
        root = module.Node(1)
        module.Node(2, parent=root)
        root.add(3)
        module.Node(4, root)
        return [child.value for child in root.children]

    expect(
        not same(seen, [3]),
        "Only add() made a child: Node(value, parent=p) left p's children alone.",
    )
    expect(
        same(seen, [2, 3, 4]),
        f"Node(2, parent=root), root.add(3), Node(4, root): the children are {show(seen)}. Each "
        "should be there once, and stay although no other code has it.",
    )


@check(points=1, hint="Ask each child for its parent: it is the node whose child it is.")
def test_links_fit(student, rng):
    """In a larger tree every child is once where it belongs, and knows its parent."""
    plan = make_plan(rng, 30)

    @student.observe(helpers=(grow, watched, listed), plan=plan)
    def seen(module, plan):
        nodes, _ = watched(module, plan)
        return listed(nodes[0])

    def parents_fit(entry):
        return entry[1] is True and all(parents_fit(below) for below in entry[2])

    expect(
        repr(seen).replace("False", "True") == repr(wanted_below(plan, 0)),
        "The tree has another shape than it was given: children are missing, twice there or in "
        "another order.",
    )
    expect(parents_fit(seen), "Some child's parent is not the node that has it among its children.")


@check(points=1, hint="Keep the children in a list, and make the tuple when asked.")
def test_children_now(student, rng):
    """children shows later additions; a tuple from before stays; values may be anything."""
    values = [[rng.randint(1, 9)], None, 7, 7, {"a": rng.randint(1, 9)}, 0, [], []]

    @student.observe(values=values)
    def seen(module, values):
        root = module.Node(())
        taken = []
        for place, value in enumerate(values):
            if place % 2:
                root.add(value)
            else:
                module.Node(value, parent=root)
            taken.append(root.children)
        found = [[type(t) is tuple, [child.value for child in t]] for t in taken]
        pairs = zip(root.children, values, strict=False)
        itself = [child.value is value for child, value in pairs]
        lone = module.Node(())
        made = [root.add(lone), module.Node(lone, parent=root)]
        of_nodes = [node is not lone and node.value is lone for node in made]
        return [found, itself, [*of_nodes, lone.parent is None, len(lone.children) == 0]]

    steps, itself, of_nodes = read(seen, [[[bool, list]] * len(values), list, list])
    for place, (kind, found) in enumerate(steps, 1):
        expect(kind, "children is no tuple.")
        expect(
            len(found) == place,
            "After each new child, children was read: it did not show as many as there were. Are "
            "equal values mistaken for one, or was the tuple kept from an earlier time?",
        )
        expect(same(found, values[:place]), "The children have other values than given.")
    expect(same(itself, [True] * len(values)), "Some values are copies of those that were given.")
    expect(
        same(of_nodes, [True] * 4),
        "With a node as its value, a new node is made as with any other value, and the node that "
        "is the value stays as it is.",
    )


@check(points=7, hint="Downwards strong references, upwards weak ones.")
def test_all_gone_with_the_root(student, rng):
    """With the collector off, every node is gone right after the root's last name."""
    plan = make_plan(rng, rng.randint(20, 40))

    @student.observe(helpers=(grow, watched, listed), plan=plan)
    def seen(module, plan):
        import gc

        collections = []
        gc.callbacks.append(lambda phase, info: collections.append(phase))
        nodes, living = watched(module, plan)
        root = nodes[0]
        nodes.clear()
        listed(root)  # reads all children and their parents once
        _ = root.parent
        before = living()
        del root
        return [before, living(), len(collections), hasattr(module.Node, "__del__")]

    before, after, collections, has_del = read(seen, [list[int], list[int], int, bool])
    expect(
        len(before) == len(plan),
        "Some nodes were gone while the root was still there: a node has to keep its children "
        "alive, no other code does.",
    )
    expect(
        collections == 0,
        "The garbage collector was called. The tree has to do without: no gc.collect() anywhere, "
        "but no cycle either.",
    )
    extra = " Your __del__ cannot help: it is called when the count is zero." * has_del
    expect(
        after == [],
        f"Right after the last reference to the root had gone, {len(after)} of {len(plan)} nodes "
        "were still there: with the garbage collector off they stay for ever. Do a parent and its "
        f"child hold each other, or does something else hold nodes?{extra}",
    )

    # The same as in any program, where nothing touches the collector or watches.
    plan = make_plan(rng, rng.randint(20, 40))
    evidence = student.fresh().run(everyday, helpers=(grow,), plan=plan, held=None)
    left, _ = read(evidence, [list[int]] * 2, "What the tree gave")
    expect(
        left == [],
        f"A tree of {len(plan)} nodes with plain values was let go, and right after that "
        f"{len(left)} of its values were still held.",
    )


@check(points=1, hint="A weak reference gives None once its object has died.")
def test_parent_of_a_dead_parent(student, rng):
    """A node that outlives its parent says that it has none."""
    plan = make_plan(rng, 12)
    held = rng.randrange(6, 12)

    @student.observe(helpers=(grow, watched), plan=plan, held=held)
    def seen(module, plan, held):
        # The first objects of a class may be of another size than later ones (CPython 3.13).
        for number in range(100):
            module.Node(number)
        for _ in range(8):  # where one dead parent's place stays empty, another's is taken
            nodes, _ = watched(module, plan)
            node = nodes[held]
            before = node.parent is nodes[plan[held][1]]
            nodes.clear()
            # They lie where there is room, and may well have the ids of those that are gone.
            later = [module.Node(number) for number in range(100)]
            try:
                parent = node.parent
            except ReferenceError:
                return [before, "ReferenceError"]
            parent = "another" if any(parent is other for other in later) else parent is None
            if not before or parent is not True:
                break
        return [before, parent]

    before, parent = read(seen, [bool, bool | str], "What the tree gave")
    expect(before, "parent is not the node whose child it is.")
    expect(
        parent != "another",
        "The parent is gone, and a node that was made later, of another tree, is said to be the "
        "parent. An id() is free for the next object when its own has gone.",
    )
    expect(
        type(parent) is bool,
        "Asking for the parent after its death raised ReferenceError, as a weakref.proxy does; "
        "the answer is None.",
    )
    expect(
        parent,
        "All nodes but one were let go, and the one that is held still has a parent: it keeps its "
        "parent alive.",
    )


@check(points=1, hint="Every node keeps its own children, and only these.")
def test_only_what_is_below_stays(student, rng):
    """A node that is held keeps all nodes below it, and no other; they go when it goes."""
    plan, places = [], []
    while len({plan[place][1] == 0 for place in places}) < 2:  # below the root, and deeper
        plan = make_plan(rng, 25)
        places = with_siblings(plan)
    for held in {plan[place][1] == 0: place for place in places}.values():
        work = {"plan": plan, "held": held}

        @student.observe(helpers=(grow, watched, listed), **work)
        def seen(module, plan, held):
            nodes, living = watched(module, plan)
            node = nodes[held]
            nodes.clear()
            shape, left = listed(node), living()
            _ = node.parent  # the dead one
            later = node.add(node.value)
            shape.append([later.parent is node, node.children[-1] is later])
            del later, node
            return [shape, left, living()]

        below = labels_below(plan, held)
        shape, left, after = read(seen, [list, list[int], list[int]], "What the tree gave")
        expect(
            {*below} <= {*left} and same(shape, [*wanted_below(plan, held), [True, True]]),
            "A node was held while the rest of its tree was let go, and something below it was "
            "lost, or a child could not be added to it any more.",
        )
        evidence = student.fresh().run(everyday, helpers=(grow,), **work)
        plain_left, plain_after = read(evidence, [list[int]] * 2, "What the tree gave")
        expect(
            left == below and plain_left == below,
            "A node was held while the rest of its tree was let go, and nodes that are not below "
            "it stayed: its parent, or its siblings.",
        )
        expect(
            [after, plain_after] == [[], []],
            "When the last node that was held had gone, some nodes were still there.",
        )
