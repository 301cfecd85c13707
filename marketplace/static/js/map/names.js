// Names of towns and of the rings' distances: what tells where one is when no tiles lie beneath.

import { away, box, touch } from "./geometry.js";
import { label } from "./marks.js";

const MOST_CITIES = 4;
const CITY = 250000;
const LARGE_TOWN = 90000;
const UNDER_PANEL_PX = 58;

export class Names {
  constructor(atlas) {
    this.atlas = atlas;
    this.layer = atlas.leaflet.layerGroup().addTo(atlas.map);
  }

  point(place) {
    return this.atlas.map.latLngToLayerPoint(this.atlas.at(place));
  }

  // Whether a box lies wholly in the frame and clear of the buttons and the scale.
  shows({ left, top, right, bottom }) {
    const { map } = this.atlas;
    const size = map.getSize();
    const [a, b] = [[left, top], [right, bottom]].map((corner) => map.layerPointToContainerPoint(corner));
    const underButtons = (b.x > size.x - 60 && b.y > size.y - 106) || (a.x < 130 && b.y > size.y - 40);
    return a.x > 2 && a.y > UNDER_PANEL_PX && b.x < size.x - 2 && b.y < size.y - 2 && !underButtons;
  }

  // Where the names of the largest places in view stand, below or beside their dots; pins keep clear of them.
  cities() {
    const { map, centre, places, isTiled } = this.atlas;
    const here = centre && map.latLngToLayerPoint(centre).subtract([10, 10]);
    const taken = here ? [box(here, 20, 20)] : [];
    this.found = [];
    if (isTiled) return taken;
    const bounds = map.getBounds();
    const largest = places.filter((place) => bounds.contains(this.atlas.at(place))).sort((a, b) => b.population - a.population).slice(0, MOST_CITIES);
    for (const place of largest.filter((each, rank) => rank === 0 || each.population > CITY)) {
      const width = place.name.length * 8 + 4;
      const sides = [[width / 2, -11], [width / 2, 28], [-13, 8], [width + 11, 8]];
      this.stand(place, sides, width, taken, "place-name large");
    }
    return taken;
  }

  // The side of its dot where a name has room; none, and it is left out.
  stand(place, sides, width, taken, kind) {
    const at = this.point(place);
    const isFree = (room) => this.shows(room) && !taken.some((other) => touch(room, other));
    const anchor = sides.find((side) => isFree(box(at.subtract(side), width, 17)));
    if (!anchor) return;
    const dot = box(at.subtract([3, 3]), 6, 6);
    this.found.push({ place, anchor, kind, hasDot: kind === "place-name" && !taken.some((other) => touch(dot, other)) });
    taken.push(box(at.subtract(anchor), width, 17), dot);
  }

  // How far each ring is, then the rest of the names, the largest first.
  fill(taken) {
    this.layer.clearLayers();
    this.distances(taken);
    if (this.atlas.isTiled) return;
    const cities = this.found.map(({ place }) => place);
    for (const place of this.atlas.places.filter((each) => !cities.includes(each)).sort((a, b) => b.population - a.population)) {
      const width = place.name.length * 7 + 4;
      this.stand(place, this.sides(place, width), width, taken, "place-name");
    }
    for (const { place, anchor, kind, hasDot } of this.found) {
      label(this.atlas, this.atlas.at(place), kind, place.name, anchor).addTo(this.layer);
      if (hasDot) label(this.atlas, this.atlas.at(place), "place-dot").addTo(this.layer);
    }
  }

  // Anchors all around a dot; large towns may stand off where pins are in the way.
  sides(place, width) {
    return [1, ...(place.population > LARGE_TOWN ? [2.4, 4] : [])].flatMap((far) => [
      [-7 * far, 8], [width + 5 * far, 8], [width / 2, 8 + 14 * far], [width / 2, 8 - 16 * far],
      [-6 * far, 8 + 10 * far], [-6 * far, 8 - 12 * far], [width + 5 * far, 8 + 10 * far], [width + 5 * far, 8 - 12 * far],
    ]);
  }

  // Each ring's distance where its line is free.
  distances(taken) {
    const { map, words, centre, data } = this.atlas;
    for (const km of centre ? data.rings : []) {
      const text = `${km} ${words.km}`;
      const width = text.length * 6.5 + 8;
      for (let turn = 0; turn < 24; turn += 1) {
        const at = away(centre, km, turn * 15);
        const room = box(map.latLngToLayerPoint(at).subtract([width / 2, 8]), width, 16);
        if (!this.shows(room) || taken.some((other) => touch(room, other))) continue;
        taken.push(room);
        label(this.atlas, at, "ring-name", text, [width / 2, 8]).addTo(this.layer);
        break;
      }
    }
  }
}
