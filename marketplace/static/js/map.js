// The map of coaches beside their list. It is drawn when it comes into view; Leaflet is fetched then and not before.

import "./results.js";
import { Phone } from "./map/phone.js";

const box = document.getElementById("map");

async function draw() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = box.dataset.leafletCss;
  const styled = new Promise((done) => sheet.addEventListener("load", done, { once: true }));
  document.head.prepend(sheet);
  const [{ Atlas }] = await Promise.all([import("./map/atlas.js"), import("leaflet"), styled]);
  new Atlas(window.L, box, phone);
}

const phone = box && new Phone(box);
if (box) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    draw();
  }, { rootMargin: "200px" });
  seen.observe(box);
}
