"""The settings of docker-compose.yml, exactly as they stand there, against a real PostgreSQL and Redis."""

import asyncio
import json
import re
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
import websockets
import yaml

from tests.servers import ROOT, SECRET_KEY, App, serve_postgres, serve_redis

DOMAIN = "buurtboom.example"
ENV = {"DOMAIN": DOMAIN, "SECRET_KEY": SECRET_KEY, "POSTGRES_PASSWORD": "geheim"}


def read_settings(service: str) -> dict[str, str]:
    """The environment of a service with `.env` filled in, as compose does it."""
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))

    def fill(match: re.Match[str]) -> str:
        name, _, rest = match[1].partition(":")
        return ENV.get(name) or rest.removeprefix("-")

    settings = document["services"][service]["environment"]
    return {name: re.sub(r"\$\{([^}]+)\}", fill, str(value)) for name, value in settings.items()}


class Proxy:
    """A visitor behind the TLS proxy: the right host and scheme, and cookies kept by hand."""

    def __init__(self, app: App) -> None:
        self.app, self.cookies = app, {}

    def headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Host": DOMAIN, "X-Forwarded-Proto": "https", "Cookie": cookie, "Origin": f"https://{DOMAIN}",
                "Referer": f"https://{DOMAIN}/"}  # fmt: skip

    def ask(self, path: str, **fields: str) -> str:
        if fields:
            fields["csrfmiddlewaretoken"] = self.token
        body = urlencode(fields).encode() if fields else None
        with build_opener(NoRedirect()).open(Request(self.app.url + path, body, self.headers()), timeout=20) as answer:
            for header in answer.headers.get_all("Set-Cookie") or []:
                assert "Secure" in header, "a cookie would travel without TLS"
                name, _, value = header.partition(";")[0].partition("=")
                self.cookies[name] = value
            text = answer.read().decode()
        if found := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text):
            self.token = found[1]
        return text

    def connect(self, path: str) -> websockets.connect:
        headers = self.headers()
        for name in ("Host", "Origin"):
            del headers[name]
        return websockets.connect(
            f"ws://{DOMAIN}{path}",
            host="127.0.0.1",
            port=self.app.port,
            additional_headers=headers,
            origin=f"https://{DOMAIN}",
        )


class NoRedirect(HTTPRedirectHandler):
    def http_error_302(self, request, response, *rest):
        return response


@pytest.fixture(scope="module")
def two_apps(tmp_path_factory: pytest.TempPathFactory):
    """Two web processes on one database and one Redis, with the settings of compose."""
    folder = tmp_path_factory.mktemp("hosted")
    static = tmp_path_factory.mktemp("static")
    with serve_postgres(folder / "pg") as database, serve_redis(folder) as redis:
        settings = read_settings("web")
        assert settings == read_settings("migrate")
        here = {"DATABASE_URL": database, "REDIS_URL": redis}  # the only two that name a machine
        apps = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            app = App(folder / name, static)
            app.env = {key: app.env[key] for key in ("PATH", "HOME", "LANG") if key in app.env} | settings | here
            app.env |= {"STATIC_ROOT": str(static), "BUURTBOOM_DATA": str(folder / name), "SELF_URL": app.url}
            apps.append(app)
        apps[0].prepare("collectstatic --noinput --verbosity 0")
        for app in apps:
            app.start()
        yield apps
        for app in apps:
            app.stop()


def test_the_settings_of_compose_pass_the_checks_for_production(two_apps) -> None:
    two_apps[0].manage("check", "--deploy", "--fail-level", "WARNING")


def test_a_round_is_walked_over_two_processes_on_postgresql_and_redis(two_apps) -> None:
    one, two = two_apps
    password = one.make_facilitator("alice")
    session = one.open_session()
    assert session["join"] == f"https://{DOMAIN}/m/{session['code']}"
    code = session["code"]
    leader, phone = Proxy(one), Proxy(two)
    leader.ask("/inloggen")
    leader.ask("/inloggen", username="alice", password=password)
    leader.ask(f"/b/{code}/console")
    phone.ask(f"/m/{code}")
    phone.ask(f"/m/{code}/rol", role="inwoner")
    ack, decided = asyncio.run(asyncio.wait_for(play_round(leader, phone, code), 60))
    assert ack == {"type": "ack", "id": "1", "round": 1, "answer": "probleem"}
    assert "Dat horen we van iedereen." in decided["html"]
    assert "Er is een probleem" in leader.ask(f"/b/{code}/verslag")


async def play_round(leader: Proxy, phone: Proxy, code: str) -> tuple[dict, dict]:
    """From the lobby to a decision. Returns the frames with which the phone heard of its vote and of the decision."""

    async def order(command: str, **fields: str) -> None:
        await asyncio.to_thread(press, leader, code, command, **fields)

    async with phone.connect(f"/m/{code}/ws") as mine, leader.connect(f"/ws/b/{code}/beamer") as wall:
        await until(mine, lambda frame: frame["type"] == "state" and frame["scene"] == "lobby")
        await order("start")
        await order("open")
        opened = await until(mine, lambda frame: frame.get("status") == "open")
        vote = {"type": "vote", "id": "1", "round": opened["round"], "answer": "probleem"}
        await mine.send(json.dumps(vote))
        ack = await until(mine, lambda frame: frame["type"] == "ack")
        await until(wall, lambda frame: frame["type"] == "counts" and "1 van 1" in frame["html"])
        for command in ("close", "reveal", "split"):
            await order(command)
        await order("decide", answer="probleem", how="talk", why="Dat horen we van iedereen.")
        decided = await until(mine, lambda frame: frame.get("status") == "decided")
        return ack, decided


def press(leader: Proxy, code: str, command: str, **fields: str) -> None:
    """A button of the console, as it stands there now."""
    console = leader.ask(f"/b/{code}/console")
    version = re.search(r'name="version" value="(\d+)"', console)[1]
    leader.ask(f"/b/{code}/opdracht", command=command, version=version, **fields)


async def until(socket, holds) -> dict:
    """The first frame for which this holds."""
    async for text in socket:
        frame = json.loads(text)
        if holds(frame):
            return frame
    raise AssertionError("the socket closed")


def test_every_variable_of_the_settings_is_explained_in_the_example(tmp_path: Path) -> None:
    named = set(re.findall(r'(?:env|env_bool|env_int|env_list|environ\.get)\(\s*"([A-Z_]+)"',
                           (ROOT / "facilitation" / "settings.py").read_text()))  # fmt: skip
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named - explained == set()
