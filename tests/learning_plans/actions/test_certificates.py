"""A certificate keeps its number; only what is approved gets one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions.certificates import certificate_of
from learning_plans.models import Certificate
from tests.factories import CompletionFactory

pytestmark = pytest.mark.django_db


def test_a_completion_keeps_the_number_it_was_given_even_when_it_is_voided():
    completion = CompletionFactory()
    first = certificate_of(completion, at=timezone.now())
    completion.state, completion.void_reason = "voided", "Twice"
    completion.save()
    assert certificate_of(completion, at=timezone.now()) == first
    assert (Certificate.objects.count(), len(first.number)) == (1, 16)


@pytest.mark.parametrize("state", ["pending", "voided"])
def test_what_is_not_approved_gets_none(state):
    completion = CompletionFactory(state=state, void_reason="Twice" if state == "voided" else "")
    with pytest.raises(ValidationError, match="once the completion is approved"):
        certificate_of(completion, at=timezone.now())
