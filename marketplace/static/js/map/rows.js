// The list and the map, each lighting in the other what is pointed at.

const DWELL_MS = 350;

export class Rows {
  constructor(atlas) {
    this.atlas = atlas;
    this.frame = document.querySelector("[data-results]");
    for (const kind of ["mouseover", "focusin"]) this.frame.addEventListener(kind, (event) => this.look(event.target));
    this.frame.addEventListener("mouseleave", () => this.over(null));
  }

  get list() {
    return this.frame.querySelector("[data-swap=list]");
  }

  row(slug) {
    return slug && document.getElementById(`coach-${slug}`);
  }

  // Pins tell of themselves.
  look(target) {
    if (!target.closest(".leaflet-marker-icon")) this.over(target.closest("[data-coach]"));
  }

  // A row is pointed at: its pin lights, and comes into view when that is meant.
  over(row) {
    const slug = row?.dataset.coach ?? null;
    if (slug === this.lit) return;
    this.light(slug);
    if (slug) this.timer = setTimeout(() => this.atlas.pins.bring(slug), DWELL_MS);
  }

  // A pin is pointed at: its row lights and comes into view; under a mouse only once the map stands still for that.
  point(slug, how) {
    this.light(slug);
    const row = this.row(slug);
    if (!row) return;
    const reveal = () => row.scrollIntoView({ block: "nearest", behavior: this.atlas.still ? "auto" : "smooth" });
    const stands = () => this.atlas.box.getBoundingClientRect().top < 24;
    if (how === "focus") reveal();
    else this.timer = setTimeout(() => stands() && reveal(), DWELL_MS);
  }

  light(slug) {
    clearTimeout(this.timer);
    this.lit = slug;
    this.atlas.pins.light(slug);
    for (const row of this.frame.querySelectorAll("[data-coach]")) row.classList.toggle("lit", row.dataset.coach === slug);
  }

  // A pin is chosen: on to her row, or to the short of it where the map has taken the list's place.
  open(pin) {
    const row = this.row(pin.slug);
    if (!row) location.assign(pin.url);
    else if (!this.list.offsetParent) this.atlas.phone.show(row);
    else this.enter(row);
  }

  enter(row) {
    row.scrollIntoView({ block: "center" });
    row.querySelector("h2 a").focus({ preventScroll: true });
  }

  // Out of the map: to the row that was lit, or the list.
  leave() {
    const row = this.row(this.lit);
    if (!this.list.offsetParent) this.atlas.phone.turn(false);
    if (row) this.enter(row);
    else this.list.focus();
  }
}
