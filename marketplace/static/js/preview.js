// Shows the coach's card and page while she writes. Without this script the form's preview button asks for the page.

const PAUSE_MS = 350;

const form = document.querySelector("form[data-preview]");
const toggle = form.querySelector("[data-toggle]");
const writing = form.parentElement;
const sheets = writing.querySelector("[data-sheets]");
const waits = writing.querySelector("[data-waits]");
const title = document.getElementById("preview-title");
const look = toggle.textContent;
const touched = new Set();
let timer = 0;
let asked = null;
let last = form.querySelector(".input");

form.dataset.live = "yes";

for (const kind of ["input", "change"]) {
  form.addEventListener(kind, (event) => {
    if (!event.target.name) return;
    touched.add(event.target.name);
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
}

form.addEventListener("focusin", (event) => {
  if (event.target.name && event.target !== toggle) last = event.target;
});

// On a narrow screen the same button turns the sheet over: the page that is written, the page that is seen.
toggle.addEventListener("click", (event) => {
  event.preventDefault();
  const seen = writing.classList.toggle("is-seen");
  toggle.textContent = seen ? form.dataset.write : look;
  if (seen) {
    clearTimeout(timer);
    ask();
    title.focus();
  } else {
    last.focus();
  }
});

async function ask() {
  asked?.abort();
  asked = new AbortController();
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.preview, { method: "POST", body, headers: { Accept: "application/json" }, signal: asked.signal });
    if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return;
    show(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError" && error.name !== "TypeError") throw error; // off line: the last preview stays
  }
}

function show({ html, errors }) {
  waits.hidden = html !== null;
  if (html !== null) sheets.innerHTML = html;
  for (const name of touched) say(name, errors[name]);
}

// What is wrong with a field stands where the page itself would put it, and goes when it is mended.
function say(name, message) {
  const field = document.getElementById(name);
  if (!field) return;
  const id = `${name}-error`;
  const known = document.getElementById(id);
  const control = field.closest(".control");
  const described = field.matches(".input") ? field : field.closest("fieldset");
  const by = new Set((described.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (!message) {
    known?.remove();
    by.delete(id);
    field.removeAttribute("aria-invalid");
  } else {
    const line = known ?? document.createElement("p");
    line.id = id;
    line.className = "error";
    line.setAttribute("role", "status");
    if (line.textContent !== message) line.textContent = message;
    if (!known) (control.querySelector(":scope > .box, :scope > .combo, :scope > .input, :scope > .choice-list, :scope > .fixing") ?? field).before(line);
    by.add(id);
    if (field.matches(".input")) field.setAttribute("aria-invalid", "true");
  }
  if (by.size) described.setAttribute("aria-describedby", [...by].join(" "));
  else described.removeAttribute("aria-describedby");
}
