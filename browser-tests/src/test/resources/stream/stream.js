// Gets 1, 2, 3 … and sends 1, 2, 3 …, each packet a number of 4 bytes and some more bytes. What has been seen is kept
// over reloads in the task in which it was seen.

import {connect} from "./voltlane.js";

const meta = name => document.querySelector(`meta[name=${name}]`).content;
const GOAL = Number(meta("goal"));
const seen = JSON.parse(sessionStorage.getItem("seen") ?? '{"got": 0, "sent": 0, "opened": 0, "faults": []}');
const client = connect(meta("server"), {sendBufferBytes: 32768});

function keep() {
  sessionStorage.setItem("seen", JSON.stringify(seen));
  document.getElementById("got").textContent = seen.got;
}

function packet(number) {
  const bytes = new Uint8Array(4 + number % 300);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

function send() {
  try {
    while (seen.sent < GOAL) {
      client.send(packet(seen.sent + 1));
      seen.sent++;
    }
  } catch (error) {
    if (error.constructor.name !== "SendBufferFullError") throw error;
  }
  keep();
}

client.addEventListener("opened", () => {
  // The first time in this tab, or this tab is a copy of another one. In a new session both ends begin to count anew.
  Object.assign(seen, {got: 0, sent: 0, opened: seen.opened + 1});
  send();
});
client.addEventListener("resumed", send);
client.addEventListener("acknowledged", send);
client.addEventListener("closed", ({message}) => {
  seen.faults.push(message);
  keep();
});
client.addEventListener("packet", ({data}) => {
  const number = new DataView(data.buffer, data.byteOffset).getUint32(0);
  if (number !== seen.got + 1 || data.length !== 4 + number % 300) seen.faults.push(`${number} of ${data.length} bytes after ${seen.got}`);
  seen.got = number;
  keep();
});
globalThis.client = client;
globalThis.seen = seen;
