"""A program of its own, run by `printing` in a process with limits: words of a receipt as JSON in, a PDF file out.

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
    """A receipt on one sheet, or on as many as its lines need."""

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
        self.cell(0, 16, plain(title), new_x="LMARGIN", new_y="NEXT")

    def facts(self, pairs: Pairs) -> None:
        """Labels at the left, what they mean beside them."""
        for label, value in pairs:
            self.set_font("helvetica", "", 10)
            self.set_text_color(*SOFT)
            self.cell(LABEL_WIDTH, 6, plain(label))
            self.set_text_color(*INK)
            self.multi_cell(0, 6, plain(value), new_x="LMARGIN", new_y="NEXT")
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

    def _rule(self, colour: tuple[int, int, int]) -> None:
        self.set_draw_color(*colour)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(2)


def draw(words: dict[str, Any]) -> bytes:
    """The file."""
    paper = Paper()
    paper.set_title(f"{words['title']} {words['head'][0][1]}")
    paper.heading(words["title"])
    paper.facts(words["head"])
    paper.amounts(words["lines"])
    *taxes, total = words["totals"]
    paper.amounts(taxes)
    paper.amounts([total], "B")
    paper.amounts(words["refunds"])
    paper.amounts(words["end"], "B")
    return bytes(paper.output())


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
