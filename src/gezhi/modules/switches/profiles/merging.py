"""How a profile changes the one it extends.

Mappings merge key by key; `key: null` (or `~`) takes the inherited entry away; single values and lists replace.
`inherit: false` at the top of a file leaves out all the extended profile says in that file. Places stay with their
file, so a problem is shown where it was written.
"""

from __future__ import annotations

from gezhi.modules.switches.profiles.marked import Item


def merged(parent: Item | None, child: Item) -> Item:
    """`child` laid over `parent`."""
    alone = child.get("inherit")
    if parent is None or (alone is not None and alone.value is False):
        return child
    return _over(parent, child)


def _over(parent: Item, child: Item) -> Item:
    if not isinstance(parent.value, dict) or not isinstance(child.value, dict):
        return child
    entries = dict(parent.value)
    for name, item in child.value.items():
        if item.value is None and name in entries:
            del entries[name]
        elif name in entries:
            entries[name] = _over(entries[name], item)
        else:
            entries[name] = item
    return Item(entries, child.mark, child.key)
