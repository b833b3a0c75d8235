"""The page handed to strangers, in a real browser, from disk, with the network cut.

It must answer as the command line does, ask the network for nothing, and be usable by everyone.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from casefiles.errors import UnreadableFile
from forms.typography import NO_BREAK
from signing.credential.attachment import attach, credential_files
from signing.credential.keys import CodeKey, PublicKeys
from signing.credential.page import FILE_NAME, edition, page
from signing.credential.payload import assemble, claims, take_apart, to_be_signed
from signing.credential.verdict import issue, verify
from tests.credential.invented import (
    AT,
    AWARD,
    ORGANISATION,
    altered,
    photographed,
    png,
    printed,
)
from tests.credential.test_attachment import drawn
from tests.credential.test_withdrawn import a_list
from tests.credential.visitor import Visitor

WITHDRAWN = "P-2026-00009"
Visit = Callable[..., Any]


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")


@pytest.fixture(scope="session")
def listed(key: CodeKey) -> str:
    return a_list(key, WITHDRAWN)


@pytest.fixture
def visit(visitor: Visitor, keys: PublicKeys, listed: str, room: Path) -> Visit:
    """The page opened from disk; what a visitor does there."""
    file = room / FILE_NAME
    file.write_text(page(keys, withdrawn=listed, made_on=AT.date()), encoding="utf-8")
    visitor.does("open", path=file)
    return visitor.does


def photo(room: Path, picture: Image.Image) -> Path:
    file = room / "photo.png"
    file.write_bytes(png(picture))
    return file


def test_a_photo_of_a_genuine_code_is_authentic(visit: Visit, room: Path, key: CodeKey) -> None:
    found = visit("photo", path=photo(room, photographed(issue(AWARD, key))))
    assert found["verdict"] == "valid"
    assert found["title"] == "Authentique à l’émission"
    assert found["caption"] == "Ce que le parchemin doit porter"
    assert found["mentions"] == {
        "Titulaire": AWARD.holder,
        "Certification": AWARD.title,
        "Numéro": AWARD.number,
        "Certificateur": AWARD.certifier,
        "Décision du jury": "12 juin 2026",
        "Délivré le": "20 juin 2026",
    }
    assert found["focused"]
    assert visit("heard")["errors"] == []


def test_a_blurred_photo_is_sharpened_and_read(visit: Visit, room: Path, key: CodeKey) -> None:
    found = visit("photo", path=photo(room, photographed(issue(AWARD, key), blur=3.4)))
    assert found["verdict"] == "valid"


def test_a_forged_payload_is_called_false(visit: Visit, room: Path, key: CodeKey) -> None:
    genuine = take_apart(issue(AWARD, key))
    other = claims(replace(AWARD, holder="Monsieur Malo EXEMPLE-FAUSSAIRE"))
    forged = assemble(other, genuine.key_id, genuine.signature)
    found = visit("photo", path=photo(room, printed(forged)))
    assert (found["verdict"], found["title"]) == ("invalid", "Faux")
    assert found["caption"] == "Ce que le code prétend"
    assert not any("Authentique" in words for words in (found["title"], *found["reasons"]))


def test_a_code_by_another_key_cannot_be_decided(
    visit: Visit, room: Path, another_key: CodeKey
) -> None:
    found = visit("photo", path=photo(room, printed(issue(AWARD, another_key))))
    assert (found["verdict"], found["title"]) == ("indeterminate", "Non vérifiable")


def test_a_withdrawn_number_is_told_with_its_day(visit: Visit, room: Path, key: CodeKey) -> None:
    gone = issue(replace(AWARD, number=WITHDRAWN), key)
    found = visit("photo", path=photo(room, printed(gone)))
    assert found["verdict"] == "invalid"
    assert found["title"] == "Authentique à l’émission, retiré depuis"
    assert any("25 juin 2026" in reason for reason in found["reasons"])


def test_a_newer_list_is_believed_and_an_older_one_left(
    visit: Visit, room: Path, key: CodeKey
) -> None:
    newer, older = room / "retraits.jws", room / "anciens.jws"
    newer.write_text(a_list(key, WITHDRAWN, AWARD.number, at=AT + timedelta(days=9)))
    older.write_text(a_list(key, at=AT - timedelta(days=9)))
    assert "29 juin 2026" in visit("list", path=newer)["retraits"]
    assert "plus ancienne" in visit("list", path=older)["retraits"]
    (found,) = visit("text", texts=[issue(AWARD, key)])
    assert found["title"] == "Authentique à l’émission, retiré depuis"


@pytest.mark.parametrize("claiming", ["their name", "our name"])
def test_a_list_by_another_key_is_left(
    visit: Visit, room: Path, key: CodeKey, another_key: CodeKey, claiming: str
) -> None:
    later = AT + timedelta(days=9)
    header, *rest = a_list(another_key, AWARD.number, at=later).split(".")
    if claiming == "our name":
        header = a_list(key, at=later).split(".")[0]
    theirs = room / "retraits.jws"
    theirs.write_text(".".join((header, *rest)))
    assert "pas signée" in visit("list", path=theirs)["retraits"]
    (found,) = visit("text", texts=[issue(AWARD, key)])
    assert found["verdict"] == "valid"


def test_without_a_list_a_withdrawal_is_said_unchecked(
    visitor: Visitor, keys: PublicKeys, key: CodeKey, room: Path
) -> None:
    file = room / FILE_NAME
    file.write_text(page(keys, made_on=AT.date()), encoding="utf-8")
    assert "n’a pas de liste" in visitor.does("open", path=file)["retraits"]
    (found,) = visitor.does("text", texts=[issue(AWARD, key)])
    assert found["verdict"] == "valid"
    assert any("Retrait non vérifié" in plain(reason) for reason in found["reasons"])


def test_the_camera_is_enough(visit: Visit, visitor: Visitor, key: CodeKey) -> None:
    filmed(printed(issue(AWARD, key)), visitor.film)
    found = visit("camera")
    assert (found["verdict"], found["off"]) == ("valid", True)


def test_the_pdf_itself_is_enough(visit: Visit, room: Path, key: CodeKey) -> None:
    file = room / "parchemin.pdf"
    attached = credential_files(AWARD, key, organisation=ORGANISATION)
    file.write_bytes(attach(drawn(issue(AWARD, key)), attached, at=AT))
    assert visit("photo", path=file)["verdict"] == "valid"


def test_a_pdf_is_told_that_its_own_signature_was_not_looked_at(
    visit: Visit, room: Path, key: CodeKey
) -> None:
    file = room / "parchemin.pdf"
    files = credential_files(AWARD, key, organisation=ORGANISATION)
    file.write_bytes(attach(drawn(issue(AWARD, key)), files, at=AT) + b"\n% un ajout\n")
    told = "la signature électronique de ce PDF n’a pas été vérifiée"
    assert told in plain(visit("photo", path=file)["reasons"][0])
    shown = visit("photo", path=photo(room, printed(issue(AWARD, key))))
    assert not any(told in plain(reason) for reason in shown["reasons"])


def test_what_shows_no_code_is_refused_with_what_to_do(visit: Visit, room: Path) -> None:
    blank = visit("photo", path=photo(room, Image.new("L", (600, 400), 240)))
    assert "de plus près" in blank["refused"]
    other = visit("photo", path=photo(room, printed("https://exemple.invalid/")))
    assert "pas celui d’un parchemin" in other["refused"]
    odd = room / "photo.jpg"
    odd.write_bytes(b"\xff\xd8\xff\xe0 pas une image")
    assert "n’a pas pu être lue" in visit("photo", path=odd)["refused"]


def test_the_page_answers_as_the_command_line(
    visit: Visit, keys: PublicKeys, key: CodeKey, another_key: CodeKey, listed: str
) -> None:
    genuine = issue(AWARD, key)
    parts = take_apart(genuine)
    said = claims(AWARD)
    lengthened = said[:1] + b"\x18" + said[1:]  # the key 1, in two bytes
    odd = (b"\xa0", b"\xff", b"\xa1\x01\x61a", said + b"\x00", lengthened)
    loose = issue(replace(AWARD, number="P-1"), key)
    texts = [
        genuine,
        genuine.lower(),
        genuine[:-1],
        genuine + "A",
        issue(AWARD, another_key),
        issue(replace(AWARD, number=WITHDRAWN), key),
        issue(replace(AWARD, specimen=True), key),
        issue(replace(AWARD, certifier="Commission " * 30), key),
        issue(replace(AWARD, decided_on=date(1969, 7, 20), holder="Łucja Nguyễn"), key),
        *(loose[:-1] + letter for letter in "ABCDEFGH"),
        "PCH1/ABC", "PCM2:ABC", "PCM1:", "PCM1:A", "PCM1:????", "bonjour",
        *(altered(genuine, index) for index in range(5, len(genuine), 23)),
        *(assemble(o, parts.key_id, key.sign(to_be_signed(o, parts.key_id))) for o in odd),
    ]  # fmt: skip
    for text, found in zip(texts, visit("text", texts=texts), strict=True):
        try:
            ours = verify(text, keys, listed)
        except UnreadableFile as no:
            told = f"{no.message} {no.remedy}"
            assert plain(found.get("refused", "")) == told
            continue
        assert found.get("verdict") == ours.verdict
        assert plain(found["title"]) == ours.answer
        assert tuple(map(plain, found["reasons"])) == ours.reasons
        assert found["mentions"]["Titulaire"] == ours.award.holder


def test_a_closed_key_is_told_as_the_command_line_does(
    visitor: Visitor, key: CodeKey, room: Path
) -> None:
    closed = replace(key.public, until=date(2026, 6, 19))
    keys = PublicKeys(organisation="Essais", keys=(closed,))
    file = room / FILE_NAME
    file.write_text(page(keys, made_on=AT.date()), encoding="utf-8")
    visitor.does("open", path=file)
    (found,) = visitor.does("text", texts=[issue(AWARD, key)])
    assert tuple(map(plain, found["reasons"])) == verify(issue(AWARD, key), keys).reasons


def test_the_page_asks_the_network_for_nothing(visit: Visit, room: Path, key: CodeKey) -> None:
    visit("photo", path=photo(room, printed(issue(AWARD, key))))
    asked = [one for one in visit("heard")["asked"] if not one.startswith(("data:", "blob:"))]
    assert [one.rpartition("/")[2] for one in asked] == ["V%C3%A9rifier%20un%20parchemin.html"]


def test_the_page_may_not_even_ask(visit: Visit) -> None:
    tried = "fetch('https://exemple.invalid/').then(() => 'allé', (error) => error.name)"
    assert visit("run", script=tried) == "TypeError"
    assert any("Content Security Policy" in said for said in visit("heard")["errors"])


def test_nothing_in_the_page_names_an_address(keys: PublicKeys, listed: str) -> None:
    html = page(keys, withdrawn=listed, made_on=AT.date())
    assert set(re.findall(r"https?://[^\s\"'`<]*", html)) == {"http://www.w3.org/2000/svg"}


def test_what_an_organisation_is_called_is_only_words(key: CodeKey, room: Path) -> None:
    evil = "</script><script>alert(1)</script> « É & Cie »"
    html = page(key.published(evil), made_on=AT.date())
    assert "<script>alert" not in html
    assert html.count("</script>") == 3


def test_the_same_keys_make_the_same_page_of_a_bearable_weight(
    keys: PublicKeys, listed: str, another_key: CodeKey
) -> None:
    html = page(keys, withdrawn=listed, made_on=AT.date())
    assert html == page(keys, withdrawn=listed, made_on=AT.date())
    assert len(html.encode()) < 800_000
    assert edition(keys) != edition(another_key.published(ORGANISATION))
    assert edition(keys) != edition(keys, withdrawn=listed)


def test_the_decoder_is_the_published_one() -> None:
    parts = files("templates") / "verification"
    told = (parts / "LICENSE-zxing.md").read_text(encoding="utf-8")
    for name in ("zxing_reader.js", "zxing_reader.wasm"):
        digest = hashlib.sha256((parts / name).read_bytes()).hexdigest()
        assert f"{digest}  {name}" in told


def test_every_control_is_named_and_reached_by_keyboard(visit: Visit) -> None:
    unnamed = """[...document.querySelectorAll("button, input, textarea, summary, video")]
        .filter((one) => !one.labels?.length && !one.textContent.trim() &&
          !one.getAttribute("aria-label")).map((one) => one.outerHTML)"""
    assert visit("run", script=unnamed) == []
    assert visit("keyboard", keys=["Tab"]) == "photo"
    assert visit("keyboard", keys=["Tab"]) == "camera"


def test_the_colours_are_read_by_tired_eyes() -> None:
    css = (files("templates") / "verification" / "page.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#\w{6})", css))
    for name in ("ink", "soft", "good", "bad", "doubt"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name


def test_the_page_reads_on_a_narrow_screen(visit: Visit, key: CodeKey) -> None:
    (answered,) = visit("text", texts=[issue(replace(AWARD, certifier="C" * 60), key)])
    assert answered["verdict"] == "valid"
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for width in (320, 900):
        visit("resize", width=width)
        assert visit("run", script=wide) <= 0


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def filmed(picture: Image.Image, film: Path) -> None:
    """A film of one still picture (YUV4MPEG2), as Chromium's pretended camera takes it."""
    frame = Image.new("L", (960, 720), 235)
    picture.thumbnail((640, 640))
    frame.paste(picture, (150, 40))
    grey = bytes([128]) * (480 * 360)
    header = b"YUV4MPEG2 W960 H720 F10:1 Ip A1:1 C420jpeg\n"
    film.write_bytes(header + (b"FRAME\n" + frame.tobytes() + grey + grey) * 5)
