"""What a phone has to fetch: a whole hall shares one weak connection."""

import gzip
import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.e2e.meter import Meter
from tests.e2e.room import Room
from tests.servers import App

pytestmark = [pytest.mark.rests, pytest.mark.whole]

MODULES_BYTES = 6.7 * 1024
FIRST_LOAD_BYTES = 60 * 1024


def test_the_modules_of_a_phone_weigh_little_together(app: App, room: Room) -> None:
    """As they are served, with the names that the storage put in."""
    phone = room.phone("Inwoner", app.open_session()["code"])
    modules = phone.page.evaluate("""async () => {
        const first = document.querySelector("script[type=module]").src, text = await (await fetch(first)).text();
        const second = new URL(text.match(/from "(.+?)"/)[1], first);
        return {[first]: text, [second]: await (await fetch(second)).text()};
    }""")
    weights = {
        re.search(r"/js/(\w+)\.", address)[1]: len(gzip.compress(text.encode(), 9)) for address, text in modules.items()
    }
    assert sorted(weights) == ["live", "phone"]
    assert sum(weights.values()) < MODULES_BYTES, weights


@pytest.mark.parametrize("status", ["open", pytest.param("revealed", marks=pytest.mark.slow)])
def test_the_first_visit_of_a_phone_weighs_less_than_60_kb_everything_included(
    app: App, room: Room, status: str
) -> None:
    """From the address to the vote, or to a result: two pages, styles, scripts, type, signs and the state."""
    lead = room.leader()
    code = lead.make_session("Veilig oversteken", "Lichtbuurt", "startfase")
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    if status == "revealed":
        lead.press("Sluit de stemming")
        lead.press("Toon de uitslag")
    phone = room.phone_in_pocket("Inwoner")
    meter = Meter(phone)
    phone.page.goto(f"{app.url}/m/{code}")
    phone.choose_role("Inwoner")
    phone.hears()
    phone.page.wait_for_load_state("networkidle")
    kinds = Counter(re.search(r"\.(\w+)$|/(ws)\?|$", address).group(1, 2) for address in meter.weights)
    assert kinds == {
        (None, None): 2, ("css", None): 4, ("js", None): 2, ("woff2", None): 1, ("svg", None): 2, (None, "ws"): 1,
    }  # fmt: skip
    assert meter.hosts == {urlsplit(app.url).netloc}
    print(meter.weights.total())
    assert meter.weights.total() < FIRST_LOAD_BYTES, meter.weights
