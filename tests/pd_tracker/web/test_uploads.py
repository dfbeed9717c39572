from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pd_tracker.web import uploads

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("size", "status"), [(2_000, 302), (5_000, 400)])
def test_too_large_a_request_ends_before_anybody_asks_who_sends_it(client, monkeypatch, size, status):
    """The stranger of the first case is sent to sign in: the form was read, and thrown away."""
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 2_500)
    monkeypatch.setattr(uploads, "BESIDE_FILE_BYTES", 500)
    client.handler.enforce_csrf_checks = True
    client.get(reverse("account_login"))
    sent = {
        "file": SimpleUploadedFile("roster.csv", b"x" * size),
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
    }

    response = client.post(reverse("imports:upload"), sent)

    assert response.status_code == status
