"""One gate: codes as people type them, seats that we signed, and sessions of one's own team."""

import uuid
from http.cookies import SimpleCookie
from urllib.parse import quote, unquote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpResponse

from facilitation import access
from facilitation.live.routing import websocket_urlpatterns
from facilitation.urls import urlpatterns
from sessions.models import CODE_LETTERS, GroupSession
from sessions.rules.refusals import Refused
from sessions.writing.meetings import open_session
from sessions.writing.seats import take_seat
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, find_inline, refusal
from tests.facilitation.walking import words
from tests.plans import make_line

# ---- Codes ----


@pytest.mark.parametrize(
    "typed",
    [
        "KR74WN", "kr74wn", "KR7 4WN", " kr7 4wn ", "KR7-4WN", "k.r.7.4.w.n", "KR7\u00a04WN", "\tKR7 4WN\r\n",
        "KR7–4WN", "KR7—4WN", "KR7\u20114WN", "KR7−4WN", "KR7_4WN", "KR7·4WN", "“KR74WN”", "KR7\u200b4WN",
        "\u200eKR7 4WN\u200f", "KR٧ ٤WN", "kr۷ ۴wn", "KR७४WN", "ＫＲ７４ＷＮ",
    ],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(typed):
    assert access.read_code(typed) == "KR74WN"


@pytest.mark.parametrize(
    "typed",
    ["", "KR74W", "KR74WNX", "KR74W0", "KROTWN", "KR74W!", "KR74WÑ", "KR74W\x00", "🌳" * 6, "<b>KR7", "K" * 100_000],
    ids=lambda typed: repr(typed)[:12],
)
def test_what_cannot_be_a_code_is_an_unknown_code(typed):
    with pytest.raises(Refused) as refused:
        access.read_code(typed)
    assert refused.value.code == "unknown-code"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["KR۷ ۴WN", "KR7–4WN", "KR7 4WN/", "KR74WN/"])
def test_a_code_typed_on_another_keyboard_leads_to_the_meeting(session, client, typed):
    session.code = "KR74WN"
    session.save()
    assert client.get("/", {"code": typed}).url == "/m/KR74WN"
    response = client.get(f"/m/{quote(typed)}", follow=True)
    assert (response.status_code, response.redirect_chain[-1][0]) == (200, "/m/KR74WN")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/alleen", "/bibliotheek", "/inloggen", "/m/KRTWNX/rol"])
def test_an_address_with_a_slash_too_many_leads_where_it_points(session, client, path):
    response = client.get(f"{path}/?next=%2Fx")
    assert (response.status_code, response.url) == (302, f"{path}?next=%2Fx")
    assert client.post(f"{path}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["//elders.example/", "/%5Celders.example/", "/nergens/", "/m//", "/bibliotheek//", "/m/"]
)
def test_no_slash_leads_to_another_site_or_to_nothing(client, path):
    assert client.get("/", PATH_INFO=unquote(path)).status_code == 404


def test_a_code_holds_nothing_that_looks_like_something_else():
    assert set(CODE_LETTERS) & set("O0I1AEU") == set()


# ---- Seats ----


def cookies(code: str, seat: uuid.UUID) -> dict[str, str]:
    """The cookies of a phone that got this seat."""
    response = HttpResponse()
    access.give_seat(response, code, seat)
    return {name: morsel.value for name, morsel in response.cookies.items()}


def test_a_seat_comes_back_as_it_was_given():
    seat = uuid.uuid4()
    assert access.read_seat(cookies("KR74WN", seat), "KR74WN") == seat


def test_a_seat_is_kept_out_of_reach_of_scripts_and_of_other_sites():
    response = HttpResponse()
    access.give_seat(response, "KR74WN", uuid.uuid4())
    (morsel,) = response.cookies.values()
    assert (morsel.key, morsel["httponly"], morsel["samesite"], morsel["max-age"], morsel["path"]) == (
        "stoel_KR74WN", True, "Lax", 30 * 24 * 3600, "/m/KR74WN",
    )  # fmt: skip


@pytest.mark.parametrize(("is_https", "secure"), [(True, True), (False, "")])
def test_a_seat_travels_over_tls_alone_where_there_is_tls(settings, is_https, secure):
    settings.IS_HTTPS = is_https
    response = HttpResponse()
    access.give_seat(response, "KR74WN", uuid.uuid4())
    assert response.cookies["stoel_KR74WN"]["secure"] == secure


