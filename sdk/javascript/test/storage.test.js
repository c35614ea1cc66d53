// The state that survives a reload of the page, and the lock that keeps a duplicated tab from using it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SendBufferFullError } from "../voltlane.js";
import { serving } from "./support/server.js";
import { Page, start as startWorld, Storage, World, text } from "./support/world.js";

/** A page of an application: it notes what it got in its own part of the storage, as a page does that survives a reload. */
function open(world, page, options = {}) {
  const client = world.connectIn(page, options);
  client.addEventListener("packet", (event) => {
    const storage = page.window.sessionStorage;
    storage.setItem("app", (storage.getItem("app") ?? "") + text(event.data) + " ");
  });
  return client;
}

const start = (options) => startWorld(options, open);

/** Ends a page as a browser does, and opens the next one in the same tab. */
function reload(world, page, storage, options) {
  page.hide();
  const next = new Page(storage.copy());
  return { page: next, storage: next.window.sessionStorage, client: open(world, next, options) };
}

test("a reload resumes the session: nothing lost, nothing twice", async () => {
  const { world, server, storage, page, client, session } = await start();
  server.send(session, Buffer.from("a"));
  server.acknowledges = false;
  client.send("1");
  await world.settle();
  client.send("2");
  server.cut(world.socket); // 2 is lost, 1 is read and not acknowledged
  client.send("3");
  server.send(session, Buffer.from("b"));
  const next = reload(world, page, storage);
  server.acknowledges = true;
  next.client.send("4");
  await world.settle();
  assert.equal(next.client.sessionId, String(session.id));
  assert.equal(next.client.log.at(-1), "resumed");
  server.send(session, Buffer.from("c"));
  assert.deepEqual(session.fromClient.map(text), ["1", "2", "3", "4"]);
  assert.equal(next.storage.getItem("app"), "a b c ");
  assert.equal(next.client.unacknowledged, 0);
  assert.equal(client.state, "away", "the page that was left does nothing");
  await world.advance(1000);
  assert.equal(session.acknowledged, 3);
  assert.equal(server.sessions.size, 1);
});

test("the event tells that the session comes from the storage", async () => {
  const { world, storage, page } = await start();
  page.hide();
  const next = new Page(storage.copy());
  const client = world.connectIn(next);
  const restored = [];
  client.addEventListener("resumed", (event) => restored.push(event.restored));
  await world.settle();
  client.reconnect();
  await world.advance(1000);
  assert.deepEqual(restored, [true, false]);
});

test("a reload before there is a session sends what waited, once", async () => {
  const world = new World();
  const storage = new Storage();
  const page = new Page(storage);
  const client = open(world, page);
  client.send("1");
  await world.settle();
  const server = serving(world);
  const next = reload(world, page, storage);
  next.client.send("2");
  await world.settle();
  const [session] = server.sessions.values();
  assert.deepEqual(session.fromClient.map(text), ["1", "2"]);
});

test("a duplicated tab opens a session of its own, and drops its copy of the state", async () => {
  const { world, server, storage, page, client, session } = await start();
  server.acknowledges = false;
  client.send("mine");
  await world.settle();
  const copy = new Page(storage.copy());
  const other = open(world, copy);
  other.send("other");
  await world.advance(500);
  assert.equal(other.state, "connecting");
  await world.advance(600);
  assert.equal(other.state, "live");
  assert.equal(client.state, "live");
  assert.equal(server.sessions.size, 2);
  const otherSession = [...server.sessions.values()][1];
  assert.deepEqual(otherSession.fromClient.map(text), ["other"]);
  assert.deepEqual(session.fromClient.map(text), ["mine"]);
  // Both survive a reload, each with its own session.
  server.acknowledges = true;
  const again = reload(world, copy, copy.window.sessionStorage);
  const first = reload(world, page, storage);
  await world.settle();
  assert.equal(again.client.sessionId, String(otherSession.id));
  assert.equal(first.client.sessionId, String(session.id));
  assert.equal(server.sessions.size, 2);
  assert.equal(otherSession.fromClient.length, 1);
});

