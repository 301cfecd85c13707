"""The limit line of searches: the same question in two steps by hand, through the driver alone.

Ids first, by the narrow covering index of the design, the nearest twenty of the ring who list any of the issues at the
price; the same of a list of online coaches; then the rows of those twenty.
"""

from math import cos, radians
from typing import Any

from marketplace.places.geo import cells_around

Point = tuple[float, float]
OWN_TABLE = (  # so that neither search is planned with the other's index
    "CREATE TABLE IF NOT EXISTS raw_search AS SELECT * FROM coach_search",
    "CREATE UNIQUE INDEX IF NOT EXISTS raw_coach ON raw_search (coach_id)",
    "CREATE INDEX IF NOT EXISTS raw_ring ON raw_search (cell, languages, price, issues, latitude, longitude{})",
    "ANALYZE raw_search",
)
SHOWN = "coach_id, latitude, longitude, card, price"


class Raw:
    """Searches over a plain connection; `mark` is the driver's placeholder."""

    def __init__(self, connection: Any, mark: str = "?") -> None:
        self.connection, self.mark = connection, mark

    def prepare(self, covering: str) -> None:
        """Make its table; `covering`: how the database keeps the id in the index."""
        for statement in OWN_TABLE:
            self.connection.execute(statement.format(covering))

    def search(self, centre: Point, issues: int, most_price: int = 12_000, km: float = 40) -> list[tuple[Any, ...]]:
        """The rows of a page."""
        cells = [cell for low, high in cells_around(*centre, km) for cell in range(low, high + 1)]
        marks = ", ".join([self.mark] * len(cells))
        narrow = cos(radians(centre[0]))
        north, east = f"(latitude - {self.mark})", f"(longitude - {self.mark})"
        order = f"{north} * {north} + {east} * {east} * {narrow * narrow}"
        wanted = f"cell IN ({marks}) AND languages IN (1, 3) AND price <= {self.mark} AND issues & {self.mark} <> 0"
        ids = f"SELECT coach_id FROM raw_search WHERE {wanted} ORDER BY {order} LIMIT 20"
        values = (*cells, most_price, issues, centre[0], centre[0], centre[1], centre[1])
        found = [row[0] for row in self._rows(ids, values)]
        if not found:
            return []
        rows = f"SELECT {SHOWN} FROM raw_search WHERE coach_id IN ({', '.join([self.mark] * len(found))})"
        return self._rows(rows, found)

    def _rows(self, statement: str, values: Any) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self.connection.execute(statement, values).fetchall()
        return rows
