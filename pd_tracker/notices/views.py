"""One's own messages: the list, opening one, marking all as read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import ListView, View

from pd_tracker.notices.actions import mark_read
from pd_tracker.notices.models import Notice, NoticeQuerySet


def mine(request: HttpRequest) -> NoticeQuerySet:
    return Notice.objects.visible_to(request.user)


class NoticeList(ListView[Notice]):
    template_name = "notices/list.html"
    paginate_by = 50

    def get_queryset(self) -> NoticeQuerySet:
        return mine(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = super().get_context_data(unread=mine(self.request).unread().count(), **kwargs)
        return page | {"page": page["page_obj"]}


class OpenNotice(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        notice = get_object_or_404(mine(request), pk=pk)
        mark_read(mine(request).filter(pk=pk), at=timezone.now())
        # Only places of this site, whatever was stored.
        is_local = notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
        return HttpResponseRedirect(notice.url) if is_local else redirect("notices:list")


class ReadAll(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseRedirect:
        mark_read(mine(request), at=timezone.now())
        return redirect("notices:list")
