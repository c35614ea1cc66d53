// Shows the room. Whatever others have written is put in as text, never as HTML.

const SAME_SPEAKER_MILLIS = 5 * 60 * 1000;
const COLOURS = 6;

const $ = id => document.getElementById(id);
const clock = new Intl.DateTimeFormat([], {hour: "2-digit", minute: "2-digit"});
const shown = new Map();
let unseen = 0;

/** Whether what an element is to show differs from what it shows. Screen readers would read the same again. */
function isNew(id, ...content) {
  const text = JSON.stringify(content);
  const differs = shown.get(id) !== text;
  shown.set(id, text);
  return differs;
}

function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function avatar(name) {
  let sum = 0;
  for (const char of name) sum += char.codePointAt(0);
  return el("span", {class: `avatar colour-${sum % COLOURS}`, "aria-hidden": "true"}, [...name][0].toUpperCase());
}

function time(at) {
  return el("time", {datetime: new Date(at).toISOString()}, clock.format(at));
}

function lineOf(event, before, me) {
  const {kind, at, name, text} = event;
  if (kind !== "said") {
    return el("li", {class: "news"}, `${name} has ${kind} `, time(at));
  }
  const goesOn = before?.kind === "said" && before.name === name && at - before.at < SAME_SPEAKER_MILLIS;
  const who = el("span", {class: "who"}, name === me ? "You" : name);
  const item = el("li", {class: "said"}, el("p", {class: "head"}, who, " ", time(at)), el("p", {class: "text"}, text));
  item.classList.toggle("mine", name === me);
  item.classList.toggle("goes-on", goesOn);
  if (name !== me) item.prepend(avatar(name));
  return item;
}

/** Runs a change of the messages, and stays at the newest one if that was in view. */
function atEnd(change) {
  const log = $("log");
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  change();
  if (wasAtEnd) log.scrollTop = log.scrollHeight;
}

export function showLines(room) {
  atEnd(() => $("lines").replaceChildren(...room.lines.map((line, i) => lineOf(line, room.lines[i - 1], room.name))));
  showWaiting(room);
  $("log").scrollTop = $("log").scrollHeight;
}

export function addLine(room) {
  const lines = $("lines");
  atEnd(() => {
    lines.append(lineOf(room.lines.at(-1), room.lines.at(-2), room.name));
    while (lines.childElementCount > room.lines.length) lines.firstElementChild.remove();
  });
  if (document.hidden) document.title = `(${++unseen}) Voltlane chat`;
}

document.addEventListener("visibilitychange", () => {
  unseen = 0;
  document.title = "Voltlane chat";
});

export function showWaiting(room) {
  if (!isNew("waiting", room.waiting)) return;
  atEnd(() => $("waiting").replaceChildren(...room.waiting.map(({text, isLost}) =>
    el("li", {class: `said mine ${isLost ? "lost" : "waits"}`},
      el("p", {class: "text"}, text), el("p", {class: "fate"}, isLost ? "Perhaps not delivered" : "Sending …")))));
}

export function showPeople(room, state) {
  const people = [...room.people].sort(([a], [b]) => a.localeCompare(b));
  if (!isNew("people", people, room.name, state)) return;
  $("people").replaceChildren(...people.map(([name, isAway]) => {
    const isMe = name === room.name;
    const away = isMe ? state !== "live" : isAway;
    return el("li", {"data-away": away}, avatar(name), el("span", {class: "name"}, name),
      el("span", {class: "presence"}, isMe ? "you" : away ? "away" : ""));
  }));
}

/** @param state the client's, or "out" when there is no client */
export function showStatus(state, message) {
  $("status").dataset.state = state;
  if ($("status").textContent !== message) $("status").textContent = message;
}

/** Shows the form to join, or the conversation. */
export function showJoining(isJoining, room, notice = "") {
  $("join").hidden = !isJoining;
  $("leave").hidden = isJoining;
  $("composer").hidden = isJoining;
  $("notice").textContent = notice;
  if (isJoining) $("name").focus();
  else if (room.isIn) $("text").focus();
}

/** Lets the user write, from the moment at which the user is in the room. */
export function allowTalk(isAllowed) {
  const text = $("text");
  if (text.disabled === !isAllowed) return;
  text.disabled = !isAllowed;
  if (isAllowed) text.focus();
}

/** Calls back with what is typed into a form; empties the field if the callback returns true. */
export function onSubmit(form, field, callback) {
  $(form).addEventListener("submit", event => {
    event.preventDefault();
    if (callback($(field).value)) $(field).value = "";
  });
}

export function onLeave(callback) {
  $("leave").addEventListener("click", callback);
}
