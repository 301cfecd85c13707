// Shows another search without leaving the page: the search's address is fetched as a page, the regions marked
// data-swap are taken over from it, and the address is the browser's. Without this script the same links and forms lead
// there. Who hangs on the regions listens for "results" on the document; `detail.from` says what asked for them.

const PATIENCE_MS = 15000;
const frame = document.querySelector("[data-results]");
const part = (name) => frame.querySelector(`[data-${name}]`);
let asked = null;
let shown = location.pathname + location.search;

// `from`: "head" or "list" (a link or form of that region), "map", or "history"; `inPlace`: of the search before, which
// is no step back then. Of several the last asked for is shown.
export async function show(address, from, inPlace = false) {
  if (!document.querySelector("[data-swap=head]")) return void location.assign(address); // a page with more to it than a list
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  frame.setAttribute("aria-busy", "true");
  part("problem").hidden = true;
  const late = setTimeout(() => mine.abort(), PATIENCE_MS);
  const page = await fetched(address, mine.signal);
  clearTimeout(late);
  if (asked !== mine) return;
  frame.removeAttribute("aria-busy");
  if (!page) return fail(() => show(address, from, inPlace));
  if (from !== "history") history[inPlace ? "replaceState" : "pushState"](null, "", address);
  take(page, from);
}

// The page at an address; none when it does not come or is another.
async function fetched(address, signal) {
  try {
    const answer = await fetch(address, { signal, headers: { accept: "text/html" } });
    const page = answer.ok && read(await answer.text());
    return page && page.querySelector("[data-results]") ? page : null;
  } catch {
    return null;
  }
}

function fail(again) {
  part("retry").onclick = again;
  part("problem").hidden = false;
}

// Its own styles are of another nonce, and here already.
function read(text) {
  return new DOMParser().parseFromString(text.replace(/<style[^]*?<\/style>/g, ""), "text/html");
}

function take(page, from) {
  shown = location.pathname + location.search;
  for (const old of document.querySelectorAll("[data-swap]")) {
    const fresh = page.querySelector(`[data-swap="${old.dataset.swap}"]`);
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
  document.title = page.title;
  const translated = page.querySelectorAll("[hreflang]");
  for (const [at, link] of document.querySelectorAll("[hreflang]").entries()) link.href = translated[at]?.getAttribute("href") ?? link.href;
  document.dispatchEvent(new CustomEvent("results", { detail: { from } }));
  lead(from);
}

// A link or form is gone with its region, so the reader goes to what came instead; else she stays, and is told.
function lead(from) {
  const title = document.querySelector("[data-swap=head] h1");
  if (from === "list") {
    const list = document.querySelector("[data-swap=list]");
    list.scrollIntoView();
    list.focus({ preventScroll: true });
  } else if (from === "head") {
    title.tabIndex = -1;
    title.focus();
  } else {
    part("said").textContent = "";
    setTimeout(() => (part("said").textContent = title.textContent), 50);
  }
}

// The path of this list's searches; other links leave the page.
function isSearch(address) {
  const form = document.querySelector("[data-swap] form[method=get]");
  return form && address.origin === location.origin && address.pathname === new URL(form.action).pathname;
}

function searched(form, submitter) {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form, submitter)) if (value) address.searchParams.append(name, value);
  return address;
}

if (frame) {
  addEventListener("popstate", () => {
    if (shown !== location.pathname + location.search) show(location.href, "history");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-swap] a[href]");
    const isOther = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link?.target;
    if (!link || isOther || link.hash || event.defaultPrevented || !isSearch(link)) return;
    event.preventDefault();
    show(link.href, link.closest("[data-swap]").dataset.swap);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get" || !form.closest("[data-swap]") || !isSearch(new URL(form.action))) return;
    event.preventDefault();
    show(searched(form, event.submitter).href, form.closest("[data-swap]").dataset.swap);
  });
}
