// The coach's week, drawn: hours to drag, what is taken, and why a time is closed. The list below the calendar and the
// forms that it links to do the same without this script.

const box = document.querySelector("[data-calendar]");
const frame = box.querySelector("[data-frame]");
const dialog = document.querySelector("[data-dialog]");
const why = document.querySelector("[data-why]");
const { start, monday, today, offset, offer, events, closed, day, page, scroll } = box.dataset;
const isNarrow = matchMedia("(max-width: 699px)").matches;
const DAYS = isNarrow ? 3 : 7;
const STEP = 15;
const { lang } = document.documentElement;
const title = document.querySelector(".cal-title");
const dates = new Intl.DateTimeFormat(lang, { dateStyle: "long" });

const two = (number) => String(number).padStart(2, "0");
const dateOf = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
const timeOf = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
const wallOf = (at) => `${dateOf(at)}T${timeOf(at)}`;
const moved = (date, days) => {
  const at = new Date(`${date}T12:00`);
  at.setDate(at.getDate() + days);
  return dateOf(at);
};
const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();

// what is shown

async function shown({ startStr, endStr }) {
  const [from, to] = [startStr, endStr].map((text) => text.slice(0, 10));
  title.textContent = dates.formatRange(new Date(`${from}T12:00`), new Date(`${moved(to, -1)}T12:00`));
  const asked = query({ from, to, offer });
  const answer = await fetch(`${events}?${asked}`);
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).events;
}

// the same link each time the calendar is drawn anew: one that is replaced under the pointer can't be clicked
const heads = new Map();

function head(date) {
  const on = dateOf(date);
  const link = heads.get(on) ?? document.createElement("a");
  link.href = day.replace("0000-00-00", on);
  link.textContent = date.toLocaleDateString(lang, { weekday: "short", day: "numeric" });
  heads.set(on, link);
  return { domNodes: [link] };
}

function fails() {
  frame.hidden = true;
  document.querySelector("[data-list]").open = true;
  const said = document.createElement("p");
  said.className = "notice notice-warn";
  said.textContent = box.dataset.failed;
  box.prepend(said);
}

frame.hidden = false;
document.querySelector("[data-legend]").hidden = false;
document.querySelector("[data-list]").open = false;
const calendar = EventCalendar.create(frame, {
  view: isNarrow ? "threeDays" : "timeGridWeek",
  views: { threeDays: { type: "timeGridDay", duration: { days: DAYS } } },
  date: isNarrow ? start : monday,
  firstDay: 1,
  timeZone: offset,
  locale: lang,
  headerToolbar: { start: "", center: "", end: "" },
  dayHeaderFormat: head,
  allDayContent: () => ({ html: "" }),
  height: "min(72vh, 660px)",
  scrollTime: { minutes: Number(scroll) },
  slotHeight: 34,
  slotLabelFormat: timeOf,
  eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
  snapDuration: { minutes: STEP },
  nowIndicator: true,
  selectable: true,
  eventStartEditable: false,
  eventDurationEditable: false,
  eventResizableFromStart: true,
  longPressDelay: 350,
  eventSources: [{ events: (range) => shown(range).catch((error) => (fails(), Promise.reject(error))) }],
  eventContent: ({ event }) => (event.extendedProps.kind ? { domNodes: words(event) } : undefined),
  eventAllUpdated: plain,
  select: ({ start, end, allDay }) => {
    if (!allDay && dateOf(start) >= today) ask(start, end);
    calendar.unselect();
  },
  eventDrop: ({ event, revert }) => ask(event.start, event.end, event.extendedProps, revert),
  eventResize: ({ event, revert }) => ask(event.start, event.end, event.extendedProps, revert),
  eventClick: ({ event }) => {
    if (event.extendedProps.url) location.assign(event.extendedProps.url);
    else if (event.startEditable) ask(event.start, event.end, event.extendedProps);
  },
});

plain();

// the library's table has no cells: without its roles it is what it looks like, and the list below is read instead
function plain() {
  for (const part of frame.querySelectorAll("[role=table], [role=rowgroup], [role=row], [role=columnheader], [role=cell]")) {
    for (const name of ["role", "aria-colindex"]) part.removeAttribute(name);
  }
}

