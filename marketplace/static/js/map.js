// The map of coaches: distance rings, place names of our own gazetteer, pins numbered by fit. It needs no tile server;
// tiles are laid under it when an address for them is set and they load. Leaflet is fetched when the map comes into view.

const box = document.getElementById("map");

function metresAt(leaflet, centre, km) {
  return leaflet.circle(centre, { radius: km * 1000, className: "ring", interactive: false });
}

// The point `km` away in a direction (degrees, 0 north, clockwise); good enough for a label.
function away(centre, km, bearing) {
  const turn = (bearing * Math.PI) / 180;
  return [centre[0] + (km / 111.2) * Math.cos(turn), centre[1] + ((km / 111.2) * Math.sin(turn)) / Math.cos((centre[0] * Math.PI) / 180)];
}

class CoachMap {
  constructor(leaflet, data) {
    this.leaflet = leaflet;
    this.data = data;
    this.words = JSON.parse(box.dataset.words);
    this.pins = new Map();
    this.homes = new Map();
    const frame = document.createElement("div");
    frame.setAttribute("aria-label", this.words.map);
    frame.setAttribute("role", "region");
    box.append(frame);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = leaflet.map(frame, { zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, minZoom: 4, maxZoom: 15, zoomAnimation: !still, fadeAnimation: !still });
    leaflet.control.zoom({ position: "bottomright", zoomInTitle: this.words.in, zoomOutTitle: this.words.out }).addTo(this.map);
    this.look();
    this.rings();
    this.placesLayer = leaflet.layerGroup().addTo(this.map);
    this.coaches();
    this.tiles();
    this.map.on("zoomend resize", () => this.arrange());
    this.map.on("moveend", () => this.places());
    this.arrange();
    new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(box);
  }

  get centre() {
    const { centre } = this.data;
    return centre ? [centre.latitude, centre.longitude] : null;
  }

  // The ends of the widest ring.
  around() {
    return [0, 90, 180, 270].map((bearing) => away(this.centre, Math.max(...this.data.rings), bearing));
  }

  // As near as shows the coaches around, or the rings where there are none; those far away are a zoom out.
  look() {
    const all = this.data.pins.map((pin) => [pin.latitude, pin.longitude]);
    const { middle } = this.data;
    const near = middle ? all.filter((at) => this.map.distance(at, middle) < (this.centre ? 60000 : 400000)) : all;
    const corners = this.centre ? [...(near.length ? near : this.around()), this.centre] : near;
    if (corners.length) this.map.fitBounds(corners, { padding: [34, 34], maxZoom: 12, animate: false });
    else this.map.setView([45.42, -75.69], 4, { animate: false });
  }

  rings() {
    if (!this.centre) return;
    for (const km of this.data.rings) metresAt(this.leaflet, this.centre, km).addTo(this.map);
    this.leaflet.marker(this.centre, { icon: this.leaflet.divIcon({ className: "here", iconSize: [16, 16] }), interactive: false, keyboard: false, zIndexOffset: -4000, alt: this.data.centre.name }).addTo(this.map);
  }

  arrange() {
    this.spread();
    this.places();
  }

  // Where the names of the largest places stand, below or beside their dots; pins keep clear of them.
  cities() {
    const here = this.centre && this.map.latLngToLayerPoint(this.centre).subtract([10, 10]);
    const taken = here ? [this.box(here, 20, 20)] : [];
    const largest = [...this.data.places].sort((a, b) => b.population - a.population).slice(0, 4);
    const found = [];
    for (const place of largest.filter((each, rank) => rank === 0 || each.population > 250000)) {
      const at = this.map.latLngToLayerPoint([place.latitude, place.longitude]);
      const width = place.name.length * 8 + 4;
      const sides = [[width / 2, -11], [width / 2, 28], [-13, 8], [width + 11, 8]];
      const anchor = sides.find((side) => taken.every((other) => !this.touch(this.box(at.subtract(side), width, 17), other)));
      if (!anchor) continue;
      taken.push(this.box(at.subtract(anchor), width, 17));
      found.push({ place, anchor });
    }
    return { taken, found };
  }

  // Pins that would cover each other or a city's name step aside, the best fit keeping its place.
  spread() {
    const taken = [];
    this.named = this.cities();
    const isFree = (spot) => taken.every((other) => other.distanceTo(spot) >= 33)
      && this.named.taken.every((name) => !this.touch(name, this.box(spot.subtract([17, 17]), 34, 34)));
    for (const [slug, at] of [...this.homes].reverse()) {
      const home = this.map.latLngToLayerPoint(at);
      let spot = home;
      for (let step = 1; step < 80 && !isFree(spot); step += 1) {
        const turn = step * 2.4;
        spot = home.add([Math.cos(turn) * 5 * Math.sqrt(step) * 1.6, Math.sin(turn) * 5 * Math.sqrt(step) * 1.6]);
      }
      taken.push(spot);
      this.pins.get(slug).setLatLng(this.map.layerPointToLatLng(spot));
    }
  }

  mark(at, kind, text, anchor = [2, 8]) {
    const words = document.createElement("span");
    words.textContent = text;
    return this.leaflet.marker(at, { icon: this.leaflet.divIcon({ className: kind, html: words, iconAnchor: anchor }), interactive: false, keyboard: false, zIndexOffset: -5000 });
  }

  // How far each ring is, where its line is free.
  distances(taken) {
    for (const km of this.centre ? this.data.rings : []) {
      const width = `${km} ${this.words.km}`.length * 6.5 + 8;
      for (let turn = 0; turn < 24; turn += 1) {
        const at = away(this.centre, km, turn * 15);
        const room = this.box(this.map.latLngToLayerPoint(at).subtract([width / 2, 8]), width, 16);
        if (!this.shows(room) || taken.some((other) => this.touch(room, other))) continue;
        taken.push(room);
        this.mark(at, "ring-name", `${km} ${this.words.km}`, [width / 2, 8]).addTo(this.placesLayer);
        break;
      }
    }
  }

