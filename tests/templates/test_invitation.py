"""The calendar file of a convocation: the same session stays the same event."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from templates.letters import Guest, invitation
from tests.pages import samples

STAMPED = datetime(2026, 5, 12, 8, tzinfo=UTC)
OFFICE = Guest(name="École des Essais", email="bureau@essais.invalid")
ADA = Guest(name="Ada MODÈLE", email="ada@exemple.invalid")


def made(guest: Guest = ADA, **changes: Any) -> tuple[Calendar, Any]:
    told = {k: changes.pop(k) for k in ("sequence", "cancelled", "zone") if k in changes}
    session = replace(samples.session(), **changes)
    data = invitation(
        session, samples.tmp(), organiser=OFFICE, guest=guest, stamped=STAMPED, **told
    )
    assert b"\r\n" in data
    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_it_says_where_and_when_in_local_time() -> None:
    calendar, event = made()
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2026, 6, 12, 7, 30, tzinfo=UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=3)
    assert event["location"] == "Salle Essai, Essai-la-Forêt"
    assert calendar.walk("VTIMEZONE")
    assert calendar["method"] == "REQUEST"


def test_winter_has_its_own_time() -> None:
    _, event = made(day=date(2026, 1, 15))
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2026, 1, 15, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("hour", ["9h30", "09:30", "9 h 30", "9\u00a0h\u00a030", "9H30"])
def test_an_hour_is_read_as_people_write_it(hour: str) -> None:
    _, event = made(hour=hour)
    assert (event.decoded("dtstart").hour, event.decoded("dtstart").minute) == (9, 30)


@pytest.mark.parametrize("hour", ["", "matin", "25h", "9h75"])
def test_without_an_hour_it_is_the_whole_day(hour: str) -> None:
    _, event = made(hour=hour)
    assert event.decoded("dtstart") == date(2026, 6, 12)
    assert event.decoded("dtend") == date(2026, 6, 13)


def test_a_postponed_session_is_the_same_event_revised() -> None:
    _, before = made()
    _, after = made(day=date(2026, 9, 4), place="Autre salle", sequence=1)
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)


def test_two_sessions_are_two_events() -> None:
    assert made()[1]["uid"] != made(reference="S2026-004")[1]["uid"]


def test_a_cancelled_session_says_so() -> None:
    calendar, event = made(cancelled=True, sequence=2)
    assert calendar["method"] == "CANCEL"
    assert event["status"] == "CANCELLED"


def test_without_an_address_it_is_for_information() -> None:
    calendar, event = made(guest=Guest(name="Bo FICTIF"))
    assert calendar["method"] == "PUBLISH"
    assert "attendee" not in event


def test_no_line_can_be_slipped_into_it() -> None:
    _, event = made(place="Salle\r\nATTENDEE:mailto:intrus@exemple.invalid")
    assert "intrus" in event["location"]
    assert str(event["attendee"]) == "mailto:ada@exemple.invalid"
