"""A mail before the days of a plan: only to who asked and said yes, each thing once, and gone with one press."""

from datetime import timedelta
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from facilitation.live.house import tidy
from sessions.models import Reminder, SentReminder
from sessions.writing.links import share_plan
from sessions.writing.reminders import MOST_AN_HOUR
from tests.actors import LEADER
from tests.plans import add_line

pytestmark = pytest.mark.django_db
WHO = "fatma@buurt.example"


@pytest.fixture(autouse=True)
def _mail_works(settings) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example", "buurtboom@buurt.example"
    settings.AT_HOME, settings.PUBLIC_URL = False, "https://buurtboom.example"


@pytest.fixture
def token(session) -> str:
    return share_plan(session.trajectory_id, with_names=False, frozen=None, actor=LEADER).token


@pytest.fixture
def ask(client, token):
    return lambda email=WHO: client.post(reverse("shared-remind", args=[token]), {"email": email})


@pytest.fixture
def said_yes(session) -> Reminder:
    return Reminder.objects.create(trajectory=session.trajectory, email=WHO, confirmed_at=timezone.now())


def send() -> str:
    call_command("send_reminders", stdout=(out := StringIO()))
    return out.getvalue().strip()


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def meet(session, days: int) -> None:
    session.trajectory.next_day, session.trajectory.next_place = in_days(days), "De Merel"
    session.trajectory.save()


def test_who_asks_is_asked_to_say_yes_and_gets_no_other_mail_before_that(client, ask, session):
    meet(session, 2)
    assert "Kijk in je mail" in ask().content.decode()
    (asked,) = mail.outbox
    reminder = Reminder.objects.get()
    address = reverse("reminder", args=[reminder.secret])
    assert (asked.to, f"https://buurtboom.example{address}" in asked.body) == ([WHO], True)
    assert send() == "0 mails verstuurd."
    assert "Ja, stuur mij een mailtje" in client.get(address).content.decode()  # a program that opens links says no yes
    assert Reminder.objects.get().confirmed_at is None
    assert client.post(address)["Location"] == address
    assert "Je krijgt een mailtje" in client.get(address).content.decode()
    assert send() == "1 mails verstuurd."


def test_what_comes_near_is_told_once(session, said_yes):
    meet(session, 3)
    add_line(session.trajectory, "actie", "borden vragen", due=in_days(1), who="Joost")
    add_line(session.trajectory, "actie", "tellen", due=in_days(0), state="done")
    add_line(session.trajectory, "actie", "later", due=in_days(4))
    add_line(session.trajectory, "actie", "kijken", look_back=in_days(2))
    assert send() == "1 mails verstuurd."
    (told,) = mail.outbox
    assert ["De Merel" in told.body, "borden vragen" in told.body, "kijken" in told.body] == [True] * 3
    assert [words in told.body for words in ("Joost", "tellen", "later")] == [False] * 3
    assert send() == "0 mails verstuurd."
    meet(session, 1)  # moved: that is news
    assert send() == "1 mails verstuurd."


def test_nothing_near_is_no_mail(session, said_yes):
    meet(session, 4)
    assert (send(), mail.outbox) == ("0 mails verstuurd.", [])


def test_it_stops_with_one_press_from_the_mail_program_as_well(client, session, said_yes):
    meet(session, 1)
    send()
    headers = mail.outbox[0].extra_headers
    stop = headers["List-Unsubscribe"].strip("<>").removeprefix("https://buurtboom.example")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.get(stop)["Location"] == reverse("reminder", args=[said_yes.secret])  # a link that is only opened
    assert Reminder.objects.exists()
    for _ in range(2):
        answer = client.post(stop, {"List-Unsubscribe": "One-Click"})
        assert "Je krijgt geen mail meer" in answer.content.decode()
    assert (Reminder.objects.count(), SentReminder.objects.count()) == (0, 0)
    assert client.get(reverse("reminder", args=[said_yes.secret])).status_code == 404


def test_a_mail_that_cannot_leave_is_tried_again(session, said_yes, monkeypatch):
    meet(session, 1)

    def fail(self, messages):
        raise SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fail)
        assert send() == "0 mails verstuurd."
    assert send() == "1 mails verstuurd."


def test_a_question_that_cannot_leave_is_said_and_can_be_asked_again(ask, monkeypatch):
    def fail(self, messages):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fail)
        answer = ask()
    assert (answer.status_code, "De mail kon nu niet weg." in answer.content.decode()) == (503, True)
    assert not Reminder.objects.exists()
    assert ask().status_code == 200


@pytest.mark.parametrize("email", ["", "fatma", "a@b", "x" * 250 + "@buurt.example", "a@b.nl\nBcc: c@d.nl"])
def test_what_is_no_address_is_said_at_its_field(ask, email):
    answer = ask(email)
    assert (answer.status_code, 'aria-describedby="email-error"' in answer.content.decode()) == (422, True)
    assert (Reminder.objects.count(), mail.outbox) == (0, [])


def test_asking_twice_or_for_somebody_who_said_yes_sends_nothing_and_answers_the_same(ask, said_yes):
    known = ask(WHO.upper()).content
    assert mail.outbox == []
    first = ask("joost@buurt.example").content
    again = ask("joost@buurt.example").content
    assert len(mail.outbox) == 1
    assert known == first == again


def test_nobody_mails_a_whole_town_with_our_name(ask):
    for number in range(MOST_AN_HOUR + 5):
        ask(f"n{number}@buurt.example")
    assert len(mail.outbox) == MOST_AN_HOUR


def test_where_no_mail_was_set_up_nobody_is_offered_any(client, ask, token, settings):
    settings.EMAIL_HOST = ""
    assert "mailadres" not in client.get(reverse("shared", args=[token])).content.decode()
    assert ask().status_code == 422
    with pytest.raises(CommandError, match="geen mail ingesteld"):
        send()


def test_a_link_that_stopped_takes_no_address(client):
    answer = client.post(reverse("shared-remind", args=["a" * 22]), {"email": WHO})
    assert (answer.status_code, Reminder.objects.count()) == (404, 0)


def test_an_address_goes_after_two_days_without_a_yes_and_after_a_year(session, said_yes, settings):
    settings.PRACTICE_HOURS = 24
    waiting = Reminder.objects.create(trajectory=session.trajectory, email="joost@buurt.example")
    tidy()
    assert Reminder.objects.count() == 2
    Reminder.objects.filter(pk=waiting.pk).update(asked_at=timezone.now() - timedelta(days=3))
    Reminder.objects.filter(pk=said_yes.pk).update(confirmed_at=timezone.now() - timedelta(days=366))
    tidy()
    assert not Reminder.objects.exists()


def test_an_address_is_on_no_page_of_the_team(client_of, alice, session, said_yes, token):
    story = [reverse(name, args=[session.trajectory_id]) for name in ("trajectory", "plan", "plan-share", "evaluation")]
    assert [page for page in story if WHO in client_of(alice).get(page).content.decode()] == []
