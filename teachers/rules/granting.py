"""Which roles somebody may hand out, and where."""

from __future__ import annotations

from collections.abc import Iterable

from pd_tracker.access import GRANTABLE, HeldRole, Role


def grantable(held: Iterable[HeldRole], *, district_id: int, school_id: int | None) -> frozenset[Role]:
    """Roles that the holder of these roles may grant for a school, or for the whole district without one.

    A role held for one school hands out roles for that school only.
    """
    found: frozenset[Role] = frozenset()
    for own in held:
        if own.district_id == district_id and own.school_id in {None, school_id}:
            found |= GRANTABLE.get(own.role, frozenset())
    return found
