"""What the case already knows, at the head of each of its forms."""

from typing import Annotated

from casefiles.answers.vocabulary import Answers, Ask


class Header(Answers):
    """What the case already knows."""

    candidate: Annotated[str, Ask(label="Candidat", columns=6, given=True)]
    company: Annotated[str | None, Ask(label="Entreprise", columns=6, given=True)] = None
