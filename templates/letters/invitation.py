"""The calendar file that goes with a convocation; the only module that knows icalendar.

The same session keeps the same identifier: an updated invitation, or its cancellation, replaces
the former one in the calendar of who opens it.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casefiles.certification import Certification
from casefiles.session import Session

if TYPE_CHECKING:
    from icalendar import vCalAddress

ZONE = "Europe/Paris"
_HOUR = re.compile(r"(\d{1,2})\s*(?:h(?:eures?)?|:|\.)?\s*(\d{2})?")


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Who is invited, and where to; without an address the file is for information."""

    name: str
    email: str = ""


def invitation(
    session: Session,
    certification: Certification,
    *,
    organiser: Guest,
    guest: Guest,
    stamped: datetime,
    sequence: int = 0,
    minutes: int = 180,
    cancelled: bool = False,
    zone: str = ZONE,
) -> bytes:
    """The .ics of a session for one guest.

    stamped: when it is written (aware); sequence: 0, then one more at each revision; minutes: how
    long to keep free. Without an hour one can read, it is the whole day.
    """
    from icalendar import Alarm, Calendar, Event

    answered = bool(organiser.email and guest.email)
    calendar = Calendar()
    calendar.add("prodid", "-//Parchemin//Convocations//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST" if answered else "PUBLISH")
    event = Event()
    event.add("uid", f"{_uid(session, organiser)}@parchemin.invalid")
    event.add("dtstamp", stamped)
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", f"Jury : {certification.name}")
    event.add("location", ", ".join(part for part in (session.place, session.town) if part))
    event.add("description", _description(session, certification, organiser))
    start = _start(session)
    if start is None:
        event.add("dtstart", session.day)
        event.add("dtend", session.day + timedelta(days=1))
    else:
        begins = datetime.combine(session.day, start, ZoneInfo(zone))
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(minutes=minutes))
    if organiser.email:
        event.add("organizer", _address(organiser), encode=False)
    if guest.email:
        who = _address(guest)
        who.params["ROLE"] = "REQ-PARTICIPANT"
        who.params["RSVP"] = "TRUE" if answered and not cancelled else "FALSE"
        event.add("attendee", who, encode=False)
    if not cancelled:
        reminder = Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("description", f"Jury : {certification.name}")
        reminder.add("trigger", timedelta(days=-1))
        event.add_component(reminder)
    calendar.add_component(event)
    if start is not None:
        year = session.day.year
        calendar.add_missing_timezones(date(year - 1, 1, 1), date(year + 2, 1, 1))
    return bytes(calendar.to_ical())


def _address(person: Guest) -> "vCalAddress":
    from icalendar import vCalAddress

    made = vCalAddress(f"mailto:{person.email}")
    made.params["CN"] = person.name
    return made


def _uid(session: Session, organiser: Guest) -> str:
    told = f"{organiser.name}/{session.reference}/{session.opened_at.isoformat()}"
    return f"{session.reference}-{hashlib.sha256(told.encode()).hexdigest()[:20]}"


def _description(session: Session, certification: Certification, organiser: Guest) -> str:
    lines = [
        f"{certification.name}, {certification.deliberation.name}",
        f"Session {session.reference}" + (f", {session.hour}" if session.hour else ""),
        f"Convoqué par {session.convener or organiser.name}",
    ]
    return "\n".join(lines)


def _start(session: Session) -> time | None:
    """« 9 h 30 », « 14h », « 09:30 » as a time; None when the hour cannot be read."""
    found = _HOUR.fullmatch(session.hour.strip().lower().replace("\u00a0", " "))
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
