"""Who may sign in and with which roles. Nobody hands out more than the table of roles allows them, by any door."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pd_tracker.access import GRANTABLE, Role
from teachers.actions.keeping import keep
from teachers.models import District, RoleGrant, School, Teacher, User
from teachers.models.choices import RoleName
from teachers.rules.granting import grantable


def may_hand_out(actor: User | None, role: Role, *, district_id: int, school_id: int | None) -> bool:
    """The operator at the command line has no login and may do everything."""
    return actor is None or role in grantable(actor.held_roles, district_id=district_id, school_id=school_id)


def may_end(actor: User | None, grant: RoleGrant) -> bool:
    return may_hand_out(actor, Role(grant.role), district_id=grant.district_id, school_id=grant.school_id)


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    district: District,
    school: School | None,
    starts_on: date,
    ends_on: date | None = None,
    actor: User | None,
) -> RoleGrant:
    if actor is not None and actor.pk == user.pk:
        raise ValidationError({"email": _("Nobody gives themselves a role. Ask somebody else who may.")})
    if not may_hand_out(actor, role, district_id=district.pk, school_id=school.pk if school else None):
        raise ValidationError({"role": _("Your own roles do not let you give this role there.")})
    grant = RoleGrant(
        user=user, role=role.value, district=district, school=school, starts_on=starts_on, ends_on=ends_on
    )
    grant.granted_by = actor
    return keep(grant, actor=actor, verb="role.granted", user=user.pk, role=role.value)


@transaction.atomic
def end_role(*, grant: RoleGrant, last_day: date, actor: User | None, reason: str = "") -> RoleGrant:
    """The role still works on its last day. One that has not begun by then is moved to that day and so never works."""
    if not may_end(actor, grant):
        raise ValidationError(_("Your own roles do not let you end this role."))
    refuse_last_admin(without=[grant], from_day=last_day + timedelta(days=1))
    grant.starts_on = min(grant.starts_on, last_day)
    grant.ends_on = last_day
    return keep(grant, actor=actor, verb="role.ended", reason=reason, user=grant.user_id, role=grant.role)


@transaction.atomic
def end_roles_of(*, teacher: Teacher, last_day: date, actor: User | None) -> list[RoleGrant]:
    """Ends the roles of a person who leaves, as far as the actor may."""
    if teacher.user is None:
        return []
    grants = teacher.user.role_grants.live(on=last_day + timedelta(days=1)).select_related("user")
    reason = _("Employment ended")
    return [
        end_role(grant=grant, last_day=last_day, actor=actor, reason=reason)
        for grant in grants
        if may_end(actor, grant) and not is_last_admin([grant], from_day=last_day + timedelta(days=1))
    ]


def refuse_last_admin(*, without: list[RoleGrant], from_day: date) -> None:
    if is_last_admin(without, from_day=from_day):
        raise ValidationError(_("This is the last administrator. Give somebody else this role first."))


def is_last_admin(grants: list[RoleGrant], *, from_day: date) -> bool:
    """Whether nobody would administer the district without these grants. Locks them: two may be ended at once."""
    districts = {grant.district_id for grant in grants if grant.role == Role.ADMIN}
    if not districts:
        return False
    admins = RoleGrant.objects.select_for_update().filter(role=Role.ADMIN.value, district__in=districts)
    remaining = admins.exclude(pk__in=[grant.pk for grant in grants]).filter(ends_on=None, user__is_active=True)
    list(admins.order_by("pk").values_list("pk"))
    return districts > set(remaining.filter(starts_on__lte=from_day).values_list("district", flat=True))


@transaction.atomic
def user_for(*, email: str, name: str, actor: User | None) -> tuple[User, bool]:
    """The login with this address, or a new one that still needs a password; the second value says which."""
    found = User.objects.filter(email__iexact=email).first()
    if found is not None:
        return found, False
    if not name.strip():
        raise ValidationError({"name": _("Nobody signs in with this address yet. Give the name too.")})
    return new_user(email=email, name=name, actor=actor), True


def new_user(*, email: str, name: str, actor: User | None) -> User:
    user = User(email=User.objects.normalize_email(email).lower(), name=name)
    user.set_unusable_password()
    return keep(user, actor=actor, verb="sign_in.made")


def sign_in_problem(teacher: Teacher) -> str:
    """Why this person cannot be given a sign-in from their address; empty when they can."""
    if teacher.user_id is not None:
        return _("This person already has a sign-in.")
    if not teacher.email:
        return _("There is no e-mail address. Add it to the profile first.")
    if Teacher.objects.filter(email__iexact=teacher.email).exclude(pk=teacher.pk).exists():
        return _("Somebody else on the roster has the same e-mail address. Each person needs their own.")
    if User.objects.filter(email__iexact=teacher.email).exists():
        return _("This e-mail address already belongs to a sign-in.")
    return ""


@transaction.atomic
def give_sign_in(*, teacher: Teacher, actor: User | None, on: date) -> User:
    """A login from the person's own address, with the role of a teacher; they choose the password themselves."""
    problem = sign_in_problem(teacher)
    if problem:
        raise ValidationError(problem)
    user = new_user(email=teacher.email, name=str(teacher), actor=actor)
    return attach(teacher=teacher, user=user, actor=actor, on=on)


