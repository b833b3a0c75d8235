"""Questions side by side on the twelve columns: label above, answer on its line below.

Labels wrap and rows grow; a text whose stated capacity does not fit one line gets the lines it
needs. It decides where things stand; `ink` decides what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casefiles.answers.outline import Kind, Question
from forms.fields import PAD
from forms.flow import Flow
from forms.ink import DATE_HINT, Ink
from forms.layout import Box, rows_of
from forms.style import ANSWER, BODY, HELP, LABEL, MM, TextStyle
from forms.tags import Element
from forms.typography import NO_BREAK, lines_for, width, wrap

LINE_HEIGHT = 18.0
MOST_LINES = 50
MARK = 9.0
MARK_GAP = 4.0
_OPTION_GAP = 13.0
_OPTION_LEAD = 1.6
_ROW_GAP = 1.8 * MM
_LABEL_GAP = 1.0
_FIRST_LINE = 14.0
_GIVEN_HEIGHT = 14.0


@dataclass(frozen=True, kw_only=True)
class _Laid:
    """One question measured: its place across, its label's lines, the height of its answer.

    beside: how far right of its label the answer begins, when it does not stand below.
    """

    question: Question
    x: float
    width: float
    label: tuple[str, ...]
    aside: tuple[str, ...]
    aside_beside: bool
    answer_height: float
    beside: float = 0.0

    @property
    def label_height(self) -> float:
        """The height of the words above the answer."""
        if self.beside:
            return 0.0
        below = 0 if self.aside_beside else len(self.aside)
        return len(self.label) * LABEL.leading + below * HELP.leading


def draw_questions(flow: Flow, ink: Ink, questions: Sequence[Question], where: str) -> None:
    """Rows of questions; `where` is the title they stand under, said before each label."""
    for row in rows_of([12 if q.kind is Kind.TICK else q.columns for q in questions]):
        _draw_row(flow, ink, [questions[i] for i in row], where)


def row_heights(flow: Flow, ink: Ink, questions: Sequence[Question]) -> list[float]:
    """The height of each row, to keep rows with their heading."""
    rows = rows_of([12 if q.kind is Kind.TICK else q.columns for q in questions])
    return [_row_height(_measure(flow, ink, [questions[i] for i in row])) for row in rows]


def required_mark(question: Question) -> str:
    """The asterisk of an answer that is expected."""
    return f"{NO_BREAK}*" if question.required and not question.given else ""


def text_lines(question: Question, answer: str, style: TextStyle, room: float) -> int:
    """Lines a text answer gets: as asked, as its capacity needs, as its value needs."""
    if question.kind is Kind.DATE:
        return 1
    written = len(wrap(answer, style, room)) if answer else 1
    if question.given:
        return min(MOST_LINES, written)
    needed = lines_for(question.capacity, style, room) if question.capacity else 1
    return min(MOST_LINES, max(question.lines, needed, written))


def text_height(lines: int, style: TextStyle) -> float:
    """The height of a text answer of so many lines."""
    return LINE_HEIGHT if lines == 1 else lines * style.leading + 2 * PAD


def first_line(box: Box, question: Question) -> tuple[Box, bool]:
    """The part of a bed to write in, and whether on several lines.

    Beside a tall answer a text takes the whole height and starts at the top; a date, which has
    one line, keeps to the first.
    """
    if box.height <= LINE_HEIGHT:
        return box, False
    if question.kind is Kind.DATE:
        return Box(box.x, box.y, box.width, _FIRST_LINE), False
    return box, True


def _draw_row(flow: Flow, ink: Ink, questions: Sequence[Question], where: str) -> None:
    laid = _measure(flow, ink, questions)
    flow.need(_row_height(laid))
    top, labels = flow.y, max(one.label_height for one in laid)
    answers = max(one.answer_height for one in laid)
    for one in laid:
        block = flow.here.child("Div")
        spoken = f"{where} : {one.question.label}" if where else one.question.label
        if one.question.kind is Kind.TICK:
            _draw_tick(ink, block, one, top, spoken)
            continue
        if one.beside:
            lift = (BODY.leading + _OPTION_LEAD - LABEL.leading) / 2 + 0.4
            _draw_label(ink, block, one, top + lift)
            box = Box(one.x + one.beside, top, one.width - one.beside, answers)
            _draw_options(ink, block, one.question, box, spoken)
            continue
        _draw_label(ink, block, one, top + labels - one.label_height)
        box = Box(one.x, top + labels + _LABEL_GAP, one.width, answers)
        if one.question.kind is Kind.ONE_OF:
            _draw_options(ink, block, one.question, box, spoken)
        else:
            ink.bed(box, one.question)
            if one.question.given:
                box = Box(box.x - PAD, box.y, box.width + PAD, box.height)
            box, many = first_line(box, one.question)
            ink.text(block, box, one.question, spoken, ANSWER, many)
    flow.y = top + _row_height(laid)


def _row_height(laid: Sequence[_Laid]) -> float:
    if laid[0].question.kind is Kind.TICK:
        return laid[0].answer_height + _ROW_GAP
    labels = max(one.label_height for one in laid)
    labels += 0.0 if laid[0].beside else _LABEL_GAP
    return labels + max(one.answer_height for one in laid) + _ROW_GAP


def _measure(flow: Flow, ink: Ink, questions: Sequence[Question]) -> list[_Laid]:
    laid, column = [], 0
    for question in questions:
        x, wide = flow.frame.span(column, min(question.columns, 12))
        column += question.columns
        aside = DATE_HINT if question.kind is Kind.DATE and not question.given else question.help
        label = wrap(question.label + required_mark(question), LABEL, wide)
        last = width(label[-1], LABEL) + 5
        beside = bool(aside) and last + width(aside, HELP) <= wide
        laid.append(
            _Laid(
                question=question,
                x=x,
                width=wide,
                label=label,
                aside=wrap(aside, HELP, wide) if aside else (),
                aside_beside=beside,
                answer_height=_answer_height(ink, question, wide),
                beside=_beside(question, label, wide) if not aside else 0.0,
            )
        )
    return laid


def _beside(question: Question, label: tuple[str, ...], wide: float) -> float:
    """Where options begin when they fit on the line of their label; 0 when they do not."""
    if question.kind is not Kind.ONE_OF or question.columns < 12 or len(label) > 1:
        return 0.0
    start = width(label[0], LABEL) + _OPTION_GAP
    laid, _ = _options(question, wide - start)
    return start if laid and all(o.y == 0 and len(o.lines) == 1 for o in laid) else 0.0


def _answer_height(ink: Ink, question: Question, wide: float) -> float:
    if question.kind is Kind.TICK:
        words = question.label + required_mark(question)
        return len(wrap(words, BODY, wide - MARK - 2 * MARK_GAP)) * BODY.leading
    if question.kind is Kind.ONE_OF:
        return _options(question, wide)[1]
    lines = text_lines(question, ink.answer(question), ANSWER, wide - 2 * PAD)
    return _GIVEN_HEIGHT if question.given and lines == 1 else text_height(lines, ANSWER)


def _draw_label(ink: Ink, block: Element, one: _Laid, top: float) -> None:
    element = block.child("P")
    with ink.sheet.tagged(element):
        ink.sheet.lines(one.x, top, one.label, LABEL)
        if one.aside:
            below = top + len(one.label) * LABEL.leading
            if one.aside_beside:
                x = one.x + width(one.label[-1], LABEL) + 5
                rise = (LABEL.leading + HELP.leading) / 2
                ink.sheet.lines(x, below - rise, one.aside, HELP)
            else:
                ink.sheet.lines(one.x, below, one.aside, HELP)


def _draw_tick(ink: Ink, block: Element, one: _Laid, top: float, spoken: str) -> None:
    x = one.x + MARK + 2 * MARK_GAP
    lines = wrap(one.question.label + required_mark(one.question), BODY, one.width + one.x - x)
    box = Box(one.x, top + (BODY.leading - MARK) / 2, MARK, MARK)
    ink.tick(block, box, one.question, spoken)
    with ink.sheet.tagged(block.child("P")):
        ink.sheet.lines(x, top, lines, BODY)


@dataclass(frozen=True)
class _Option:
    """One option laid out: its value, its offset in the answer's box, its words in lines."""

    value: str
    x: float
    y: float
    lines: tuple[str, ...]