test("the state is read when the page before has given it up: it may write until then", async () => {
  const { world, server, storage, client, page, session } = await start();
  const next = new Page(storage.shared());
  const second = open(world, next);
  second.send("of the next page");
  server.acknowledges = false;
  client.send("the last of the page before");
  server.send(session, Buffer.from("taken"));
  await world.settle();
  assert.equal(second.state, "connecting");
  page.hide();
  await world.settle();
  server.acknowledges = true;
  second.send("x");
  await world.advance(1000);
  assert.deepEqual(session.fromClient.map(text), ["the last of the page before", "of the next page", "x"]);
  assert.equal(storage.getItem("app"), "taken ");
  assert.equal(second.log.at(-1), "resumed");
});

test("what is sent while it is open whose state it is survives the next reload", async () => {
  const { world, server, storage, page, session } = await start();
  const next = new Page(storage.shared());
  const second = open(world, next); // waits for the lock
  second.send("hasty");
  next.hide();
  page.hide();
  const third = open(world, new Page(storage.shared().copy()));
  await world.settle();
  assert.equal(third.log.at(-1), "resumed");
  assert.deepEqual(session.fromClient.map(text), ["hasty"]);
});

test("a page that is only prepared does not touch the state of the one that the user sees", async () => {
  const { world, server, storage, page, client, session } = await start();
  const prepared = new Page(storage.shared());
  prepared.document.prerendering = true;
  const second = open(world, prepared);
  await world.advance(5000);
  client.send("still here");
  await world.settle();
  assert.equal(session.fromClient.length, 1);
  page.hide();
  prepared.document.prerendering = false;
  prepared.document.dispatchEvent(new Event("prerenderingchange"));
  await world.settle();
  assert.equal(second.log.at(-1), "resumed");
  assert.equal(server.sessions.size, 1);
});

test("closing at once ends the stored session, or keeps it", async () => {
  for (const keepSession of [true, false]) {
    const { world, storage, page } = await start();
    page.hide();
    const next = open(world, new Page(storage.shared()));
    next.close({ keepSession });
    await world.settle();
    assert.equal(next.state, "closed");
    assert.equal([...storage.entries.keys()].length, keepSession ? 2 : 0);
    assert.equal(world.locks.count, 0);
  }
});

test("a page that is slow to go does not cost the session", async () => {
  const { world, server, storage, client } = await start();
  const next = new Page(storage.copy());
  const second = open(world, next); // before the first page gives its lock up
  await world.advance(400);
  client.close({ keepSession: true });
  await world.settle();
  assert.equal(second.log.at(-1), "resumed");
  assert.equal(server.sessions.size, 1);
});

test("a page that the browser brings back goes on where it was, or where the page in between has come to", async () => {
  const { world, server, storage, page, client, session } = await start();
  page.hide();
  await world.advance(60_000);
  assert.equal(client.state, "away");
  assert.equal(world.locks.count, 0);
  const kept = client.sendAcknowledged("while away");
  page.comeBack();
  await world.settle();
  await kept;
  assert.equal(client.state, "live");
  assert.equal(world.locks.count, 1);

  server.acknowledges = false;
  const first = client.sendAcknowledged("acknowledged to the next page");
  await world.settle();
  page.hide();
  const nextPage = new Page(storage.shared()); // the same tab: the same storage
  const next = new World();
  next.locks = world.locks;
  next.nowMillis = 100_000;
  serving(next, server);
  const second = open(next, nextPage);
  await next.settle();
  assert.equal(second.log.at(-1), "resumed");
  server.acknowledges = true;
  second.send("x");
  server.send(session, Buffer.from("for the next page"));
  await next.settle();
  nextPage.hide();
  client.send("early"); // before it has its lock back
  page.comeBack();
  await world.settle();
  await first;
  assert.equal(client.log.at(-1), "resumed");
  server.send(session, Buffer.from("again here"));
  await world.settle();
  assert.deepEqual(session.fromClient.map(text), ["while away", "acknowledged to the next page", "x", "early"]);
  assert.equal(storage.getItem("app"), "for the next page again here ");
  client.close();
  await world.settle();
  assert.deepEqual([...storage.entries.keys()], ["app"]);
  nextPage.comeBack();
  await next.advance(1000);
  assert.deepEqual(second.log.slice(-2), ["gone SESSION_GONE", "opened"]);
});

