"""Hidden grader of ``weak_tree``."""

from autograder.checks import check, expect, fail, show

# -- pieces of observations ---------------------------------------------------------------------


def grow(module, plan):
    """A tree after a plan of [label, place of the parent, by add?] rows; the first is the root.

    Returns the nodes in the plan's order, and for each label a weak reference to the value,
    which lives as long as its node.
    """
    import weakref

    class Value:
        def __init__(self, label):
            self.label = label

    nodes, values = [], []
    for label, above, by_add in plan:
        value = Value(label)
        values.append([label, weakref.ref(value)])
        if above is None:
            nodes.append(module.Node(value))
        elif by_add:
            nodes.append(nodes[above].add(value))
        else:
            nodes.append(module.Node(value, parent=nodes[above]))
    return nodes, values


def alive(values):
    return [label for label, value in values if value() is not None]


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

    No weak reference shows a watcher: a value that its node has let go has no more
    references than before. Returns ``[values that are still held, parent of the node is None,
    values that are held when the node is gone as well]``; of a tree that is let go as a whole
    (``held`` is None) the second is None.
    """
    import sys

    values = [[label] for label, _, _ in plan]

    def counted():
        return list(map(sys.getrefcount, values))

    def kept():
        more = [now > then for now, then in zip(counted(), before, strict=True)]
        return [label for (label, _, _), held in zip(plan, more, strict=True) if held]

    before, nodes = counted(), []
    for value, (_, above, by_add) in zip(values, plan, strict=True):
        if above is None:
            nodes.append(module.Node(value))
        elif by_add:
            nodes.append(nodes[above].add(value))
        else:
            nodes.append(module.Node(value, parent=nodes[above]))
    del value
    node = None if held is None else nodes[held]
    nodes.clear()
    found = [kept(), None if node is None else node.parent is None]
    del node
    return [*found, kept()]


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


def readable(seen, length):
    expect(type(seen) is list and len(seen) == length, "What the tree gave could not be read.")
    return seen


def labels(found):
    expect(
        type(found) is list and all(type(label) is int for label in found),
        "What the tree gave could not be read.",
    )
    return found


def all_gone(seen, size, what):
    """Judge [alive before, alive after, collections, has __del__]."""
    before, after, collections, has_del = readable(seen, 4)
    expect(
        len(labels(before)) == size,
        "Some nodes were gone while the root was still there: a "
        "node has to keep its children alive, nobody else does.",
    )
    expect(
        repr(collections) == "0",
        "The garbage collector was called. The tree has to do "
        "without: no gc.collect() anywhere, but no cycle either.",
    )
    if labels(after):
        extra = " Your __del__ cannot help: it is called when the count is zero." * (
            has_del is True
        )
        fail(
            f"{what}, {len(after)} of {size} nodes were still there: with the garbage collector "
            "off they stay for ever. Do a parent and its child hold each other, or does something "
            f"else hold nodes?{extra}"
        )


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="`add` makes a node that knows its parent, and keeps it.")
def test_add(student):
    """add() makes a child and returns it; children are in order, in a tuple."""

    @student.observe()
    def seen(module):
        root = module.Node("root")
        before = root.children
        a = root.add("a")
        b = root.add("b")
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

    kinds, nodes, values, same, kind, parents, lone = readable(seen, 7)
    expect(
        repr(kinds) == "['tuple', 'tuple', 0]",
        "children should be a tuple, empty at first: "
        f"its types and first length were {show(kinds)}.",
    )
    expect(repr(nodes) == "[True, True]", "add() should return the new Node.")
    expect(
        repr(values) == "['a', 'b']",
        f"After add('a') and add('b') the values of the children are {show(values)}.",
    )
    expect(same is True, "The children are not the nodes that add() returned.")
    expect(
        parents is True,
        "child.parent should be the very node it was added to; it is "
        f"another object, of type {show(kind)}. A weakref.ref has to be called, and a "
        "weakref.proxy is only a stand-in.",
    )
    expect(lone is True, "The parent of a root should be None.")


@check(points=1, public=True, hint="Who adds the new node to its parent's children?")
def test_parent_argument(student):
    """Node(value, parent=p) makes a child of p, too, even if nobody keeps it."""

    @student.observe()
    def seen(module):
        root = module.Node(1)
        module.Node(2, parent=root)
        root.add(3)
        module.Node(4, root)
        return [child.value for child in root.children]

    expect(
        repr(seen) != "[3]",
        "Only add() made a child: Node(value, parent=p) left p's children alone.",
    )
    expect(
        repr(seen) == "[2, 3, 4]",
        f"Node(2, parent=root), root.add(3), Node(4, root): the children are {show(seen)}. Each "
        "should be there once, and stay although nobody else has it.",
    )


@check(points=1, hint="Ask each child for its parent: it is the node whose child it is.")
def test_links_fit(student, rng):
    """In a larger tree every child is once where it belongs, and knows its parent."""
    plan = make_plan(rng, 30)

    @student.observe(helpers=(grow, listed), plan=plan)
    def seen(module, plan):
        return listed(grow(module, plan)[0][0])

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
    values = [[rng.randint(1, 9)], None, 7, 7, {"a": rng.randint(1, 9)}, 0]

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
        return [[type(t) is tuple, [child.value for child in t]] for t in taken]

    for place, (kind, found) in enumerate(map(_pair, readable(seen, len(values))), 1):
        expect(kind is True, "children is no tuple.")
        expect(type(found) is list, "What the tree gave could not be read.")
        expect(
            len(found) == place,
            "After each new child, children was read: it did not show as many as there were. Are "
            "equal values mistaken for one, or was the tuple kept from an earlier time?",
        )
        expect(repr(found) == repr(values[:place]), "The children have other values than given.")


def _pair(entry):
    return entry if type(entry) is list and len(entry) == 2 else (None, None)


@check(points=3, hint="Downwards strong references, upwards weak ones.")
def test_all_gone_with_the_root(student, rng):
    """With the collector off, every node is gone right after the root's last name."""
    plan = make_plan(rng, rng.randint(20, 40))

    @student.observe(helpers=(grow, alive, listed), plan=plan)
    def seen(module, plan):
        import gc

        gc.disable()
        collections = []
        gc.callbacks.append(lambda phase, info: collections.append(phase))
        nodes, values = grow(module, plan)
        root = nodes[0]
        nodes.clear()
        listed(root)  # reads all children and their parents once
        _ = root.parent
        gc.freeze()  # hides the tree from collections
        before = alive(values)
        del root
        return [before, alive(values), len(collections), hasattr(module.Node, "__del__")]

    all_gone(seen, len(plan), "Right after the last reference to the root had gone")

    # The same as in any program, where nobody touches the collector or watches.
    plan = make_plan(rng, rng.randint(20, 40))
    left, _, _ = readable(student.fresh().run(everyday, plan=plan, held=None), 3)
    expect(
        labels(left) == [],
        f"A tree of {len(plan)} nodes with plain values was let go, and "
        f"right after that {len(left)} of its values were still held.",
    )


