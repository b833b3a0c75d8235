"""Who writes: the organisation’s letterhead, from the settings."""

from forms.pages.letterhead import Letterhead
from watch.office import Office


def letterhead(office: Office) -> Letterhead:
    """The letterhead of every page this office draws."""
    organisation = office.settings.organisation
    return Letterhead(
        organisation=organisation.name,
        address=organisation.address,
        town=organisation.town,
        nda=organisation.declaration,
    )
