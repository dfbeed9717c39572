"""Numbers of certificates, as they are made and as people type them."""

from __future__ import annotations

import pytest

from learning_plans.rules.certificates import ALPHABET, LENGTH, in_parts, new_number, read_off


def test_numbers_differ_and_use_what_nobody_mistakes():
    numbers = {new_number() for _ in range(200)}
    assert len(numbers) == 200
    assert all(len(number) == LENGTH and set(number) <= set(ALPHABET) for number in numbers)
    assert not set("01IOLU") & set(ALPHABET) - {"L", "U"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7K3M2PQR9XYZ4HJK", "7K3M2PQR9XYZ4HJK"),
        (" 7k3m-2pqr-9xyz-4hjk\n", "7K3M2PQR9XYZ4HJK"),
        ("7K3M 2PQR 9XYZ 4HJK", "7K3M2PQR9XYZ4HJK"),
        ("7K3M-2PQR-9XYZ-4HJ0", ""),
        ("7K3M-2PQR-9XYZ-4HJ", ""),
        ("", ""),
        ("ＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡ", ""),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed, number):
    assert read_off(typed) == number
    assert not number or read_off(in_parts(number)) == number
