"""Whether one would recommend a course, given and changed with one tap."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from learning_plans.actions.recommending import give_opinion
from learning_plans.models import Completion
from learning_plans.models.recommending import Stars
from learning_plans.views.my_plan import own_teacher
from pd_tracker.access import Capability
from pd_tracker.web.views import CapabilityMixin, say_errors


class GiveOpinion(CapabilityMixin, View):
    capability = Capability.PRACTICES_SHARE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        own = Completion.objects.visible_to(request.user).filter(teacher=own_teacher(request.user))
        completion = get_object_or_404(own.select_related("teacher", "course"), pk=pk)
        given = request.POST.get("stars", "")
        try:
            if given not in map(str, Stars.values):
                raise ValidationError(_("Choose one of the five answers."))
            give_opinion(completion=completion, stars=int(given), actor=request.user, at=timezone.now())
        except ValidationError as error:
            say_errors(request, error.messages)
        else:
            words = _("Thank you. Your answer about “%(course)s” counts without your name; you can change it there.")
            messages.success(request, words % {"course": completion.course})
        if request.POST.get("back") == "record":
            return redirect("learning_plans:my_record")
        return redirect("learning_plans:completion", pk=pk)


urlpatterns = [path("completions/<int:pk>/opinion/", GiveOpinion.as_view(), name="give_opinion")]