@check(points=2, hint="A weak reference gives None once its object has died.")
def test_parent_of_a_dead_parent(student, rng):
    """A node that outlives its parent says that it has none."""
    plan = make_plan(rng, 12)
    held = rng.randrange(6, 12)

    @student.observe(helpers=(grow, alive), plan=plan, held=held)
    def seen(module, plan, held):
        import gc

        gc.disable()
        # The first objects of a class may be of another size than later ones (CPython 3.13).
        for number in range(100):
            module.Node(number)
        for _ in range(8):  # where one dead parent's place stays empty, another's is taken
            nodes, values = grow(module, plan)
            gc.freeze()
            node = nodes[held]
            before = node.parent is nodes[plan[held][1]]
            nodes.clear()
            # They lie where there is room, and may well have the ids of those that are gone.
            later = [module.Node(number) for number in range(100)]
            try:
                parent = node.parent
            except ReferenceError:
                return [before, "ReferenceError", []]
            parent = "another" if any(parent is other for other in later) else parent is None
            if not before or parent is not True:
                break
        return [before, parent, alive(values)]

    before, parent, left = readable(seen, 3)
    expect(before is True, "parent is not the node whose child it is.")
    expect(
        repr(parent) != "'another'",
        "The parent is gone, and a node that was made later, of another tree, is said to be the "
        "parent. An id() is free for the next object when its own has gone.",
    )
    expect(
        type(parent) is not str,
        "Asking for the parent after its death raised ReferenceError, as a weakref.proxy does; "
        "the answer is None.",
    )
    expect(
        parent is True,
        "All nodes but one were let go, and the one that is held still has a parent: it keeps its "
        "parent alive.",
    )
    expect(
        not {plan[0][0], plan[plan[held][1]][0]} & {*labels(left)},
        "The parent is None, but the nodes above the one that is held were still in memory.",
    )

    plan = make_plan(rng, rng.randint(9, 20))
    held = rng.randrange(6, len(plan))
    evidence = student.fresh().run(everyday, plan=plan, held=held)
    left, orphan, after = readable(evidence, 3)
    expect(
        orphan is True,
        "All nodes of a tree with plain values but one were let go, and the one "
        "that is held still has a parent: it keeps its parent alive.",
    )
    above = {plan[0][0], plan[plan[held][1]][0]}
    expect(
        not above & {*labels(left)},
        "Of a tree of which one node is held, the root or the "
        "parent of that node were still in memory.",
    )
    expect(
        labels(after) == [],
        "The last node that was held had gone, and values of the tree were still held.",
    )


@check(points=1, hint="Every node keeps its own children.")
def test_a_subtree_survives(student, rng):
    """Who holds a node has all below it, which goes when that node goes."""
    plan = make_plan(rng, 25)
    held = max(range(1, 6), key=lambda place: len(labels_below(plan, place)))  # no leaf

    @student.observe(helpers=(grow, alive, listed), plan=plan, held=held)
    def seen(module, plan, held):
        import gc

        gc.disable()
        nodes, values = grow(module, plan)
        gc.freeze()
        node = nodes[held]
        nodes.clear()
        shape, left = listed(node), alive(values)
        _ = node.parent  # the dead one
        later = node.add(node.value)
        shape.append([later.parent is node, node.children[-1] is later])
        del later, node
        return [shape, left, alive(values)]

    shape, left, after = readable(seen, 3)
    below = labels_below(plan, held)
    expect(
        {*below} <= {*labels(left)}
        and repr(shape) == repr([*wanted_below(plan, held), [True, True]]),
        "A node was held while the rest of its tree was let go, and something below it was lost, "
        "or a child could not be added to it any more.",
    )
    expect(
        labels(after) == [],
        "When the last node that was held had gone, some nodes were still there.",
    )
