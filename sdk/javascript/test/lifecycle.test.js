// Moments at which a page is left, comes back or ends, and servers and programs that do what they should not: each of these
// once cost a packet, a session or a client.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeWebSocket } from "../node-websocket.js";
import { SendBufferFullError } from "../voltlane.js";
import { rawServer } from "./support/raw.js";
import { frames, serving } from "./support/server.js";
import { live, open, Page, start, Storage, World, text } from "./support/world.js";

test("a dead link is found although the program sends now and then", async () => {
  const { world, client, server } = await live();
  const socket = world.socket;
  socket.onSent = () => {}; // a black hole
  for (let i = 0; i < 120; i++) {
    client.send("x");
    await world.advance(5000);
  }
  assert.notEqual(world.socket, socket, "after 10 minutes of silence (heartbeat 20 s) the link is taken for lost");
});

test("a packet that is called NOT_SENT / discarded is not sent later", async () => {
  const { world, server, storage, page, client, session } = await start({ giveUpAfterMillis: 3000 });
  world.onSocket = (s) => setImmediate(() => s.drop()); // offline
  server.cut(world.socket);
  await world.settle();
  let error;
  client.sendAcknowledged("pay 5").catch((e) => (error = e));
  await world.advance(60_000);
  assert.equal(client.state, "closed");
  const info = await client.ended;
  world.onSocket = (s) => server.serve(s);
  const next = open(world, new Page(storage));
  await world.advance(2000);
  assert.equal(next.state, "live");
  const delivered = session.fromClient.map(text);
  assert.ok(!(error.fate === "NOT_SENT" && delivered.length > 0), `fate ${error.fate}, discarded ${info.discarded}, delivered ${delivered}`);
});

test("keepSession: the promise of a kept packet does not say NOT_SENT", async () => {
  const { world, server, storage, client, session } = await start();
  server.cut(world.socket);
  await world.settle();
  let error;
  client.sendAcknowledged("pay 5").catch((e) => (error = e));
  client.close({ keepSession: true });
  await world.settle();
  const next = open(world, new Page(storage));
  await world.advance(2000);
  assert.ok(!(error.fate === "NOT_SENT" && session.fromClient.length > 0), `fate ${error.fate}`);
});

test("a page from the bfcache that sends before it has its lock back does not spoil the state of the page in between", async () => {
  const { world, server, storage, page, client, session } = await start();
  page.hide();
  await world.settle();
  const nextPage = new Page(storage.shared());
  const next = new World();
  next.locks = world.locks;
  next.nowMillis = 9000;
  serving(next, server);
  const second = open(next, nextPage);
  await next.settle();
  assert.equal(second.state, "live");
  server.cut(next.socket);
  next.onSocket = () => {}; // offline
  second.send("b1"); // accepted, stored, not sent
  nextPage.hide();
  await next.settle();
  client.send("a1"); // the page is shown again: its timer fires before pageshow, or while the lock is asked for
  page.comeBack();
  await world.advance(2000);
  // whatever becomes of a1, b1 was accepted by the tab's state
  const third = open(world, new Page(storage.shared()));
  await world.advance(3000);
  assert.ok(session.fromClient.map(text).includes("b1"), `delivered: ${session.fromClient.map(text)}; ${client.log}; ${third.log}`);
});

test("the same with a packet that is taken late: the counts of the page in between stay", async () => {
  const world = new World();
  const server = serving(world);
  const storage = new Storage();
  const page = new Page(storage);
  const client = world.connectIn(page);
  const packets = client[Symbol.asyncIterator]();
  await world.settle();
  const [session] = server.sessions.values();
  server.send(session, Buffer.from("p1"));
  await packets.next(); // p1 is being worked on
  page.hide();
  await world.settle();
  const nextPage = new Page(storage.shared());
  const next = new World();
  next.locks = world.locks;
  next.nowMillis = 9000;
  serving(next, server);
  const second = open(next, nextPage);
  await next.settle();
  server.send(session, Buffer.from("p2"));
  server.send(session, Buffer.from("p3"));
  await next.advance(1000);
  assert.equal(session.acknowledged, 3);
  nextPage.hide();
  await next.settle();
  packets.next().catch(() => {}); // p1 done: the work went on in the first page, before it has its lock back
  page.comeBack();
  await world.advance(2000);
  assert.equal(client.log.at(-1), "resumed");
  server.send(session, Buffer.from("p4"));
  await world.advance(1000);
  client.close({ keepSession: true });
  const third = open(world, new Page(storage.shared()));
  await world.advance(5000);
  assert.ok(third.log.includes("resumed"), `${client.log}; ${third.log}`);
});

