"""`parchemin doctor`: tests what will hurt later, and says each thing found with its remedy."""

from casefiles.errors import JournalDamaged, ParcheminError
from watch.commands.checks import Check, Look, inside, machine, trust
from watch.office import open_office
from watch.share.workspace import Workspace

LOOKS: tuple[Look, ...] = (
    machine.share,
    machine.events,
    machine.rights,
    machine.disks,
    machine.clock,
    inside.journal,
    inside.originals,
    trust.keys,
    trust.authorities,
    trust.signers,
    trust.lists,
    trust.time_stamps,
    inside.sandbox,
    inside.adopted,
    inside.restyled_letters,
    inside.mail,
    inside.queue,
    inside.retention,
    inside.blocked,
)


def examine(workspace: Workspace, *, deep: bool = False) -> tuple[Check, ...]:
    """Every check, in reading order; opening the space comes first.

    deep: that nothing was lost or doubled is proven from disk and database, byte by byte.
    """
    try:
        office = open_office(workspace)
    except ParcheminError as error:
        return (Check(what="Réglages", good=False, said=str(error)),)
    looks = (*LOOKS, inside.deep) if deep else LOOKS
    found = [Check(what="Réglages", good=True, said="Lus, sans erreur.")]
    for look in looks:
        try:
            found += look(office)
        except JournalDamaged as error:
            found.append(Check(what="Journal", good=False, said=str(error)))
    return tuple(dict.fromkeys(found))


def show(checks: tuple[Check, ...]) -> None:
    """The checks, for a person."""
    from rich.markup import escape
    from rich.table import Table

    from forms.typography import french
    from watch.commands.terminal import terminal

    # What is said names sections, in brackets: no markup of rich’s.
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        table.add_row("✓" if check.good else "✗", escape(check.what), french(escape(check.said)))
    terminal().print(table)