test("the state goes with the session", async () => {
  for (const end of ["close", "kick"]) {
    const { world, server, storage, client } = await start();
    client.send("x");
    await world.settle();
    end === "close" ? client.close() : server.close(world.socket, 1);
    await client.ended;
    await world.settle();
    assert.deepEqual([...storage.entries.keys()], []);
    assert.equal(world.locks.count, 0);
    assert.equal(world.timers, 0);
  }
});

test("an end that nobody has proved keeps the state for the waiting time of the session", async () => {
  const { world, server, storage, client } = await start();
  const session = [...server.sessions.values()][0];
  server.sessions.clear();
  server.cut(world.socket);
  await world.advance(20_000);
  assert.equal((await client.ended).reason, "SESSION_GONE");
  const again = open(world, new Page(storage));
  await world.settle();
  server.sessions.set(session.id, session); // the one who said so was not the server
  await world.advance(2000);
  assert.equal(again.log.at(-1), "resumed");
  server.sessions.clear();
  await world.advance(400_000);
  server.cut(world.socket);
  await world.advance(20_000);
  assert.equal((await again.ended).reason, "SESSION_GONE");
  assert.deepEqual([...storage.entries.keys()], []);
});

test("closing with keepSession: the next client goes on, with the packets that were not taken", async () => {
  const { world, server, storage, client, session } = await start();
  client.close();
  await world.settle();
  const slow = world.connectIn(new Page(storage));
  await world.settle();
  const [fresh] = [...server.sessions.values()].filter((it) => it !== session);
  server.send(fresh, Buffer.from("untaken"));
  slow.close({ keepSession: true });
  await world.settle();
  assert.equal(slow.state, "closed");
  assert.deepEqual(await slow[Symbol.asyncIterator]().next(), { done: true, value: undefined });
  const next = open(world, new Page(storage));
  await world.settle();
  assert.equal(storage.getItem("app"), "untaken ");
  next.close();
  await world.settle();
});

test("a full storage refuses the packet, and keeps what it has", async () => {
  const { world, server, storage, page, client, session } = await start();
  server.acknowledges = false;
  storage.capacity = storage.size + 500;
  client.send("x".repeat(200));
  assert.throws(() => client.send("y".repeat(200)), SendBufferFullError);
  assert.equal(client.unacknowledged, 1);
  const next = reload(world, page, storage);
  server.acknowledges = true;
  await world.settle();
  next.client.send("z");
  await world.settle();
  assert.deepEqual(session.fromClient.map((packet) => packet.length), [200, 1]);
});

test("a storage that is full when early packets get their numbers delivers them once", async () => {
  const { world, server, storage, page } = await start();
  const next = reload(world, page, storage);
  next.client.send("early ".repeat(100)); // before it has the lock
  next.client.send("second");
  next.storage.capacity = next.storage.size + 100;
  await world.settle();
  next.storage.capacity = Infinity;
  reload(world, next.page, next.storage);
  await world.settle();
  const all = [...server.sessions.values()].flatMap((session) => session.fromClient.map(text));
  assert.deepEqual(all, ["early ".repeat(100), "second"]);
});

test("a storage that early packets have filled has no room for a new state: they are delivered once", async () => {
  const { world, server, storage, page } = await start();
  const next = reload(world, page, storage);
  next.client.send("early ".repeat(100)); // before it has the lock
  [...next.storage.entries.keys()].filter((key) => !/early|app/.test(key)).forEach((key) => next.storage.removeItem(key));
  next.storage.capacity = next.storage.size;
  await world.settle();
  next.storage.capacity = Infinity;
  reload(world, next.page, next.storage);
  await world.settle();
  const all = [...server.sessions.values()].flatMap((session) => session.fromClient.map(text));
  assert.deepEqual(all, ["early ".repeat(100)]);
});

test("a storage that takes nothing costs no more than the reload", async () => {
  const warn = console.warn;
  const warnings = [];
  console.warn = (message) => warnings.push(message);
  try {
    const world = new World();
    const server = serving(world);
    const storage = new Storage();
    storage.capacity = 10;
    const client = open(world, new Page(storage));
    client.send("x");
    await world.settle();
    assert.equal(client.state, "live");
    assert.equal(warnings.length, 1);
    assert.equal([...server.sessions.values()][0].fromClient.length, 1);
    client.close();
    await world.settle();
    assert.equal(client.state, "closed");
  } finally {
    console.warn = warn;
  }
});

