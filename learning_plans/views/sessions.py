"""Planning, changing and canceling runs of a course."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.actions.sessions import cancel_session, save_session
from learning_plans.forms.sessions import SessionForm
from learning_plans.models import Course, Session
from pd_tracker.access import Capability
from teachers.forms.records import ReasonForm
from teachers.views.parts import KeptFormPage


def editable_session(request: HttpRequest, pk: int) -> Session:
    return get_object_or_404(Session.objects.editable_by(request.user).select_related("course"), pk=pk)


class SessionPage(KeptFormPage):
    capability = Capability.COURSES_EDIT
    form_class = SessionForm
    template_name = "learning_plans/session_form.html"

    @cached_property
    def session(self) -> Session:
        return self.found()

    def back(self) -> str:
        return reverse("learning_plans:course", args=[self.session.course_id])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.session}

    def found(self) -> Session:
        raise NotImplementedError

    def save(self, form: SessionForm) -> None:
        save_session(session=form.instance, actor=self.request.user, reason=form.cleaned_data.get("reason", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        crumbs = [(_("Catalog"), reverse("learning_plans:courses")), (self.session.course.title, self.back())]
        return context | {"session": self.session, "breadcrumbs": crumbs}


class PlanSession(SessionPage):
    title = gettext_lazy("Plan a session")

    def found(self) -> Session:
        courses = Course.objects.visible_to(self.request.user).editable_by(self.request.user)
        return Session(course=get_object_or_404(courses, pk=self.kwargs["course_pk"]))

    def said(self) -> str:
        return _("Planned. People can register now.")


class ChangeSession(SessionPage):
    title = gettext_lazy("Change a session")

    def found(self) -> Session:
        return editable_session(self.request, self.kwargs["pk"])


class CancelSession(KeptFormPage):
    capability = Capability.COURSES_EDIT
    form_class = ReasonForm
    template_name = "teachers/confirm.html"
    title = gettext_lazy("Cancel a session")

    @cached_property
    def session(self) -> Session:
        return editable_session(self.request, self.kwargs["pk"])

    def back(self) -> str:
        return reverse("learning_plans:course", args=[self.session.course_id])

    def said(self) -> str:
        return _("Canceled. Everybody with a place is told.")

    def save(self, form: ReasonForm) -> None:
        cancel_session(session=self.session, actor=self.request.user, reason=form.cleaned_data["reason"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("“%(session)s” will not take place. Everybody who has a place or waits for one is told.")
        context = super().get_context_data(**kwargs)
        crumbs = [(_("Catalog"), reverse("learning_plans:courses")), (self.session.course.title, self.back())]
        return context | {
            "words": words % {"session": self.session},
            "action_label": _("Cancel the session"),
            "cancel_label": _("Keep the session"),
            "grave": True,
            "breadcrumbs": crumbs,
        }
