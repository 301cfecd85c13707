// Adds, removes and copies rows of the weekly hours on the spot. Without this script the same buttons ask the server.

const form = document.querySelector("form[data-hours]");
const said = form.querySelector("[data-said]");
const MOST_ROWS = 12;

const dayOf = (number) => form.querySelector(`[data-day="${number}"]`);
const rowsOf = (day) => [...day.querySelectorAll(".windows > [data-window]")];

function add(day, from = "", to = "") {
  const row = day.querySelector("template").content.firstElementChild.cloneNode(true);
  const [start, end] = row.querySelectorAll("input");
  start.removeAttribute("id");
  start.value = from;
  end.value = to;
  day.querySelector(".closed").before(row);
  return start;
}

function copy() {
  const source = form.elements.source.value;
  const hours = rowsOf(dayOf(source)).map((row) => [...row.querySelectorAll("input")].map((input) => input.value));
  for (const box of form.querySelectorAll("input[name=target]:checked")) {
    box.checked = false;
    if (box.value === source) continue;
    const day = dayOf(box.value);
    for (const row of rowsOf(day)) row.remove();
    for (const [from, to] of hours) add(day, from, to);
  }
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name]");
  if (!button) return;
  if (button.name === "add") {
    const day = dayOf(button.value);
    const count = rowsOf(day).length;
    if (count < MOST_ROWS) (count ? add(day) : add(day, "09:00", "17:00")).focus();
    said.textContent = form.dataset.added;
  } else if (button.name === "remove") {
    const day = button.closest("[data-day]");
    button.closest("[data-window]").remove();
    day.querySelector("button[name=add]").focus();
    said.textContent = form.dataset.removed;
  } else if (button.name === "copy") {
    copy();
    said.textContent = form.dataset.copied;
  } else {
    return;
  }
  event.preventDefault();
});
