"""When two names are the same person’s, however they were typed. Pure."""

import unicodedata

from casefiles.events import Person

_CIVILITIES = frozenset({"m", "mr", "monsieur", "mme", "madame", "mlle", "mademoiselle"})


def person_key(person: Person) -> str:
    """The same person, however typed: birth name, first name and date, without accents or case."""
    name = f"{person.birth_name} {person.first_name}"
    return f"{name_key(name)}|{person.birth_date.isoformat()}"


def name_key(name: str) -> str:
    """A name without accents, ligatures, case, hyphens or apostrophes."""
    joined = name.casefold().replace("œ", "oe").replace("æ", "ae")
    plain = unicodedata.normalize("NFKD", joined)
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


def name_words(name: str) -> str:
    """The same person, whichever of « NOM Prénom », « Prénom NOM » or « M. Prénom Nom » is written:
    the words of the name in alphabetical order, without civility.
    """
    return " ".join(sorted(word for word in name_key(name).split() if word not in _CIVILITIES))


def same_name(expected: str, signer: str) -> bool:
    """Whether every word of the expected name stands in the signer’s, whatever the order.

    One word alone names nobody: a whole family would answer to it.
    """
    wanted, found = set(name_key(expected).split()), set(name_key(signer).split())
    return wanted == found or (len(wanted) > 1 and wanted <= found)