def test_a_seat_of_one_session_is_none_in_another():
    given = cookies("KR74WN", uuid.uuid4())["stoel_KR74WN"]
    assert access.read_seat({"stoel_BCDFGH": given}, "BCDFGH") is None


def test_a_seat_expires(monkeypatch):
    given = cookies("KR74WN", uuid.uuid4())
    monkeypatch.setattr(access, "SEAT_SECONDS", -1)
    assert access.read_seat(given, "KR74WN") is None


def forged_seats() -> dict[str, str]:
    good = cookies("KR74WN", uuid.uuid4())["stoel_KR74WN"]
    salt = f"{access.SEAT_SALT}.KR74WN"
    value, stamp, signature = good.split(":")
    return {
        "missing": "",
        "a bare number": uuid.uuid4().hex,
        "another signature": f"{value}:{stamp}:{signature[:-2]}xx",
        "another seat with this signature": ":".join([signing.dumps(uuid.uuid4().hex).split(":")[0], stamp, signature]),
        "another time": f"{value}:1zzzzz:{signature}",
        "signed for something else": signing.dumps(uuid.uuid4().hex, salt="something.else"),
        "signed with another key": signing.dumps(uuid.uuid4().hex, key="another key", salt=salt),
        "no seat inside": signing.dumps("geen plek", salt=salt),
        "a list inside": signing.dumps(["x"], salt=salt),
        "a number inside": signing.dumps(7, salt=salt),
        "an empty list inside": signing.dumps(None, salt=salt),
        "rubbish": "🌳\x00;;\"'<script>",
        "very long": "x" * 8000,
    }


@pytest.mark.parametrize("name", forged_seats())
def test_a_forged_seat_is_no_seat(name):
    assert access.read_seat({"stoel_KR74WN": forged_seats()[name]}, "KR74WN") is None


@pytest.mark.django_db
def test_a_seat_finds_its_participant_and_nobody_elses(session):
    mine, other, free = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    person = take_seat(session.code, mine, "inwoner")
    take_seat(session.code, other, "inwoner")
    assert access.find_participant(cookies(session.code, mine), session.code) == person
    assert access.find_participant(cookies(session.code, free), session.code) is None
    assert access.find_participant({}, session.code) is None


# ---- Sessions ----


@pytest.mark.django_db
def test_anybody_with_the_code_finds_the_session(session):
    assert access.find_session(session.code.lower()) == session


@pytest.mark.django_db
def test_an_unknown_code_finds_no_session(session):
    free = next(code for code in ("BCDFGH", "CDFGHJ") if code != session.code)
    with pytest.raises(Refused) as refused:
        access.find_session(free)
    assert refused.value.code == "unknown-code"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [str.upper, str.lower, lambda code: f" {code[:3]}-{code[3:]}"])
def test_a_facilitator_finds_the_sessions_of_the_team(session, alice, typed):
    assert access.find_team_session(access.identify(alice), typed(session.code), access.Right.LEAD) == session


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["own", "BCDFGH", "", "\x00", "🌳", "x" * 500])
@pytest.mark.parametrize("who", ["bob", "nobody"])
def test_another_facilitator_and_a_stranger_hear_the_same_of_a_session_as_of_none(session, bob, who, code):
    user = bob if who == "bob" else AnonymousUser()
    with pytest.raises(Refused) as refused:
        access.find_team_session(access.identify(user), session.code if code == "own" else code, access.Right.LEAD)
    assert refused.value.code == "unknown-session"


@pytest.mark.django_db
def test_a_facilitator_without_a_team_leads_nothing(session, django_user_model):
    carol = django_user_model.objects.create_user("carol")
    with pytest.raises(Refused):
        access.find_team_session(access.identify(carol), session.code, access.Right.LEAD)


def test_without_an_address_for_phones_there_is_none_to_join(settings):
    settings.PUBLIC_URL = ""
    assert access.join_url("KR74WN") == ""
    settings.PUBLIC_URL = "http://192.168.1.7:8000"
    assert access.join_url("KR74WN") == "http://192.168.1.7:8000/m/KR74WN"


# ---- Every route of a facilitator ----


def led_routes() -> dict[str, str]:
    """Every route under a session or a plan that a team leads, by name."""
    led = ("b/<str:code>/", "t/<int:trajectory>/")
    return {route.name: f"/{route.pattern}" for route in urlpatterns if str(route.pattern).startswith(led)}


