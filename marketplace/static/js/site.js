// Small comforts on every page; each works on top of a page that is whole without them.

// Times are shown in the browser's zone before anyone signs in: a first page that has some in another is read again.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zoneIsKept = () => document.cookie.split("; ").includes(`timezone=${zone}`);
if (zone && !zoneIsKept()) {
  document.cookie = `timezone=${zone}; path=/; max-age=31536000; samesite=lax`;
  const isElsewhere = document.documentElement.dataset.zone !== zone;
  if (isElsewhere && zoneIsKept() && document.querySelector("time, .time")) location.replace(location.href);
}

// A refused form: name the fields at fault as their labels do, and take the reader there.
for (const link of document.querySelectorAll("#errors a[href^='#']")) {
  const field = document.getElementById(link.hash.slice(1));
  const label = document.querySelector(`label.label[for="${CSS.escape(link.hash.slice(1))}"]`) ?? field?.closest("fieldset.control")?.querySelector("legend");
  const name = label?.firstChild?.textContent.trim();
  if (name) link.textContent = `${name}: ${link.textContent}`;
}
document.getElementById("errors")?.focus();

// The present tab is in view on a narrow screen.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const bar = tab.parentElement;
  if (tab.offsetLeft + tab.offsetWidth > bar.clientWidth) bar.scrollLeft = tab.offsetLeft - bar.clientWidth / 3;
}

// Menus close by Escape and by a click elsewhere.
const menus = () => document.querySelectorAll("details.menu[open]");
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

// A second press while the answer is on its way does nothing.
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// The story typed at the start waits in this tab until a booking asks for it.
for (const form of document.querySelectorAll("form[data-keeps-story]")) {
  form.addEventListener("submit", (event) => {
    const story = event.submitter?.name === "story" ? event.submitter.value : form.elements.story?.value;
    if (story) sessionStorage.setItem("runsight.story", story.slice(0, 20000));
  });
}
const told = document.querySelector("textarea[data-takes-story]");
if (told && !told.value.trim()) told.value = sessionStorage.getItem("runsight.story") ?? "";
