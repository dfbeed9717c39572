"""How much each part of a recommendation counts, with what that does to a real list before it is saved."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.actions.recommending import save_weights
from learning_plans.forms.recommending import WeightsForm
from learning_plans.models import Competency, Course, RecommendationWeights
from learning_plans.querysets.candidates import candidates
from learning_plans.rules.recommending import ranked
from pd_tracker.access import Capability
from teachers.changes import Trail, read, timeline
from teachers.models import District
from teachers.views.parts import KeptFormPage

SHOWN, CHANGES = 8, 20


class Weights(KeptFormPage):
    capability = Capability.RECOMMENDATIONS_EDIT
    template_name = "learning_plans/weights.html"
    form_class = WeightsForm
    title = gettext_lazy("What counts in recommendations")

    @cached_property
    def weights(self) -> RecommendationWeights:
        user = self.request.user
        reach = user.reach(Capability.RECOMMENDATIONS_EDIT)
        district = get_object_or_404(District.objects.filter(pk__in=reach.district_ids).order_by("pk")[:1])
        rows = RecommendationWeights.objects.visible_to(user).filter(district=district)
        found: RecommendationWeights | None = (rows.select_for_update() if self.request.POST else rows).first()
        return found or RecommendationWeights(district=district)

    def get_form_kwargs(self) -> dict[str, Any]:
        self.before = self.weights.by_part  # the form writes what was typed onto the row
        return super().get_form_kwargs() | {"instance": self.weights}

    def get_form(self, form_class: Any = None) -> WeightsForm:
        form: WeightsForm = super().get_form(form_class)
        if "preview" in self.request.POST and "reason" in form.fields:
            form.fields["reason"].required = False  # nothing is saved yet
        return form

    def form_valid(self, form: WeightsForm) -> HttpResponse:
        if "preview" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, orders=self.orders(form)))
        return super().form_valid(form)

    def orders(self, form: WeightsForm) -> dict[str, Any]:
        """The courses about the competency that most courses are about, as they stand now and as they would."""
        user = self.request.user
        courses = Course.objects.visible_to(user).on_offer(on=user.today).filter(district=self.weights.district)
        about = Competency.objects.filter(courses__in=courses).annotate(n=Count("courses")).order_by("-n", "pk").first()
        if about is None:
            return {"rows": []}
        found = candidates(user, competency=about, on=user.today, after=timezone.now())
        before, after = ranked(found, self.before), ranked(found, form.instance.by_part)
        places = {one.course.key: number for number, one in enumerate(before, 1)}
        rows = [(number, one, places[one.course.key]) for number, one in enumerate(after[:SHOWN], 1)]
        return {
            "competency": about,
            "rows": [(number, one.course.title, round(100 * one.score), was) for number, one, was in rows],
        }

    def save(self, form: WeightsForm) -> None:
        save_weights(weights=form.instance, actor=self.request.user, reason=form.cleaned_data["reason"])

    def said(self) -> str:
        return _("Saved. Every list of recommendations follows it from now on.")

    def back(self) -> str:
        return reverse("learning_plans:weights")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trails = (Trail(RecommendationWeights.history.filter(district=self.weights.district)),)
        return super().get_context_data(**kwargs, changes=read(trails, timeline(trails)[:CHANGES]))


urlpatterns = [path("recommendations/weights/", Weights.as_view(), name="weights")]