def address(path: str, session: GroupSession, line: int = 1) -> str:
    parts = {
        "<str:code>": session.code,
        "<int:trajectory>": str(session.trajectory_id),
        "<int:line>": str(line),
        "<int:link>": "1",
        "<str:kind>": "md",
    }
    for name, value in parts.items():
        path = path.replace(name, value)
    return path


FIELDS = {"get": {}, "post": {"command": "start", "version": "0", "kind": "doel"}}


def snapshot() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (GroupSession, *RELATED)]


RELATED = [field.related_model for field in GroupSession._meta.related_objects]


@pytest.mark.django_db
@pytest.mark.parametrize("name", led_routes())
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_login_every_route_leads_to_the_login_and_does_nothing(session, name, method):
    before = snapshot()
    path = address(led_routes()[name], session)
    response = getattr(CarefulClient(), method)(path, FIELDS[method])
    if response.status_code == 405:
        return
    # An address that only takes a POST leads to its page first, and that page to the login.
    where = response.url if response.url.startswith("/inloggen") else CarefulClient().get(response.url).url
    story = f"/t/{session.trajectory_id}"
    pages = [f"/b/{session.code}/console", f"/b/{session.code}/beheer"]
    pages += [story, f"{story}/plan", f"{story}/deel", f"{story}/evaluatie"]
    assert where in [f"/inloggen?next={place}" for place in (path, *pages)]
    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", led_routes())
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_another_team_no_route_shows_or_does_anything(session, bob, name, method):
    before = snapshot()
    client = CarefulClient()
    client.force_login(bob)
    path = address(led_routes()[name], session)
    response = getattr(client, method)(path, FIELDS[method], follow=True)
    if response.status_code == 405:
        return
    assert response.status_code == 404
    what = "Dit plan kennen we niet. Of het" if path.startswith("/t/") else "Deze bijeenkomst kennen we niet. Of hij"
    assert f"{what} is van een ander team. Kijk bij Jouw bijeenkomsten." in words(response)
    assert session.title not in response.content.decode()
    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["BCDFGH", "xx", "%00", "🌳", "%3Cscript%3E"])
def test_an_unknown_session_sounds_the_same_as_one_of_another_team(session, bob, code):
    client = CarefulClient()
    client.force_login(bob)
    foreign = words(client.get(f"/b/{session.code}/console"))
    response = client.get(f"/b/{code}/console")
    assert (response.status_code, words(response)) == (404, foreign)


@pytest.mark.django_db
def test_a_script_hears_it_as_a_frame(session, bob, alice):
    client = CarefulClient(headers={"Accept": "application/json"})
    client.force_login(bob)
    answer = refusal(client.post(f"/b/{session.code}/opdracht", {"command": "start", "version": "0"}))
    assert answer == (
        404,
        "unknown-session",
        "Deze bijeenkomst kennen we niet. Of hij is van een ander team. Kijk bij Jouw bijeenkomsten.",
    )


@pytest.mark.django_db
def test_the_seat_of_a_participant_opens_nothing_of_a_facilitator(session):
    phone = Phone(session.code, "inwoner")
    for path in led_routes().values():
        assert phone.client.get(address(path, session)).status_code in (302, 405)


@pytest.mark.django_db
def test_a_line_of_another_session_cannot_be_written(session, alice, team):
    other = open_session(team=team, facilitator=alice, title="Elders", buurt="Elders", phase="startfase", actor=LEADER)
    line = make_line(other, kind="doel", prompt="")
    client = CarefulClient()
    client.force_login(alice)
    response = client.post(f"/t/{session.trajectory_id}/plan/{line.pk}", {"text-0": "gestolen"})
    assert response.status_code == 422
    assert "Deze regel kennen we niet meer. Ververs de pagina." in words(response)
    line.refresh_from_db()
    assert line.texts == []


@pytest.mark.django_db
@pytest.mark.parametrize("line", [0, 10**18, 10**30])
def test_a_line_that_cannot_be_is_unknown(session, alice, line):
    client = CarefulClient()
    client.force_login(alice)
    response = client.post(f"/t/{session.trajectory_id}/plan/{line}", {"text-0": "x"})
    assert (response.status_code, "Deze regel kennen we niet meer. Ververs de pagina." in words(response)) == (
        422,
        True,
    )


