// Suggests places while one types into an input with data-places (the address that answers {"places": [...]}).
// A combobox with a listbox: arrows move, Enter takes, Escape closes. Without this script the field is plain text.

const WAIT_MS = 120;
let lists = 0;

export function label(place) {
  return [place.name, place.region, place.country === "CA" ? "" : place.country].filter(Boolean).join(", ");
}

const countries = new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "region" });

function country(code) {
  try {
    return countries.of(code);
  } catch {
    return code;
  }
}

class Suggestions {
  constructor(input) {
    this.input = input;
    this.places = [];
    this.current = -1;
    this.list = document.createElement("ul");
    this.list.id = `places-${++lists}`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
    this.list.hidden = true;
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    input.after(this.list, this.status);
    for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(Number(option.dataset.place));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.asked?.abort();
    if (this.input.value.trim().length < 2) return this.close();
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    this.asked = new AbortController();
    const address = `${this.input.dataset.places}?${new URLSearchParams({ q: this.input.value.trim(), timezone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "" })}`;
    try {
      const answer = await fetch(address, { signal: this.asked.signal, headers: { accept: "application/json" } });
      if (answer.ok) this.show((await answer.json()).places.slice(0, 7));
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(places) {
    if (document.activeElement !== this.input) return;
    this.places = places;
    this.current = -1;
    this.list.replaceChildren(...places.map((place, at) => this.option(place, at)));
    this.open(places.length > 0);
    this.status.textContent = places.length ? places.map(label).join("; ") : (this.input.dataset.none ?? "");
  }

  option(place, at) {
    const item = document.createElement("li");
    const name = document.createElement("b");
    const rest = document.createElement("span");
    item.id = `${this.list.id}-${at}`;
    item.dataset.place = at;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    name.textContent = place.name;
    rest.textContent = [/\d/.test(place.region) ? "" : place.region, place.country === "CA" ? "" : country(place.country)].filter(Boolean).join(", ");
    item.append(name, " ", rest);
    return item;
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
    if (!yes) this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.open(false);
  }

  move(by) {
    const last = this.places.length - 1;
    this.current = this.current + by > last ? 0 : this.current + by < 0 ? last : this.current + by;
    for (const [at, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(at === this.current));
    }
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.current}`);
    this.list.children[this.current]?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.current >= 0) {
      event.preventDefault();
      this.take(this.current);
    } else if (event.key === "Escape") {
      this.close();
    }
  }

  take(at) {
    this.input.value = label(this.places[at]);
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function attend() {
  for (const input of document.querySelectorAll("input[data-places]:not([role=combobox])")) new Suggestions(input);
}

attend();
document.addEventListener("results", attend);
