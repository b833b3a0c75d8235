"""« Vérifier un parchemin.html » and the public keys, on top of the share, to hand to anyone."""

from signing.credential.page import FILE_NAME, edition, page
from signing.credential.words import KEYS_FILE_NAME
from watch.office import Office
from watch.share.publication import digest, digest_of, publish

STREAM = "verification"


def show(office: Office) -> None:
    """Put the page and the keys on the share, when they lack or when what they say has changed."""
    keys = office.code_key.published(office.settings.organisation.name)
    version = f"{FILE_NAME}#{edition(keys)}"
    _, shown = office.journal.published(STREAM)
    share = office.workspace.share
    standing = {name: digest_of(share / name) for name in (FILE_NAME, KEYS_FILE_NAME)}
    expected = {FILE_NAME: shown.get(version), KEYS_FILE_NAME: shown.get(KEYS_FILE_NAME)}
    if standing == expected and None not in expected.values():
        return
    now = {}
    for name, key, content in (
        (FILE_NAME, version, page(keys, made_on=office.today())),
        (KEYS_FILE_NAME, KEYS_FILE_NAME, keys.text()),
    ):
        data = content.encode()
        publish(
            share / name,
            data,
            staging=office.workspace.staging,
            # Whatever stands there is an older state, or was tampered with: nobody works in it.
            replacing=[d for d in (*shown.values(), standing[name]) if d],
        )
        now[key] = digest(data)
    office.journal.note_published(STREAM, 0, now)
