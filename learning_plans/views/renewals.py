"""HR's board of licenses that end, and the notices sent from it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, TemplateView

from learning_plans.actions import renewals as actions
from learning_plans.actions.standings import RENEWING, freshen
from learning_plans.filters.renewals import BUCKETS, RenewalFilter
from learning_plans.forms.renewals import NoticeForm
from learning_plans.models import LicenceStanding, RenewalMailing, RenewalNotice
from learning_plans.querysets.credit import ends_within
from learning_plans.querysets.renewals import board, board_districts
from learning_plans.rules.credit.renewals import Bucket
from learning_plans.tables import renewals as renewal_tables
from learning_plans.views.licences import crumb
from pd_tracker.access import Capability
from pd_tracker.jobs.models import Job
from pd_tracker.sheets.table import Table
from pd_tracker.web.addresses import changed, row_keys
from pd_tracker.web.downloads import FORMATS
from pd_tracker.web.views import CapabilityMixin, TablePage
from teachers.actions.viewing import note_export, note_view
from teachers.forms.kept import take_errors
from teachers.models import Teacher

SEEN, SAMPLE = "seen", 3


class Renewals(TablePage):
    capability = Capability.RENEWALS_VIEW
    template_name = "learning_plans/renewals/board.html"
    filterset_class = RenewalFilter
    ordering = "ends_on"
    row_url_name = "learning_plans:licence"
    row_key = "licence"

    def get_table(self) -> Table:
        is_file = self.request.GET.get("format", "") in FORMATS
        return renewal_tables.board(on=self.request.user.today, is_file=is_file)

    def get_queryset(self) -> QuerySet[LicenceStanding]:
        user, at = self.request.user, timezone.now()
        self.waiting = 0
        for district in board_districts(user):
            self.waiting += freshen(district=district, on=user.today, at=at, owner=user)
        return board(user, on=user.today)

    def download(self, rows: QuerySet[LicenceStanding], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("licence__teacher"))
        note_export(reader=self.request.user, teachers=people, part="licences")
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        unfinished = Job.objects.visible_to(user).unfinished().filter(function=RENEWING)
        return context | {
            "buckets": self.buckets(),
            "waiting": self.waiting,
            "job": unfinished.first() if self.waiting else None,
            "may_write": user.may(Capability.LICENCES_EDIT),
        }

    def buckets(self) -> list[dict[str, Any]]:
        """How many licenses end how soon, with every other filter on, each with the address that shows them."""
        query, on = self.request.GET.copy(), self.request.user.today
        query.pop("bucket", None)
        rows = RenewalFilter(query, board(self.request.user, on=on), request=self.request)
        if not rows.is_valid():
            return []
        counts = rows.qs.order_by().aggregate(
            **{bucket.name: Count("pk", filter=ends_within(bucket, on=on)) for bucket in Bucket}
        )
        asked = self.request.GET.get("bucket", "")
        return [
            {
                "label": label,
                "count": counts[Bucket(value).name],
                "url": changed(query, {"bucket": value}),
                "is_current": value == asked,
            }
            for value, label in BUCKETS
        ]


class SendNotices(CapabilityMixin, FormView):
    """A text for the licenses chosen on the board, or for all that its filters leave; seen filled before it goes."""

    capability = Capability.LICENCES_EDIT
    template_name = "learning_plans/renewals/send.html"
    form_class = NoticeForm

    @cached_property
    def standings(self) -> list[LicenceStanding]:
        user, asked = self.request.user, self.request.GET
        rows = board(user, on=user.today).editable_by(user).select_related("licence__teacher").order_by("ends_on", "pk")
        if "all" in asked:
            narrowed = RenewalFilter(asked, rows, request=self.request)
            return list(narrowed.qs) if narrowed.is_valid() else []
        return list(rows.filter(licence__in=row_keys(asked.getlist("licence"))))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"lately": actions.told_lately(self.standings, at=timezone.now())}

    def back(self) -> str:
        """The board as it was filtered."""
        asked = self.request.GET.copy()
        kept = asked.get("back", "")
        for name in ("all", "licence", "back"):
            asked.pop(name, None)
        query = kept or asked.urlencode()
        return reverse("learning_plans:renewals") + (f"?{query}" if query else "")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.standings:
            messages.error(request, _("Choose at least one license first."))
            return redirect(self.back())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: NoticeForm) -> HttpResponse:
        user, given = self.request.user, form.cleaned_data
        if self.request.POST.get(SEEN) != digest(given["text"]):
            return self.render_to_response(self.get_context_data(form=form, is_seen_anew=True))
        try:
            mailing = actions.send_notices(
                standings=self.standings,
                text=given["text"],
                in_site=given["in_site"],
                again=given.get("again", False),
                actor=user,
                on=user.today,
                at=timezone.now(),
            )
        except ValidationError as error:
            take_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Written down, and told to those who sign in here. Letters are below."))
        return redirect(mailing)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, on = context["form"], self.request.user.today
        text = form.cleaned_data.get("text") if form.is_bound and form.is_valid() else None
        if not form.is_bound:
            text = str(form["text"].value())
        standings = self.standings
        return context | {
            "count": len(standings),
            "without_sign_in": sum(1 for each in standings if each.licence.teacher.user_id is None),
            "samples": [actions.letter(each, text=text, on=on) for each in standings[:SAMPLE]] if text else [],
            "seen": digest(text or ""),
            "cancel_url": self.back(),
            "breadcrumbs": [(_("Renewals"), self.back())],
        }


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


class OfMailing(CapabilityMixin):
    capability = Capability.LICENCES_EDIT
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def mailing(self) -> RenewalMailing:
        rows = RenewalMailing.objects.visible_to(self.request.user).select_related("sent_by", "district")
        found: RenewalMailing = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    @property
    def notices(self) -> QuerySet[RenewalNotice]:
        found: QuerySet[RenewalNotice] = self.mailing.notices.editable_by(self.request.user).with_names()
        return found

    def note_taken(self, rows: QuerySet[RenewalNotice]) -> None:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("licence__teacher"))
        note_export(reader=self.request.user, teachers=people, part="licences")


class Mailing(OfMailing, TablePage):
    """What was sent to whom; the file holds the fields for one's own mail merge."""

    template_name = "learning_plans/renewals/mailing.html"
    ordering = "name"
    row_url_name = "learning_plans:renewal_notice"

    def get_table(self) -> Table:
        return renewal_tables.notices(is_file=self.request.GET.get("format", "") in FORMATS)

    def get_queryset(self) -> QuerySet[RenewalNotice]:
        return self.notices

    def download(self, rows: QuerySet[RenewalNotice], wanted: str) -> Any:
        self.note_taken(rows)
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Renewals"), reverse("learning_plans:renewals"))]
        told = self.notices.filter(was_told=True).count()
        return super().get_context_data(**kwargs, mailing=self.mailing, told=told, breadcrumbs=crumbs)


