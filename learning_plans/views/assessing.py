"""A teacher's own assessment against a framework: kept with every change, and looked at beside earlier ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from learning_plans.actions import assessing as actions
from learning_plans.forms.needs import BeginForm, RatingForm
from learning_plans.models import Competency, Framework, SelfAssessment, SelfRating
from learning_plans.rules.trees import in_order
from learning_plans.views.my_plan import own_teacher
from pd_tracker.access import Capability
from pd_tracker.web.views import CapabilityMixin, say_errors
from teachers.actions.viewing import note_view

COMPARED = 3


@dataclass(slots=True)
class Section:
    """A part of a framework that has parts of its own, with those of them that are rated."""

    heading: Competency | None
    rated: list[Any] = field(default_factory=list)


def sections(parts: Collection[Competency], rated: Mapping[int, Any]) -> list[Section]:
    """What is rated, under the part it belongs to."""
    found = [Section(None)]
    headings: dict[int, Competency] = {part.pk: part for part in parts}
    for part, _depth in in_order(parts, key=lambda part: part.pk, parent=lambda part: part.parent_id):
        if part.pk in rated:
            heading = headings.get(part.parent_id or 0)
            if heading is not found[-1].heading:
                found.append(Section(heading))
            found[-1].rated.append(rated[part.pk])
    return [section for section in found if section.rated]


def rateable(parts: Collection[Competency], *, also: Collection[int]) -> set[int]:
    """The innermost parts that are in use, and those that hold something already."""
    wholes = {part.parent_id for part in parts if not part.is_retired}
    return {part.pk for part in parts if (not part.is_retired and part.pk not in wholes) or part.pk in also}


class Begin(CapabilityMixin, FormView):
    """Chooses the framework, and shows what was said before."""

    capability = Capability.NEEDS_ANSWER
    template_name = "learning_plans/needs/begin.html"
    form_class = BeginForm

    def get_form_kwargs(self) -> dict[str, Any]:
        frameworks = Framework.objects.visible_to(self.request.user).filter(is_retired=False)
        return super().get_form_kwargs() | {"frameworks": frameworks.order_by("-is_default", "name", "version")}

    def form_valid(self, form: BeginForm) -> HttpResponse:
        framework, teacher = form.cleaned_data["framework"], own_teacher(self.request.user)
        try:
            begun = actions.begin_assessment(
                teacher=teacher, framework=framework, actor=self.request.user, at=timezone.now()
            )
        except ValidationError as error:
            form.add_error("framework", error)
            return self.form_invalid(form)
        return redirect("learning_plans:assessment", begun.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        teacher = own_teacher(self.request.user)
        mine = SelfAssessment.objects.visible_to(self.request.user).filter(teacher=teacher)
        return super().get_context_data(
            **kwargs,
            open_ones=mine.filter(finished_at=None).select_related("framework"),
            finished=mine.exclude(finished_at=None).select_related("framework"),
            breadcrumbs=[crumb()],
        )


def crumb() -> tuple[str, str]:
    return _("Where I could grow"), reverse("learning_plans:growth")


def own_open(request: HttpRequest, pk: int) -> SelfAssessment:
    rows = SelfAssessment.objects.filter(teacher__user=request.user.pk, finished_at=None)
    return get_object_or_404(rows.select_related("framework"), pk=pk)


def forms_of(assessment: SelfAssessment, data: Any = None) -> list[RatingForm]:
    """A form for every part that can be rated; of what was sent, for every part that is spoken of."""
    parts = list(assessment.framework.competencies.all())
    ratings = {rating.competency_id: rating for rating in assessment.ratings.all()}
    sent = {int(key) for name in data or () if (key := name[1:].partition("-")[0]).isdecimal() and name[0] == "c"}
    by_key = {part.pk: part for part in parts}
    wanted = sent & by_key.keys() if data is not None else rateable(parts, also=ratings)
    made = {
        key: RatingForm(
            data,
            prefix=f"c{key}",
            instance=ratings.get(key) or SelfRating(assessment=assessment, competency=by_key[key]),
        )
        for key in wanted
    }
    for form in made.values():
        form.instance.competency = by_key[form.instance.competency_id]
    return [form for section in sections(parts, made) for form in section.rated]


def keep(assessment: SelfAssessment, forms: Collection[RatingForm]) -> None:
    broken = [str(error) for form in forms for errors in form.errors.values() for error in errors]
    if broken:
        raise ValidationError(broken)
    said = {form.competency.pk: form.cleaned_data for form in forms if form.has_changed() or form.instance.pk}
    actions.rate(assessment=assessment, said=said, at=timezone.now())


class KeepAssessment(CapabilityMixin, View):
    """Called by the script of the page: GET asks for a fresh token after signing in again, POST keeps the answers."""

    capability = Capability.NEEDS_ANSWER
    http_method_names = ("get", "post")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        own_open(request, pk)
        return JsonResponse({"token": get_token(request)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        assessment = own_open(request, pk)
        try:
            keep(assessment, forms_of(assessment, request.POST))
        except ValidationError as error:
            return JsonResponse({"message": " ".join(error.messages)}, status=400)
        return HttpResponse(status=204)


class Assessment(CapabilityMixin, TemplateView):
    """One that is open is filled in by its teacher; a finished one is read beside those before it."""

    capability = Capability.NEEDS_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = SelfAssessment.objects.visible_to(request.user).select_related("framework", "teacher")
        assessment = get_object_or_404(rows, pk=pk)
        if assessment.finished_at is None:
            assessment = own_open(request, pk)
            return self.render_to_response(self.filling_in(assessment))
        return self.render_to_response(self.looking_back(assessment))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keeps what was sent, and finishes where that was asked for."""
        assessment = own_open(request, pk)
        try:
            keep(assessment, forms_of(assessment, request.POST))
            if "finish" not in request.POST:
                messages.success(request, _("Saved. Go on whenever you like."))
                return redirect("learning_plans:assessment", pk)
            now, today = timezone.now(), request.user.today
            actions.finish_assessment(assessment=assessment, actor=request.user, at=now, on=today)
        except ValidationError as error:
            say_errors(request, error.messages)
            return redirect("learning_plans:assessment", pk)
        messages.success(request, _("Finished. Below is what you could work on."))
        return redirect("learning_plans:growth")

    def get_template_names(self) -> list[str]:
        return [f"learning_plans/needs/{self.shown_as}.html"]

    def filling_in(self, assessment: SelfAssessment) -> dict[str, Any]:
        self.shown_as = "assessment"
        forms = forms_of(assessment)
        parts = list(assessment.framework.competencies.all())
        return self.get_context_data(
            assessment=assessment,
            sections=sections(parts, {form.competency.pk: form for form in forms}),
            answered=sum(form.has_answers for form in forms),
            count=len(forms),
            breadcrumbs=[crumb(), (_("Self-assessments"), reverse("learning_plans:assess"))],
        )

    def looking_back(self, assessment: SelfAssessment) -> dict[str, Any]:
        self.shown_as = "looking_back"
        is_own = assessment.teacher.user_id == self.request.user.pk
        if not is_own:
            note_view(reader=self.request.user, teacher=assessment.teacher, part="growth")
        columns = list(self.earlier(assessment))
        ratings: dict[int, dict[int, SelfRating]] = {}
        for rating in SelfRating.objects.filter(assessment__in=columns):
            ratings.setdefault(rating.competency_id, {})[rating.assessment_id] = rating
        parts = list(assessment.framework.competencies.all())
        rows = {
            part.pk: (part, [(column, ratings[part.pk].get(column.pk)) for column in columns])
            for part in parts
            if part.pk in ratings
        }
        theirs = reverse("learning_plans:person_growth", args=[assessment.teacher_id])
        return self.get_context_data(
            assessment=assessment,
            sections=sections(parts, rows),
            is_own=is_own,
            breadcrumbs=[crumb() if is_own else (assessment.teacher, theirs)],
        )

    def earlier(self, assessment: SelfAssessment) -> QuerySet[SelfAssessment]:
        """This one and those before it against the same framework, the newest first."""
        rows = SelfAssessment.objects.filter(teacher=assessment.teacher, framework=assessment.framework)
        return rows.filter(finished_at__lte=assessment.finished_at).order_by("-finished_at")[:COMPARED]


urlpatterns = [
    path("my-growth/assess/", Begin.as_view(), name="assess"),
    path("my-growth/assess/<int:pk>/", Assessment.as_view(), name="assessment"),
    path("my-growth/assess/<int:pk>/keep/", KeepAssessment.as_view(), name="keep_assessment"),
]
