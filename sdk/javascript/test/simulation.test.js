// Random worlds: links that are cut with frames on their way, reloads of the page, slow consumers. Whatever happens, the
// backend gets what the client sent, and the client what the backend sent: everything, in order, once. A failure names its
// seed; VOLTLANE_SEED=n runs that one, VOLTLANE_WORLDS=n runs more.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serving } from "./support/server.js";
import { Page, randomFrom, Storage, World, text } from "./support/world.js";

const WORLDS = Number(process.env.VOLTLANE_WORLDS ?? 20);
const FIRST_SEED = Number(process.env.VOLTLANE_SEED ?? 1);
const STEPS = 120;

async function run(seed) {
  const random = randomFrom(seed);
  const below = (n) => Math.floor(random() * n);
  const world = new World();
  world.random = random;
  const server = serving(world);
  let wire = null;
  world.onSocket = (socket) => {
    server.serve(socket);
    const here = { socket, up: [], down: [], receive: socket.receive.bind(socket), onSent: socket.onSent };
    socket.receive = (frame) => here.down.push(frame);
    socket.onSent = (frame) => here.up.push(frame);
    wire = here;
  };
  const deliver = (count) => {
    for (let i = 0; i < count && wire !== null; i++) {
      const [queue, take] = random() < 0.5 ? [wire.up, wire.onSent] : [wire.down, wire.receive];
      if (queue.length > 0) {
        take(queue.shift());
      }
    }
  };
  let storage = new Storage();
  let page = new Page(storage);
  const got = [];
  let client = null;
  let consumer = 0;
  const open = () => {
    client = world.connectIn(page, { backoffMillis: 50 });
    const mine = ++consumer;
    if (random() < 0.5) {
      client.addEventListener("packet", (event) => got.push(text(event.data)));
      return;
    }
    (async () => {
      for await (const packet of client) {
        if (mine !== consumer) {
          return; // its page is gone
        }
        got.push(text(packet));
      }
    })().catch(() => {});
  };
  open();
  let sent = 0;
  let told = 0;
  let session;
  const acknowledged = [];
  for (let step = 0; step < STEPS; step++) {
    session ??= client.sessionId && server.sessions.get(BigInt(client.sessionId));
    const choice = random();
    if (choice < 0.3) {
      const number = ++sent;
      client.sendAcknowledged(`${number}`).then(() => acknowledged.push(number), () => {});
    } else if (choice < 0.55 && session !== undefined) {
      server.send(session, Buffer.from(`${++told}`));
    } else if (choice < 0.65 && wire !== null && !wire.socket.isClosed && session !== undefined) {
      server.cut(wire.socket);
    } else if (choice < 0.69 && session !== undefined) {
      consumer++;
      page.hide();
      storage = storage.copy();
      page = new Page(storage);
      open();
    } else if (choice < 0.71) {
      client.reconnect();
    } else if (choice < 0.73) {
      server.acknowledges = !server.acknowledges;
    } else if (choice < 0.85) {
      await world.advance(below(400));
    } else {
      deliver(below(12));
    }
    await world.settle();
    session ??= client.sessionId && server.sessions.get(BigInt(client.sessionId));
    const heard = session?.fromClient.length ?? 0;
    acknowledged.forEach((number) => assert.ok(number <= heard, `${number} was acknowledged, ${heard} were read`));
  }
  server.acknowledges = true;
  client.send(`${++sent}`);
  for (let round = 0; round < 400 && (session?.fromClient.length !== sent || got.length !== told); round++) {
    deliver(20);
    await world.advance(100);
    session ??= client.sessionId && server.sessions.get(BigInt(client.sessionId));
  }
  for (const other of server.sessions.values()) {
    // A session whose Opened was lost never gets a packet.
    assert.ok(other === session || other.fromClient.length === 0);
  }
  assert.deepEqual(session.fromClient.map(text), Array.from({ length: sent }, (_, i) => `${i + 1}`));
  assert.deepEqual(got, Array.from({ length: told }, (_, i) => `${i + 1}`));
  client.close({ keepSession: true });
}

test(`${WORLDS} random worlds from seed ${FIRST_SEED}: nothing lost, nothing twice`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + WORLDS; seed++) {
    try {
      await run(seed);
    } catch (e) {
      e.message = `seed ${seed}: ${e.message}`;
      throw e;
    }
  }
});
