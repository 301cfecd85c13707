"""Tables of the gazetteer: places, and the folded names under which they are found."""

from sqlalchemy import Column, Integer, String
from sqlmodel import Field, SQLModel

from marketplace.places.names import address, fold
from marketplace.places.regions import country_name

# Names are compared byte by byte, so that one plain index serves equality and prefix ranges everywhere;
# PostgreSQL would otherwise sort by the language of the database.
Folded = String(120).with_variant(String(120, collation="C"), "postgresql")

CITY, AREA, POSTAL = "city", "area", "postal"


class Place(SQLModel, table=True):
    """A town, a part of one, or a postal area.

    Ids survive a new import: they are GeoNames' ids, or derived from a postal code (see gazetteer.ids).
    """

    __tablename__ = "place"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    kind: str = Field(max_length=10)
    name: str = Field(max_length=120)
    postal_code: str = Field(max_length=10, default="")
    region: str = Field(max_length=10)
    region_name: str = Field(max_length=60)
    country: str = Field(max_length=2)
    latitude: float
    longitude: float
    timezone: str = Field(max_length=40)
    population: int
    cell: int = Field(index=True)

    @property
    def point(self) -> tuple[float, float]:
        """(latitude, longitude) in degrees."""
        return self.latitude, self.longitude

    @property
    def slug(self) -> str:
        """The name in an address: "saint-jerome"."""
        return fold(self.name).replace(" ", "-")

    @property
    def address(self) -> dict[str, str] | None:
        """The parts of the address of its page; None for a place that can have none (no region, as Singapore)."""
        return address(self.country, self.region, self.name)

    def label(self, language: str = "en") -> str:
        """How people there write it: "Ottawa, ON", "Ottawa (K1S), ON", "Paris, France"."""
        name = f"{self.name} ({self.postal_code})" if self.postal_code else self.name
        country = country_name(self.country, language)
        by_region = self.country in ("CA", "US", "AU") and self.region
        return name if name == country else f"{name}, {self.region if by_region else country}"


class PlaceName(SQLModel, table=True):
    """A folded name, alias or code of a place; the greater `weight`, the likelier this place is meant."""

    __tablename__ = "place_name"
    __table_args__ = {"sqlite_with_rowid": False}

    folded: str = Field(sa_column=Column(Folded, primary_key=True))
    place_id: int = Field(primary_key=True, foreign_key="place.id", index=True)
    weight: int
