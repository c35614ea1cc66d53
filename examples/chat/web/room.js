// The room as this tab knows it. It is kept in the tab's storage: packets that were taken before a reload do not come again.

const SLOT = "voltlane-chat.room";
const MAX_LINES = 200;
const MAX_NAME = 20;
const MAX_TEXT = 1000;

const decoder = new TextDecoder();

/** Decodes a packet from the backend, see Event.java. */
export function decode(packet) {
  const [kind, at, name, ...text] = decoder.decode(packet).split("\n");
  return {kind, at: Number(at), name, text: text.join("\n")};
}

/** Takes out and shortens what the backend would take out and shorten, so that both know a name or a line by the same text. */
function cleaned(text, max) {
  return text.replace(/\p{Cc}/gu, " ").trim().slice(0, max).replace(/[\ud800-\udbff]$/, "").trim();
}

export const cleanedName = text => cleaned(text, MAX_NAME);
export const cleanedText = text => cleaned(text, MAX_TEXT);

export class Room {
  #storage;
  /** The user's name; empty before the user has joined. */
  name = "";
  /** True from the moment at which the backend has let the user in. */
  isIn = false;
  /** Maps the name of each user in the room to true if that user is away. */
  people = new Map();
  /** The last lines, the oldest first. */
  lines = [];
  /** The user's own lines that have not come back from the backend: {text, isLost}. */
  waiting = [];

  /** @param storage a Storage, or null: then a reload forgets the room */
  constructor(storage) {
    this.#storage = storage;
    const kept = JSON.parse(storage?.getItem(SLOT) ?? "null");
    if (kept) Object.assign(this, kept, {people: new Map(kept.people)});
  }

  /** Begins to enter. What was known is of an earlier session, or of the tab that this one is a copy of. */
  enter() {
    this.isIn = false;
    this.people.clear();
    this.lines = [];
    this.waiting = this.waiting.filter(line => line.isLost);
    this.#keep();
  }

  joinAs(name) {
    this.name = name;
    this.waiting = [];
    this.#keep();
  }

  /** The session is over. What waits may have arrived or not. */
  lose() {
    this.isIn = false;
    this.people.clear();
    for (const line of this.waiting) line.isLost = true;
    this.#keep();
  }

  leave() {
    this.lose();
    this.name = "";
    this.lines = [];
    this.#keep();
  }

  say(text) {
    this.waiting.push({text, isLost: false});
    this.#keep();
  }

  /** Takes an event of the backend; returns true if it is a line to show. */
  take(event) {
    const {kind, name} = event;
    if (kind === "here") this.people.set(name, event.text === "away");
    else if (kind === "joined" || kind === "back") this.people.set(name, false);
    else if (kind === "away") this.people.set(name, true);
    else if (kind === "left") this.people.delete(name);
    if (name === this.name && kind === "joined") this.isIn = true;
    // The backend repeats a user's lines in the order in which they were sent, each once. Before that come old ones.
    else if (name === this.name && kind === "said" && this.isIn) this.#hasCome();
    const isLine = kind === "said" || kind === "joined" || kind === "left";
    if (isLine) {
      this.lines.push(event);
      this.lines.splice(0, this.lines.length - MAX_LINES);
    }
    this.#keep();
    return isLine;
  }

  #hasCome() {
    const first = this.waiting.findIndex(line => !line.isLost);
    if (first >= 0) this.waiting.splice(first, 1);
  }

  #keep() {
    const {name, isIn, people, lines, waiting} = this;
    this.#storage?.setItem(SLOT, JSON.stringify({name, isIn, people: [...people], lines, waiting}));
  }
}
