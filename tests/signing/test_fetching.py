"""Revocation answers: only from machines we may ask, within bounds; the rest is left unanswered."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import pem, x509

from signing import fetching, revocation, trust
from signing.fetching import Bounds, Fetcher
from signing.revocation import Attempt, Question
from tests.pki import ServedAuthority

Reply = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(reply: Reply) -> Iterator[tuple[str, list[str]]]:
    """A machine on loopback: its address, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            with suppress(OSError):
                reply(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}", asked
        server.shutdown()


def plain(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"reponse")


def moved(to: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/la":
            plain(handler)
            return
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.end_headers()

    return reply


def about(*urls: str) -> list[Question]:
    return [Question(tuple(Attempt(url, None) for url in urls))]


def test_a_listed_machine_is_asked_and_another_is_not() -> None:
    with serving(plain) as (host, asked):
        question = about(f"http://{host}/liste.crl")
        assert Fetcher([host]).gather(question) == (b"reponse",)
        asked.clear()
        assert Fetcher().gather(question) == ()
        assert Fetcher(["127.0.0.1"]).gather(question) == ()  # listed, but not on that port
        assert asked == []


def test_a_public_machine_that_nobody_named_is_not_even_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def looked_up(*_: object, **__: object) -> None:
        raise AssertionError("looked up")

    monkeypatch.setattr(fetching.socket, "getaddrinfo", looked_up)
    question = about("http://ailleurs.exemple/liste.crl")
    assert Fetcher(["ici.exemple"], ["autorite.exemple"]).gather(question) == ()
    with pytest.raises(AssertionError, match="looked up"):
        Fetcher(["ailleurs.exemple"]).gather(question)


def test_a_machine_an_authority_names_must_be_at_a_public_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(plain) as (host, asked):
        port = int(host.partition(":")[2])
        monkeypatch.setattr(fetching, "_PORTS", {"http": port, "https": 443})
        question = about(f"http://localhost:{port}/liste.crl")
        assert Fetcher(public=["localhost"]).gather(question) == ()
        assert asked == []
        assert Fetcher(["localhost"]).gather(question) == (b"reponse",)


def test_redirections_are_few_and_only_to_machines_we_may_ask() -> None:
    with serving(plain) as (elsewhere, untouched), serving(moved("/la")) as (host, _):
        assert Fetcher([host]).gather(about(f"http://{host}/ici")) == (b"reponse",)
        with serving(moved(f"http://{elsewhere}/la")) as (crafty, _):
            assert Fetcher([crafty]).gather(about(f"http://{crafty}/ici")) == ()
            assert untouched == []
            assert Fetcher([crafty, elsewhere]).gather(about(f"http://{crafty}/ici"))
    with serving(moved("/encore")) as (turning, asked):
        assert Fetcher([turning]).gather(about(f"http://{turning}/ici")) == ()
        assert len(asked) == 1 + Bounds().redirections


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[x", "x"])
def test_other_addresses_are_left_alone(scheme: str) -> None:
    assert Fetcher(["127.0.0.1"]).gather(about(scheme)) == ()


def test_an_answer_too_heavy_is_dropped() -> None:
    with serving(plain) as (host, _):
        question = about(f"http://{host}/liste.crl")
        assert Fetcher([host], bounds=Bounds(weight=7)).gather(question) == (b"reponse",)
        assert Fetcher([host], bounds=Bounds(weight=6)).gather(question) == ()


def test_a_machine_that_drips_is_cut_off() -> None:
    stop = threading.Event()

    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
        while not stop.wait(0.05):
            handler.wfile.write(b"X-Lent: oui\r\n")

    with serving(dripping) as (host, _):
        begun = time.monotonic()
        assert Fetcher([host], bounds=Bounds(seconds=0.5)).gather(about(f"http://{host}/")) == ()
        waited = time.monotonic() - begun
        stop.set()
    assert waited >= 0.5  # it was cut by the clock: without it, the dripping has no end


def test_requests_are_counted_for_the_whole_document() -> None:
    with serving(plain) as (host, asked):
        many = [Question((Attempt(f"http://{host}/{n}", None),)) for n in range(9)]
        assert len(Fetcher([host], bounds=Bounds(requests=4)).gather(many)) == 4
        assert len(asked) == 4


def test_one_answer_settles_a_question_and_the_list_stands_in_for_the_responder(
    served: ServedAuthority,
) -> None:
    def certificate(label: str) -> x509.Certificate:
        _, _, der = pem.unarmor((served.directory / f"{label}.crt").read_bytes())
        return x509.Certificate.load(der)

    served.identity("employeur")
    chain = [certificate("employeur"), certificate("inter")]
    asked = revocation.questions(chain, [certificate("racine")])
    assert [len(q.attempts) for q in asked] == [2, 1]
    assert [a.body is None for a in asked[0].attempts] == [False, True]
    found = revocation.answers(served.fetcher.gather(asked))
    assert (len(found.ocsps), len(found.crls)) == (1, 1)
    lists = [Question(q.attempts[-1:]) for q in asked]
    assert len(revocation.answers(served.fetcher.gather(lists)).crls) == 2


def test_only_what_reads_as_an_answer_is_kept(served: ServedAuthority) -> None:
    told = revocation.answers([b"", b"<p>En maintenance</p>", served.crl("inter")])
    assert (len(told.crls), told.ocsps) == (1, ())


def test_trusted_authorities_name_their_own_machines(
    served: ServedAuthority, authority_root: Path
) -> None:
    served.identity("employeur")
    inter = trust.load(served.directory / "inter.crt")
    assert revocation.hosts_of(inter) == {"127.0.0.1"}
    assert revocation.hosts_of(trust.load(authority_root)) == frozenset()
