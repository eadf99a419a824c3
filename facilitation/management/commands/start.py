import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from content.editions import publish_library
from content.files import LIBRARY_FOLDER, read_library
from facilitation.accounts import make_facilitator
from facilitation.live.house import tidy
from facilitation.server.addresses import find_home_url
from facilitation.server.folder import Busy, close_to_others, hold, keep_key
from facilitation.server.network import is_port_free
from facilitation.server.serving import serve_command
from facilitation.server.store import find_file
from sessions.models import Team
from sessions.rules.actors import SYSTEM
from sessions.writing.meetings import open_session

FIRST_NAME = "begeleider"


class Command(BaseCommand):
    help = "Prepare everything on this machine and serve it to the phones on the same wifi."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default="8000")
        parser.add_argument("--demo", action="store_true", help="also open a practice session with pretend phones")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        port = read_port(options["port"])
        prepare_folder(settings.DATA_DIR, find_file())
        check_port(port)
        call_command("migrate", verbosity=0, interactive=False)
        publish_library(read_library(LIBRARY_FOLDER))
        call_command("collectstatic", verbosity=0, interactive=False, stdout=StringIO())
        tidy()
        home = f"http://localhost:{port}"
        self.show_addresses(home, settings.PUBLIC_URL or find_home_url(port))
        if not get_user_model().objects.exists():
            self.show_account(home)
        environment = {**os.environ, "AT_HOME": "1", "SELF_URL": f"http://127.0.0.1:{port}"}
        if demo:
            self.show_demo(home, port, environment)
        self.stdout.write("\nStoppen: Ctrl+C. Alles wat is opgeslagen blijft bewaard.\n")
        self.stdout.flush()
        connections.close_all()  # the last one that closes leaves the file whole
        serve(port, environment)

    def show_addresses(self, home: str, public: str) -> None:
        self.stdout.write("\nBuurtboom staat klaar.\n\n")
        self.stdout.write(f"  Op deze computer:             {home}")
        if public:
            self.stdout.write(f"  Voor telefoons op deze wifi:  {public}")
            self.stdout.write("  Verandert de wifi, dan verandert dit adres mee. Kijk op de beamer of de console.\n\n")
            drawing = StringIO()
            segno.make(public, error="l").terminal(drawing, border=2, compact=True)
            self.stdout.write(drawing.getvalue())
        else:
            self.stdout.write("  Er is geen netwerk. Telefoons kunnen nu niet meedoen. Handen tellen kan wel.")

    def show_account(self, home: str) -> None:
        user, password = make_facilitator(FIRST_NAME)
        self.stdout.write("\nLog in als begeleider. Dit wachtwoord zie je maar één keer:\n\n")
        self.stdout.write(f"  Naam:        {user.get_username()}\n  Wachtwoord:  {password}\n\n")
        self.stdout.write(f"Een eigen wachtwoord kies je op {home}/wachtwoord\n")

    def show_demo(self, home: str, port: int, environment: dict[str, str]) -> None:
        session = open_session(
            team=Team.objects.order_by("pk")[0],
            facilitator=get_user_model().objects.order_by("pk").first(),
            title="Oefenen met Buurtboom",
            buurt="Voorbeeldbuurt",
            phase="startfase",
            actor=SYSTEM,
            practice=True,
        )
        start_aside([*_manage(), "simulate", session.code, "--url", f"http://127.0.0.1:{port}", "--wait"], environment)
        self.stdout.write("\nEr staat een oefening klaar. 24 proefdeelnemers komen vanzelf binnen.\n")
        self.stdout.write(f"  Console (log eerst in):  {home}/b/{session.code}/console")
        self.stdout.write(f"  Beamer:                  {home}/b/{session.code}/beamer")


def prepare_folder(folder: Path, database: Path | None) -> None:
    """Make the data folder ours, closed to others, with a secret key. One clear line when that cannot be."""
    try:
        close_to_others(folder, database)
        folder.mkdir(parents=True, exist_ok=True)
        hold(folder)
        trial = folder / ".trial"
        trial.write_text("")
        trial.unlink()
        keep_key(folder)
    except Busy as error:
        raise CommandError(
            f"Buurtboom draait al met de map {folder}. Ga daarmee verder, of stop die eerst met Ctrl+C."
        ) from error
    except OSError as error:
        raise CommandError(
            f"In {folder} kunnen we niet schrijven ({error.strerror}). "
            "Kies een andere map met BUURTBOOM_DATA=… of maak ruimte."
        ) from error


def read_port(typed: str) -> int:
    """A port as somebody typed it. One clear line when there is no such port."""
    if not typed.isdecimal():
        raise CommandError(f"Poort {typed} is geen getal. Kies er een tussen 1024 en 65535: make run PORT=8000")
    port = int(typed)
    if not 0 < port < 65536:
        raise CommandError(f"Poort {port} bestaat niet. Kies er een tussen 1024 en 65535.")
    return port


def check_port(port: int) -> None:
    """One clear line when we cannot listen on this port."""
    try:
        if not is_port_free(port):
            raise CommandError(f"Poort {port} is bezet. Kies een andere: make run PORT={port + 1}")
    except PermissionError as error:
        raise CommandError(f"Poort {port} mag hier niet. Kies er een boven 1023: make run PORT=8000") from error


def start_aside(command: list[str], environment: dict[str, str]) -> None:
    """Start a program that is no child of ours: the server that we become does not look after it."""
    parent = os.fork()
    if parent == 0:
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603  our own command
        os._exit(0)
    os.waitpid(parent, 0)


def serve(port: int, environment: dict[str, str]) -> None:
    """Become the server, on all addresses."""
    command = serve_command(port)
    os.execve(command[0], command, environment)  # noqa: S606  replaces this process, so that Ctrl+C reaches it


def _manage() -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py")]
