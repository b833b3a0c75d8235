"""Archives and messages made to harm: opened within bounds, under safe names, or refused in words.

Through the sandbox, with the limits of an unknown file, each followed by a good one.
"""

import base64
import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest

from casefiles.errors import UnreadableFile
from tests.returns.test_wrapped import PDF, mailed, zipped
from watch.confinement.sandbox import Sandbox, SandboxServer
from watch.settings import Limits, Wrapping
from watch.share.naming import safe_name

Piece = tuple[str, bytes]


@pytest.fixture
def sandbox(fork_server: SandboxServer) -> Sandbox:
    return Sandbox(fork_server.address)


def opened(sandbox: Sandbox, folder: Path, data: bytes) -> list[Piece]:
    """The pieces as intake asks for them; UnreadableFile."""
    file = folder / "envoi"
    file.write_bytes(data)
    found: list[Piece] = []
    count, bounds = 1, Wrapping()
    while len(found) < count:
        told = sandbox.run(
            "unwrapped", file, Limits(), first=len(found), pieces=bounds.pieces,
            size=bounds.size_mb * 1_000_000, depth=bounds.depth,
        )  # fmt: skip
        count = told["count"]
        found += [(one["name"], base64.b64decode(one["data"])) for one in told["pieces"]]
    return found


def named(name: str, data: bytes = PDF, attributes: int = 0) -> bytes:
    """An archive of one member under that very name, whatever it is."""
    place = "n" * len(name.encode())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        one = zipfile.ZipInfo(place)
        one.external_attr, one.flag_bits, one.create_system = attributes << 16, 0x800, 3
        archive.writestr(one, data)
    made = bytearray(out.getvalue().replace(place.encode(), name.encode()))
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(start) + flags
        made[at : at + 2] = struct.pack("<H", 0x800)  # the name is UTF-8
    return bytes(made)


NAMES = {
    "a folder above": ("../../../../etc/cron.d/avis.pdf", "avis.pdf"),
    "an absolute place": ("/etc/passwd", "passwd"),
    "another disk": ("C:\\Windows\\System32\\avis.pdf", "avis.pdf"),
    "another machine": ("\\\\serveur\\partage\\avis.pdf", "avis.pdf"),
    "nothing but dots": ("../..", "document"),
    "a byte of zero": ("avis.pdf\0.exe", "avis.pdf"),
    "lines of its own": ("avis\r\nPOURQUOI : accepté.pdf", "avis POURQUOI accepté.pdf"),
    "a word turned round": ("avis\u202efdp.exe", "avis fdp.exe"),
    "a device": ("CON.pdf", "CON.pdf"),
    "a stream": ("avis.pdf:caché", "avis.pdf caché"),
    "an endless name": ("a" * 60_000 + ".pdf", "a" * 96 + ".pdf"),
}


