"""Addresses of the learning side."""

from django.urls import path

from learning_plans.views import (
    caseload,
    completions,
    history,
    my_plan,
    opinions,
    practices,
    recommendations,
    records,
    seats,
    sessions,
    weights,
)

app_name = "learning_plans"
urlpatterns = [
    path("my-plan/", my_plan.MyPlan.as_view(), name="my_plan"),
    path("my-plan/tasks/<int:pk>/", my_plan.mark_task, name="mark_task"),
    path("my-record/", my_plan.MyRecord.as_view(), name="my_record"),
    path("courses/", my_plan.Courses.as_view(), name="courses"),
    path("courses/<int:pk>/", my_plan.CoursePage.as_view(), name="course"),
    path("courses/<int:course_pk>/sessions/new/", sessions.PlanSession.as_view(), name="plan_session"),
    path("sessions/<int:pk>/", sessions.ChangeSession.as_view(), name="change_session"),
    path("sessions/<int:pk>/cancel/", sessions.CancelSession.as_view(), name="cancel_session"),
    path("sessions/<int:pk>/register/", my_plan.register_for, name="register"),
    path("sessions/<int:pk>/withdraw/", my_plan.withdraw_from, name="withdraw"),
    path("sessions/<int:pk>/seats/", seats.Seats.as_view(), name="seats"),
    path("sessions/<int:pk>/seats/draw/", seats.draw, name="draw_seats"),
    path("caseload/", caseload.Caseload.as_view(), name="caseload"),
    path("caseload/assign/", caseload.Assign.as_view(), name="assign"),
    path("caseload/assign/undo/", caseload.UndoAssign.as_view(), name="undo_assign"),
    path("plans/<int:pk>/", caseload.PlanPage.as_view(), name="plan"),
    path("plans/<int:teacher_pk>/goals/new/", caseload.GoalPart.as_view(), name="add_goal"),
    path("plans/<int:teacher_pk>/items/new/", caseload.ItemPart.as_view(), name="add_item"),
    path("goals/<int:pk>/", caseload.GoalPart.as_view(), name="edit_goal"),
    path("items/<int:pk>/", caseload.ItemPart.as_view(), name="edit_item"),
    path("items/<int:pk>/withdraw/", caseload.WithdrawItem.as_view(), name="withdraw_item"),
    path("completions/", completions.Completions.as_view(), name="completions"),
    path("changes/", history.AllChanges.as_view(), name="changes"),
    *opinions.urlpatterns,
    *practices.urlpatterns,
    *recommendations.urlpatterns,
    *weights.urlpatterns,
    *records.urlpatterns,
]
