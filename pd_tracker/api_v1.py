"""The map of the API, version 1."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from learning_plans.viewsets import (
    assigning,
    catalogue,
    coaching,
    completions,
    cycle,
    goals,
    licences,
    needs,
    plans,
    practices,
    recommending,
)
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
router.register("frameworks", needs.FrameworkViewSet, "frameworks")
router.register("competencies", needs.CompetencyViewSet, "competencies")
router.register("self-assessments", needs.SelfAssessmentViewSet, "self_assessments")
router.register("needs", needs.NeedViewSet, "needs")
router.register("priorities", needs.PriorityViewSet, "priorities")
router.register("completions", completions.CompletionViewSet, "completions")
router.register("licenses", licences.LicenceViewSet, "licenses")
router.register("plans", plans.PlanViewSet, "plans")
router.register("goals", goals.GoalViewSet, "goals")
router.register("plan-items", plans.PlanItemViewSet, "plan_items")
router.register("assignment-rules", assigning.AssignmentRuleViewSet, "assignment_rules")
router.register("rule-members", assigning.RuleMemberViewSet, "rule_members")
router.register("coaching-cycles", coaching.CycleViewSet, "coaching_cycles")
router.register("visits", coaching.VisitViewSet, "visits")
router.register("coaching-notes", coaching.NoteViewSet, "coaching_notes")
router.register("plan-templates", cycle.TemplateViewSet, "plan_templates")
router.register("plan-cycles", cycle.CycleViewSet, "plan_cycles")
router.register("plan-reviews", cycle.ReviewViewSet, "plan_reviews")
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
