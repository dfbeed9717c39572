"""Spanish: every word translated, the compiled catalog up to date, the teacher's pages free of English."""

from __future__ import annotations

import ast
import gettext
import html
import re
import shutil
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Completion
from pd_tracker.notices.models import Notice
from tests.factories import (
    CompletionFactory,
    CreditLineFactory,
    EnrollmentFactory,
    GoalFactory,
    LicenceFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    SessionFactory,
    teacher_with_sign_in,
)

ROOT = settings.BASE_DIR
CATALOG = Path("pd_tracker", "web", "locale", "es", "LC_MESSAGES", "django.po")
LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) )?(".*")')
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|<[^>]+>")
BESIDE = re.compile(r"^\s*|\s*$")


@dataclass
class Entry:
    flags: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.parts.get("msgctxt"), self.parts["msgid"]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each English form with its Spanish one."""
        if "msgid_plural" not in self.parts:
            return [(self.parts["msgid"], self.parts["msgstr"])]
        return [(self.parts["msgid"], self.parts["msgstr[0]"]), (self.parts["msgid_plural"], self.parts["msgstr[1]"])]


def read_catalog(path: Path) -> list[Entry]:
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    return [entry for entry in map(read_entry, blocks) if entry.parts["msgid"]]


def read_entry(block: str) -> Entry:
    entry, part = Entry(), ""
    for line in block.split("\n"):
        if line.startswith("#"):
            entry.flags += line
        elif found := LINE.fullmatch(line):
            part = found[1] or part
            entry.parts[part] = entry.parts.get(part, "") + ast.literal_eval(found[2])
    return entry


@pytest.fixture(scope="module")
def catalog() -> list[Entry]:
    return read_catalog(ROOT / CATALOG)


def test_every_string_is_translated_for_certain(catalog):
    assert [
        entry.key for entry in catalog if "fuzzy" in entry.flags or not all(there for _, there in entry.pairs)
    ] == []


def test_placeholders_and_marks_are_kept(catalog):
    pairs = [pair for entry in catalog for pair in entry.pairs]
    assert [pair for pair in pairs if len({frozenset(PLACEHOLDER.findall(words)) for words in pair}) > 1] == []
    assert [pair for pair in pairs if BESIDE.findall(pair[0]) != BESIDE.findall(pair[1])] == []


def test_a_question_stays_a_question_and_a_sentence_ends_like_one(catalog):
    ends = [(here[-1], there[-1], here) for entry in catalog for here, there in entry.pairs]
    assert [words for here, there, words in ends if here in "?.:" and there != here] == []


def test_the_compiled_catalog_says_what_the_readable_one_says(catalog):
    compiled = (ROOT / CATALOG).with_suffix(".mo")
    with compiled.open("rb") as stream:
        spanish = gettext.GNUTranslations(stream)
    for entry in catalog:
        assert said(spanish, entry) == [there for _, there in entry.pairs]
    with_header = struct.unpack_from("=I", compiled.read_bytes(), 8)[0]
    assert with_header == len(catalog) + 1


def said(spanish: gettext.GNUTranslations, entry: Entry) -> list[str]:
    context, words = entry.key
    if "msgid_plural" in entry.parts:
        return [spanish.ngettext(words, entry.parts["msgid_plural"], count) for count in (1, 2)]
    return [spanish.pgettext(context, words) if context else spanish.gettext(words)]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs GNU gettext (xgettext) to gather the strings again")
def test_no_string_was_forgotten(catalog, tmp_path, monkeypatch, settings):
    for name in ("learning_plans", "teachers", "pd_tracker", "templates"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("node_modules", "static", "__pycache__")
        )
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / CATALOG.parents[2]]
    call_command("makemessages", locale=["es"], no_wrap=True, no_obsolete=True, no_location=True, verbosity=0)
    gathered = {entry.key for entry in read_catalog(tmp_path / CATALOG)}
    assert gathered ^ {entry.key for entry in catalog} == set(), "run `make messages` and translate what is new"


# --- Pages ------------------------------------------------------------------------------------------------------
BLOCKS = re.compile(r"{% (blocktrans|comment).*?{% end(?:blocktrans|comment).*?%}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
UNSEEN = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
SPOKEN_ATTRIBUTES = re.compile(r'(?:aria-label|title|placeholder|alt|data-words)="([^"]+)"')


def segments(markup: str) -> set[str]:
    seen = UNSEEN.sub("", markup)
    found = SPOKEN_ATTRIBUTES.findall(seen) + re.split(r"<[^>]*>|\n", seen)
    return {html.unescape(" ".join(words.split())) for words in found}


def test_templates_hold_no_words_outside_the_catalog():
    found = {(path.name, bare) for path in ROOT.glob("templates/**/*.html") for bare in bare_words(path)}
    assert found == {
        ("header.html", "PD Tracker"),
        ("footer.html", "PD Tracker"),
        ("downloads.html", "Excel"),
        ("downloads.html", "CSV"),
        ("licence.html", "Excel"),
        ("licence.html", "CSV"),
        ("licence.html", "JSON"),
        ("take_along.html", "PDF"),
        ("take_along.html", "Excel"),
        ("take_along.html", "CSV"),
        ("take_along.html", "JSON"),
        ("start.html", "Excel"),
        ("start.html", "CSV"),
        ("swagger_ui.html", "– PD Tracker"),
        ("swagger_ui.html", "OpenAPI"),
        ("token_made.html", 'curl -H "Authorization: Token …" ://'),
    }


def bare_words(template: Path) -> set[str]:
    return {
        words for words in segments(BLOCKS.sub(" ", template.read_text("utf-8"))) if re.search(r"[A-Za-z]{3}", words)
    }


@pytest.fixture
def teacher(db):
    """Somebody with something of everything in the plan, who reads Spanish."""
    teacher, today = teacher_with_sign_in(), timezone.localdate()
    teacher.user.language = "es"
    teacher.user.save()
    LicenceFactory(teacher=teacher)
    plan = PlanFactory(teacher=teacher, school_year=SchoolYearFactory())
    done = PlanItemFactory(plan=plan, goal=GoalFactory(plan=plan), due_on=today)
    CreditLineFactory(completion=CompletionFactory(teacher=teacher, course=done.course, completed_on=today))
    PlanItemFactory(plan=plan, due_on=today - timedelta(days=1))
    waiting = PlanItemFactory(plan=plan, due_on=today + timedelta(days=5))
    CompletionFactory(teacher=teacher, course=waiting.course, completed_on=today, state="pending")
    hour = timezone.now() + timedelta(days=9)
    session = SessionFactory(
        course=PlanItemFactory(plan=plan).course, starts_at=hour, ends_at=hour + timedelta(hours=1)
    )
    EnrollmentFactory(teacher=teacher, session=session)
    Notice.objects.create(user=teacher.user, kind="plan_changed", url=reverse("learning_plans:my_plan"))
    return teacher


@pytest.fixture
def opened(client, teacher):
    client.force_login(teacher.user)

    def open_page(name: str, *keys: int) -> str:
        response = client.get(reverse(name, args=keys))
        assert response.status_code == 200
        assert '<html lang="es"' in response.content.decode()
        return response.content.decode()

    return open_page


def test_my_plan_speaks_spanish(opened):
    words = opened("learning_plans:my_plan")
    for spanish in (
        "1 actividad está atrasada.",
        "Siguiente paso: Inscríbase.",
        "Próximas sesiones",
        "espera aprobación desde hace",
        "Buscar capacitación",
        "Cerrar sesión",
    ):
        assert spanish in words


@pytest.fixture
def english(catalog) -> set[str]:
    """What would be seen of a string that slipped through. A language is offered in its own name."""
    pairs = [pair for entry in catalog for pair in entry.pairs]
    return bared(here for here, _ in pairs) - bared(there for _, there in pairs) - {"english"}


def bared(texts: Iterable[str]) -> set[str]:
    return {words.strip(" .:").lower() for words in texts}


OWN_PAGES = (
    "dashboards:home", "dashboards:privacy", "dashboards:help", "dashboards:accessibility", "dashboards:search",
    "learning_plans:my_plan", "learning_plans:my_record", "learning_plans:courses",
    "notices:list", "teachers:seen", "account_change_password",
)  # fmt: skip


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_teachers_page_holds_no_english(opened, english, name):
    assert bared(segments(opened(name))) & english == set()


def test_a_course_a_completion_and_the_own_person_page_hold_no_english(opened, english, teacher):
    for completion in Completion.objects.filter(teacher=teacher):
        for markup in (
            opened("learning_plans:completion", completion.pk),
            opened("learning_plans:course", completion.course_id),
            opened("teachers:person", teacher.pk),
        ):
            assert bared(segments(markup)) & english == set()


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done"])
def test_the_way_in_speaks_the_browsers_language(client, db, english, name):
    markup = client.get(reverse(name), headers={"accept-language": "es-US,es;q=0.9"}).content.decode()
    assert '<html lang="es"' in markup
    assert bared(segments(markup)) & english == set()
