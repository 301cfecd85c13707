"""A table as a CSV file that spreadsheets open as it is meant. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it spreadsheets read the accents of UTF-8 as something else."""
FORMULAS = tuple("=+-@\t\r＝＋－＠")


def text_of(header: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> str:
    """The file. Text is data and never a formula; an integer is minor units and written as a decimal; None is empty."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return BOM + file.getvalue()


def _cell(value: str | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        whole, part = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{whole}.{part:02d}"
    return f"'{value}" if value.lstrip(" ").startswith(FORMULAS) else value
