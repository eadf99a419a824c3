"""A mail before the days of a plan, from a shared page to a mailbox and back, with a real (small) mail server."""

import re
import socketserver
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_string, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.planning import open_plan
from tests.e2e.room import SMALL_PHONE, Room
from tests.servers import App, Prepared, wait_until

TOMORROW = date.today() + timedelta(days=1)


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes each mail, and keeps it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Postman)
        self.mails: list[str] = []

    def read(self, number: int) -> str:
        """The words of the mail with this number, now or soon."""
        wait_until(lambda: len(self.mails) >= number, "a mail", seconds=20)
        return message_from_string(self.mails[number - 1], policy=policy.default).get_content()


class Postman(socketserver.StreamRequestHandler):
    """As much of SMTP as takes a mail."""

    server: Mailbox

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            if line.upper().startswith("DATA"):
                self.say("354 go on")
                lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                self.server.mails.append("".join(lines))
            self.say("221 bye" if line.upper().startswith("QUIT") else "250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        yield box
        box.shutdown()


@pytest.fixture
def mailing(
    mailbox: Mailbox, browser: Browser, static_root: Path, prepared: Prepared, tmp_path: Path
) -> Iterator[Room]:
    """A hall whose host set up mail."""
    address = f"smtp://127.0.0.1:{mailbox.server_address[1]}"
    app = App(tmp_path, static_root, EMAIL_URL=address, EMAIL_FROM="buurtboom@buurt.example")
    prepared.copy_to(app)
    app.start()
    room = Room(app, browser)
    yield room
    room.close()
    app.stop()
    assert room.faults == [], "pages reported faults"


@pytest.mark.slow
def test_who_asks_and_says_yes_hears_it_once_and_stops_with_one_press(mailing: Room, mailbox: Mailbox) -> None:
    lead = mailing.leader()
    code = lead.order_session("Veilig oversteken", "Postbuurt", "richtfase")
    open_plan(lead, code)
    lead.page.get_by_label("Welke dag?").fill(TOMORROW.isoformat())
    lead.page.get_by_label("Waar?").fill("De Merel")
    lead.page.get_by_label("Waar?").blur()
    lead.page.goto(f"{mailing.app.url}/b/{code}/deel")
    lead.page.get_by_role("button", name="Deel het plan").click()
    plan = lead.page.locator(".share-address").get_attribute("href")

    phone = mailing.phone_in_pocket("Inwoner", viewport=SMALL_PHONE)
    phone.page.goto(f"{mailing.app.url}{plan}")
    field = phone.page.get_by_label("Een mailtje voor de volgende keer? Vul je mailadres in.")
    field.fill("fatma")
    phone.page.get_by_role("button", name="Stuur mij een mailtje").click()
    expect(phone.page.locator(".error")).to_have_text("Dit mailadres klopt niet. Kijk het nog eens na.")
    phone.check_access()
    field.fill("fatma@buurt.example")
    phone.page.get_by_role("button", name="Stuur mij een mailtje").click()
    phone.sees("Kijk in je mail")
    phone.check_access()

    (address,) = re.findall(r"http://\S+/h/\S+", mailbox.read(1))
    phone.page.goto(address)
    phone.check_access()
    phone.page.get_by_role("button", name="Ja, stuur mij een mailtje").click()
    phone.sees("Je krijgt een mailtje")
    phone.check_access()
    assert mailing.app.manage("send_reminders").strip() == "1 mails verstuurd."
    assert "De Merel" in mailbox.read(2)
    assert mailing.app.manage("send_reminders").strip() == "0 mails verstuurd."

    phone.page.get_by_role("button", name="Stuur mij geen mail meer").click()
    phone.sees("Je krijgt geen mail meer")
    phone.check_access()
    assert phone.context.cookies() == []  # nothing was left on the phone
