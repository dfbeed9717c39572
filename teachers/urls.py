"""Addresses of the people side."""

from django.urls import path

from teachers.views import accounts, drafts, history, parts, people, person, places, typed

app_name = "teachers"
urlpatterns = [
    path("people/", people.People.as_view(), name="people"),
    path("people/new/", parts.AddPerson.as_view(), name="add_person"),
    path("people/sign-ins/", accounts.GiveSignIns.as_view(), name="give_sign_ins"),
    path("people/seen/", people.Seen.as_view(), name="seen"),
    path("people/<int:pk>/", person.PersonPage.as_view(), name="person"),
    path("people/<int:pk>/sign-in/", accounts.LinkSignIn.as_view(), name="link_sign_in"),
    path("people/<int:teacher_pk>/profile/", parts.Profile.as_view(), name="profile"),
    path("people/<int:teacher_pk>/restore/", parts.RestorePart.as_view(), name="restore_part"),
    path("people/<int:teacher_pk>/employment/<int:pk>/end/", parts.EndEmployment.as_view(), name="end_employment"),
    path(
        "people/<int:teacher_pk>/employment/<int:pk>/reopen/",
        parts.ReopenEmployment.as_view(),
        name="reopen_employment",
    ),
    path("people/<int:teacher_pk>/<slug:kind>/new/", parts.EditPart.as_view(), name="add_part"),
    path("people/<int:teacher_pk>/<slug:kind>/<int:pk>/", parts.EditPart.as_view(), name="edit_part"),
    path("people/<int:teacher_pk>/<slug:kind>/<int:pk>/remove/", parts.RemovePart.as_view(), name="remove_part"),
    path("drafts/", drafts.Drafts.as_view(), name="drafts"),
    path("drafts/drop/", drafts.DropDraft.as_view(), name="drop_draft"),
    path("typed/", typed.Typed.as_view(), name="typed"),
    path("roles/", accounts.Roles.as_view(), name="roles"),
    path("roles/new/", accounts.GrantRole.as_view(), name="grant_role"),
    path("roles/history/", history.SettingsHistory.as_view(), name="settings_history"),
    path("roles/<int:pk>/", accounts.RolePage.as_view(), name="role"),
    path("roles/<int:pk>/end/", accounts.EndRole.as_view(), name="end_role"),
    path("roles/<int:pk>/sign-in/", accounts.StopSignIn.as_view(), name="stop_sign_in"),
    path("roles/<int:pk>/link/", accounts.SendLink.as_view(), name="send_link"),
    path("schools/", places.Schools.as_view(), name="schools"),
    path("schools/<int:pk>/", places.SchoolPage.as_view(), name="school"),
    path("district/", places.DistrictPage.as_view(), name="district"),
    path("district/years/<int:pk>/", places.SchoolYearPage.as_view(), name="school_year"),
]
