// Keys and fingers on the map. One finger scrolls the page and two move the map, so that nobody is caught in it.

const STEP_PX = 80;
const HINT_MS = 2200;
const STEPS = { ArrowLeft: [-STEP_PX, 0], ArrowRight: [STEP_PX, 0], ArrowUp: [0, -STEP_PX], ArrowDown: [0, STEP_PX] };

export function hold(atlas) {
  keys(atlas);
  fingers(atlas);
  wheel(atlas);
}

function keys({ frame, map, rows, still }) {
  frame.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const acts = {
      "+": () => map.zoomIn(1), "=": () => map.zoomIn(1), "-": () => map.zoomOut(1), _: () => map.zoomOut(1),
      Escape: () => rows.leave(),
    };
    const step = STEPS[event.key];
    const act = step ? () => map.panBy(step, { animate: !still }) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

let ends = 0;

// A line over the map for a moment.
export function flash(box, text, isOver = false) {
  const line = box.querySelector("[data-hint]");
  line.textContent = text;
  line.hidden = isOver;
  clearTimeout(ends);
  ends = setTimeout(() => (line.hidden = true), HINT_MS);
}

function fingers({ frame, box, map, words }) {
  frame.addEventListener("pointerdown", (event) => map.dragging[event.pointerType === "touch" ? "disable" : "enable"](), true);
  frame.addEventListener("touchmove", (event) => flash(box, words.fingers, event.touches.length > 1), { passive: true });
}

// The wheel scrolls the page, and zooms the map where the browser would zoom the page.
function wheel({ frame, map }) {
  frame.addEventListener("wheel", (event) => map.scrollWheelZoom[event.ctrlKey || event.metaKey ? "enable" : "disable"](), { capture: true, passive: true });
}
