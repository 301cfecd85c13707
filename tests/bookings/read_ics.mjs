// Reads calendar files with ical.js: a JSON list of texts comes in, a list of what each says goes out.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const read = (text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const [component] = calendar.getAllSubcomponents("vevent");
  const event = new ICAL.Event(component, { strictExceptions: true });
  const first = (name) => component.getFirstPropertyValue(name);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    starts_at: event.startDate.toJSDate().toISOString(),
    ends_at: event.endDate.toJSDate().toISOString(),
    stamped_at: first("dtstamp").toJSDate().toISOString(),
    zone: event.startDate.zone.tzid,
    sequence: event.sequence,
    status: first("status"),
    summary: event.summary ?? "",
    location: event.location ?? "",
    description: event.description ?? "",
    url: first("url"),
    attendees: event.attendees.map((each) => [each.getFirstValue(), each.getParameter("partstat"), each.getParameter("cn")]),
    organizer: event.organizer ?? null,
  };
};

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));
