"""Templates of plans: the list, the editor, those that come with the product, and whom they fit today."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from learning_plans.actions.shipped import SHIPPED, take_shipped
from learning_plans.actions.starting import Fits, fits_today
from learning_plans.actions.templates import retire_template, save_template
from learning_plans.filters.cycle import TemplateFilter
from learning_plans.forms.templates import COURSES_LIST, ShippedForm, TemplateForm, TemplateItemForms
from learning_plans.models import Course, PlanTemplate
from learning_plans.tables import templates as tables
from pd_tracker.access import Capability
from pd_tracker.web.views import CapabilityMixin, TablePage
from teachers.forms.kept import take_errors
from teachers.models import District
from teachers.querysets.people import teachers_for


class Templates(TablePage):
    capability = Capability.TEMPLATES_EDIT
    template_name = "learning_plans/templates.html"
    table = tables.TEMPLATES
    filterset_class = TemplateFilter
    ordering = "place"
    row_url_name = "learning_plans:template"

    def get_queryset(self) -> QuerySet[PlanTemplate]:
        return PlanTemplate.objects.visible_to(self.request.user).annotate(plan_count=Count("plans"))


class OfTemplates(CapabilityMixin):
    capability = Capability.TEMPLATES_EDIT
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def district(self) -> District:
        """Templates serve a whole district, so only who reaches all of one makes any."""
        reach = self.request.user.reach(self.capability)
        found = District.objects.filter(pk__in=reach.district_ids).order_by("pk").first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def template(self) -> PlanTemplate:
        rows = PlanTemplate.objects.visible_to(self.request.user)
        found: PlanTemplate = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found


class EditTemplate(OfTemplates, FormView):
    """A template with its items; both keep what was typed when one of them is refused."""

    template_name = "learning_plans/template.html"
    form_class = TemplateForm

    @cached_property
    def row(self) -> PlanTemplate:
        return self.template if "pk" in self.kwargs else PlanTemplate(district=self.district)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row, "district": self.row.district}

    @cached_property
    def courses(self) -> QuerySet[Course]:
        user = self.request.user
        return Course.objects.visible_to(user).on_offer(on=user.today)

    @cached_property
    def items(self) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        return TemplateItemForms(data, instance=self.row, prefix="items", form_kwargs={"courses": self.courses})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            row=self.row if self.row.pk else None,
            items=self.items,
            courses=self.courses.order_by("title").only("title", "code"),
            courses_list=COURSES_LIST,
            plan_count=self.row.plans.count() if self.row.pk else 0,
            breadcrumbs=[crumb()],
        )

    def form_valid(self, form: TemplateForm) -> HttpResponse:
        if not self.items.is_valid():
            return self.form_invalid(form)
        changed = self.items.save(commit=False)
        try:
            save_template(
                template=form.instance,
                items=changed,
                removed=self.items.deleted_objects,
                actor=self.request.user,
                reason=form.cleaned_data.get("reason", ""),
            )
        except ValidationError as error:
            take_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Saved. Plans that have begun stay as they are."))
        return redirect("learning_plans:templates")


class RetireTemplate(OfTemplates, View):
    """Retires a template, or brings it back."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        template = retire_template(
            template=self.template,
            is_retired=not self.template.is_retired,
            actor=request.user,
        )
        messages.success(request, _("Retired. It begins no new plan.") if template.is_retired else _("Back in use."))
        return redirect("learning_plans:template", pk=template.pk)


class Shipped(OfTemplates, FormView):
    template_name = "learning_plans/shipped_templates.html"
    form_class = ShippedForm
    success_url = reverse_lazy("learning_plans:templates")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, shipped=SHIPPED, breadcrumbs=[crumb()], district=self.district)

    def form_valid(self, form: ShippedForm) -> HttpResponse:
        made = take_shipped(
            district=self.district,
            keys=form.cleaned_data["take"],
            actor=self.request.user,
        )
        if made:
            names = ", ".join(template.name for template in made)
            messages.success(self.request, _("Taken: %(names)s. Change them as you like.") % {"names": names})
        else:
            messages.info(self.request, _("You have templates of these names already."))
        return super().form_valid(form)


class FitToday(OfTemplates, TemplateView):
    """Who would get which template, were everybody to begin today."""

    template_name = "learning_plans/fit_today.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        teachers = teachers_for(user, self.capability)
        found: Fits = fits_today(teachers, district_id=self.district.pk, on=user.today)
        return super().get_context_data(**kwargs, fits=found, breadcrumbs=[crumb()])


def crumb() -> tuple[str, str]:
    return _("Templates"), reverse("learning_plans:templates")