function words({ start, end, title }) {
  return [title, `${timeOf(start)} – ${timeOf(end)}`].filter(Boolean).map((text, place) => {
    const line = document.createElement(place ? "span" : "b");
    line.textContent = line.title = text;
    return line;
  });
}

// hours added, moved, removed: one form, which asks whether it is for the date or for every week

let undone = () => {};

function ask(from, until, was, revert = () => {}) {
  const fields = dialog.querySelector("form").elements;
  const values = { on: dateOf(from), from: timeOf(from), to: timeOf(until), was_on: was?.on, was_from: was?.from, was_to: was?.to };
  for (const [name, value] of Object.entries(values)) fields[name].value = value ?? "";
  const isOwn = calendar.getEvents().some(({ extendedProps }) => extendedProps.on === values.on && extendedProps.own);
  fields.scope.value = isOwn ? "date" : "week";
  for (const button of fields.verb) if (button.value === "remove") button.hidden = !was;
  const head = dialog.querySelector("#dialog-title");
  head.textContent = was ? head.dataset.known : head.dataset.new;
  undone = revert;
  dialog.showModal();
}

dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => undone());
document.querySelector("[data-add]").addEventListener("click", (event) => {
  event.preventDefault();
  const at = new Date(`${start >= today ? start : today}T18:00`);
  ask(at, new Date(at.getTime() + 3 * 3_600_000));
});

// turning the page: by its links, by their keys; a phone turns three days at a time

for (const link of document.querySelectorAll("[data-turn]")) {
  if (isNarrow) link.href = `${page}?${query({ week: moved(start, link.dataset.turn === "prev" ? -DAYS : DAYS), offer })}`;
}
const turn = (rel) => document.querySelector(`[data-turn=${rel}]`).click();

// why not: of the time under the pointer, and of the one that arrow keys move to

const answers = new Map();
let waiting;

async function explain(at) {
  const asked = query({ offer: why.elements.offer.value, at });
  if (!answers.has(asked)) {
    const answer = await fetch(`${closed}?${asked}`);
    if (!answer.ok) return;
    answers.set(asked, await answer.json());
  }
  if (why.elements.at.value !== at) return;
  const said = why.querySelector("[data-answer]");
  said.textContent = `${new Date(at).toLocaleString(lang, { weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false })}: ${answers.get(asked).text}`;
  said.dataset.open = answers.get(asked).open ? "yes" : "no";
}

function point(at) {
  why.elements.at.value = wallOf(at);
  const cursor = { id: "cursor", start: wallOf(at), end: wallOf(new Date(at.getTime() + STEP * 60_000)), display: "background", classNames: ["cal-cursor"] };
  if (calendar.getEventById("cursor")) calendar.updateEvent(cursor);
  else calendar.addEvent(cursor);
  clearTimeout(waiting);
  waiting = setTimeout(() => explain(wallOf(at)), 120);
}

if (why) {
  frame.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons) return;
    const found = calendar.dateFromPoint(event.clientX, event.clientY);
    if (found && !found.allDay && wallOf(found.date) !== why.elements.at.value) point(found.date);
  });
  why.addEventListener("submit", (event) => {
    event.preventDefault();
    if (why.elements.offer.value !== offer) return location.assign(`${page}?${new URLSearchParams(new FormData(why))}`);
    point(new Date(why.elements.at.value));
  });
  why.elements.offer.addEventListener("change", () => why.requestSubmit());
}

const STEPS = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

frame.addEventListener("keydown", (event) => {
  if (event.key === "PageUp" || event.key === "PageDown") {
    event.preventDefault();
    return turn(event.key === "PageUp" ? "prev" : "next");
  }
  if (event.target !== frame) return;
  const at = new Date(why?.elements.at.value ?? `${start}T18:00`);
  if (event.key === "Enter") {
    event.preventDefault(); // else the same press sends the form
    return ask(at, new Date(at.getTime() + 3_600_000));
  }
  if (!STEPS[event.key] || !why) return;
  event.preventDefault();
  const [days, minutes] = STEPS[event.key];
  at.setDate(at.getDate() + days);
  at.setMinutes(at.getMinutes() + minutes);
  const first = isNarrow ? start : monday;
  if (dateOf(at) < first || dateOf(at) >= moved(first, DAYS)) return;
  point(at);
  frame.querySelector(".cal-cursor")?.scrollIntoView({ block: "nearest" });
});