test("close() of a page that leaves at once: the next page does not get the session that was closed", async () => {
  const { world, server, storage, page, client, session } = await start();
  server.acknowledges = false;
  client.send("bye");
  await world.settle();
  client.close(); // a logout
  page.hide();
  await world.settle();
  const next = open(world, new Page(storage.copy()), { credentials: "somebody else" });
  await world.advance(5000);
  assert.notEqual(next.sessionId, client.sessionId);
  assert.equal(session.hasLeft, true, "it was left as well");
  assert.deepEqual(session.fromClient.map(text), ["bye"]);
});

test("close({keepSession}) in a listener of a packet: the packet does not come again", async () => {
  const { world, server, storage, client, session } = await start();
  client.addEventListener("packet", () => client.close({ keepSession: true }), { once: true });
  server.send(session, Buffer.from("p1"));
  await world.settle();
  const next = open(world, new Page(storage));
  await world.settle();
  assert.equal(next.state, "live");
  assert.deepEqual([...client.packets, ...next.packets], ["p1"]);
});

test("the Ack of a server beyond what this link carried is a violation, not an uncaught TypeError", async () => {
  const { world, server, client, session } = await live();
  server.acknowledges = false;
  for (const p of ["1", "2", "3", "4", "5"]) client.send(p);
  await world.settle();
  session.accepted = 1; // the server has read 1 of 5
  server.cut(world.socket);
  const old = world.sockets.length;
  world.onSocket = (s) => {
    server.serve(s);
    const receive = s.receive.bind(s);
    s.receive = (d) => {
      receive(d);
      if (d[0] === 0x15) receive(frames.ack(3));
    };
  };
  await world.advance(3000);
  assert.ok(!client.log.some((l) => l.includes("FAILED")), `${client.log}`);
});

test("close() with a full receive buffer still delivers what was sent", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect({ receiveBufferBytes: 1000 });
  await world.settle();
  const [session] = server.sessions.values();
  server.acknowledges = false;
  for (let i = 0; i < 20; i++) server.send(session, Buffer.alloc(100));
  await world.settle();
  client.send("save me");
  server.acknowledges = true;
  client.close();
  await world.advance(3000);
  assert.deepEqual(session.fromClient.map(text), ["save me"]);
  assert.equal((await client.ended).discarded, 0);
});

test("nothing comes after closed: no packet", async () => {
  const { world, server } = await live();
  const client = world.connect({ receiveBufferBytes: 1000 });
  await world.settle();
  const session = [...server.sessions.values()].at(-1);
  for (let i = 0; i < 3; i++) server.send(session, Buffer.from(`p${i}`));
  await world.settle();
  server.cut(world.socket);
  await world.settle();
  const events = [];
  client.addEventListener("closed", () => events.push("closed"));
  client.addEventListener("packet", () => {
    events.push("packet");
    client.close();
  });
  await world.settle();
  assert.equal(events.at(-1), "closed", `${events}`);
});

test("close() in listeners: no timer stays, closed is the last event", async () => {
  {
    const world = new World();
    world.onSocket = (s) => setImmediate(() => s.drop());
    const client = world.connect();
    client.addEventListener("retrying", () => client.close());
    await world.settle();
    assert.equal(client.state, "closed");
    assert.equal(world.timers, 0, "retrying: a timer stays");
  }
});

test("close() in away: closed is the last event", async () => {
  {
    const { world, server, client } = await live({ newSessionWhenGone: true });
    client.addEventListener("away", () => client.close());
    server.close(world.socket, 4);
    await world.settle();
    assert.equal(client.log.at(-1), "closed CLOSED", `${client.log}`);
    assert.equal(world.timers, 0);
  }
});