test("damaged or foreign entries are no state", async () => {
  const { storage } = await start();
  const entry = [...storage.entries.keys()][1];
  const main = [...storage.entries.keys()].find((key) => key.endsWith(encodeURIComponent("ws://server.test/")));
  for (const [key, value] of [[main, "{"], [main, "null"], [main, "5"], [main, '{"form":2}'], [entry, "x y"]]) {
    const world = new World();
    const server = serving(world);
    const copy = storage.copy();
    copy.setItem(key, value);
    const client = open(world, new Page(copy));
    await world.advance(2000);
    assert.equal(client.log.at(-1), "opened");
    assert.equal(server.sessions.size, 1);
  }
  const world = new World();
  serving(world);
  const record = JSON.parse(storage.getItem(main));
  storage.setItem(main, JSON.stringify({ ...record, url: "ws://other.test/" }));
  const client = open(world, new Page(storage.shared()));
  await world.settle();
  assert.equal(client.log.at(-1), "opened");
});

test("two clients of a page need two keys", async () => {
  const { world, server, page, client } = await start();
  assert.throws(() => world.connectIn(page), { name: "TypeError", message: /another client of this page uses/ });
  const second = world.connectIn(page, { key: "second" });
  await world.settle();
  assert.equal(server.sessions.size, 2);
  client.close();
  await world.settle();
  const third = world.connectIn(page);
  await world.settle();
  assert.equal(third.state, "live");
  assert.equal(second.state, "live");
});

test("without a page or a storage the session lives in memory", async () => {
  const world = new World();
  serving(world);
  const page = new Page(new Storage());
  Object.defineProperty(page.window, "sessionStorage", {
    get: () => {
      throw new Error("forbidden");
    },
  });
  const client = world.connectIn(page);
  await world.settle();
  assert.equal(client.state, "live");
  page.hide(); // nothing is stored, so the browser alone decides what becomes of the connection
  await world.settle();
  assert.equal(client.state, "live");
});

test("whatever a crash cuts off of the last writes, the rest is a state that was true", async () => {
  const { world, server, storage, client, session } = await start();
  // Every write of the client is noted, together with what the server knows at that time.
  const writes = [];
  const note = (method) => (...given) => {
    Storage.prototype[method].apply(storage, given);
    writes.push({
      entries: new Map(storage.entries),
      read: session.accepted,
      sent: session.sent,
    });
  };
  storage.setItem = note("setItem");
  storage.removeItem = note("removeItem");
  for (let i = 1; i <= 6; i++) {
    client.send(`${i}`);
    server.send(session, Buffer.from(`${i}`));
    await world.settle();
  }
  client.close({ keepSession: true });
  assert.ok(writes.length > 25);
  for (const { entries, read } of writes) {
    // A server that stands where the real one stood: it has read so many, and has sent so many.
    const other = new World();
    const copy = new Storage();
    entries.forEach((value, key) => copy.entries.set(key, value));
    const twin = serving(other);
    const app = (copy.getItem("app") ?? "").split(" ").filter((word) => word !== "");
    const again = {
      ...session,
      link: null,
      accepted: read,
      fromClient: session.fromClient.slice(0, read),
      acknowledged: 0,
      kept: Array.from({ length: 6 }, (_, i) => Buffer.from(`${i + 1}`)),
      sent: 6,
      hasLeft: false,
    };
    twin.sessions.set(session.id, again);
    const next = open(other, new Page(copy));
    next.send("next");
    await other.advance(1500);
    assert.equal(next.log.at(-1), "resumed");
    const got = copy.getItem("app").split(" ").filter((word) => word !== "");
    // The program's own write comes just before the client's: between the two a packet counts as not taken.
    const isBetween = app.length > 0 && got.length === 7 && got[app.length] === app.at(-1);
    assert.deepEqual(isBetween ? got.toSpliced(app.length, 1) : got, ["1", "2", "3", "4", "5", "6"]);
    const heard = again.fromClient.map(text);
    assert.equal(heard.at(-1), "next");
    assert.deepEqual(heard.slice(0, -1), Array.from({ length: heard.length - 1 }, (_, i) => `${i + 1}`));
  }
});
