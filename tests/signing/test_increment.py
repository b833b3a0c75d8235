"""What an increment adds keeps PDF/A to the byte."""

import io
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.increment import AsIs
from tests.signing import documents


@pytest.mark.parametrize("end", [b"\r", b"\n", b""])
def test_a_stream_that_ends_with_a_return_is_read_back_and_never_ends_the_line(
    end: bytes, tmp_path: Path
) -> None:
    """Once in 256 does a certificate, or an answer about one, end so."""
    out = io.BytesIO(documents.archival(tmp_path / "p.pdf", pages=1).read_bytes())
    writer = AsIs(out, prev=PdfFileReader(out))
    writer.root["/Essai"] = writer.add_object(StreamObject(stream_data=b"un certificat" + end))
    writer.update_root()
    writer.write_in_place()  # type: ignore[no-untyped-call]
    assert b"\r\nendstream" not in out.getvalue()
    assert PdfFileReader(out).root["/Essai"].data == b"un certificat" + end
