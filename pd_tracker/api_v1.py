"""The map of the API, version 1."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from learning_plans.viewsets import catalogue, completions, plans, practices, recommending
from pd_tracker.api.views import Browser, Nothing, Schema
from pd_tracker.api.viewsets import TokenViewSet
from pd_tracker.reports.viewsets import ReportViewSet
from teachers import viewsets as people

router = SimpleRouter()
router.register("teachers", people.TeacherViewSet, "teachers")
router.register("schools", people.SchoolViewSet, "schools")
router.register("kpi-values", people.KpiValueViewSet, "kpi_values")
router.register("courses", catalogue.CourseViewSet, "courses")
router.register("sessions", catalogue.SessionViewSet, "sessions")
router.register("completions", completions.CompletionViewSet, "completions")
router.register("plans", plans.PlanViewSet, "plans")
router.register("plan-items", plans.PlanItemViewSet, "plan_items")
router.register("recommendations", recommending.RecommendationViewSet, "recommendations")
router.register("course-opinions", recommending.OpinionViewSet, "course_opinions")
router.register("course-wishes", recommending.WishViewSet, "course_wishes")
router.register("practices", practices.PracticeViewSet, "practices")
router.register("reports", ReportViewSet, "reports")
router.register("tokens", TokenViewSet, "tokens")

app_name = "api_v1"
urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Browser.as_view(url_name="api_v1:schema"), name="docs"),
    path("", include(router.urls)),
    re_path(r"", Nothing.as_view(), name="nothing"),
]
