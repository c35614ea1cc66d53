// The chat of one user, on the JavaScript SDK. The SDK keeps the session over lost connections and reloads of the page;
// this program shows what comes, and keeps what it shows.

import {connect, SendBufferFullError} from "./voltlane.js";
import {cleanedName, cleanedText, decode, Room} from "./room.js";
import * as view from "./view.js";

const SERVER = document.querySelector("meta[name=chat-server]").content;
const STATES = {connecting: "Connecting …", live: "Connected", away: "Connection lost, coming back …"};
const ENDS = {
  CLOSED: "You have left the chat.",
  KICKED: "The chat has ended your session.",
  TAKEN_OVER: "This conversation goes on in another window.",
};

/** The tab's own storage, or null where the browser allows none. */
function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

const storage = tabStorage();
const room = new Room(storage);
let client = null;

function start() {
  let refusal = "";
  // The server keeps the name with the session and tells it to the backend, also to one that is restarted.
  client = connect(SERVER, {storage, key: "voltlane-chat.session", credentials: room.name, newSessionWhenGone: true});
  client.addEventListener("packet", ({data}) => {
    const event = decode(data);
    if (event.kind === "refused") refusal = event.text;
    if (room.take(event)) view.addLine(room);
    show();
  });
  client.addEventListener("opened", () => {
    room.enter();
    view.showLines(room);
    show();
  });
  client.addEventListener("gone", () => {
    room.lose();
    show();
  });
  client.addEventListener("resumed", show);
  client.addEventListener("away", show);
  client.addEventListener("closed", ({reason, text, message}) => {
    client = null;
    room.leave();
    show();
    view.showJoining(true, room, refusal || text || (ENDS[reason] ?? message));
  });
  view.showJoining(false, room);
  show();
}

function show() {
  const state = client?.state ?? "out";
  view.showStatus(state, STATES[state] ?? "Not connected");
  view.showPeople(room, state);
  view.showWaiting(room);
  view.allowTalk(room.isIn);
}

view.onSubmit("join", "name", typed => {
  const name = cleanedName(typed);
  if (name === "" || client) return false;
  room.joinAs(name);
  start();
  return false;
});

view.onSubmit("composer", "text", typed => {
  const text = cleanedText(typed);
  if (text === "" || !client || !room.isIn) return false;
  try {
    client.send(text);
  } catch (error) {
    if (!(error instanceof SendBufferFullError)) throw error;
    view.showStatus(client.state, "Not sent: too much is waiting");
    return false;
  }
  room.say(text);
  view.showWaiting(room);
  return true;
});

view.onLeave(() => client?.close());

view.showLines(room);
if (room.name) start();
else view.showJoining(true, room);
