"""The draw of seats: by hand, and as likely for everybody."""

from __future__ import annotations

from collections import Counter

import pytest

from learning_plans.rules.lottery import draw, seed_of


def test_the_draw_as_sha256sum_gives_it():
    # printf '%s' '14-07-33-41-02:T-101' | sha256sum, and so on
    digests = {"T-101": "214c9cae", "T-102": "c9613b20", "T-103": "0ce874b4", "T-104": "2ae87058", "José": "cbc6374b"}
    found = draw([*digests], 2, "14-07-33-41-02")
    assert found.order == tuple(sorted(digests, key=digests.get))
    assert (found.winners, found.waiting) == (found.order[:2], found.order[2:])


def test_the_draw_depends_on_seed_and_names_alone():
    names = [f"T-{number}" for number in range(200)]
    found = draw(names, 30, "2026")
    assert draw(names[::-1], 30, "2026") == found
    assert draw(names[:-1], 30, "2026").order == tuple(name for name in found.order if name != "T-199")
    assert draw(names, 30, "2027").order != found.order
    assert draw([7, 8, 9], 1, "2026") == draw(["9", "8", "7"], 1, "2026")


def test_every_applicant_is_as_likely_to_win():
    wins = Counter(name for seed in range(2000) for name in draw("ABCDEFGHIJ", 3, str(seed)).winners)
    assert len(wins) == 10
    expected = 600
    assert sum((won - expected) ** 2 / expected for won in wins.values()) < 21.7  # chi-square, 9 df, 1 in 100


def test_seats_for_all_or_nobody():
    assert draw(["a", "b"], 5, "s").waiting == ()
    assert len(draw(["a", "b"], 5, "s").winners) == 2
    assert draw(["a", "b"], 0, "s").winners == ()
    assert draw([], 3, "s").order == ()


@pytest.mark.parametrize(
    ("applicants", "seats", "seed", "message"),
    [(["1", 1], 1, "s", "once"), (["a"], -1, "s", "0 seats"), (["a"], 1, "", "needs a seed")],
)
def test_impossible_draws_are_refused(applicants, seats, seed, message):
    with pytest.raises(ValueError, match=message):
        draw(applicants, seats, seed)


def test_every_session_has_a_seed_of_its_own():
    assert seed_of(" 14-07-33 ", 12) == "14-07-33:12"
    assert seed_of("14-07-33", 12) != seed_of("14-07-33", 13)
