"""A small district with one of everything, everybody who could ask for it, and the same again out of their reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from learning_plans.models import (
    Adoption,
    Certificate,
    ContractHours,
    CourseWish,
    CycleStart,
    DistrictPack,
    Evidence,
    PackChoice,
    PackVersion,
    Practice,
    RenewalMailing,
    RenewalNotice,
    RuleChange,
    Waiver,
)
from learning_plans.rules.credit.shelf import texts
from pd_tracker.access import Role
from pd_tracker.api.actions import make_token
from pd_tracker.audit.models import AuditEvent
from pd_tracker.imports.models import ImportRun
from pd_tracker.jobs.models import Job
from pd_tracker.notices.models import Notice
from pd_tracker.reports.models import ExportRun
from teachers.models import District, Employment, School, Teacher, User
from tests.factories import (
    AssignmentRuleFactory,
    CoachingCycleFactory,
    CoachingNoteFactory,
    CompletionFactory,
    DistrictFactory,
    GoalFactory,
    KpiValueFactory,
    LicenceFactory,
    NamedExportFactory,
    NeedReasonFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    PlanReviewFactory,
    PlanTemplateFactory,
    PriorityFactory,
    RoleGrantFactory,
    RuleMemberFactory,
    SchoolFactory,
    SchoolYearFactory,
    SelfAssessmentFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    teacher_with_sign_in,
    user_with_role,
)

STRANGER = "stranger"
NOBODY = "nobody"  # signed in, without any role
ELSEWHERE = "principal elsewhere"
COLLEAGUE = "teacher elsewhere"
ROLES = {role.value for role in Role}
SIGNED_IN = ROLES | {NOBODY, ELSEWHERE, COLLEAGUE}
EVERYBODY = SIGNED_IN | {STRANGER}
FRAMEWORK_PAGES = ("framework", "retire_framework", "make_default")
OURS = ("teachers", "learning_plans", "api", "imports", "jobs", "notices", "reports")

Keys = dict[str, dict[str, Any]]  # by route, what its address needs


@dataclass
class World:
    people: dict[str, User]
    keys: Keys
    next_school: Keys  # the same objects in a school where nobody of these people works
    next_district: Keys


def build() -> World:
    school, other = SchoolFactory(), SchoolFactory()
    teacher, colleague = teacher_with_sign_in(school), teacher_with_sign_in(other)
    people = {
        role: user_with_role(role, school if role == "principal" else None) for role in ROLES if role != "teacher"
    }
    people |= {"teacher": teacher.user, COLLEAGUE: colleague.user}
    people |= {NOBODY: UserFactory(), ELSEWHERE: user_with_role(Role.PRINCIPAL, other)}
    PairingFactory(coach=people["coach"], teacher=teacher)
    away = DistrictFactory(name="Birch Hills")
    return World(
        people,
        keys_of(teacher, school, hr=people["hr"], coach=people["coach"]),
        keys_of(teacher_with_sign_in(next_door := SchoolFactory()), next_door, hr=user_with_role("hr")),
        keys_of(teacher_with_sign_in(abroad := SchoolFactory(district=away)), abroad, hr=hr_of(away)),
    )


def hr_of(district: District) -> User:
    user: User = UserFactory()
    RoleGrantFactory(user=user, role=Role.HR.value, district=district)
    return user


def keys_of(teacher: Teacher, school: School, *, hr: User, coach: User | None = None) -> Keys:
    """One object of each kind that hangs on this teacher, this school, this member of HR or this coach."""
    assert teacher.user is not None
    year = SchoolYearFactory(district=school.district)
    plan = PlanFactory(teacher=teacher, school_year=year)
    item = PlanItemFactory(plan=plan, goal=GoalFactory(plan=plan))
    task = PlanItemFactory(plan=plan, course=None, task="Visit a colleague")
    completion = CompletionFactory(teacher=teacher, course=item.course, state="pending")
    certificate = Certificate.objects.create(completion=completion, issued_at=timezone.now())
    practice = Practice.objects.create(
        teacher=teacher, title="Exit tickets", how="On paper", written_at=timezone.now(), shared_at=timezone.now()
    )
    wish = CourseWish.objects.create(teacher=teacher, course=item.course, wished_at=timezone.now())
    Adoption.objects.create(practice=practice, teacher=teacher, adopted_on=timezone.localdate())
    start = timezone.now() + timedelta(days=2)
    session = SessionFactory(course=item.course, starts_at=start, ends_at=start + timedelta(hours=2))
    grant = RoleGrantFactory(role=Role.COACH.value, district=school.district)
    run = ImportRun.objects.create(
        kind="schools",
        file=ContentFile(b"school_id,name\n1,Hill\n", name="schools.csv"),
        filename="schools.csv",
        sha256="0" * 64,
        as_of=timezone.localdate(),
        uploaded_by=hr,
    )
    job = Job.objects.create(owner=hr, title="Long work", function="learning_plans.jobs.nothing")
    export = NamedExportFactory(owner=hr)
    made = ExportRun.objects.create(export=export, reader=hr, asked_at=timezone.now())
    notice = Notice.objects.create(user=teacher.user, kind=Notice.Kind.PLAN_CHANGED, url="/")
    token, _secret = make_token(owner=hr, name="Payroll", scopes=["people:read"], days=30)
    value = KpiValueFactory(teacher=teacher, school=school, district=school.district)
    need = NeedReasonFactory(need__teacher=teacher).need
    assessment = SelfAssessmentFactory(teacher=teacher, finished_at=None)
    finished = SelfAssessmentFactory(teacher=teacher)
    priority = PriorityFactory(district=school.district, school=school)
    review = PlanReviewFactory(plan=plan)
    template = PlanTemplateFactory(district=school.district)
    start = CycleStart.objects.create(
        district=school.district,
        school_year=year,
        school=school,
        day=timezone.localdate(),
        started_by=hr,
        started_at=timezone.now(),
    )
    spell = Employment.objects.get(teacher=teacher)
    visit = VisitFactory(teacher=teacher, coach=coach or UserFactory())
    cycle = CoachingCycleFactory(teacher=teacher, coach=visit.coach)
    note = CoachingNoteFactory(visit=visit)
    of_teacher = {"teacher_pk": teacher.pk}
    rules, choice, contract, change = rules_of(school, hr=hr)
    spell_key = of_teacher | {"kind": "employment", "pk": spell.pk}
    rule = AssignmentRuleFactory(district=school.district, school=school, audience="people", made_by=hr)
    member = RuleMemberFactory(rule=rule, teacher=teacher)
    licence = LicenceFactory(teacher=teacher, rule_pack="NY-CTLE")
    waiver = Waiver.objects.create(licence=licence, amount=10, reason="Abroad", granted_at=timezone.now())
    mailing = RenewalMailing.objects.create(
        district=school.district, text="Soon", in_site=True, sent_at=timezone.now(), sent_by=hr
    )
    letter = RenewalNotice.objects.create(mailing=mailing, licence=licence, words="Soon")
    proof = Evidence(completion=completion, sha256="0" * 64, filename="proof.pdf", added_at=timezone.now())
    proof.file.save("proof.pdf", ContentFile(b"%PDF-1.7"))
    of_licence = ("renewal", "grant_waiver", "licence_facts", "extend_licence")
    return {
        **{f"learning_plans:{name}": {"pk": licence.pk} for name in of_licence},
        **{f"learning_plans:{name}": {"pk": completion.pk} for name in ("add_evidence", "decide_one", "hand_in_again")},
        **{f"learning_plans:{name}": {"pk": proof.pk} for name in ("evidence", "remove_evidence")},
        **{f"learning_plans:{name}": {"pk": teacher.pk} for name in ("merge_person", "keep_apart")},
        "learning_plans:take_back_waiver": {"pk": waiver.pk},
        "learning_plans:renewal_notice": {"pk": letter.pk},
        **{f"learning_plans:{name}": {"pk": mailing.pk} for name in ("mailing", "letters")},
        **{f"learning_plans:{name}": {"pk": rule.pk} for name in ("rule", "change_rule", "end_rule", "hold_rule")},
        **{f"learning_plans:{name}": {"pk": member.pk} for name in ("rule_member", "end_exemption")},
        **{
            f"learning_plans:{name}": {"code": rules.code}
            for name in ("rule_pack", "adapt_rules", "edit_rules", "rules_owner", "retire_rules")
        },
        "learning_plans:rule_pack_version": {"code": rules.code, "number": 1},
        **{f"learning_plans:{name}": {"pk": choice.pk} for name in ("rule_choice", "end_choice")},
        **{f"learning_plans:{name}": {"pk": change.pk} for name in ("rule_change", "confirm_rule_change")},
        **{f"learning_plans:{verb}_contract_hours": {"pk": contract.pk} for verb in ("edit", "remove")},
        "learning_plans:contract_of": of_teacher,
        "learning_plans:mark_task": {"pk": task.pk},
        "learning_plans:course": {"pk": item.course_id},
        "learning_plans:register": {"pk": session.pk},
        **{f"learning_plans:{name}": {"pk": session.pk} for name in ("withdraw", "seats", "draw_seats")},
        **{
            f"learning_plans:{name}": {"pk": need.pk}
            for name in ("recommendations", "add_for_need", "undo_add_for_need")
        },
        **{
            f"learning_plans:{verb}practice": {"pk": practice.pk} for verb in ("", "change_", "share_", "try_", "stop_")
        },
        "learning_plans:give_opinion": {"pk": completion.pk},
        "learning_plans:ask_for_course": {"pk": item.course_id},
        **{f"learning_plans:{name}_session": {"pk": session.pk} for name in ("change", "cancel")},
        "learning_plans:plan_session": {"course_pk": item.course_id},
        "learning_plans:plan": {"pk": teacher.pk},
        "learning_plans:teacher": {"pk": teacher.pk},
        **{f"learning_plans:{name}": of_teacher for name in ("log_visit", "start_coaching")},
        **{f"learning_plans:{verb}_visit": {"pk": visit.pk} for verb in ("edit", "remove")},
        **{f"learning_plans:{verb}_note": {"pk": note.pk} for verb in ("share", "delete")},
        **{f"learning_plans:{verb}_cycle": {"pk": cycle.pk} for verb in ("edit", "close", "reopen")},
        "learning_plans:start_one": of_teacher,
        "learning_plans:add_review": of_teacher,
        "learning_plans:review": {"pk": review.pk},
        **{f"api_v1:plan_reviews-{act}": {"pk": review.pk} for act in ("detail", "hold", "words")},
        "api_v1:plan_cycles-detail": {"pk": start.pk},
        "api_v1:plan_templates-detail": {"pk": template.pk},
        **{f"learning_plans:{name}": {"pk": start.pk} for name in ("started", "undo_start")},
        **{f"learning_plans:{name}": {"pk": template.pk} for name in ("template", "retire_template")},
        "learning_plans:add_goal": of_teacher,
        "learning_plans:add_item": of_teacher,
        **{f"learning_plans:{verb}_goal": {"pk": item.goal_id} for verb in ("edit", "drop", "meet", "move")},
        **{
            f"learning_plans:{act}": {"pk": plan.pk}
            for act in ("submit_plan", "take_back_plan", "return_plan", "approve_plan", "close_plan", "next_year")
        },
        "learning_plans:edit_item": {"pk": item.pk},
        "learning_plans:withdraw_item": {"pk": item.pk},
        **{f"learning_plans:{verb}completion": {"pk": completion.pk} for verb in ("", "correct_", "void_", "approve_")},
        "learning_plans:certificate": {"number": certificate.number},
        "learning_plans:answer_need": {"pk": need.pk, "answer": "put_off"},
        "learning_plans:take_up_priority": {"pk": priority.pk},
        "learning_plans:person_growth": {"pk": teacher.pk},
        "learning_plans:suggest_need": of_teacher,
        "learning_plans:take_back_suggestion": {"pk": need.reasons.get().pk},
        "learning_plans:assessment": {"pk": finished.pk},
        "learning_plans:keep_assessment": {"pk": assessment.pk},
        **{f"learning_plans:{name}": {"pk": need.competency.framework_id} for name in FRAMEWORK_PAGES},
        **{f"learning_plans:{name}": {"pk": need.competency_id} for name in ("retire_competency", "competency_kpis")},
        **{f"learning_plans:{name}": {"pk": priority.pk} for name in ("priority", "end_priority")},
        "learning_plans:person_record": {"pk": teacher.pk},
        "learning_plans:person_history": {"pk": teacher.pk},
        "teachers:person": {"pk": teacher.pk},
        "learning_plans:person_licences": {"pk": teacher.pk},
        **{f"learning_plans:{name}": {"pk": licence.pk} for name in ("licence", "statement")},
        "api_v1:renewal_rules-detail": {"code": rules.code},
        "api_v1:rule_choices-detail": {"pk": choice.pk},
        "api_v1:licenses-detail": {"pk": licence.pk},
        "teachers:link_sign_in": {"pk": teacher.pk},
        "teachers:profile": of_teacher,
        "teachers:restore_part": of_teacher,
        **{f"teachers:{verb}_employment": of_teacher | {"pk": spell.pk} for verb in ("end", "reopen")},
        "teachers:add_part": of_teacher | {"kind": "employment"},
        "teachers:edit_part": spell_key,
        "teachers:remove_part": spell_key,
        **{f"teachers:{name}": {"pk": grant.pk} for name in ("role", "end_role", "stop_sign_in", "send_link")},
        "teachers:school": {"pk": school.pk},
        "teachers:school_year": {"pk": year.pk},
        "jobs:job": {"pk": job.pk},
        "notices:open": {"pk": notice.pk},
        "reports:report": {"name": "retention"},
        **{
            f"reports:{name}": {"pk": export.pk}
            for name in (
                "export",
                "change_export",
                "run_export",
                "stop_export",
                "resume_export",
                "remove_export",
            )
        },
        **{f"reports:{name}": {"pk": made.pk} for name in ("export_run", "export_file")},
        "imports:template": {"kind": "roster"},
        **{
            f"imports:{name}": {"pk": run.pk}
            for name in ("run", "match", "preview", "check", "confirm", "result", "rejected")
        },
        "api:revoke_token": {"key": token.token_key},
        "api_v1:teachers-detail": {"pk": teacher.pk},
        "api_v1:schools-detail": {"pk": school.pk},
        "api_v1:kpi_values-detail": {"pk": value.pk},
        "api_v1:courses-detail": {"pk": item.course_id},
        "api_v1:sessions-detail": {"pk": session.pk},
        "api_v1:frameworks-detail": {"pk": need.competency.framework_id},
        "api_v1:competencies-detail": {"pk": need.competency_id},
        "api_v1:priorities-detail": {"pk": priority.pk},
        "api_v1:self_assessments-detail": {"pk": finished.pk},
        **{f"api_v1:self_assessments-{act}": {"pk": assessment.pk} for act in ("rate", "finish")},
        **{f"api_v1:needs-{act}": {"pk": need.pk} for act in ("detail", "answer")},
        **{f"api_v1:completions-{act}": {"pk": completion.pk} for act in ("detail", "void", "restore", "approve")},
        **{
            f"api_v1:plans-{act}": {"pk": plan.pk}
            for act in ("detail", "submit", "take-back", "return-to-teacher", "approve", "close")
        },
        **{f"api_v1:goals-{act}": {"pk": item.goal_id} for act in ("detail", "set-state")},
        **{f"api_v1:plan_items-{act}": {"pk": item.pk} for act in ("detail", "withdraw", "restore")},
        **{f"api_v1:assignment_rules-{act}": {"pk": rule.pk} for act in ("detail", "hold", "end")},
        **{f"api_v1:rule_members-{act}": {"pk": member.pk} for act in ("detail", "exempt", "end-exemption")},
        **{f"api_v1:coaching_cycles-{act}": {"pk": cycle.pk} for act in ("detail", "close", "reopen")},
        "api_v1:visits-detail": {"pk": visit.pk},
        "api_v1:coaching_notes-detail": {"pk": note.pk},
        "api_v1:recommendations-detail": {"pk": need.pk},
        "api_v1:course_wishes-detail": {"pk": wish.pk},
        **{
            f"api_v1:practices-{act}": {"pk": practice.pk}
            for act in ("detail", "share", "take-back", "take-up", "stop")
        },
        "api_v1:reports-detail": {"name": "retention"},
        "api_v1:tokens-detail": {"beginning": token.token_key},
    }


def rules_of(school: School, *, hr: User) -> tuple[DistrictPack, PackChoice, ContractHours, RuleChange]:
    """Renewal rules of the district's own, chosen for a state of their own, and a look at another choice."""
    district, now, code = school.district, timezone.now(), f"ours-{school.pk}"
    pack = DistrictPack.objects.create(district=district, code=code, title="Ours", based_on="KY-annual", owner="HR")
    PackVersion.objects.create(pack=pack, number=1, text=texts()["KY-annual"], reason="Made", made_by=hr, made_at=now)
    choice = PackChoice.objects.create(district=district, jurisdiction=f"S{school.pk}", rule_pack=code)
    contract = ContractHours.objects.create(district=district, school=school, hours=20)
    change = RuleChange.objects.create(
        district=district,
        kind="meanings",
        said={"meanings": {"Instruction": ["pedagogy"]}},
        rules="0" * 64,
        as_of=timezone.localdate(),
        made_by=hr,
        made_at=now,
        worked_out_at=now,
    )
    return pack, choice, contract, change


def clients_of(people: dict[str, User]) -> dict[str, Client]:
    """Everybody signed in, and somebody who is not."""
    found = {STRANGER: Client()}
    for who, user in people.items():
        found[who] = Client()
        found[who].force_login(user)
    return found


def stored() -> dict[str, int]:
    """What stands in every table of ours, in short, and how long the trail is without who looked at what."""
    found = {
        model._meta.label: hash(tuple(sorted(map(str, model._default_manager.values_list()))))
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }
    return found | {"trail": AuditEvent.objects.exclude(verb__contains="viewed").count()}