test("close() in gone: no timer stays", async () => {
  const { world, server, client } = await live({ newSessionWhenGone: true });
  client.addEventListener("gone", () => client.close());
  server.sessions.clear();
  server.cut(world.socket);
  await world.advance(20_000);
  assert.equal(client.log.at(-1), "closed CLOSED", `${client.log}`);
  assert.equal(world.timers, 0);
});

for (const [name, prepare] of [
    ["once, removed, added again", (c, l) => {
      c.addEventListener("packet", l, { once: true });
      c.removeEventListener("packet", l);
      c.addEventListener("packet", l);
    }],
    ["added, then once (ignored by EventTarget)", (c, l) => {
      c.addEventListener("packet", l);
      c.addEventListener("packet", l, { once: true });
    }],
    ["a signal of an earlier registration", (c, l) => {
      const a = new AbortController();
      c.addEventListener("packet", l, { signal: a.signal });
      c.removeEventListener("packet", l);
      c.addEventListener("packet", l);
      a.abort();
    }],
    ["one of capture and bubble removed", (c, l) => {
      c.addEventListener("packet", l);
      c.addEventListener("packet", l, true);
      c.removeEventListener("packet", l, true);
    }],
  ]) {
  test(`bookkeeping of packet listeners follows EventTarget: ${name}`, async () => {
    const { world, server } = await live();
    const client = world.connect();
    await world.settle();
    const s = [...server.sessions.values()].at(-1);
    const got = [];
    prepare(client, (e) => got.push(text(e.data)));
    server.send(s, Buffer.from("1"));
    await world.settle();
    server.send(s, Buffer.from("2"));
    await world.settle();
    assert.deepEqual(got, ["1", "2"], name);
  });
}

test("addEventListener('packet', undefined) takes nothing", async () => {
  const { world, server } = await live();
  const client = world.connect();
  await world.settle();
  const s = [...server.sessions.values()].at(-1);
  client.addEventListener("packet", undefined);
  server.send(s, Buffer.from("1"));
  await world.settle();
  const got = [];
  client.addEventListener("packet", (e) => got.push(text(e.data)));
  await world.settle();
  assert.deepEqual(got, ["1"]);
});

test("a packet that was sent before the server named its limit does not cost the session", async () => {
  const world = new World();
  const server = serving(world);
  server.maxPayload = 1000;
  const client = world.connect();
  let error;
  client.sendAcknowledged(new Uint8Array(5000)).catch((e) => (error = e));
  await world.settle();
  const [session] = server.sessions.values();
  assert.deepEqual(session.fromClient.map((p) => p.length), [], "the real server answers that with Close(7)");
});

test("two unknown codes hours apart do not end the session", async () => {
  const { world, server, client, session } = await live();
  for (let i = 0; i < 2; i++) {
    world.onSocket = (s) => { s.link = {}; s.onSent = (b) => b[0] === 0x12 && (s.receive(frames.close(99)), s.drop()); setImmediate(() => s.accept()); };
    session.link && server.cut(world.socket);
    await world.settle();
    while (world.sockets.length === 0 || client.state !== "away" || !client.log.at(-1).startsWith("retrying")) {
      if (client.state === "closed") break;
      await world.advance(100);
    }
    world.onSocket = (s) => server.serve(s);
    await world.advance(60_000);
    assert.equal(client.state, "live", `${i}: ${client.log}`);
    await world.advance(3_600_000);
  }
});

test("credentials that need longer than an attempt (a login dialog) work, and are asked for once", async () => {
  const world = new World();
  const server = serving(world);
  let asked = 0;
  const client = world.connect({
    credentials: () => {
      asked++;
      return new Promise((resolve) => world.environment().setTimeout(() => resolve("token"), 15_000));
    },
  });
  await world.advance(120_000);
  assert.equal(client.state, "live", `asked ${asked} times: ${client.log}`);
});

test("a state of another URL under the same key leaves nothing behind", async () => {
  const world = new World();
  const server = serving(world);
  server.acknowledges = false;
  const storage = new Storage();
  let page = new Page(storage);
  const { connect } = await import("../voltlane.js");
  for (let i = 0; i < 5; i++) {
    page = new Page(storage);
    const client = connect(`ws://server.test/?user=${i}`, { WebSocket: world.WebSocket, key: "chat", environment: world.environment({ page }) });
    await world.settle();
    client.send("x".repeat(100));
    await world.settle();
    page.hide();
    await world.settle();
    // In this process only, the key is in use by the client of the page before.
    client.close({ keepSession: true });
    await client.ended;
  }
  assert.ok(storage.entries.size <= 3, `${[...storage.entries.keys()]}`);
  assert.equal(server.sessions.size, 5, "one user does not get the session of another");
});

