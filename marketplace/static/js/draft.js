/* Saves the coach's draft while she writes. Without script each button of the form saves it. */

const PAUSE_MS = 1200;
const RETRY_MS = 5000;

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);

function keep(form) {
  const state = form.querySelector("[data-state]");
  const step = form.elements.step;
  let timer = 0;
  let unsaved = false;
  let leaving = false;
  let stuck = false;

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  form.addEventListener("input", (event) => {
    if (event.target.name === "issue") return;
    unsaved = true;
    if (stuck) return;
    say(form.dataset.unsaved);
    later(PAUSE_MS);
  });

  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    step.value = Number(step.value) + 1; // what is still on its way counts as older
  });

  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // the page knows an older draft
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && unsaved && !leaving && !stuck) save();
  });
  addEventListener("online", () => unsaved && !stuck && later(0));

  async function save() {
    clearTimeout(timer);
    if (leaving) return;
    step.value = Number(step.value) + 1;
    const sent = step.value;
    const body = new URLSearchParams(new FormData(form));
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: `${body}`.length < 60000 });
    } catch {
      say(form.dataset.offline, true);
      return later(RETRY_MS);
    }
    if (sent !== step.value || leaving) return;
    if (!answer.headers.get("Content-Type")?.includes("json")) {
      say(form.dataset.signedOut, true);
      return later(RETRY_MS);
    }
    const told = await answer.json();
    if (answer.ok) {
      unsaved = false;
      say(told.saved_at);
    } else {
      stuck = answer.status === 409;
      say(told.title, true);
    }
  }

  function say(text, wrong = false) {
    state.textContent = text;
    state.classList.toggle("is-wrong", wrong);
  }
}
