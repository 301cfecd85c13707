// On a narrow screen the map takes the list's place behind one switch, and a chosen coach shows in short at its foot.

const SHORT = [".coach-name", ".coach-where", ".coach-price", ".times .time"];

export class Phone {
  constructor(box) {
    this.box = box;
    this.frame = box.closest("[data-results]");
    this.card = box.querySelector("[data-card]");
    this.toggle = this.frame.querySelector("[data-map-switch]");
    this.toggle.hidden = false;
    this.toggle.addEventListener("click", () => this.turn(!this.isMap));
    this.card.querySelector("[data-close]").addEventListener("click", () => this.close());
    this.card.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    document.addEventListener("results", () => (this.card.hidden = true));
  }

  get isMap() {
    return this.frame.classList.contains("on-map");
  }

  // The list is found again where it was left.
  turn(isMap) {
    if (isMap) this.left = scrollY;
    this.frame.classList.toggle("on-map", isMap);
    for (const word of this.toggle.children) word.hidden = (word.dataset.to === "list") !== isMap;
    if (isMap) this.frame.scrollIntoView();
    else scrollTo(0, this.left ?? 0);
  }

  show(row) {
    const short = SHORT.map((part) => row.querySelector(part)?.cloneNode(true)).filter(Boolean);
    this.card.querySelector("[data-short]").replaceChildren(...short);
    this.pin = document.activeElement;
    this.card.hidden = false;
    this.card.querySelector("h2 a").focus({ preventScroll: true });
  }

  close() {
    this.card.hidden = true;
    this.pin?.focus({ preventScroll: true });
  }
}
