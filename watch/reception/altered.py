"""How a form that came back differs, answers apart, from the one this office printed.

A form whose boxes were exchanged before it was filled records the contrary of what its signer saw.
"""

from casefiles.events import FormIssued
from forms.faces import differences
from watch.office import Office
from watch.reception.answer import Drop, Refused

AGAIN = (
    "Repartez du formulaire que ce bureau a préparé, remplissez-le à l’écran dans ses champs, "
    "enregistrez-le et déposez-le."
)


def altered(office: Office, drop: Drop) -> tuple[str, ...]:
    """What is not as we printed it, in French; nothing for pages, or a print nobody here made."""
    issued = printed(office, str(drop.examined["imprint"]["serial"]))
    if drop.paper is not None or "face" not in drop.examined or issued is None:
        return ()
    shown = drop.examined["face"]
    if shown is None:
        return ("Son aspect n’a pas pu être comparé à celui de notre formulaire : regardez-le.",)
    return differences(office.face(issued.sha256), shown)


def must_be_as_printed(office: Office, drop: Drop, what: str) -> None:
    """Refused when it is not: nobody has to vouch for a sheet this office can print again."""
    if found := altered(office, drop):
        raise Refused(what, found, AGAIN)


def printed(office: Office, serial: str) -> FormIssued | None:
    """The print of that serial; None when this office made none."""
    for stream in office.journal.find("serial", serial) if serial else ():
        for one in office.journal.read(stream):
            if isinstance(one.event, FormIssued) and one.event.serial == serial:
                return one.event
    return None
