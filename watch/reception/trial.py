"""A sound form, opened as a foreign file would be: whether the sandbox can do its work here.

Where it cannot read its own libraries, every drop would be refused as damaged: no work is begun.
"""

from secrets import token_hex

from casefiles.answers import Inscription
from casefiles.errors import ParcheminError, SettingsError, UnreadableFile
from watch.office import Office, open_office
from watch.share.blanks import blank
from watch.share.workspace import Workspace


def opens(office: Office) -> bool:
    """Whether a form of ours is read in the sandbox, as a file that comes back would be."""
    certification = office.certification(office.offered()[0])
    office.scratch.mkdir(exist_ok=True)
    form = office.scratch / f"essai-{token_hex(4)}.pdf"
    try:
        form.write_bytes(blank(Inscription, certification, serial="ESSAI", office=office))
        return bool(office.examine(form)["imprint"])
    except (UnreadableFile, ParcheminError):
        return False
    finally:
        form.unlink(missing_ok=True)


def open_for_work(workspace: Workspace) -> Office:
    """The space, opened by whoever is to take files in; SettingsError when none could be read."""
    office = open_office(workspace)
    if office.offered() and not opens(office):
        raise SettingsError(
            "Le bac à sable n’ouvre pas même un formulaire sain : tout dépôt serait refusé.",
            "Lancez Parchemin depuis son propre environnement Python, sous l’unité systemd "
            "livrée ; « parchemin doctor » dit ce qui manque.",
        )
    return office
