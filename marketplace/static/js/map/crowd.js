// Who else fits and is not on this page of the list, counted by the server for the frame in view; and the names of the
// largest places there. Without an answer the map is as good as the page.

import { freeSpot } from "./geometry.js";
import { button } from "./marks.js";

const PAUSE_MS = 200;
const DOT_PX = 24;
const BUBBLE_PX = 40;

export class Crowd {
  constructor(atlas) {
    this.atlas = atlas;
    this.marks = new Map();
  }

  later() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const { map, data } = this.atlas;
    const bounds = map.getBounds();
    const address = new URL(data.around, location.href);
    address.searchParams.set("bounds", [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()].map((each) => each.toFixed(3)).join(","));
    address.searchParams.set("zoom", map.getZoom());
    this.asked = new AbortController();
    const mine = fetch(address, { signal: this.asked.signal, headers: { accept: "application/json" } });
    const answer = await mine.then((found) => found.ok && found.json()).catch(() => null); // the next move asks again
    if (answer) this.take(answer);
  }

  take({ grid, clusters, places }) {
    const known = new Map([...this.atlas.data.places, ...places].map((place) => [`${place.name} ${place.latitude}`, place]));
    this.atlas.places = [...known.values()];
    const fresh = new Map();
    for (const cluster of this.others(grid, clusters)) {
      const key = `${cluster.count} ${cluster.latitude} ${cluster.longitude}`;
      fresh.set(key, { cluster, marker: this.marks.get(key)?.marker ?? this.mark(cluster) });
    }
    for (const [key, { marker }] of this.marks) if (!fresh.has(key)) marker.remove();
    this.marks = fresh;
    this.atlas.arrange();
  }

  // The server's counts without the page's coaches, who have their pins.
  others([high, wide], clusters) {
    const here = new Map();
    for (const { latitude, longitude } of this.atlas.data.pins) {
      const square = [Math.round((latitude + 90) * 100) / high, Math.round((longitude + 180) * 100) / wide].map(Math.floor).join(" ");
      here.set(square, (here.get(square) ?? 0) + 1);
    }
    const rest = clusters.map((each) => ({ ...each, count: each.count - (here.get(each.square.join(" ")) ?? 0) }));
    return rest.filter(({ count }) => count > 0);
  }

  mark(cluster) {
    const { words } = this.atlas;
    if (cluster.name) {
      const said = `${cluster.name}. ${words.elsewhere}`;
      return button(this.atlas, { kind: "other", text: "", said: () => said, tip: said, act: () => location.assign(cluster.url) });
    }
    const text = new Intl.NumberFormat(document.documentElement.lang || "en", { notation: "compact" }).format(cluster.count);
    const sentence = cluster.count === 1 ? words.another : words.others;
    return button(this.atlas, { kind: "crowd", text: `+${text}`, said: () => this.atlas.crowdAt(cluster.count, this.atlas.at(cluster), sentence), act: () => this.near(cluster) });
  }

  // Closer; and where it gets no closer, the list is made of those here.
  near(cluster) {
    const { map, area, still } = this.atlas;
    if (map.getZoom() >= map.getMaxZoom()) area.search();
    else map.setView(this.atlas.at(cluster), map.getZoom() + 2, { animate: !still });
  }

  // Those for whom there is no room are seen from nearer.
  arrange(taken) {
    const { map } = this.atlas;
    for (const { cluster, marker } of this.marks.values()) {
      const spot = freeSpot(map.latLngToLayerPoint(this.atlas.at(cluster)), cluster.name ? DOT_PX : BUBBLE_PX, taken);
      if (spot) marker.setLatLng(map.layerPointToLatLng(spot)).addTo(map);
      else marker.remove();
    }
  }
}