test("thaw twice: a page does not take over itself", async () => {
  const { world, page, client } = await start();
  page.hide();
  page.comeBack();
  page.hide();
  page.comeBack();
  await world.advance(5000);
  assert.equal(client.state, "live", `${client.log}`);
});

test("a storage that fails while the page is brought back is no unhandled rejection", async () => {
  const { world, page, client, storage } = await start();
  let unhandled = null;
  const on = (e) => (unhandled = e);
  process.on("unhandledRejection", on);
  page.hide();
  await world.settle();
  storage.getItem = () => { throw new Error("forbidden"); };
  page.comeBack();
  await world.advance(2000);
  process.off("unhandledRejection", on);
  assert.equal(unhandled, null);
  assert.notEqual(client.state, "away");
});

test("close() at once after a reload waits for the stored packets", async () => {
  const { world, server, storage, page, client, session } = await start();
  server.cut(world.socket);
  client.send("kept");
  page.hide();
  await world.settle();
  const next = open(world, new Page(storage.copy()));
  const info = await Promise.race([next.close(), world.advance(3000).then(() => next.ended)]);
  assert.deepEqual(session.fromClient.map(text), ["kept"]);
  assert.equal(info.discarded, 0);
});

test("the pinned key holds for a stored session too", async () => {
  const { world, storage, page, client } = await start();
  page.hide();
  await world.settle();
  const next = open(world, new Page(storage.copy()), { serverKey: "11".repeat(32) });
  await world.advance(2000);
  assert.notEqual(next.state, "live");
});

test("a packet that never fits into the storage is not answered with 'wait for acknowledged'", async () => {
  const world = new World();
  const server = serving(world);
  const storage = new Storage();
  storage.capacity = 5_000_000;
  const client = open(world, new Page(storage), { sendBufferBytes: 16 * 1024 * 1024 });
  await world.settle();
  assert.equal(client.unacknowledged, 0);
  try {
    client.send(new Uint8Array(4_000_000));
  } catch (e) {
    assert.ok(!(e instanceof SendBufferFullError), "nothing waits, so no acknowledgement will ever make room");
  }
});

test("web locks that are forbidden are not a duplicated tab", async () => {
  const { world, storage, page, client, server } = await start();
  const id = client.sessionId;
  page.hide();
  await world.settle();
  world.locks = { request: () => Promise.reject(new DOMException("forbidden", "SecurityError")) };
  const next = open(world, new Page(storage.copy()));
  await world.advance(3000);
  assert.equal(next.sessionId, id);
});


test("a server that sends Pings and reads nothing does not fill the memory of a Node process", { timeout: 20000 }, async () => {
  let peer;
  const server = await rawServer((socket) => {
    peer = socket;
    socket.pause();
    const ping = Buffer.concat([Buffer.from([0x89, 125]), Buffer.alloc(125)]);
    const many = Buffer.concat(Array.from({ length: 500 }, () => ping));
    let left = 1000; // 63 MB
    const go = () => {
      while (left-- > 0) if (!socket.write(many)) { socket.once("drain", go); return; }
    };
    go();
  });
  const ws = new NodeWebSocket(`ws://127.0.0.1:${server.address().port}/`);
  let most = 0;
  let closed = false;
  ws.onclose = () => (closed = true);
  for (let i = 0; i < 20 && most < 20e6 && !closed; i++) {
    await new Promise((r) => setTimeout(r, 50));
    most = Math.max(most, ws.bufferedAmount);
  }
  peer.destroy();
  server.close();
  server.closeAllConnections();
  assert.ok(most < 1e6, `${most} bytes of Pongs wait`);
});

