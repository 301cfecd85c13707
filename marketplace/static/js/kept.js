// Hearts and ticks beside coaches. Without this a heart is a button of a form, and ticks are sent by one.

const form = document.getElementById("kept-form");
const said = document.querySelector(".kept-said");
const SHOWN_MS = 8000;
let hiding;

const isKept = (heart) => heart.getAttribute("aria-pressed") === "true";

function show(heart, kept) {
  const path = heart.getAttribute("formaction").replace(/\/removal$/, "");
  heart.setAttribute("formaction", kept ? `${path}/removal` : path);
  heart.setAttribute("aria-pressed", String(kept));
  heart.querySelector("span").textContent = kept ? form.dataset.kept : form.dataset.keep;
  heart.closest(".keeper")?.classList.toggle("dropped", !kept);
}

// What was done, for a while: with a way back after taking out, and to the favourites after keeping.
function say(message, heart) {
  const more = document.createElement(heart && !isKept(heart) ? "button" : "a");
  if (more.tagName === "BUTTON") {
    more.type = "button";
    more.textContent = form.dataset.undo;
    more.addEventListener("click", () => { heart.click(); heart.focus(); });
  } else {
    more.href = form.dataset.favourites;
    more.textContent = form.dataset.see;
  }
  const words = document.createElement("span");
  words.textContent = message;
  said.replaceChildren(words, more);
  clearTimeout(hiding);
  hiding = setTimeout(hide, SHOWN_MS);
}

function hide() {
  if (said.matches(":hover, :focus-within")) hiding = setTimeout(hide, SHOWN_MS);
  else said.replaceChildren();
}

async function press(heart) {
  heart.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(heart.getAttribute("formaction"), {
      method: "POST", keepalive: true, body: new FormData(form), headers: { accept: "application/json" },
    });
    const { kept, message } = await answer.json();
    if (answer.ok) show(heart, kept);
    say(message, answer.ok ? heart : null);
  } catch {
    form.requestSubmit(heart); // whatever it was, the page that answers says it
  } finally {
    heart.removeAttribute("aria-busy");
  }
}

if (form && said) {
  addEventListener("click", (event) => {
    const heart = event.target.closest?.(".heart");
    if (!heart) return;
    event.preventDefault();
    if (!heart.hasAttribute("aria-busy")) press(heart);
  });
}

const MOST = 3;
const bar = document.getElementById("compare-form");

function count() {
  const ticks = [...bar.elements].filter((each) => each.name === "coach");
  const ticked = ticks.filter((each) => each.checked).length;
  for (const each of ticks) each.disabled = ticked >= MOST && !each.checked;
  const button = bar.querySelector("button");
  bar.classList.toggle("sticky", ticked > 0);
  bar.querySelector("p").hidden = ticked > 1;
  button.hidden = ticked === 1;
  if (ticked) bar.querySelector("p").textContent = bar.dataset.one;
  if (ticked) button.querySelector("span").textContent = bar.dataset.many.replace("{n}", ticked);
}

if (bar) {
  addEventListener("change", (event) => { if (event.target.form === bar) count(); });
  addEventListener("pageshow", count);
}