class Letters(OfMailing, TemplateView):
    """All letters of a mailing, one to a sheet of paper."""

    template_name = "learning_plans/renewals/letters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.note_taken(self.notices)
        letters = self.notices.select_related("licence__teacher__district").order_by(
            "licence__teacher__family_name", "licence__teacher__given_name", "pk"
        )
        crumbs = [(_("Notices that were sent"), self.mailing.get_absolute_url())]
        return super().get_context_data(**kwargs, mailing=self.mailing, letters=letters, breadcrumbs=crumbs)


class NoticePage(CapabilityMixin, DetailView):
    """The words one person got, for that person and whoever may see their licenses."""

    capability = Capability.LICENCES_VIEW
    template_name = "learning_plans/renewals/notice.html"

    def get_queryset(self) -> QuerySet[RenewalNotice]:
        return RenewalNotice.objects.visible_to(self.request.user).select_related(
            "licence__teacher", "mailing__sent_by"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        teacher = self.object.licence.teacher
        note_view(reader=self.request.user, teacher=teacher, part="licences")
        crumbs = [crumb(teacher, is_own=teacher.user_id == self.request.user.pk)]
        return super().get_context_data(**kwargs, teacher=teacher, breadcrumbs=crumbs)


urlpatterns = [
    path("renewals/", Renewals.as_view(), name="renewals"),
    path("renewals/notices/new/", SendNotices.as_view(), name="send_notices"),
    path("renewals/notices/<int:pk>/", NoticePage.as_view(), name="renewal_notice"),
    path("renewals/mailings/<int:pk>/", Mailing.as_view(), name="mailing"),
    path("renewals/mailings/<int:pk>/letters/", Letters.as_view(), name="letters"),
]