test("fragments without bytes are bounded", { timeout: 20000 }, async () => {
  let peer;
  const server = await rawServer((socket) => {
    peer = socket;
    socket.write(Buffer.from([0x02, 0x00]));
    const many = Buffer.alloc(200_000); // 100 000 empty continuations
    let left = 20;
    const go = () => {
      while (left-- > 0) if (!socket.write(many)) { socket.once("drain", go); return; }
    };
    go();
  });
  const ws = new NodeWebSocket(`ws://127.0.0.1:${server.address().port}/`);
  let closed = false;
  ws.onclose = () => (closed = true);
  const before = process.memoryUsage().heapUsed + process.memoryUsage().external;
  for (let i = 0; i < 30 && !closed; i++) await new Promise((r) => setTimeout(r, 50));
  const grown = process.memoryUsage().heapUsed + process.memoryUsage().external - before;
  peer.destroy();
  server.close();
  server.closeAllConnections();
  assert.ok(closed, `4 MB of fragments without a payload byte were taken, the heap grew by ${(grown / 1e6).toFixed(0)} MB`);
});

test("the time in the bfcache does not count as time without a link", async () => {
  const { world, server, storage, page, client } = await start({ giveUpAfterMillis: 60_000 });
  page.hide();
  await world.settle();
  world.nowMillis += 600_000; // no timers run in there
  let drops = 1;
  const serve = world.onSocket;
  world.onSocket = (s) => (drops-- > 0 ? setImmediate(() => s.drop()) : serve(s)); // the network is a second behind
  page.comeBack();
  await world.advance(20_000);
  assert.equal(client.state, "live", `${client.log}`);
});

test("a hint does not override the wait that a busy server asked for", async () => {
  const world = new World();
  const server = serving(world);
  server.refusal = frames.close(11, 60_000);
  const page = new Page(new Storage());
  const client = open(world, page);
  await world.settle();
  const before = world.sockets.length;
  for (let i = 0; i < 20; i++) {
    page.show("hidden");
    page.show("visible");
    await world.advance(1000);
  }
  assert.ok(world.sockets.length - before <= 1, `${world.sockets.length - before} attempts within 20 s, retry-after is 60 s`);
});

test("a duplicated tab that is reloaded within its first second keeps what it sent", async () => {
  const { world, server, storage, page, client } = await start();
  const twinPage = new Page(storage.copy());
  const twin = open(world, twinPage);
  twin.send("from the twin");
  await world.settle();
  twinPage.hide();
  await world.settle();
  const next = open(world, new Page(twinPage.window.sessionStorage.copy()));
  await world.advance(4000);
  assert.equal(next.state, "live");
  const all = [...server.sessions.values()].flatMap((s) => s.fromClient.map(text));
  assert.deepEqual(all, ["from the twin"]);
});

test("a page that dies without pagehide within the wait for the lock keeps what it sent", async () => {
  const { world, server, storage, page, client } = await start();
  // the page before is slow to go: its lock is still held
  const nextStorage = storage.copy();
  const next = open(world, new Page(nextStorage));
  next.send("typed at once");
  await world.settle();
  const afterCrash = nextStorage.copy();
  page.hide();
  await world.settle();
  assert.ok([...afterCrash.entries.keys()].some((k) => k.endsWith(":1")), "send() returned, and a crash now loses the packet");
});

test("close({keepSession}) before the lock is held does not write into the state of the page that still holds it", async () => {
  const { world, server, storage, page, client, session } = await start();
  server.cut(world.socket);
  world.onSocket = () => {};
  const next = open(world, new Page(storage.shared()));
  next.send("n1");
  next.close({ keepSession: true });
  await world.settle();
  client.send("c1"); // the page before is still there
  page.hide();
  world.onSocket = (s) => server.serve(s);
  await world.settle();
  const third = open(world, new Page(storage.shared()));
  await world.advance(3000);
  assert.deepEqual(session.fromClient.map(text).sort(), ["c1", "n1"], `${third.log}`);
});

test("the socket ends with rubbish codes and reasons", async () => {
  for (const [code, reason] of [[4000, "x"], [4100, "x"], [4999, "x"], [4050, undefined], [4001, "\u202e\0x"], [1009, ""], [1002, ""]]) {
    const { world, client, server } = await start();
    server.cut(world.socket); // makes the away; now the codes
    await world.advance(2000);
    world.socket.drop(code, reason);
    await world.advance(2000);
    assert.ok(["live", "closed"].includes(client.state), `${code}: ${client.log}`);
  }
});

