// "Search this area": the list for what the map shows, when its view has changed, or as it changes if that is ticked.

import { show } from "../results.js";

const KEY = "runsight.map-follows";
const PAUSE_MS = 500;
const MOST_KM = 300;

export class Area {
  constructor(atlas) {
    this.atlas = atlas;
    this.button = atlas.box.querySelector("[data-search]");
    this.follows = atlas.box.querySelector("[data-follows]");
    this.follows.checked = remembered();
    this.follows.addEventListener("change", () => {
      remember(this.follows.checked);
      if (this.follows.checked && !this.button.hidden) this.search();
    });
    this.button.addEventListener("click", () => {
      atlas.map.stop(); // a view that still glides would leave behind what is searched
      this.search();
    });
    atlas.box.querySelector("[data-area]").hidden = false;
  }

  // The view was changed by hand.
  offer() {
    clearTimeout(this.timer);
    if (this.follows.checked) this.timer = setTimeout(() => this.search(true), PAUSE_MS);
    else this.button.hidden = false;
  }

  // The list is of what the map shows.
  settle(from) {
    clearTimeout(this.timer);
    if (from !== "map") this.hasFollowed = false;
    const wasHere = document.activeElement === this.button;
    this.button.hidden = true;
    if (wasHere) this.atlas.frame.focus({ preventScroll: true });
  }

  // A map followed step by step is one step back.
  search(isFollowing = false) {
    const { map, data } = this.atlas;
    const centre = map.getCenter().wrap();
    const address = new URL(data.search, location.href);
    address.searchParams.set("near", `${centre.lat.toFixed(2)},${centre.lng.toFixed(2)}`);
    address.searchParams.set("within_km", this.km());
    show(address.href, "map", isFollowing && this.hasFollowed);
    this.hasFollowed = isFollowing;
  }

  // The ring that covers the view: half its diagonal.
  km() {
    const { map } = this.atlas;
    const bounds = map.getBounds();
    const corners = [bounds.getSouthWest(), bounds.getNorthWest()].map((corner) => map.distance(map.getCenter(), corner));
    return Math.min(MOST_KM, Math.max(1, Math.ceil(Math.max(...corners) / 1000)));
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false; // storage may be turned off
  }
}

function remember(yes) {
  try {
    localStorage.setItem(KEY, yes ? "yes" : "no");
  } catch {
    // then it holds for this page
  }
}
