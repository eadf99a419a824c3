"""A socket is opened by our own pages only: scheme, host and port of the page are those that were asked."""

import pytest

from facilitation.server.origins import is_ours


@pytest.fixture
def home(settings):
    settings.ALLOWED_HOSTS = ["localhost", "192.168.1.7", "[::1]"]
    settings.PUBLIC_URL, settings.SELF_URL, settings.IS_HTTPS = "", "http://127.0.0.1:8000", False


@pytest.fixture
def hosted(settings):
    settings.ALLOWED_HOSTS = ["buurtboom.example", "127.0.0.1"]
    settings.PUBLIC_URL, settings.SELF_URL = "https://buurtboom.example", "http://127.0.0.1:8000"
    settings.IS_HTTPS = True


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("192.168.1.7:8000", "http://192.168.1.7:8000"),
        ("192.168.1.7", "http://192.168.1.7"),
        ("192.168.1.7:80", "http://192.168.1.7"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("LOCALHOST:8000", "http://localhost:8000"),
    ],
)
def test_at_home_our_own_page_opens_a_socket(home, host, origin):
    assert is_ours(host, origin) is True


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:9000"),  # another program on the same laptop
        ("localhost:8000", "http://localhost"),
        ("localhost:8000", "https://localhost:8000"),
        ("localhost:8000", "http://192.168.1.7:8000"),  # ours as well, and not the page that was asked
        ("localhost:8000", "http://elders.example:8000"),
        ("localhost:8000", "http://localhost.elders.example:8000"),
        ("elders.example:8000", "http://elders.example:8000"),  # a name of theirs that points at us
        ("localhost:8000", "null"),
        ("localhost:8000", "file://localhost:8000"),
        ("localhost:8000", "http://"),
        ("localhost:8000", "http://localhost:port"),
        ("localhost:8000", "http://[::1"),
        ("localhost:8000", ""),
        ("", ""),
        ("", "http://localhost:8000"),
    ],
)
def test_at_home_no_other_page_opens_a_socket(home, host, origin):
    assert is_ours(host, origin) is False


@pytest.mark.parametrize(
    ("host", "origin", "may"),
    [
        ("buurtboom.example", "https://buurtboom.example", True),
        ("buurtboom.example", "https://buurtboom.example:443", True),
        ("buurtboom.example", "http://buurtboom.example", False),
        ("buurtboom.example", "https://buurtboom.example:8443", False),
        ("buurtboom.example", "https://elders.example", False),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),  # pretend phones
        ("127.0.0.1:9000", "http://127.0.0.1:9000", False),
    ],
)
def test_on_a_server_pages_come_over_tls(hosted, host, origin, may):
    assert is_ours(host, origin) is may


def test_a_proxy_that_leaves_the_port_out_is_known_by_the_public_address(hosted, settings):
    settings.PUBLIC_URL = "https://buurtboom.example:8443"
    assert is_ours("buurtboom.example", "https://buurtboom.example:8443") is True