  // The cities, the rings' distances, then the largest places first, each at whichever side of its dot is free; those
  // that would touch another are left out.
  places() {
    this.placesLayer.clearLayers();
    const pins = [...this.pins.values()].map((pin) => this.box(this.map.latLngToLayerPoint(pin.getLatLng()).subtract([18, 18]), 36, 36));
    const taken = [...pins, ...this.named.taken];
    this.distances(taken);
    if (this.tiled) return;
    const cities = this.named.found.map(({ place }) => place);
    for (const { place, anchor } of this.named.found) this.mark([place.latitude, place.longitude], "place-name large", place.name, anchor).addTo(this.placesLayer);
    for (const place of this.data.places.filter((each) => !cities.includes(each)).sort((a, b) => b.population - a.population)) {
      const at = this.map.latLngToLayerPoint([place.latitude, place.longitude]);
      const width = place.name.length * 7 + 4;
      const sides = [1, ...(place.population > 90000 ? [2.4, 4] : [])].flatMap((far) => [
        [-7 * far, 8], [width + 5 * far, 8], [width / 2, 8 + 14 * far], [width / 2, 8 - 16 * far],
        [-6 * far, 8 + 10 * far], [-6 * far, 8 - 12 * far], [width + 5 * far, 8 + 10 * far], [width + 5 * far, 8 - 12 * far],
      ]);
      const free = (room) => this.shows(room) && !taken.some((other) => this.touch(room, other));
      const anchor = sides.find((side) => free(this.box(at.subtract(side), width, 17)));
      if (!anchor) continue;
      taken.push(this.box(at.subtract(anchor), width, 17), this.box(at.subtract([3, 3]), 6, 6));
      this.mark([place.latitude, place.longitude], "place-name", place.name, anchor).addTo(this.placesLayer);
      this.leaflet.marker([place.latitude, place.longitude], { icon: this.leaflet.divIcon({ className: "place-dot", iconSize: [5, 5] }), interactive: false, keyboard: false, zIndexOffset: -5000 }).addTo(this.placesLayer);
    }
  }

  // Whether a box lies wholly in the frame and clear of the buttons.
  shows({ left, top, right, bottom }) {
    const size = this.map.getSize();
    const [a, b] = [[left, top], [right, bottom]].map((corner) => this.map.layerPointToContainerPoint(corner));
    const underButtons = b.x > size.x - 60 && b.y > size.y - 106;
    return a.x > 2 && a.y > 2 && b.x < size.x - 2 && b.y < size.y - 2 && !underButtons;
  }

  box(corner, width, height) {
    return { left: corner.x, top: corner.y, right: corner.x + width, bottom: corner.y + height };
  }

  touch(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  coaches() {
    for (const pin of [...this.data.pins].reverse()) {
      const label = document.createElement("span");
      label.textContent = pin.label;
      const marker = this.leaflet.marker([pin.latitude, pin.longitude], { icon: this.leaflet.divIcon({ className: "pin", html: label }), riseOnHover: true, keyboard: true, title: "" });
      const name = document.createElement("span");
      name.textContent = pin.name;
      marker.bindTooltip(name, { direction: "top", offset: [0, -18] });
      marker.addTo(this.map);
      marker.getElement().setAttribute("aria-label", `${pin.name}, ${pin.label}`);
      marker.on("click keypress", (event) => {
        if (!event.originalEvent.key || event.originalEvent.key === "Enter") this.open(pin);
      });
      marker.on("mouseover", () => this.light(pin.slug));
      marker.on("mouseout", () => this.light(null));
      marker.getElement().addEventListener("focus", () => this.light(pin.slug));
      this.pins.set(pin.slug, marker);
      this.homes.set(pin.slug, marker.getLatLng());
    }
    for (const row of document.querySelectorAll("[data-coach]")) {
      for (const kind of ["mouseenter", "focusin"]) row.addEventListener(kind, () => this.light(row.dataset.coach));
      row.addEventListener("mouseleave", () => this.light(null));
    }
  }

  open(pin) {
    const row = document.getElementById(`coach-${pin.slug}`);
    if (!row) return void location.assign(pin.url);
    row.scrollIntoView({ block: "center" });
    row.querySelector("h2 a").focus({ preventScroll: true });
  }

  light(slug) {
    for (const [key, marker] of this.pins) marker.getElement()?.classList.toggle("lit", key === slug);
    for (const row of document.querySelectorAll("[data-coach]")) row.classList.toggle("lit", row.dataset.coach === slug);
  }

  tiles() {
    if (!box.dataset.tiles) return;
    const layer = this.leaflet.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 18 });
    layer.once("tileload", () => {
      this.tiled = true;
      this.places();
      this.leaflet.control.attribution({ prefix: false }).addAttribution(box.dataset.attribution).addTo(this.map);
    });
    let failed = 0;
    layer.on("tileerror", () => ++failed > 3 && this.map.removeLayer(layer));
    layer.addTo(this.map);
  }
}

async function draw() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = box.dataset.leafletCss;
  const styled = new Promise((done) => sheet.addEventListener("load", done, { once: true }));
  document.head.prepend(sheet);
  await Promise.all([import("leaflet"), styled]);
  new CoachMap(window.L, JSON.parse(box.querySelector("script").textContent));
}

if (box) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    draw();
  }, { rootMargin: "200px" });
  seen.observe(box);
}