@transaction.atomic
def link_sign_in(*, teacher: Teacher, actor: User | None, on: date) -> User:
    """Makes the sign-in that already has the person's address theirs, after somebody looked at both."""
    user = User.objects.filter(email__iexact=teacher.email, teacher=None).first() if teacher.email else None
    if user is None or teacher.user_id is not None:
        raise ValidationError(_("There is no free sign-in with this person's e-mail address."))
    if actor is not None and actor.pk == user.pk:
        raise ValidationError(_("Somebody else has to connect your own sign-in."))
    return attach(teacher=teacher, user=user, actor=actor, on=on)


def attach(*, teacher: Teacher, user: User, actor: User | None, on: date) -> User:
    if actor is not None and not any(Role.TEACHER in GRANTABLE.get(own.role, ()) for own in actor.held_roles):
        raise ValidationError(_("Your own roles do not let you give this role."))
    teacher.user = user
    keep(teacher, actor=actor, verb="sign_in.given", user=user.pk)
    if not user.role_grants.live(on=on).filter(role=Role.TEACHER.value).exists():
        grant = RoleGrant(user=user, role=Role.TEACHER.value, district=teacher.district, starts_on=on)
        grant.granted_by = actor
        keep(grant, actor=actor, verb="role.granted", user=user.pk, role=Role.TEACHER.value)
    return user


@transaction.atomic
def deactivate(*, user: User, actor: User | None, reason: str, on: date) -> User:
    """Stops a sign-in at once, whatever roles it holds; its sessions end."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this sign-in is stopped.")})
    grants = refuse_stronger(user=user, actor=actor, on=on)
    refuse_last_admin(without=grants, from_day=on)
    user.is_active = False
    end_sessions(user)
    return keep(user, actor=actor, verb="sign_in.stopped", reason=reason)


@transaction.atomic
def reactivate(*, user: User, actor: User | None, reason: str, on: date) -> User:
    refuse_stronger(user=user, actor=actor, on=on)
    user.is_active = True
    return keep(user, actor=actor, verb="sign_in.restored", reason=reason)


def refuse_stronger(*, user: User, actor: User | None, on: date) -> list[RoleGrant]:
    """Only who could have given all the roles of a sign-in, and those to come, may touch it; nobody their own."""
    grants = list(user.role_grants.not_over(on=on))
    if actor is not None and actor.pk == user.pk:
        raise ValidationError(_("Somebody else has to do this with your own sign-in."))
    if not all(may_end(actor, grant) for grant in grants):
        roles = ", ".join(str(RoleName(grant.role).label) for grant in grants if not may_end(actor, grant))
        raise ValidationError(_("Your own roles do not reach this sign-in: %(roles)s.") % {"roles": roles})
    return grants


def may_touch(actor: User, user: User, *, on: date) -> bool:
    """Whether `refuse_stronger` lets this sign-in be stopped, restored or sent a link."""
    return actor.pk != user.pk and all(may_end(actor, grant) for grant in user.role_grants.not_over(on=on))


def end_sessions(user: User) -> None:
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
