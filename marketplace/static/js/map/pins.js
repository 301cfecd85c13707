// The page's coaches as pins by rank. Where more than a few stand in one square of a grid they are one bubble with their
// number, which zooms in, or fans out where no zoom would part them; fewer step aside for the best.

import { freeSpot } from "./geometry.js";
import { button } from "./marks.js";

const SQUARE_PX = 64;
const MOST_IN_A_SQUARE = 3;
const PIN_PX = 35;
const BUBBLE_PX = 46;

export class Pins {
  constructor(atlas) {
    this.atlas = atlas;
    this.entries = [];
    this.bubbles = new Map();
    this.fanned = null;
    atlas.map.on("zoomstart", () => (this.fanned = null));
  }

  read() {
    this.show([]);
    this.bubbles.clear();
    this.fanned = null;
    const { pins } = this.atlas.data;
    this.entries = pins.map((pin, rank) => ({ pin, rank, home: [pin.latitude, pin.longitude], marker: this.pin(pin, pins.length - rank) }));
  }

  pin(pin, height) {
    const { words, rows } = this.atlas;
    const said = `${pin.name}, ${(pin.is_fit ? words.fit : words.place).replace("{num}", pin.label)}`;
    return button(this.atlas, { kind: "pin", text: pin.label, said: () => said, tip: pin.name, height, act: () => rows.open(pin), over: (how) => rows.point(how && pin.slug, how) });
  }

  bubble(members) {
    const key = members.map(({ pin }) => pin.slug).join(" ");
    if (!this.bubbles.has(key)) {
      const marker = button(this.atlas, { kind: "bubble", text: `×${members.length}`, said: () => this.atlas.crowdAt(members.length, members[0].home), height: members.length, act: () => this.part(members) });
      this.bubbles.set(key, marker);
    }
    return this.bubbles.get(key);
  }

  // Each square of the grid by its members, both by rank. The grid lies on the world, so panning changes nothing.
  squares() {
    const { map } = this.atlas;
    const found = new Map();
    for (const entry of this.entries) {
      const { x, y } = map.project(entry.home).divideBy(SQUARE_PX).floor();
      found.set(`${x} ${y}`, [...(found.get(`${x} ${y}`) ?? []), entry]);
    }
    return [...found.values()];
  }

  // What stands on the map: a pin for each member of a square, or their bubble.
  standing(members) {
    const { map } = this.atlas;
    const points = members.map(({ home }) => map.latLngToLayerPoint(home));
    if (members.length <= MOST_IN_A_SQUARE || this.fanned === members[0]) {
      return members.map((each, at) => ({ marker: (each.shown = each.marker), home: points[at], size: PIN_PX, rank: each.rank }));
    }
    const marker = this.bubble(members);
    for (const each of members) each.shown = marker;
    return [{ marker, home: points.reduce((sum, point) => sum.add(point)).divideBy(points.length), size: BUBBLE_PX, rank: members[0].rank }];
  }

  arrange(taken) {
    const { map } = this.atlas;
    const all = this.squares().flatMap((members) => this.standing(members)).sort((a, b) => a.rank - b.rank);
    for (const { marker, home, size } of all) marker.setLatLng(map.layerPointToLatLng(freeSpot(home, size, taken) ?? home));
    this.show(all.map(({ marker }) => marker));
  }

  // Those, in this order for Tab and before all others, and no more.
  show(markers) {
    const { map } = this.atlas;
    const all = [...this.entries.map(({ marker }) => marker), ...this.bubbles.values()];
    for (const marker of all) if (!markers.includes(marker)) marker.remove();
    for (const marker of markers) marker.addTo(map);
    const elements = markers.map((marker) => marker.getElement());
    const pane = map.getPane("markerPane");
    if (elements.every((each, rank) => each === pane.children[rank])) return;
    const focused = document.activeElement;
    pane.prepend(...elements);
    if (elements.includes(focused)) focused.focus({ preventScroll: true });
  }

  // Zoom in until they stand apart.
  part(members) {
    const { atlas } = this;
    const bounds = atlas.leaflet.latLngBounds(members.map(({ home }) => home));
    const isByKey = document.activeElement === members[0].shown.getElement();
    const isOneSpot = bounds.getNorthEast().equals(bounds.getSouthWest());
    const follow = () => isByKey && members[0].shown.getElement().focus({ preventScroll: true });
    if (isOneSpot || atlas.map.getZoom() >= atlas.map.getMaxZoom()) {
      this.fanned = members[0];
      atlas.arrange();
      follow();
    } else {
      atlas.map.once("moveend", () => setTimeout(follow));
      atlas.map.fitBounds(bounds, { padding: [60, 60], animate: !atlas.still });
    }
  }

  light(slug) {
    const lit = this.entries.find(({ pin }) => pin.slug === slug)?.shown;
    for (const { shown } of this.entries) shown?.getElement()?.classList.toggle("lit", shown === lit);
  }

  // Brings a coach into view when she is off the map.
  bring(slug) {
    const entry = this.entries.find(({ pin }) => pin.slug === slug);
    if (entry && !this.atlas.map.getBounds().contains(entry.home)) this.atlas.go((map) => map.panInside(entry.home, { padding: [50, 70], animate: !this.atlas.still }));
  }
}
