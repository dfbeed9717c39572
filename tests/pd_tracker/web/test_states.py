from __future__ import annotations

import pytest

from learning_plans.rules.progress import Progress
from pd_tracker.web.states import DONE, DUE, LATE, LOOKS, OPEN, Tone, look_of


@pytest.mark.parametrize(
    ("state", "look"),
    [
        (Progress.DONE, DONE),
        (Progress.OVERDUE, LATE),
        (Progress.DUE_SOON, DUE),
        (Progress.OPEN, OPEN),
        ("unheard of", OPEN),
    ],
)
def test_a_state_has_its_look(state: str, look: object) -> None:
    assert look_of(state) == look


def test_every_color_but_the_plain_one_has_a_shape_of_its_own() -> None:
    looks = {look for look in LOOKS.values() if look.tone is not Tone.PLAIN}

    assert len({look.shape for look in looks}) == len({look.tone for look in looks}) == len(looks)
