"""Plan -> a calendar file: when the group meets again, when steps are due, and when to look back on what was agreed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from sessions import words
from sessions.reading import LineView, PlanPage
from sessions.rules.plan import is_settled, say_who_outside

MEETING = timedelta(hours=2)


def write_calendar(page: PlanPage, *, names: bool = True) -> bytes:
    """The days of a plan, in the language that its caller made active."""
    calendar = Calendar()
    calendar.add("prodid", "-//Buurtboom//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{words.head_plan('')} {page.buurt}")
    for event in (*_list_meetings(page), *_list_days(page, names=names)):
        event.add("dtstamp", timezone.now())
        calendar.add_component(event)
    return calendar.to_ical()


def _list_meetings(page: PlanPage) -> Iterator[Event]:
    when = page.next_time
    if when.day is None:
        return
    event = _make_event(f"{page.trajectory}-next", _("Bijeenkomst %(buurt)s") % {"buurt": page.buurt})
    if when.hour is None:
        event.add("dtstart", when.day)
    else:
        begins = timezone.make_aware(datetime.combine(when.day, when.hour))
        event.add("dtstart", begins)
        event.add("dtend", begins + MEETING)
    if when.place:
        event.add("location", when.place)
    yield event


def _list_days(page: PlanPage, *, names: bool) -> Iterator[Event]:
    for view in page.agreed:
        held = view.line.words
        if is_settled(held):
            continue
        who = say_who_outside(held, names=names)
        if held.due:
            yield _make_day(
                page, view, "due", held.due, f"{words.say_line(view)} ({who})" if who else words.say_line(view)
            )
        if held.look_back:
            said = _("Terugkijken: %(what)s") % {"what": words.say_line(view)}
            yield _make_day(page, view, "look-back", held.look_back, said)


def _make_day(page: PlanPage, view: LineView, kind: str, day: date, summary: str) -> Event:
    event = _make_event(f"{page.trajectory}-{view.line.key}-{kind}", summary)
    event.add("dtstart", day)
    return event


def _make_event(name: str, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{name}@buurtboom")  # stays the same: who takes the file again gets no second event
    event.add("summary", summary)
    return event