# ---- Forgery, methods, size ----


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*led_routes(), "role", "vote"])
def test_a_form_without_our_token_does_nothing(session, alice, name):
    before = snapshot()
    client = CarefulClient(enforce_csrf_checks=True)
    client.force_login(alice)
    routes = led_routes() | {"role": "/m/<str:code>/rol", "vote": "/m/<str:code>/stem"}
    path = address(routes[name], session)
    page = client.post(path, {"role": "inwoner"})
    sentence = "Deze pagina was te lang open, of cookies staan uit. Ververs de pagina en probeer het opnieuw."
    assert (page.status_code, sentence in words(page)) == (403, True)
    assert refusal(client.post(path, headers={"Accept": "application/json"})) == (403, "forgery", sentence)
    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
@pytest.mark.parametrize(
    "path", ["/m/<str:code>/stem", "/m/<str:code>", "/b/<str:code>/opdracht", "/b/<str:code>/beamer"]
)
def test_a_method_that_nobody_uses_gets_a_page_that_says_so(session, alice, method, path):
    before = snapshot()
    client = CarefulClient()
    client.force_login(alice)
    response = getattr(client, method)(address(path, session))
    assert response.status_code == 405
    assert "Dit verzoek begrijpen we niet. Ga een stap terug en probeer het opnieuw." in words(response)
    assert response.headers["Allow"] == ("POST" if path.endswith(("stem", "opdracht")) else "GET, HEAD")
    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/m/<str:code>/stem", "/m/<str:code>/rol", "/b/<str:code>/opdracht", "/b/<str:code>/handen"]
)
@pytest.mark.parametrize(
    "fields", [{"why": "x" * 300_000}, {f"veld-{n}": "" for n in range(1001)}], ids=["long", "many"]
)
def test_a_form_that_is_far_too_large_gets_a_page_that_says_so(session, alice, path, fields):
    before = snapshot()
    client = CarefulClient()
    client.force_login(alice)
    client.get(f"/m/{session.code}/rol")  # gives a seat
    response = client.post(
        address(path, session), "&".join(f"{name}={value}" for name, value in fields.items()),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert response.status_code == 400
    assert "Dit verzoek begrijpen we niet. Ga een stap terug en probeer het opnieuw." in words(response)
    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00%zz=%", b"role=%ff%fe", b"answer=\x00&round=\x00", b"{}", b"--x\r\nbroken"]
)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x"]
)
def test_a_body_that_makes_no_sense_is_refused(session, body, kind):
    phone = Phone(session.code, "inwoner")
    before = snapshot()
    for path in ("rol", "stem"):
        response = phone.client.post(f"/m/{session.code}/{path}", body, content_type=kind)
        assert (path, response.status_code) == (path, 422)
    assert snapshot() == before


# ---- The pages themselves ----


def test_a_page_with_anything_inline_would_be_found():
    """The look at every page that these tests fetch, looked at itself."""
    assert find_inline(
        '<p style="color:red" onclick="x()"><style>b{}</style><script>1</script><script src="/a.js"></script>'
        '<a href=" javascript:x()"><img ONERROR=x>'
    ) == ["<p style>", "<p onclick>", "<style>", "<script>", "<a href= javascript:x()>", "<img onerror>"]
    assert find_inline('<form action="/x"><input name="style" data-on="x"><script type="module" src="/a.js">') == []


@pytest.mark.django_db
def test_every_page_of_a_session_is_bare_and_strict(session, alice):
    """CarefulClient looks; here are the pages that no other test needs."""
    client = CarefulClient()
    client.force_login(alice)
    for path in (
        "/",
        "/bijeenkomsten",
        "/inloggen",
        "/bestaat-niet",
        *(address(p, session) for p in led_routes().values()),
    ):
        assert client.get(path).status_code in (200, 302, 404, 405)


def test_every_socket_is_behind_the_gate():
    """Sockets that are added later must be tried too: these are all of them."""
    assert [str(route.pattern) for route in websocket_urlpatterns] == [
        "m/<str:code>/ws", "ws/b/<str:code>/beamer", "ws/b/<str:code>/console", "ws/t/<int:trajectory>/plan",
    ]  # fmt: skip


def test_a_cookie_of_a_seat_survives_a_browser():
    seat = uuid.uuid4()
    sent = SimpleCookie("; ".join(f"{name}={value}" for name, value in cookies("KR74WN", seat).items()))
    assert access.read_seat({name: morsel.value for name, morsel in sent.items()}, "KR74WN") == seat
