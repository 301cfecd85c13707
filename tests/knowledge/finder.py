"""A gazetteer of a few towns for tests: the one method that `understand` asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.knowledge.need.text import fold


@dataclass(frozen=True)
class Town:
    """One place."""

    id: int
    name: str
    region: str | None
    country: str
    population: int
    latitude: float = 45.0
    longitude: float = -75.0
    timezone: str | None = "America/Toronto"


_TOWNS = """Ottawa ON CA 812129; Kanata ON CA 0; Nepean ON CA 0; Hintonburg ON CA 0; Orléans ON CA 0; Westboro ON CA 0; Barrhaven ON CA 0; Gatineau QC CA 242124; Hull QC CA 0;
Aylmer QC CA 0; Edmonton AB CA 712391; Calgary AB CA 1019942; Canmore AB CA 12288; Lethbridge AB CA 70617; Red Deer AB CA 90564; Rimouski QC CA 35584; Québec QC CA 528595;
Sherbrooke QC CA 129447; Trois-Rivières QC CA 119693; Saguenay QC CA 143692; Longueuil QC CA 229330; Drummondville QC CA 59489; Montréal QC CA 1600000; Laval QC CA 376845; Lévis QC CA 126396;
Baie-Saint-Paul QC CA 7332; Limoilou QC CA 0; Kitchener ON CA 233700; Waterloo ON CA 97475; Guelph ON CA 115760; London ON CA 346765; Hamilton ON CA 519949; Barrie ON CA 182041;
Thunder Bay ON CA 99334; Mississauga ON CA 668549; Oakville ON CA 165697; Burlington ON CA 164415; Cornwall ON CA 48821; Kingston ON CA 114195; Peterborough ON CA 75877; Orangeville ON CA 27975;
Sudbury ON CA 80507; Toronto ON CA 2600000; Etobicoke ON CA 347948; Petawawa ON CA 14651; Halifax NS CA 359111; Dartmouth NS CA 101343; Bedford NS CA 0; Moncton NB CA 87467; Fredericton NB CA 52337;
St. John's NL CA 99182; Winnipeg MB CA 632063; Regina SK CA 176183; Saskatoon SK CA 198958; Victoria BC CA 289625; Vancouver BC CA 600000; North Vancouver BC CA 48000; Kelowna BC CA 125109;
Nelson BC CA 9813; New Westminster BC CA 58549; Burnaby BC CA 202799; Kitsilano BC CA 0; Whitehorse YT CA 23276; Singapore - SG 3547809; Chicago IL US 2695598; Boston MA US 667137; Berlin BE DE 3426354;
Tremblant QC CA 9000; Reading ENG GB 244070; Nice PAC FR 338620; Orange CA US 139969; Mobile AL US 194288; Winter WI US 1000; Ontario CA US 171214; Hope BC CA 6000; March ENG GB 22000; Of TR TR 20000;
Miami FL US 441003; Madrid MD ES 3255944; Best NB NL 28617; Roy UT US 38000; Jo ML ML 90000; Ben UP IN 50000; Dana NB IN 30000; Garmin KS US 9000; Charlevoix MI US 2500; Sandy Hill ON CA 0; Bury ENG GB 60000; Stittsville ON CA 0; Leslieville ON CA 0;
Nanaimo BC CA 90504; Brandon MB CA 48859; Whitby ON CA 128377; Chicoutimi QC CA 66547; Lennoxville QC CA 4963; Dieppe NB CA 25384; Fernie BC CA 5249; Lachine QC CA 44489; Saanich BC CA 114148;
Drumheller AB CA 7982; Wolfville NS CA 4195; Granby QC CA 63433; Stratford ON CA 31465; Lloydminster AB CA 27804; Kamloops BC CA 90280; Squamish BC CA 19512; Sutton QC CA 3906; Magog QC CA 25358"""
_REGIONS = {
    "ontario": "ON",
    "alberta": "AB",
    "nova scotia": "NS",
    "newfoundland": "NL",
    "british columbia": "BC",
    "quebec": "QC",
    "manitoba": "MB",
}
_REGIONS |= {code.lower(): code for code in ("ON", "QC", "BC", "AB", "NS", "NB", "NL", "SK", "MB", "YT")}


def _towns() -> dict[str, Town]:
    towns: dict[str, Town] = {}
    for i, line in enumerate(_TOWNS.replace("\n", " ").split(";")):
        *name, region, country, people = line.split()
        full = " ".join(name)
        towns[_key(full)] = Town(i, full, None if region == "-" else region, country, int(people))
    return towns


def _key(name: str) -> str:
    return fold(name).replace("-", " ").replace("'", "").replace(".", "").strip()


TOWNS = _towns()


class Towns:
    """Finds towns by their name, with or without the region."""

    def find(self, phrases: Sequence[str]) -> Mapping[str, Sequence[Town]]:
        found = {phrase: self._named(phrase) for phrase in phrases}
        return {phrase: [town] for phrase, town in found.items() if town}

    def _named(self, phrase: str) -> Town | None:
        head, _, tail = phrase.partition(",")
        words = _key(head).split()
        for cut in (2, 1, 0):
            name, region = " ".join(words[: len(words) - cut]), " ".join(words[len(words) - cut :]) or _key(tail)
            town = TOWNS.get(name)
            if town and (not region or _REGIONS.get(region) == town.region or (region in TOWNS and tail and not cut)):
                return town
        return None
