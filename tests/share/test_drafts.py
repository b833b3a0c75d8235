"""The headers of the messages ready to be sent, read again as a reader of mail reads them."""

from email import message_from_bytes
from email.header import decode_header, make_header

import pytest

from watch.share.drafts import draft


@pytest.mark.parametrize(
    "subject",
    [
        "Votre avis sur D'ARTAGNAN-ŒUVRÉ Anne-Zoë — CQPM",
        "Votre avis sur EXEMPLE-ŒUVRÉ Zoë-Éloïse Noël Hélène-Désirée — Certificat éprouvé",
        "Inscription au CQPM TMP - EXEMPLE Paul",
    ],
)
def test_a_subject_reads_as_it_was_written(subject: str) -> None:
    read = message_from_bytes(draft(subject).as_bytes())
    assert str(make_header(decode_header(read["Subject"]))) == subject


def test_a_line_break_in_an_answer_makes_no_other_header() -> None:
    made = draft("À corriger :\r\nBcc: x@exemple.invalid", to="a@exemple.invalid\n", sender="")
    read = message_from_bytes(made.as_bytes())
    assert read["Bcc"] is None
    assert read["From"] is None
    assert (read["To"], read["X-Unsent"]) == ("a@exemple.invalid", "1")
