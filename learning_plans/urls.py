"""Addresses of the learning side."""

from django.urls import path

from learning_plans.views import (
    caseload,
    completions,
    history,
    my_plan,
    plan_editor,
    plan_life,
    plan_list,
    plans,
    records,
    seats,
    sessions,
)

app_name = "learning_plans"
urlpatterns = [
    path("my-plan/", my_plan.MyPlan.as_view(), name="my_plan"),
    path("my-plan/next/", plan_life.MyNextYear.as_view(), name="my_next_year"),
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
    path("plans/", plan_list.Plans.as_view(), name="plans"),
    path("plans/<int:pk>/", plans.PlanPage.as_view(), name="plan"),
    path("plans/<int:teacher_pk>/goals/new/", plan_editor.GoalPart.as_view(), name="add_goal"),
    path("plans/<int:teacher_pk>/items/new/", plan_editor.ItemPart.as_view(), name="add_item"),
    path("goals/<int:pk>/", plan_editor.GoalPart.as_view(), name="edit_goal"),
    path("goals/<int:pk>/drop/", plan_editor.DropGoal.as_view(), name="drop_goal"),
    path("goals/<int:pk>/up/", plan_editor.MoveGoal.as_view(), name="move_goal"),
    path("goals/<int:pk>/meet/", plan_editor.MeetGoal.as_view(), name="meet_goal"),
    path("items/<int:pk>/", plan_editor.ItemPart.as_view(), name="edit_item"),
    path("items/<int:pk>/withdraw/", plan_editor.WithdrawItem.as_view(), name="withdraw_item"),
    # Here the number is the plan's own.
    path("plan/<int:pk>/hand-in/", plan_life.Submit.as_view(), name="submit_plan"),
    path("plan/<int:pk>/take-back/", plan_life.TakeBack.as_view(), name="take_back_plan"),
    path("plan/<int:pk>/return/", plan_life.Return.as_view(), name="return_plan"),
    path("plan/<int:pk>/approve/", plan_life.Approve.as_view(), name="approve_plan"),
    path("plan/<int:pk>/close/", plan_life.Close.as_view(), name="close_plan"),
    path("plan/<int:pk>/next/", plan_life.NextYear.as_view(), name="next_year"),
    path("completions/", completions.Completions.as_view(), name="completions"),
    path("changes/", history.AllChanges.as_view(), name="changes"),
    *records.urlpatterns,
]