test("many empty frames in the handshake are bounded", async () => {
  const world = new World();
  world.onSocket = (s) => { s.onSent = () => {}; setImmediate(() => s.accept()); };
  const client = world.connect();
  await world.settle();
  const socket = world.socket;
  let n = 0;
  while (!socket.isClosed && n < 400_000) {
    socket.receive([0]);
    n++;
  }
  client.close();
  assert.ok(socket.isClosed, `${n} frames of one byte wait, each an ArrayBuffer of its own; the bound counts 1 byte for each`);
});

test("a receive buffer that fills again and again does not slow down to one refill in 30 s", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect({ receiveBufferBytes: 2000 });
  await world.settle();
  const [session] = server.sessions.values();
  for (let i = 0; i < 300; i++) server.send(session, Buffer.from(String(i).padEnd(100)));
  await world.settle();
  let n = 0;
  (async () => {
    for await (const packet of client) {
      n++;
      await new Promise((resolve) => world.environment().setTimeout(resolve, 10)); // 100 packets in a second
    }
  })().catch(() => {});
  await world.advance(20_000);
  client.close();
  await world.advance(3000);
  assert.equal(n, 300, `${n} of 300 packets in 20 s, the consumer needs 3 s: ${client.log}`);
});

test("a page whose process has crashed goes on, although its last writes to the storage are lost", async () => {
  const { world, server, storage, page, client, session } = await start();
  client.send("1");
  await world.settle();
  const crashed = storage.copy();
  client.send("2");
  client.send("3");
  await world.settle();
  assert.equal(session.accepted, 3);
  page.hide();
  await world.settle();
  server.acknowledges = false;
  const next = open(world, new Page(crashed));
  next.send("4");
  const fifth = next.sendAcknowledged("5");
  await world.settle();
  assert.equal(next.log.at(-1), "resumed");
  assert.deepEqual(session.fromClient.map(text), ["1", "2", "3", "4", "5"]);
  world.socket.receive(frames.ack(2)); // below what was skipped
  world.socket.receive(frames.ack(5));
  await fifth;
  server.cut(world.socket);
  await world.advance(1000);
  next.send("6");
  await world.settle();
  assert.equal(next.state, "live");
  const again = crashed.copy();
  next.close({ keepSession: true });
  const last = open(world, new Page(again));
  await world.settle();
  assert.equal(last.log.at(-1), "resumed");
  assert.equal(session.fromClient.length, 6);
});

test("a crash while early packets get their numbers neither loses nor doubles one", async () => {
  const { world, server, storage, page, session } = await start();
  const second = open(world, new Page(storage.shared()));
  ["1", "2", "3"].forEach((packet) => second.send(packet));
  const shared = Object.getPrototypeOf(storage);
  const writes = [new Map(storage.entries)];
  const { setItem, removeItem } = shared;
  try {
    for (const method of ["setItem", "removeItem"]) {
      const original = shared[method];
      shared[method] = function (...given) {
        original.apply(this, given);
        if (session.accepted === 0) {
          writes.push(new Map(storage.entries));
        }
      };
    }
    page.hide();
    await world.settle();
  } finally {
    Object.assign(shared, { setItem, removeItem });
  }
  assert.ok(writes.length >= 8, `${writes.length} writes`);
  for (const entries of writes) {
    const other = new World();
    const twin = serving(other);
    const copy = { ...session, link: null, accepted: 0, fromClient: [], acknowledged: 0, kept: [], sent: 0 };
    twin.sessions.set(session.id, copy);
    const after = Object.assign(new Storage(), { entries });
    const next = open(other, new Page(after));
    await other.advance(1500);
    assert.equal(next.log.at(-1), "resumed");
    assert.deepEqual(copy.fromClient.map(text), ["1", "2", "3"]);
  }
});

test("a client that was closed leaves no state behind, even if its server can't be reached", async () => {
  const { world, server, storage, client } = await start({ giveUpAfterMillis: 100 });
  world.onSocket = (socket) => setImmediate(() => socket.drop());
  server.cut(world.socket);
  await world.settle();
  client.send("x");
  client.close(); // a logout
  await world.advance(3000);
  assert.deepEqual([(await client.ended).reason, (await client.ended).discarded], ["CLOSED", 1]);
  assert.deepEqual([...storage.entries.keys()], []);
});
