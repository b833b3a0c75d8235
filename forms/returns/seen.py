"""One field as it was seen on one page: its value, and what a person must be told or shown."""

from dataclasses import dataclass

from forms.returns.outcome import How, Sure, ValueRead


@dataclass(frozen=True, kw_only=True)
class FieldSeen:
    """A value; `why` it must be asked back ("" when it need not); whether to show its place."""

    value: ValueRead
    why: str = ""
    shown: bool = False

    @property
    def to_be_seen(self) -> bool:
        """Whether somebody must look at its place: asked for, or read with less than certainty."""
        return self.shown or (self.value.sure == "likely" and self.value.how != "print")


def taken(value: str | bool, how: How, sure: Sure, page: int) -> FieldSeen:
    """An answer that may be taken."""
    return FieldSeen(value=ValueRead(value=value, how=how, sure=sure, page=page))


def doubtful(value: str | bool | None, how: How, page: int, why: str) -> FieldSeen:
    """An answer that must be asked back, with at most a suggestion."""
    read = ValueRead(value=value, how=how, sure="doubtful", page=page)
    return FieldSeen(value=read, why=why, shown=True)


def unread(how: How, page: int) -> FieldSeen:
    """Something is written there; somebody must read it."""
    return FieldSeen(value=ValueRead(value=None, how=how, sure="unread", page=page), shown=True)
