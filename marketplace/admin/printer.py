"""A program of its own, run by `printing` in a process with limits: sections as JSON in, a PDF file out.

It imports nothing of the product, so that it starts quickly and has no secret in its memory. The letters are those of
Western Europe (Windows-1252), in a font that every reader of such files has; others are written without their accents.
"""

import json
import resource
import sys
import unicodedata
from typing import Any

from fpdf import FPDF

MOST_MEMORY_BYTES = 1024**3
MOST_CPU_SECONDS = 15
LETTERS = "cp1252"
INK, SOFT, RED = (28, 27, 25), (95, 90, 82), (181, 65, 43)
MARGIN, LABEL_WIDTH = 20, 48  # millimetres


def limit() -> None:
    """Hold this process to its share of memory and time; it may write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(text: str) -> str:
    """The text in letters that the font has."""
    return "".join(_letter(each) for each in unicodedata.normalize("NFC", text))


def _letter(letter: str) -> str:
    if letter.encode(LETTERS, "ignore"):
        return letter
    bare = unicodedata.normalize("NFKD", letter).encode(LETTERS, "ignore").decode(LETTERS)
    return bare or "?"


def draw(words: dict[str, Any]) -> bytes:
    """The file: a title, then each section's lines, what at the left and how it was beside it."""
    paper = FPDF(format="letter")
    paper.core_fonts_encoding = LETTERS
    paper.set_title(plain(words["title"]))
    paper.set_margin(MARGIN)
    paper.set_auto_page_break(True, MARGIN)
    paper.add_page()
    _text(paper, "B", 20, INK, words["title"], 14)
    for section in words["sections"]:
        if section["lines"]:
            paper.ln(4)
            _text(paper, "B", 12, RED, section["heading"], 8)
            for what, how in section["lines"]:
                _pair(paper, what, how)
    return bytes(paper.output())


def _text(paper: FPDF, style: str, size: int, colour: tuple[int, int, int], text: str, height: int) -> None:
    paper.set_font("helvetica", style, size)
    paper.set_text_color(*colour)
    paper.multi_cell(0, height, plain(text), new_x="LMARGIN", new_y="NEXT")


def _pair(paper: FPDF, what: str, how: str) -> None:
    """On one sheet, if both fit on one."""
    paper.set_font("helvetica", "", 10)
    wide = paper.epw - LABEL_WIDTH
    lines = [_lines(paper, width, text) for width, text in ((LABEL_WIDTH, what), (wide, how))]
    if paper.get_y() + 5 * min(max(lines), 40) > paper.h - MARGIN:
        paper.add_page()
    top = paper.get_y()
    paper.set_text_color(*SOFT)
    paper.multi_cell(LABEL_WIDTH, 5, plain(what), new_x="RIGHT", new_y="TOP", align="L")
    paper.set_xy(MARGIN + LABEL_WIDTH, top)
    paper.set_text_color(*INK)
    paper.multi_cell(wide, 5, plain(how), new_x="LMARGIN", new_y="NEXT", align="L")
    if lines[0] > lines[1]:
        paper.set_y(top + 5 * lines[0])
    paper.ln(1)


def _lines(paper: FPDF, width: float, text: str) -> int:
    broken: Any = paper.multi_cell(width, 5, plain(text), dry_run=True, output="LINES")
    return len(broken)


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
