"""A program of its own, run by `printing` in a process with limits: blocks of words as JSON in, a PDF file out.

It imports nothing of the product, so that it starts quickly and has no secret in its memory. The letters are those of
Western Europe (Windows-1252), in a font that every reader of such files has; others are written without their accents.
"""

import json
import resource
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

from fpdf import FPDF

MOST_MEMORY_BYTES = 1024**3
MOST_CPU_SECONDS = 15
LETTERS = "cp1252"
SPACES = {ord("\N{NARROW NO-BREAK SPACE}"): "\N{NO-BREAK SPACE}", ord("\N{MINUS SIGN}"): "-"}
STROKED = str.maketrans("ŁłĐđĦħŦŧ", "LlDdHhTt")
INK, SOFT, LINE, RED = (28, 27, 25), (95, 90, 82), (217, 207, 192), (181, 65, 43)
MARGIN, LABEL_WIDTH, AMOUNT_WIDTH = 22, 52, 46  # millimetres
Pairs = Sequence[tuple[str, str]]


def limit() -> None:
    """Hold this process to its share of memory and time; it may write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(text: str) -> str:
    """The text in letters that the font has."""
    text = unicodedata.normalize("NFC", text).translate(SPACES)
    return "".join(_letter(each) for each in text)


def _letter(letter: str) -> str:
    if _is_known(letter):
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter.translate(STROKED)) if _is_known(part))
    return bare or "?"


def _is_known(letter: str) -> bool:
    try:
        letter.encode(LETTERS)
    except UnicodeEncodeError:
        return False
    return True


class Paper(FPDF):
    """One sheet, or as many as its lines need. Each kind of block is a method of its name."""

    def __init__(self) -> None:
        super().__init__(format="letter")
        self.core_fonts_encoding = LETTERS
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.add_page()

    def heading(self, title: str) -> None:
        """The maker's name over a lane line, and what this is."""
        self.set_font("helvetica", "B", 11)
        self.set_text_color(*RED)
        self.cell(0, 6, "Runsight", new_x="LMARGIN", new_y="NEXT")
        self._rule(RED)
        self.set_text_color(*INK)
        self.set_font("helvetica", "B", 24)
        self.multi_cell(0, 14, plain(title), new_x="LMARGIN", new_y="NEXT")

    def section(self, title: str, pairs: Pairs) -> None:
        """A heading over facts; none without them."""
        if pairs:
            self.set_text_color(*RED)
            self.set_font("helvetica", "B", 12)
            self.multi_cell(0, 8, plain(title), new_x="LMARGIN", new_y="NEXT")
            self.facts(pairs)

    def facts(self, pairs: Pairs) -> None:
        """Labels at the left, what they mean beside them; a pair stays on one sheet, if it fits on one."""
        for label, value in pairs:
            self.set_font("helvetica", "", 10)
            wide = self.epw - LABEL_WIDTH
            lines = [self._lines(width, text) for width, text in ((LABEL_WIDTH, label), (wide, value))]
            if self.get_y() + 6 * min(max(lines), 40) > self.h - MARGIN:
                self.add_page()
            top = self.get_y()
            self.set_text_color(*SOFT)
            self.multi_cell(LABEL_WIDTH, 6, plain(label), new_x="RIGHT", new_y="TOP", align="L")
            self.set_xy(MARGIN + LABEL_WIDTH, top)
            self.set_text_color(*INK)
            self.multi_cell(wide, 6, plain(value), new_x="LMARGIN", new_y="NEXT", align="L")
            if lines[0] > lines[1]:
                self.set_y(top + 6 * lines[0])
        self.ln(6)

    def amounts(self, pairs: Pairs, style: str = "") -> None:
        """What at the left, how much at the right, a hairline over each block."""
        if not pairs:
            return
        self._rule(LINE)
        self.set_text_color(*INK)
        for what, amount in pairs:
            self.set_font("helvetica", style, 11)
            top = self.get_y()
            self.multi_cell(self.epw - AMOUNT_WIDTH, 7, plain(what), new_x="LMARGIN", new_y="NEXT", align="L")
            below = self.get_y()
            if below > top:  # on the same sheet
                self.set_xy(self.w - MARGIN - AMOUNT_WIDTH, top)
            self.cell(AMOUNT_WIDTH, 7, plain(amount), align="R", new_x="LMARGIN", new_y="NEXT")
            self.set_y(max(below, self.get_y()))
        self.ln(2)

    def _lines(self, width: float, text: str) -> int:
        broken: Any = self.multi_cell(width, 6, plain(text), dry_run=True, output="LINES")
        return len(broken)

    def _rule(self, colour: tuple[int, int, int]) -> None:
        self.set_draw_color(*colour)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(2)


def draw(title: str, blocks: Sequence[Sequence[Any]]) -> bytes:
    """The file. A block is its kind (heading, section, facts, amounts) and what that takes."""
    paper = Paper()
    paper.set_title(plain(title))
    for kind, *words in blocks:
        getattr(paper, kind)(*words)
    return bytes(paper.output())


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(draw(*json.load(sys.stdin)))
