"""The start of a real district: `manage.py bootstrap --district NAME --timezone ZONE --admin EMAIL`."""

from __future__ import annotations

import os
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pd_tracker.access import Role
from teachers.actions.accounts import grant_role, user_for
from teachers.actions.keeping import keep
from teachers.models import District, User


class Command(BaseCommand):
    help = "Makes the district and its first administrator, who chooses a password by a link that works once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--district", required=True, help='the name people see, such as "Alder Valley Schools"')
        parser.add_argument("--timezone", required=True, help='where the district is, such as "America/Los_Angeles"')
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="who signs in first")
        parser.add_argument("--name", default="", help="that person's name (default: taken from the address)")
        parser.add_argument("--new-link", action="store_true", help="print a link even if a password is set")

    def handle(self, *args: Any, **options: Any) -> None:
        email = checked_email(options["admin"])
        zone = checked_zone(options["timezone"])
        with transaction.atomic():
            district = self.district(options["district"].strip(), zone)
            user = self.administrator(district, email, options["name"].strip() or name_from(email))
        if options["new_link"] or not user.has_usable_password():
            self.stdout.write(
                f"\nOpen this link within the hour to choose a password. It works once.\n{link_for(user)}"
            )
        else:
            self.stdout.write("A password is already set. --new-link prints a link to choose another.")

    def district(self, name: str, zone: str) -> District:
        found = District.objects.order_by("pk").first()
        if found is None:
            made = checked(lambda: keep(District(name=name, time_zone=zone), actor=None, verb="district.made"))
            self.stdout.write(f"District {made.name} is made; its days are those of {made.time_zone}.")
            return made
        if found.is_demonstration:
            raise CommandError(
                "This database holds the demonstration district. "
                "Begin with an empty one: name it in DATABASE_URL, or use another folder in PD_TRACKER_DATA."
            )
        self.stdout.write(f"District {found.name} is already there, in {found.time_zone}; it stays as it is.")
        return found

    def administrator(self, district: District, email: str, name: str) -> User:
        user, is_new = checked(lambda: user_for(email=email, name=name, actor=None))
        if not user.is_active:
            raise CommandError(f"The sign-in of {user.email} is stopped. Name somebody else, or restore it first.")
        with timezone.override(ZoneInfo(district.time_zone)):
            today = timezone.localdate()
        if user.role_grants.live(on=today).filter(role=Role.ADMIN.value, district=district).exists():
            self.stdout.write(f"{user.email} is already an administrator.")
            return user
        checked(
            lambda: grant_role(user=user, role=Role.ADMIN, district=district, school=None, starts_on=today, actor=None)
        )
        made = "is made and is" if is_new else "is now"
        self.stdout.write(f"{user.email} {made} an administrator.")
        return user


def checked(make: Any) -> Any:
    try:
        return make()
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


def checked_email(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"“{text}” is not an e-mail address. Give one such as ana@district.example.") from error
    return email


def checked_zone(text: str) -> str:
    if text not in available_timezones():
        raise CommandError(
            f"“{text}” is not a time zone. Give it as region and city, such as America/Chicago or America/Los_Angeles."
        )
    return text


def name_from(email: str) -> str:
    return email.partition("@")[0].replace(".", " ").replace("_", " ").title()


def link_for(user: User) -> str:
    base = os.environ.get("SITE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
    return base.rstrip("/") + path
