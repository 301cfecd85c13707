// What stands on the map and can be pressed: a marker that is a button for mouse, finger and keyboard.

export function span(text) {
  const words = document.createElement("span");
  words.textContent = text;
  return words;
}

// `said` words it for screen readers, `tip` is its tooltip, `height` lifts it above others; `over` hears hovering and
// focus ("focus", "hover") and their end (null).
export function button({ leaflet }, { kind, text, said, tip, act, height = 0, over = () => {} }) {
  const icon = leaflet.divIcon({ className: kind, html: span(text), iconSize: null });
  const marker = leaflet.marker([0, 0], { icon, autoPanOnFocus: false, zIndexOffset: height * 1000 });
  if (tip) marker.bindTooltip(span(tip), { direction: "top", offset: [0, -18] });
  marker.on("click", act);
  marker.on("mouseover", () => over("hover"));
  marker.on("mouseout", () => over(null));
  marker.on("add", () => {
    const element = marker.getElement();
    element.setAttribute("aria-label", said());
    element.addEventListener("focus", () => over("focus"));
    element.addEventListener("blur", () => over(null));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act();
    });
  });
  return marker;
}

// Words or a dot that only orient.
export function label({ leaflet }, at, kind, text, anchor = [2, 8]) {
  const icon = leaflet.divIcon({ className: kind, html: text ? span(text) : "", iconAnchor: text ? anchor : undefined, iconSize: text ? null : [5, 5] });
  return leaflet.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -5000 });
}
