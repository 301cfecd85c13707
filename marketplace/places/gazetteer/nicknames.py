"""Names that people use and no data set knows: old, short and joint ones."""

from marketplace.places.gazetteer.rows import Gazetteer, weight_of
from marketplace.places.models import POSTAL
from marketplace.places.names import fold

# (country, region, town): the names that mean it
NICKNAMES = {
    ("CA", "ON", "Ottawa"): ("Bytown", "Ottawa-Gatineau", "National Capital Region", "NCR", "Ottawa Valley"),
    ("CA", "ON", "Ottawa South"): ("Old Ottawa South",),
    ("CA", "ON", "Hintonburg"): ("Wellington West",),
    ("CA", "ON", "Barrhaven"): ("Barhaven", "Barr Haven", "Half Moon Bay"),
    ("CA", "ON", "Lowertown"): ("Lower Town", "Basse-Ville"),
    ("CA", "ON", "Ottawa East"): ("Old Ottawa East",),
    ("CA", "ON", "Leitrim"): ("Findlay Creek",),
    ("CA", "QC", "Gatineau"): ("Outaouais", "Gatineau-Ottawa", "Pontiac-Gatineau"),
    ("CA", "QC", "Hull"): ("Vieux-Hull", "Old Hull"),
    ("CA", "ON", "Toronto"): ("GTA", "Greater Toronto Area", "Grand Toronto"),
    ("CA", "QC", "Montréal"): ("Grand Montréal", "MTL"),
    ("CA", "QC", "Notre-Dame-de-Grâce"): ("NDG", "Notre Dame de Grace"),
    ("CA", "QC", "Québec"): ("Quebec City", "Ville de Québec", "Québec City"),
    ("CA", "BC", "Vancouver"): ("Metro Vancouver", "Lower Mainland", "Grand Vancouver"),
    ("CA", "ON", "Kitchener"): ("Kitchener-Waterloo", "KW"),
    ("CA", "ON", "Sault Ste. Marie"): ("The Soo", "Soo", "Sault"),
    ("CA", "ON", "Hamilton"): ("The Hammer", "Steeltown"),
    ("CA", "ON", "St. Catharines"): ("St. Kitts",),
    ("CA", "AB", "Fort McMurray"): ("Fort Mac",),
    ("CA", "BC", "New Westminster"): ("New West",),
    ("CA", "BC", "Kitsilano"): ("Kits",),
    ("CA", "QC", "Trois-Rivières"): ("Trois-Riv",),
    ("CA", "QC", "Sherbrooke"): ("Sherby",),
    ("CA", "NB", "Tracadie-Sheila"): ("Tracadie",),
    ("US", "NY", "New York City"): ("NYC", "New York", "New York NY"),
    ("US", "DC", "Washington"): ("DC", "Washington DC"),
    ("US", "CA", "San Francisco"): ("SF", "San Fran", "Bay Area"),
    ("US", "PA", "Philadelphia"): ("Philly",),
    ("US", "NV", "Las Vegas"): ("Vegas",),
}


def add_to(gazetteer: Gazetteer) -> None:
    """Add each nickname to the largest town of that name and region."""
    wanted = {(country, region, fold(town)): names for (country, region, town), names in NICKNAMES.items()}
    found: dict[tuple[str, str, str], int] = {}
    for row in gazetteer.places.values():
        key = (row.country, row.region, fold(row.name))
        if row.kind != POSTAL and key in wanted:
            rival = gazetteer.places.get(found.get(key, 0))
            if rival is None or rival.population < row.population:
                found[key] = row.id
    for key, place_id in found.items():
        row = gazetteer.places[place_id]
        for name in wanted[key]:
            gazetteer.name(place_id, name, weight_of(row.population or 20_000, row.country))
