"""Which roles may be handed out, and where."""

from __future__ import annotations

import pytest

from pd_tracker.access import HeldRole, Role
from teachers.rules.granting import grantable

STAFF = {Role.TEACHER, Role.COACH, Role.MENTOR, Role.PRINCIPAL}
HERE, ELSEWHERE = 1, 2
HILL, LAKE = 10, 11


@pytest.mark.parametrize(
    ("held", "place", "expected"),
    [
        ([HeldRole(Role.HR, HERE)], (HERE, None), STAFF),
        ([HeldRole(Role.HR, HERE)], (HERE, HILL), STAFF),
        ([HeldRole(Role.HR, HERE)], (ELSEWHERE, None), set()),
        ([HeldRole(Role.HR, HERE, HILL)], (HERE, HILL), STAFF),
        ([HeldRole(Role.HR, HERE, HILL)], (HERE, LAKE), set()),
        ([HeldRole(Role.HR, HERE, HILL)], (HERE, None), set()),
        ([HeldRole(Role.ADMIN, HERE)], (HERE, None), set(Role)),
        ([HeldRole(Role.HR, HERE, HILL), HeldRole(Role.ADMIN, HERE, LAKE)], (HERE, HILL), STAFF),
        ([HeldRole(role, HERE) for role in Role if role not in {Role.HR, Role.ADMIN}], (HERE, None), set()),
        ([], (HERE, None), set()),
    ],
)
def test_a_role_hands_out_what_the_table_says_and_no_farther_than_it_reaches(
    held: list[HeldRole], place: tuple[int, int | None], expected: set[Role]
) -> None:
    assert grantable(held, district_id=place[0], school_id=place[1]) == expected
