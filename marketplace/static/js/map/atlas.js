// The map itself: its view, the rings, tiles beneath where there are any, and who draws what upon it. It needs no tile
// server: rings, names of towns and the scale show where one is.

import { Area } from "./area.js";
import { Crowd } from "./crowd.js";
import { away } from "./geometry.js";
import { flash, hold } from "./hands.js";
import { Names } from "./names.js";
import { Pins } from "./pins.js";
import { Rows } from "./rows.js";

const NEAR_METRES = { ring: 60000, anywhere: 400000 };

export class Atlas {
  constructor(leaflet, box, phone) {
    Object.assign(this, { leaflet, box, phone, words: JSON.parse(box.dataset.words) });
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.frame = box.querySelector("[data-frame]");
    this.map = this.open();
    this.ringLayer = leaflet.layerGroup().addTo(this.map);
    this.rows = new Rows(this);
    this.names = new Names(this);
    this.pins = new Pins(this);
    this.crowd = new Crowd(this);
    this.area = new Area(this);
    hold(this);
    this.tiles();
    this.map.on("moveend", () => this.moved());
    this.read();
    new ResizeObserver(() => this.resized()).observe(box);
    document.addEventListener("results", (event) => this.read(event.detail.from));
  }

  open() {
    const { leaflet, still, words } = this;
    const map = leaflet.map(this.frame, { zoomControl: false, attributionControl: false, scrollWheelZoom: false, keyboard: false, zoomSnap: 0.25, minZoom: 3, maxZoom: 15, zoomAnimation: !still, fadeAnimation: !still, inertia: !still });
    leaflet.control.zoom({ position: "bottomright", zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
    leaflet.control.scale({ position: "bottomleft", imperial: false, maxWidth: 90 }).addTo(map);
    return map;
  }

  // What the page says now. The view stays where it is when it was the map that asked.
  read(from) {
    this.data = JSON.parse(this.box.querySelector("[data-swap=map]").textContent);
    this.places = this.data.places;
    this.rings();
    this.pins.read();
    this.area.settle(from);
    if (from !== "map") return this.look();
    this.moved(true);
    flash(this.box, document.querySelector("[data-swap=head] h1").textContent);
  }

  get centre() {
    const { centre } = this.data;
    return centre ? [centre.latitude, centre.longitude] : null;
  }

  // Move the view ourselves: no new search is offered for that.
  go(move) {
    this.isOurs = true;
    move(this.map);
  }

  moved(isOurs = this.isOurs) {
    this.isOurs = false;
    if (!this.map.getSize().x) return;
    this.arrange();
    this.crowd.later();
    if (!isOurs) this.area.offer();
  }

  resized() {
    this.go((map) => map.invalidateSize({ animate: false, pan: false }));
    this.isOurs = false;
    if (this.isStale) this.look();
  }

  // A part of the map as it was searched; else as near as shows the coaches around, or the rings where there are none.
  // Those far away are a zoom out.
  look() {
    this.isStale = !this.box.clientWidth; // behind the list on a phone: later then
    if (this.isStale) return;
    const { area_km: km } = this.data;
    const view = { padding: km ? [0, 0] : [34, 34], maxZoom: km ? 15 : 12, animate: false };
    const corners = km ? this.around(km) : this.corners();
    this.go((map) => (corners.length ? map.fitBounds(corners, view) : map.setView([45.42, -75.69], 4, view)));
  }

  corners() {
    const all = this.data.pins.map((pin) => [pin.latitude, pin.longitude]);
    const { middle } = this.data;
    const far = this.centre ? NEAR_METRES.ring : NEAR_METRES.anywhere;
    const near = middle ? all.filter((at) => this.map.distance(at, middle) < far) : all;
    return this.centre ? [...(near.length ? near : this.around(Math.max(...this.data.rings))), this.centre] : near;
  }

  // The corners of the square that a ring holds: what was a map's view when its half diagonal was that long.
  around(km) {
    return [45, 135, 225, 315].map((bearing) => away(this.centre, km, bearing));
  }

  rings() {
    this.ringLayer.clearLayers();
    if (!this.centre) return;
    for (const km of this.data.rings) {
      this.leaflet.circle(this.centre, { radius: km * 1000, className: "ring", interactive: false }).addTo(this.ringLayer);
    }
    const icon = this.leaflet.divIcon({ className: "here", iconSize: [16, 16] });
    this.leaflet.marker(this.centre, { icon, interactive: false, keyboard: false, zIndexOffset: -4000 }).addTo(this.ringLayer);
  }

  // Cities first, then who is on the page, then who is not, then whatever names there is room for.
  arrange() {
    const taken = this.names.cities();
    this.pins.arrange(taken);
    this.crowd.arrange(taken);
    this.names.fill(taken);
  }

  // Towards the map's middle round the world, so that what lies over the date line is drawn in view.
  at({ latitude, longitude }) {
    return [latitude, longitude + 360 * Math.round((this.map.getCenter().lng - longitude) / 360)];
  }

  // The town that a spot is best told by: a near one, a large one rather than a hamlet beside it.
  townAt(at) {
    const far = (place) => this.map.distance(at, this.at(place)) / Math.log10(10 + place.population);
    return this.places.reduce((best, place) => (!best || far(place) < far(best) ? place : best), null)?.name;
  }

  // "14 coaches around Kanata".
  crowdAt(count, at, sentence = this.words.around) {
    const town = this.townAt(at);
    return (town ? sentence : this.words.several).replace("{num}", count).replace("{place}", town);
  }

  tiles() {
    const { tiles, attribution } = this.box.dataset;
    if (!tiles) return;
    const layer = this.leaflet.tileLayer(tiles, { maxZoom: 18, referrerPolicy: "strict-origin-when-cross-origin" });
    let failed = 0;
    layer.once("tileload", () => {
      this.isTiled = true;
      this.arrange();
      this.leaflet.control.attribution({ prefix: false, position: "bottomleft" }).addAttribution(attribution).addTo(this.map);
    });
    layer.on("tileerror", () => ++failed > 3 && !this.isTiled && layer.remove());
    layer.addTo(this.map);
  }
}