def _options(question: Question, wide: float) -> tuple[list[_Option], float]:
    """Options on one line if they fit, else down columns; and the height they take."""
    before = MARK + MARK_GAP
    sizes = [before + width(o.label, BODY) for o in question.options]
    if not sizes:
        return [], 0.0
    if sum(sizes) + _OPTION_GAP * (len(sizes) - 1) <= wide:
        offsets = [sum(sizes[:i]) + _OPTION_GAP * i for i in range(len(sizes))]
        across = len(sizes)
    else:
        across = max(1, int((wide + _OPTION_GAP) / (max(sizes) + _OPTION_GAP)))
        offsets = [(wide + _OPTION_GAP) / across * i for i in range(across)]
    deep = -(-len(sizes) // across)
    laid, heights = [], [0.0] * across
    for place, option in enumerate(question.options):
        column = place // deep
        words = wrap(option.label, BODY, wide - before)
        laid.append(_Option(option.value, offsets[column], heights[column], words))
        heights[column] += len(words) * BODY.leading + _OPTION_LEAD
    return laid, max(heights)


def _draw_options(ink: Ink, block: Element, question: Question, box: Box, spoken: str) -> None:
    laid, _ = _options(question, box.width)
    places: dict[str, tuple[Element, Box]] = {}
    for option in laid:
        top = box.y + option.y + _OPTION_LEAD / 2 + (BODY.leading - MARK) / 2
        places[option.value] = (block.child("Div"), Box(box.x + option.x, top, MARK, MARK))
    ink.one_of(question, spoken, places)
    for option in laid:
        element, mark = places[option.value]
        with ink.sheet.tagged(element.child("P")):
            top = mark.y + (MARK - BODY.leading) / 2
            ink.sheet.lines(mark.right + MARK_GAP, top, option.lines, BODY)
