"""What went wrong, as problem details (RFC 9457): a sentence, and for each field a message and its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as Refusal
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.defaults import server_error
from rest_framework.exceptions import APIException, NotAuthenticated, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from pd_tracker.api.permissions import HasCapability

MEDIA_TYPE = "application/problem+json"
BODY, QUERY, HEADER = "body", "query", "header"


class Problem(APIException):
    """One that says more than a sentence: a line for each field or parameter."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, sentence: Any, errors: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(sentence)
        self.errors = list(errors)


class Conflict(Problem):
    status_code = HTTPStatus.CONFLICT


class NeedsVersion(Problem):
    status_code = HTTPStatus.PRECONDITION_REQUIRED


class UsedKey(Problem):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY


class TooLarge(Problem):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def line(field: str, message: Any, place: str = BODY) -> dict[str, Any]:
    return {"field": field, "message": str(message), "place": place}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None leaves what nobody foresaw to Django, which logs it and answers 500."""
    known = as_api_error(error)
    response = exception_handler(known, context) if known is not None else None
    if response is None or known is None:
        return None
    set_rollback()
    response.data = problem(known, response.status_code)
    response.content_type = MEDIA_TYPE
    return response


def unforeseen(request: HttpRequest) -> HttpResponse:
    """The answer to a fault of ours: a page for people, a problem for programs, and to neither what it was."""
    if not request.path_info.startswith("/api/"):
        return server_error(request)
    error = APIException(_("Something went wrong on our side. It is noted; try again, and tell us if it stays."))
    return JsonResponse(problem(error, error.status_code), status=error.status_code, content_type=MEDIA_TYPE)


def as_api_error(error: Exception) -> APIException | None:
    if isinstance(error, APIException):
        return error
    if isinstance(error, Http404):
        return NotFound(_("There is nothing here for you under this address."))
    if isinstance(error, PermissionDenied):
        return Forbidden(str(error) or HasCapability.message)
    if isinstance(error, Refusal):
        return Problem(_("This was refused, and nothing was changed."), list(refused(error)))
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("What was sent is too large. Send it in smaller parts, or load a file under Imports."))
    return None


def refused(error: Refusal) -> Iterator[dict[str, Any]]:
    """What a model or an action refused."""
    fields = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in fields.items():
        for message in (text for each in errors for text in each.messages):
            yield line("" if name == NON_FIELD_ERRORS else name, message)


def problem(error: APIException, status: int) -> dict[str, Any]:
    errors = getattr(error, "errors", [])
    detail = str(error.detail) if not isinstance(error.detail, (dict, list)) else ""
    if isinstance(error, ValidationError):
        place = getattr(error, "place", BODY)
        errors = [line(name, message, place) for name, message in flat(error.detail)]
        detail = _("This cannot be taken as it is; the lines below say why.")
    if isinstance(error, NotAuthenticated):
        detail = _("Sign in, or send a token: Authorization: Token …")
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors,
    }


def flat(detail: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Errors of nested serializers under dotted names: `credit.0.amount`."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            own = name if key in {NON_FIELD_ERRORS, "non_field_errors"} else f"{name}.{key}".strip(".")
            yield from flat(inner, own)
    elif isinstance(detail, (list, tuple)):
        nested = any(isinstance(inner, (Mapping, list, tuple)) for inner in detail)
        for index, inner in enumerate(detail):
            yield from flat(inner, f"{name}.{index}".strip(".") if nested else name)
    else:
        yield name, str(detail)
