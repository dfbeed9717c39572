"""Parts of parts, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

Part = TypeVar("Part")


def in_order(
    parts: Collection[Part], *, key: Callable[[Part], int], parent: Callable[[Part], int | None]
) -> Iterator[tuple[Part, int]]:
    """Each part with its depth: a whole first, then what it is made of, siblings as they were given.

    What lies below nothing that was given stands at the top, and so does what lies below itself.
    """
    known = {key(part) for part in parts}
    below: dict[int | None, list[Part]] = {}
    for part in parts:
        above = parent(part)
        below.setdefault(above if above in known else None, []).append(part)
    waiting = [(part, 0) for part in reversed([*below.get(None, []), *parts])]
    seen: set[int] = set()
    while waiting:
        part, depth = waiting.pop()
        if key(part) not in seen:
            seen.add(key(part))
            yield part, depth
            waiting.extend((child, depth + 1) for child in reversed(below.get(key(part), [])))
