# SPDX-License-Identifier: GPL-2.0-or-later
"""Guesses of tokens: their number has a limit for each address, and neither log nor metrics show a token."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from http.client import HTTPConnection

import pytest
from werkzeug.test import Client

from classify_pixels.service.application import Application
from classify_pixels.service.errors import TokenInvalidError, TokenMissingError, TokensExceededError
from classify_pixels.service.gpserver import BASE
from classify_pixels.service.settings import ANYONE, Settings, hash_of
from classify_pixels.service.sign_ins import MOST_ADDRESSES, MOST_WRONG, SECONDS, SignIns

TOKEN, OTHER = "token-of-ann-0123456789", "token-of-ben-0123456789"
HERE, THERE = "192.0.2.1", "198.51.100.7"
GUESSES = [f"guess-{number:03}-of-a-token" for number in range(MOST_WRONG)]


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        """Returns the seconds."""
        return self.now


@pytest.fixture
def signed(settings: Settings) -> Settings:
    """The settings of a service of two owners."""
    return replace(settings, owners={hash_of(TOKEN): "ann", hash_of(OTHER): "ben"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sign_ins(signed: Settings, clock: Clock) -> SignIns:
    return SignIns(signed, clock)


def guess(sign_ins: SignIns, tokens: Iterable[str] = GUESSES, address: str = HERE) -> None:
    for token in tokens:
        with pytest.raises(TokenInvalidError):
            sign_ins.owner_of(token, address)


def test_after_so_many_wrong_tokens_no_other_is_compared(sign_ins: SignIns, clock: Clock) -> None:
    guess(sign_ins, GUESSES[1:])
    assert sign_ins.owner_of(TOKEN, HERE) == "ann"
    guess(sign_ins, GUESSES[:1])
    for token in ("another-guess", OTHER):
        with pytest.raises(TokensExceededError):
            sign_ins.owner_of(token, HERE)
    assert (sign_ins.wrong, sign_ins.exceeded) == (MOST_WRONG, 2)
    # Another address, and this one a minute after its first wrong token.
    assert sign_ins.owner_of(OTHER, THERE) == "ben"
    clock.now += SECONDS - 0.1
    with pytest.raises(TokensExceededError):
        sign_ins.owner_of(OTHER, HERE)
    clock.now += 0.1
    assert sign_ins.owner_of(OTHER, HERE) == "ben"
    guess(sign_ins)


def test_known_tokens_of_the_address_stay_what_they_are(sign_ins: SignIns) -> None:
    """Other users may share the address, and a client that repeats an old token guesses nothing."""
    assert sign_ins.owner_of(TOKEN, HERE) == "ann"
    guess(sign_ins, GUESSES[:1] * (3 * MOST_WRONG))
    assert sign_ins.owner_of(OTHER, HERE) == "ben"
    guess(sign_ins)
    guess(sign_ins)
    assert sign_ins.owner_of(TOKEN, HERE) == "ann"
    assert sign_ins.exceeded == 0


def test_a_request_without_a_token_is_no_guess(sign_ins: SignIns, settings: Settings) -> None:
    for _ in range(2 * MOST_WRONG):
        with pytest.raises(TokenMissingError):
            sign_ins.owner_of("", HERE)
    assert sign_ins.owner_of(TOKEN, HERE) == "ann"
    assert {SignIns(settings).owner_of(token, HERE) for token in GUESSES * 2} == {ANYONE}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True), ("2001:db8::1", "2001:db8:0:1::1", False),
        ("[2001:db8::1]", "2001:db8::2%eth0", True), (HERE, "192.0.2.2", False), ("unknown", "unknown", True),
        ("unknown", "", False),
    ],
)  # fmt: skip
def test_an_address_of_version_6_is_that_of_its_network(one: str, other: str, is_same: bool, sign_ins: SignIns) -> None:
    guess(sign_ins, address=one)
    if is_same:
        with pytest.raises(TokensExceededError):
            sign_ins.owner_of(TOKEN, other)
    else:
        assert sign_ins.owner_of(TOKEN, other) == "ann"


def test_the_memory_of_addresses_is_limited(sign_ins: SignIns) -> None:
    for number in range(MOST_ADDRESSES + 5):
        place = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        guess(sign_ins, GUESSES[:1], place)
        assert sign_ins.owner_of(TOKEN, place) == "ann"
    assert (len(sign_ins._wrong), len(sign_ins._right)) == (MOST_ADDRESSES, MOST_ADDRESSES)
    assert "10.0.0.4" not in sign_ins._wrong
    assert "10.0.0.5" in sign_ins._wrong


# --- the service


def test_the_answers_log_and_metrics_show_the_limit_and_no_token(signed: Settings, log: io.StringIO) -> None:
    client = Client(Application(signed))
    there = {"environ_base": {"REMOTE_ADDR": THERE}}
    for token in GUESSES:
        answer = client.get(f"{BASE}?f=json", headers={"Authorization": f"Bearer {token}"}, **there)
        assert answer.get_json()["error"]["code"] == 498
    headers = {"Authorization": f"Bearer {TOKEN}"}
    esri, ogc = client.get(f"{BASE}?f=json", headers=headers, **there), client.get("/ogc/", headers=headers, **there)
    page = client.post("/sign-in", data={"token": TOKEN}, **there)
    assert (esri.get_json()["error"]["code"], ogc.status_code, page.status_code) == (429, 429, 429)
    assert "Set-Cookie" not in page.headers
    assert all("Retry-After" in answer.headers for answer in (esri, ogc, page))
    assert client.get("/ogc/", headers=headers).status_code == 200
    metrics = client.get("/metrics").get_data(as_text=True)
    assert f'classify_pixels_tokens_refused_total{{reason="wrong"}} {MOST_WRONG}\n' in metrics
    assert 'classify_pixels_tokens_refused_total{reason="limit"} 3\n' in metrics
    lines = [line for line in log.getvalue().splitlines() if line.startswith("Wrong token")]
    assert len(lines) == MOST_WRONG
    assert all(THERE in line for line in lines)
    shown = log.getvalue() + metrics
    assert not any(secret in shown for token in (TOKEN, *GUESSES) for secret in (token, hash_of(token)))


def test_the_pages_count_as_well(signed: Settings) -> None:
    client = Client(Application(signed))
    assert {client.post("/sign-in", data={"token": token}).status_code for token in GUESSES} == {401}
    assert client.post("/sign-in", data={"token": TOKEN}).status_code == 429


@pytest.mark.parametrize(("proxy", "is_one"), [("", True), ("127.0.0.1", False), ("192.0.2.200", True)])
def test_the_address_behind_a_proxy_is_believed_where_it_is_configured(
    proxy: str, is_one: bool, signed: Settings
) -> None:
    """The last address in the header is that which the proxy itself has seen; those before it are a client's."""
    pytest.importorskip("waitress", reason="the server of the front is waitress")
    from .test_slow_clients import serving

    with serving(signed, proxy) as port:

        def status(token: str, header: str) -> int:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/ogc/", headers={"Authorization": f"Bearer {token}", "X-Forwarded-For": header})
            found = connection.getresponse().status
            connection.close()
            return found

        for number, token in enumerate(GUESSES):
            assert status(token, f"10.0.0.{number}, {THERE}") == 401
        assert status(TOKEN, f"{HERE}, {THERE}") == 429
        assert status(TOKEN, f"{THERE}, {HERE}") == (429 if is_one else 200)