@pytest.mark.parametrize("which", NAMES)
def test_a_member_bears_a_safe_name_wherever_it_would_go(
    which: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    given, expected = NAMES[which]
    ((name, data),) = opened(sandbox, tmp_path, named(given))
    assert (name, data) == (expected, PDF)
    assert not {"/", "\\", "\0", "\n", "\r", ":"} & set(name)
    # And once on the share, what Windows would take for a device is no longer one.
    assert safe_name(name).lower() != "con.pdf"
    assert {one.name for one in tmp_path.iterdir()} == {"envoi"}


def test_a_link_is_a_text_and_is_not_followed(sandbox: Sandbox, tmp_path: Path) -> None:
    link = named("avis.pdf", b"/etc/passwd", 0o120777)
    assert opened(sandbox, tmp_path, link) == [("avis.pdf", b"/etc/passwd")]


def test_two_members_of_one_name_are_two(sandbox: Sandbox, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("avis.pdf", PDF)
        archive.writestr("avi2.pdf", PDF + b"%")
    found = opened(sandbox, tmp_path, out.getvalue().replace(b"avi2", b"avis"))
    assert [data for _, data in found] == [PDF, PDF + b"%"]


# What grows


def bomb(levels: int, width: int, bottom: bytes) -> bytes:
    data = bottom
    for level in range(levels):
        data = zipped({f"{level}-{n}.zip": data for n in range(width)})
    return data


def overlapping(members: int, size: int) -> bytes:
    """Many names for the same compressed bytes."""
    content = bytearray(zipped({"a.pdf": b"\0" * size}))
    directory = content.find(b"PK\x01\x02")
    end = content.find(b"PK\x05\x06")
    entry = bytes(content[directory:end])
    listed = entry * members
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, members, members, len(listed), directory, 0)
    return bytes(content[:directory]) + listed + tail


def itself() -> bytes:
    """As a quine would: at every level one more archive, as far as one looks."""
    data = zipped({"a.pdf": PDF})
    for _ in range(60):
        data = zipped({"encore.zip": data}, zipfile.ZIP_STORED)
    return data


def lying(size: int) -> bytes:
    """A member that says another size than its own."""
    content = bytearray(zipped({"a.pdf": b"\0" * 5_000_000}))
    for start, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.find(start) + place
        content[at : at + 4] = struct.pack("<L", size)
    return bytes(content)


def letter(**headers: str) -> bytes:
    """A message whose headers are written as they come."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"From: a@exemple.test\nMIME-Version: 1.0\n{lines}\n".encode()


def many_parts(count: int) -> bytes:
    part = (
        b"--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\n"
    )
    return letter(Content_Type='multipart/mixed; boundary="x"') + (part + PDF + b"\n") * count


def nested_messages(depth: int) -> bytes:
    data = mailed(("avis.pdf", PDF))
    for _ in range(depth):
        outer = EmailMessage()
        outer["From"] = "a@exemple.test"
        outer.set_content("Ci-joint")
        outer.add_attachment(data, maintype="application", subtype="octet-stream", filename="m.eml")
        data = outer.as_bytes()
    return data


GROWING: dict[str, Callable[[], bytes]] = {
    "archives in archives": lambda: bomb(5, 4, b"\0" * 1_000_000),
    "wide archives": lambda: bomb(2, 90, zipped({"a.pdf": b"\0" * 900_000})),
    "an archive of itself": itself,
    "thousands of tiny files": lambda: zipped({f"{n}.pdf": b"x" for n in range(5_000)}, 0),
    "many names for one content": lambda: overlapping(500, 900_000),
    "a small file that unfolds": lambda: zipped({"a.pdf": b"\0" * 20_000_000}),
    "the same, by bzip2": lambda: zipped({"a.pdf": b"\0" * 20_000_000}, zipfile.ZIP_BZIP2),
    "the same, by LZMA": lambda: zipped({"a.pdf": b"\0" * 20_000_000}, zipfile.ZIP_LZMA),
    "a size that lies": lambda: lying(10),
    "messages in messages": lambda: nested_messages(12),
    "a thousand parts": lambda: many_parts(1_000),
    "parts in parts": lambda: (
        b"From: a@exemple.test\nMIME-Version: 1.0\n"
        + b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5_000)
        )
    ),
}


@pytest.mark.parametrize("which", GROWING)
def test_what_grows_without_end_is_refused_in_words_and_the_next_is_opened(
    which: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFile) as no:
        opened(sandbox, tmp_path, GROWING[which]())
    assert no.value.message
    assert no.value.remedy
    assert sandbox.used.peak < 1_000_000_000
    assert opened(sandbox, tmp_path, mailed(("avis.pdf", PDF))) == [("avis.pdf", PDF)]


# Messages written to weigh: the piece comes out, or the refusal does.

WEIGHING: dict[str, Callable[[], bytes]] = {
    "an endless subject": lambda: (
        letter(Subject="=?utf-8?q?" + "a" * 2_000_000 + "?=", Content_Type="application/pdf") + PDF
    ),
    "endless recipients": lambda: (
        letter(
            To=",".join(f"a{n}@exemple.test" for n in range(10_000)), Content_Type="application/pdf"
        )
        + PDF
    ),
    "unbalanced comments": lambda: (
        letter(To="(" * 30_000, Content_Disposition="attachment; filename=" + "(" * 30_000) + PDF
    ),
    "an endless list of parameters": lambda: (
        letter(Content_Type="application/pdf; " + "; ".join(f"name*{n}=a" for n in range(1_200)))
        + PDF
    ),
    "twenty thousand headers": lambda: (
        letter(**{f"X_{n}": "a" for n in range(20_000)}, Content_Type="application/pdf") + PDF
    ),
    "no alphabet at all": lambda: (
        letter(
            Content_Type='application/pdf; charset="\udcff"; name="=?nul?b?AAAA?="'.encode(
                "utf-8", "surrogateescape"
            ).decode("latin-1")
        )
        + PDF
    ),
    "a coding that is none": lambda: (
        letter(Content_Type="application/pdf", Content_Transfer_Encoding="base64")
        + b"\xff\xfe%%%" * 100_000
    ),
}


@pytest.mark.parametrize("which", WEIGHING)
def test_a_message_written_to_weigh_stops_nothing(
    which: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    found: list[Piece] = []
    with suppress(UnreadableFile):
        found = opened(sandbox, tmp_path, WEIGHING[which]())
    assert all(len(name) <= 100 and "\n" not in name for name, _ in found)
    assert opened(sandbox, tmp_path, mailed(("avis.pdf", PDF))) == [("avis.pdf", PDF)]


def test_an_attachment_bears_a_safe_name_too(sandbox: Sandbox, tmp_path: Path) -> None:
    message = letter(
        Content_Type="application/pdf",
        Content_Disposition="attachment; filename*=utf-8''..%2F..%2Fcl%C3%A9%0D%0Aavis%00.pdf",
    )
    ((name, data),) = opened(sandbox, tmp_path, message + PDF)
    assert name == "clé avis .pdf"
    assert data == PDF
