"""The seats of a session: how they are given, who applied, and the draw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import UpdateView

from learning_plans import tables
from learning_plans.actions.lottery import draw_seats, set_seats
from learning_plans.forms.seats import SeatsForm, SeedForm
from learning_plans.models import Enrollment, SeatDraw, Session
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS
from pd_tracker.access import Capability
from pd_tracker.web.views import CapabilityMixin, require, say_errors


class Seats(CapabilityMixin, UpdateView):
    capability = Capability.COURSES_EDIT
    template_name = "learning_plans/seats.html"
    form_class = SeatsForm

    def get_queryset(self) -> QuerySet[Session]:
        return Session.objects.editable_by(self.request.user).select_related("course")

    def form_valid(self, form: SeatsForm) -> HttpResponse:
        try:
            set_seats(session=form.instance, actor=self.request.user, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect("learning_plans:seats", pk=form.instance.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, session = self.request.user, self.object
        here = Enrollment.objects.visible_to(user).filter(session=session)
        standing = here.filter(state__in=ACTIVE_ENROLLMENTS)
        drawn = SeatDraw.objects.visible_to(user).filter(session=session).select_related("drawn_by").first()
        day = session.draw_on
        return super().get_context_data(
            **kwargs,
            session=session,
            drawn=drawn,
            standing=standing.count(),
            table=tables.DRAWN.fill(here.exclude(drawn_place=None).order_by("drawn_place")) if drawn else None,
            may_draw=session.is_by_lot and drawn is None and day is not None and day <= user.today,
            seed_form=SeedForm(),
            breadcrumbs=[
                (_("Find training"), reverse("learning_plans:courses")),
                (session.course.title, reverse("learning_plans:course", args=[session.course_id])),
            ],
        )


@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    require(request, Capability.COURSES_EDIT)
    session = get_object_or_404(Session.objects.editable_by(request.user), pk=pk)
    seed = request.POST.get("seed", "")[:200]
    try:
        made = draw_seats(session=session, seed=seed, actor=request.user, at=timezone.now())
    except ValidationError as error:
        say_errors(request, error.messages)
    else:
        words = _("The seats are drawn. Everybody who applied (%(people)s) is told.")
        messages.success(request, words % {"people": len(made.order)})
    return redirect("learning_plans:seats", pk=pk)
