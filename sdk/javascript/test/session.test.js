// The life of a session, with a clock that is moved by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NotAcknowledgedError, SendBufferFullError, VoltlaneClient, connect } from "../voltlane.js";
import { frames, Server, serving } from "./support/server.js";
import { live, World, hex, text } from "./support/world.js";

test("packets go both ways, and are acknowledged", async () => {
  const { world, server, client, session } = await live();
  const done = client.sendAcknowledged("one");
  client.send(new Uint8Array([1, 2, 3]).subarray(1));
  client.send(new Uint16Array([0x0201]).buffer);
  await done;
  await world.settle();
  assert.deepEqual(session.fromClient.map(hex), ["6f6e65", "0203", "0102"]);
  assert.equal(client.unacknowledged, 0);
  server.send(session, Buffer.from("two"));
  assert.deepEqual(client.packets, ["two"]);
  await world.advance(1000);
  assert.equal(session.acknowledged, 1);
});

test("an Ack goes out after 64 packets, after 64 KiB, or along with data", async () => {
  const { world, server, client, session } = await live();
  for (let i = 0; i < 64; i++) {
    server.send(session, Buffer.from("x"));
  }
  await world.settle();
  assert.equal(session.acknowledged, 64);
  server.send(session, Buffer.alloc(65_536));
  await world.settle();
  assert.equal(session.acknowledged, 65);
  server.send(session, Buffer.from("x"));
  await world.settle();
  assert.equal(session.acknowledged, 65);
  client.send("y");
  await world.settle();
  assert.equal(session.acknowledged, 66);
});

test("at most 256 packets go out before the client reads; then the next ones do, after an Ack or a timer", async () => {
  const { world, server, client, session } = await live();
  server.acknowledges = false;
  for (let i = 0; i < 600; i++) {
    client.send("x");
  }
  await world.settle();
  assert.equal(session.fromClient.length, 256);
  world.socket.receive(frames.ack(256));
  await world.settle();
  assert.equal(session.fromClient.length, 512);
  await world.advance(1);
  assert.equal(session.fromClient.length, 600);
});

test("what is sent while the client connects or is away is delivered once", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect();
  client.send("early");
  await world.settle();
  const [session] = server.sessions.values();
  assert.deepEqual(session.fromClient.map(text), ["early"]);
  server.acknowledges = false;
  client.send("lost on the way");
  server.cut(world.socket);
  await world.settle();
  assert.equal(client.state, "away");
  client.send("away");
  server.acknowledges = true;
  await world.advance(1000);
  assert.deepEqual(session.fromClient.map(text), ["early", "lost on the way", "away"]);
  assert.equal(client.unacknowledged, 0);
  assert.deepEqual(client.log, ["opened", "away HUNG_UP", "resumed"]);
});

test("a packet that the server has read is not sent again", async () => {
  const { world, server, client, session } = await live();
  server.acknowledges = false;
  client.send("read, and its Ack lost");
  await world.settle();
  server.cut(world.socket);
  await world.advance(1000);
  client.send("next");
  await world.settle();
  assert.deepEqual(session.fromClient.map(text), ["read, and its Ack lost", "next"]);
  assert.equal(client.unacknowledged, 2);
});

test("packets that were not taken come again, and are handed over once", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect();
  await world.settle();
  const [session] = server.sessions.values();
  server.send(session, Buffer.from("one"));
  server.send(session, Buffer.from("two"));
  const packets = client[Symbol.asyncIterator]();
  assert.equal(text((await packets.next()).value), "one");
  server.cut(world.socket);
  await world.advance(1000);
  assert.equal(session.acknowledged, 0, "the consumer still has it");
  assert.equal(text((await packets.next()).value), "two");
  server.send(session, Buffer.from("three"));
  assert.equal(text((await packets.next()).value), "three");
  await packets.return();
  await world.advance(1000);
  assert.equal(session.acknowledged, 3);
});

test("the iterator ends with the client, and takes one consumer at a time", async () => {
  const { world, client } = await live();
  client.close();
  await world.advance(3000);
  for await (const packet of client) {
    assert.fail(`${packet}`);
  }
  const other = new World();
  serving(other);
  const second = other.connect();
  const first = second[Symbol.asyncIterator]();
  const waiting = first.next();
  await assert.rejects(second[Symbol.asyncIterator]().next(), /another iterator/);
  assert.throws(() => second.addEventListener("packet", () => {}), /an iterator takes the packets/);
  await first.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  second.addEventListener("packet", () => {});
  await assert.rejects(second[Symbol.asyncIterator]().next(), /listeners take the packets/);
  second.close();
});

test("listeners of packets can be taken away and be called once", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect();
  await world.settle();
  const [session] = server.sessions.values();
  const got = [];
  const listener = (event) => got.push(text(event.data));
  client.addEventListener("packet", listener, { once: true });
  server.send(session, Buffer.from("1"));
  server.send(session, Buffer.from("2"));
  await world.settle();
  assert.deepEqual(got, ["1"], "2 waits for the next listener");
  const abort = new AbortController();
  client.addEventListener("packet", listener, { signal: abort.signal });
  await world.settle();
  abort.abort();
  server.send(session, Buffer.from("3"));
  client.addEventListener("packet", listener);
  await world.settle();
  client.removeEventListener("packet", listener);
  server.send(session, Buffer.from("4"));
  await world.settle();
  assert.deepEqual(got, ["1", "2", "3"]);
});

test("a full send buffer says so, and has room again after acknowledgements", async () => {
  const { world, server, client, session } = await live({ sendBufferBytes: 1000 });
  server.acknowledges = false;
  client.send(new Uint8Array(900));
  assert.throws(() => client.send("x"), SendBufferFullError);
  await assert.rejects(client.sendAcknowledged("x"), SendBufferFullError);
  await world.settle();
  const room = new Promise((resolve) => client.addEventListener("acknowledged", resolve, { once: true }));
  world.socket.receive(frames.ack(1));
  assert.equal((await room).unacknowledged, 0);
  client.send(new Uint8Array(5000)); // one packet always fits into an empty buffer
  await world.settle();
  assert.deepEqual(session.fromClient.map((packet) => packet.length), [900, 5000]);
  server.maxPayload = 10;
  server.cut(world.socket);
  await world.advance(1000);
  assert.throws(() => client.send(new Uint8Array(11)), RangeError);
  assert.throws(() => client.send(5), TypeError);
});

test("a full receive buffer drops the link, until the program has taken half", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect({ receiveBufferBytes: 10_000 });
  await world.settle();
  const [session] = server.sessions.values();
  for (let i = 0; i < 40; i++) {
    server.send(session, Buffer.from(`${i}`.padEnd(1000)));
  }
  await world.advance(60_000);
  assert.equal(client.state, "away");
  assert.equal(world.sockets.length, 1);
  const got = [];
  client.addEventListener("packet", (event) => got.push(Number(text(event.data))));
  await world.advance(1000);
  assert.equal(client.state, "live");
  assert.deepEqual(got, Array.from({ length: 40 }, (_, i) => i));
});

test("data is given to a socket only as fast as it takes it, and an Ack goes in between", async () => {
  const { world, server, client, session } = await live();
  world.socket.bufferedAmount = 70_000;
  client.send("waits");
  await world.advance(50);
  assert.deepEqual(world.socket.take().filter((frame) => frame.startsWith("00")), []);
  for (let i = 0; i < 64; i++) {
    server.send(session, Buffer.from("x"));
  }
  assert.deepEqual(world.socket.take(), ["014000000000000000"]);
  world.socket.bufferedAmount = 0;
  await world.advance(50);
  assert.deepEqual(session.fromClient.map(text), ["waits"]);
});

test("an idle client sends a Ping in each heartbeat, and takes a silent link for lost after two", async () => {
  const { world, server, client } = await live();
  const first = world.socket;
  await world.advance(20_000);
  assert.ok(first.take().includes("02"));
  assert.equal(client.state, "live");
  first.onSent = null; // the server falls silent
  await world.advance(50_000);
  assert.equal(client.log[1], "away TIMED_OUT");
  assert.ok(world.sockets.length > 1);
  assert.equal(client.log.at(-1), "resumed");
  server.cut(world.socket);
});

test("a server that answers nothing in the handshake is tried again", async () => {
  const world = new World();
  const client = world.connect();
  await world.settle();
  world.socket.accept();
  await world.advance(10_000);
  assert.deepEqual(client.log, ["retrying TIMED_OUT"]);
  await world.advance(1000);
  assert.equal(world.sockets.length, 2);
  world.socket.drop();
  await world.advance(0);
  assert.equal(client.log.at(-1), "retrying UNREACHABLE");
  assert.equal(client.state, "connecting");
  client.close();
  await client.ended;
  await assert.rejects(client.ready, { reason: "CLOSED" });
  assert.equal(world.timers, 0);
});

test("waits double, are random, and start over after a link that worked", async () => {
  const { world, server, client } = await live();
  await world.advance(6000);
  world.onSocket = (socket) => setImmediate(() => socket.drop());
  const waits = [];
  client.addEventListener("retrying", (event) => waits.push(event.inMillis));
  server.cut(world.socket);
  await world.advance(200_000);
  assert.deepEqual(waits.slice(0, 8), [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  serving(world, server);
  await world.advance(20_000);
  assert.equal(client.state, "live");
  await world.advance(6000);
  server.cut(world.socket);
  await world.advance(260);
  assert.equal(client.state, "live");
});

test("the client gives up after the time that the program allows", async () => {
  const { world, server, client } = await live({ giveUpAfterMillis: 10_000 });
  world.onSocket = (socket) => setImmediate(() => socket.drop());
  const pending = assert.rejects(client.sendAcknowledged("x"), NotAcknowledgedError);
  server.cut(world.socket);
  await world.advance(40_000);
  assert.equal((await client.ended).reason, "UNREACHABLE");
  await pending;
  assert.equal(world.timers, 0);
  assert.throws(() => client.send("x"), { reason: "UNREACHABLE" });
});

test("GoAway: the client comes back within the span, and nothing is lost", async () => {
  const { world, server, client, session } = await live();
  world.socket.receive(frames.goAway(10_000));
  await world.advance(4900);
  assert.equal(world.sockets.length, 1);
  await world.advance(200);
  assert.equal(world.sockets.length, 2);
  assert.deepEqual(client.log, ["opened", "away STOPPING", "resumed"]);
  server.send(session, Buffer.from("here"));
  assert.deepEqual(client.packets, ["here"]);
});

const ENDS = [
  [1, "KICKED", false], [2, "SESSION_GONE", true], [3, "GAP", true], [4, "OVERFLOW", true], [5, "OVERFLOW", true],
  [6, "MEMORY", true], [7, "FRAME_TOO_LARGE", false], [8, "VIOLATION", false], [9, "RATE", true], [10, "STOPPING", true],
  [12, "TAKEN_OVER", false], [15, "SESSION_GONE", true], [16, "SESSION_GONE", true], [17, "SESSION_GONE", true],
];
for (const [code, reason, retryable] of ENDS) {
  test(`Close(${code}) on a live link ends the client: ${reason}`, async () => {
    const { world, server, client } = await live();
    const pending = assert.rejects(client.sendAcknowledged("x"), { fate: "UNKNOWN", reason });
    server.close(world.socket, code, 0, "why\u0007");
    const end = await client.ended;
    assert.deepEqual([end.reason, end.code, end.retryable, end.text, end.discarded], [reason, code, retryable, "why", 1]);
    await pending;
    await world.advance(10_000);
    assert.equal(world.sockets.length, 1);
  });
}

for (const code of [11, 13, 14]) {
  test(`after Close(${code}) on a live link the session is resumed`, async () => {
    const { world, server, client } = await live();
    server.close(world.socket, code, 1500);
    await world.advance(1500);
    assert.equal(world.sockets.length, 1, "not before the time that the server has named");
    await world.advance(1000);
    assert.equal(client.state, "live");
    assert.equal(server.sessions.size, 1);
  });
}

test("a code that is unknown: resumed once, then the session counts as gone", async () => {
  const { world, server, client } = await live();
  server.close(world.socket, 77);
  await world.advance(1000);
  assert.equal(client.state, "live");
  server.close(world.socket, 77);
  assert.equal((await client.ended).reason, "SESSION_GONE");
});

test("the WebSocket's own close code tells the reason where the Close frame is missing", async () => {
  const { world, client } = await live();
  world.socket.drop(4001, "by the backend");
  const end = await client.ended;
  assert.deepEqual([end.reason, end.code, end.text], ["KICKED", 1, "by the backend"]);
});

test("a refusal without a proof is believed after five attempts", async () => {
  const { world, server, client } = await live();
  server.sessions.clear();
  server.cut(world.socket);
  await world.advance(20_000);
  assert.deepEqual(client.log.slice(1), ["away HUNG_UP", ...Array(4).fill("retrying SESSION_GONE"), "closed SESSION_GONE"]);
});

test("a new session takes the place of one that is gone, where the program allows it", async () => {
  const { world, server, client } = await live({ newSessionWhenGone: true });
  const before = client.sessionId;
  const pending = assert.rejects(client.sendAcknowledged("for the old one"), { fate: "UNKNOWN", reason: "SESSION_GONE" });
  server.sessions.clear();
  server.cut(world.socket);
  await world.advance(20_000);
  await pending;
  assert.deepEqual(client.log.slice(-3), ["retrying SESSION_GONE", "gone SESSION_GONE", "opened"]);
  assert.notEqual(client.sessionId, before);
  client.send("for the new one");
  await world.settle();
  const [session] = server.sessions.values();
  assert.deepEqual(session.fromClient.map(text), ["for the new one"]);
  server.send(session, Buffer.from("hello"));
  await world.advance(1000);
  assert.equal(session.acknowledged, 1);
  server.close(world.socket, 4);
  await world.advance(1000);
  assert.deepEqual(client.log.slice(-3), ["away OVERFLOW", "gone OVERFLOW", "opened"]);
});

test("a packet that the server has read and not acknowledged is said to be there", async () => {
  const { world, server, client } = await live();
  server.acknowledges = false;
  const pending = assert.rejects(client.sendAcknowledged("x"), { fate: "AT_SERVER" });
  await world.settle();
  server.cut(world.socket);
  await world.advance(1000);
  server.close(world.socket, 1);
  await pending;
});

test("a server that contradicts what was sent, or what it has acknowledged, has a gap", async () => {
  for (const accepted of [5, 1]) {
    const { world, server, client, session } = await live();
    client.send("1");
    client.send("2");
    await world.settle();
    session.accepted = accepted;
    server.isLenient = true;
    server.cut(world.socket);
    await world.advance(1000);
    assert.equal((await client.ended).reason, "GAP", `accepted ${accepted}`);
    assert.equal((await client.ended).code, 0);
  }
});

test("thousands of packets are kept in order, however they are acknowledged", async () => {
  const { world, server, client, session } = await live();
  server.acknowledges = false;
  for (let i = 1; i <= 5000; i++) {
    client.send(`${i}`);
    if (i % 7 === 0) {
      await world.settle();
      world.socket.receive(frames.ack(i - 5));
    }
  }
  await world.settle();
  assert.equal(client.unacknowledged, 5000 - 4998 + 5);
  session.fromClient.splice(4993);
  session.accepted = 4993; // as if the rest had been on its way
  server.cut(world.socket);
  await world.advance(1000);
  assert.deepEqual(session.fromClient.map(text), Array.from({ length: 5000 }, (_, i) => `${i + 1}`));
});

test("a server whose proof is wrong is not believed, and given up after five attempts", async () => {
  const { world, server, client } = await live();
  server.spoilsProofs = true;
  server.cut(world.socket);
  await world.advance(20_000);
  assert.equal(client.log.filter((entry) => entry === "retrying SERVER_KEY_CHANGED").length, 4);
  assert.equal((await client.ended).reason, "SERVER_KEY_CHANGED");
});

test("another key than the pinned one is refused at once, and nothing is sent", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect({ serverKey: new Uint8Array(32) });
  client.send("secret");
  assert.equal((await client.ended).reason, "SERVER_KEY_CHANGED");
  assert.equal([...server.sessions.values()][0].fromClient.length, 0);
  const other = new World();
  serving(other, server);
  const right = other.connect({ serverKey: await server.publicKey() });
  await right.ready;
  right.close();
});

const RUBBISH = ["", "07", "11", "0100", "010000000000002000", "05", "0500", "0600", "10", "12", "13", "15"];
for (const frame of RUBBISH) {
  test(`rubbish on a live link ends the client: "${frame}"`, async () => {
    const { world, client } = await live();
    world.socket.receive(frame);
    assert.equal((await client.ended).reason, "PROTOCOL_VIOLATION");
    await world.settle();
    assert.equal(world.socket.isClosed, true);
  });
}

test("an Ack beyond what was sent, or below an earlier one, is a violation", async () => {
  for (const wrong of [2, 0]) {
    const { world, client } = await live();
    client.send("x");
    await world.settle();
    world.socket.receive(frames.ack(1));
    assert.equal(client.state, "live", "the same again is nothing");
    world.socket.receive(frames.ack(wrong));
    assert.equal((await client.ended).reason, "PROTOCOL_VIOLATION");
  }
});

test("text, a frame that is too long, and too much in the handshake are refused; later types are skipped", async () => {
  const { world, client } = await live();
  world.socket.receive("40");
  world.socket.receive("ff0102");
  world.socket.receive("03");
  world.socket.receive(new Uint8Array(8193).fill(0x40));
  assert.equal((await client.ended).reason, "PROTOCOL_VIOLATION");
  const second = await live();
  second.world.socket.receiveText("hello");
  assert.equal((await second.client.ended).reason, "PROTOCOL_VIOLATION");
  const third = await live();
  third.world.socket.receive(new Uint8Array(8 * 1024 * 1024 + 2));
  assert.equal((await third.client.ended).reason, "PROTOCOL_VIOLATION");
  const fourth = await live();
  fourth.server.send(fourth.session, new Uint8Array(8 * 1024 * 1024));
  assert.equal(fourth.client.packets[0].length, 8 * 1024 * 1024);
  fourth.client.close();
});

test("rubbish in the handshake is tried again: it may be a network's login page", async () => {
  const world = new World();
  const client = world.connect();
  for (const frame of ["00", "13", "1100", "0100"]) {
    await world.settle();
    world.socket.accept();
    await world.settle();
    world.socket.receive(frame);
    await world.settle();
    assert.equal(client.log.at(-1), "retrying PROTOCOL_VIOLATION");
    await world.advance(10_000);
  }
  client.close();
});

test("a refusal at the first attempt: busy is tried again, other reasons end the client", async () => {
  const world = new World();
  const server = serving(world);
  server.refusal = frames.close(11, 3000);
  const client = world.connect();
  await world.advance(2900);
  assert.deepEqual(client.log, ["retrying BUSY"]);
  server.refusal = null;
  await world.advance(1000);
  assert.equal(client.state, "live");
  client.close();
  for (const [code, reason] of [[7, "FRAME_TOO_LARGE"], [8, "VIOLATION"], [14, "VERSION"]]) {
    const other = new World();
    serving(other).refusal = frames.close(code);
    assert.equal((await other.connect().ended).reason, reason);
  }
});

test("what came before the end of a socket is handled first, in the handshake too", async () => {
  const { world, server, client, session } = await live();
  server.cut(world.socket);
  server.send(session, Buffer.from("last words"));
  world.onSocket = (socket) => {
    server.serve(socket);
    const receive = socket.receive.bind(socket);
    socket.receive = (frame) => {
      receive(frame);
      if (frame[0] === 0) {
        server.close(socket, 1, 0, "bye"); // while the client verifies the proof
      }
    };
  };
  await world.advance(1000);
  assert.deepEqual(client.packets, ["last words"]);
  assert.equal((await client.ended).text, "bye");
});

test("close waits for acknowledgements, then leaves", async () => {
  const { world, server, client, session } = await live();
  server.acknowledges = false;
  client.send("x");
  const closing = client.close();
  assert.equal(client.close(), closing);
  assert.throws(() => client.send("y"), { reason: "CLOSED" });
  await world.advance(1000);
  assert.equal(session.hasLeft, undefined);
  world.socket.receive(frames.ack(1));
  await world.settle();
  assert.equal(session.hasLeft, true);
  const end = await closing;
  assert.deepEqual([end.reason, end.discarded], ["CLOSED", 0]);
  assert.equal(world.timers, 0);
});

test("close ends in time, whatever the server does", async () => {
  const { world, server, client, session } = await live();
  server.acknowledges = false;
  client.send("x");
  client.close();
  await world.advance(2000);
  assert.equal(session.hasLeft, true);
  assert.equal((await client.ended).discarded, 1);

  const away = await live();
  away.world.onSocket = (socket) => setImmediate(() => socket.drop());
  away.server.cut(away.world.socket);
  away.client.send("x");
  await away.world.settle();
  away.client.close();
  await away.world.advance(2000);
  assert.equal(away.client.state, "closed");
  assert.ok(away.world.sockets.length < 15, "it does not hammer the server");

  const silent = await live();
  silent.world.socket.onSent = null;
  silent.client.close();
  await silent.world.advance(600);
  assert.equal(silent.client.state, "closed");
});

test("close while away comes back to deliver what waits", async () => {
  const { world, server, client, session } = await live();
  await world.advance(6000);
  server.cut(world.socket);
  await world.settle();
  client.send("last words");
  client.close();
  await world.settle();
  assert.deepEqual(session.fromClient.map(text), ["last words"]);
  assert.equal(session.hasLeft, true);
  assert.equal((await client.ended).discarded, 0);
});

test("reconnect drops the link and resumes at once", async () => {
  const { world, client } = await live();
  client.reconnect();
  await world.settle();
  assert.deepEqual(client.log, ["opened", "away HUNG_UP", "resumed"]);
});

test("credentials may come from a function, and are asked for again for each new session", async () => {
  let count = 0;
  const credentials = async () => {
    if (++count === 1) {
      throw new Error("the token service is down");
    }
    return `token ${count}`;
  };
  const world = new World();
  const server = serving(world);
  const client = world.connect({ credentials, newSessionWhenGone: true });
  await world.advance(1000);
  assert.equal([...server.sessions.values()][0].credentials, "token 2");
  server.close(world.socket, 2);
  await world.advance(1000);
  assert.equal([...server.sessions.values()][1].credentials, "token 3");
  assert.deepEqual(client.log.slice(0, 2), ["retrying CREDENTIALS", "opened"]);
});

test("what this runtime lacks is said", async () => {
  const world = new World();
  world.cryptoOverrides = { generateKey: () => Promise.reject(new Error("Unrecognized name.")) };
  const end = await world.connect().ended;
  assert.equal(end.reason, "UNSUPPORTED");
  assert.match(end.message, /X25519.*Chromium 133/);
  const insecure = new World();
  insecure.crypto = { getRandomValues: crypto.getRandomValues };
  assert.match((await insecure.connect().ended).message, /https, or localhost/);
});

test("wrong arguments are refused at once", () => {
  const refused = (url, options, message) => assert.throws(() => connect(url, options), { name: "TypeError", message });
  refused("ftp://x/", {}, /url: ftp:\/\/x\/ \(expected/);
  refused("nonsense", {}, /url: nonsense/);
  refused("ws://x/#f", {}, /url/);
  refused("ws://x/", { heartbeatSecs: 70_000 }, /heartbeatSecs: 70000/);
  refused("ws://x/", { sendBufferBytes: "1" }, /sendBufferBytes/);
  refused("ws://x/", { closeTimeoutMillis: NaN }, /closeTimeoutMillis/);
  refused("ws://x/", { serverKey: "abc" }, /serverKey/);
  refused("ws://x/", { credentials: new Uint8Array(4097) }, /credentials/);
  refused("ws://x/", { key: 5 }, /key/);
  refused("ws://x/", { storage: {} }, /storage/);
  assert.throws(() => new VoltlaneClient(), /connect/);
});

test("hints: a change of the network ends a wait, and asks a live link for an answer", async () => {
  const { Page, Storage } = await import("./support/world.js");
  const world = new World();
  const server = serving(world);
  const page = new Page(new Storage());
  const client = world.connectIn(page);
  await world.settle();
  assert.equal(hex(world.socket.sent[1]).slice(66, 70), "2800", "pages wish for 40 s");
  const first = world.socket;
  first.take();
  page.show("visible");
  await world.advance(6000);
  assert.deepEqual(first.take(), ["02"]);
  assert.equal(client.state, "live", "the server has answered");
  first.onSent = null;
  page.window.dispatchEvent(new Event("online"));
  await world.advance(5100);
  assert.equal(client.log[1], "away TIMED_OUT");
  await world.advance(500);
  world.onSocket = (socket) => setImmediate(() => socket.drop());
  server.cut(world.socket);
  await world.advance(10_000);
  serving(world, server);
  const attempts = world.sockets.length;
  page.window.dispatchEvent(new Event("online"));
  await world.settle();
  assert.equal(world.sockets.length, attempts + 1);
  assert.equal(client.state, "live");
  client.close();
  await world.settle();
});

test("a server that sends away again and again is not hammered", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect({ backoffMillis: 1000 });
  client.addEventListener("opened", () => world.socket.receive(frames.goAway(0)));
  client.addEventListener("resumed", () => world.socket.receive(frames.goAway(0)));
  await world.advance(60_000);
  assert.ok(world.sockets.length > 4 && world.sockets.length < 12, `${world.sockets.length} links`);
  assert.equal(server.sessions.size, 1);
});

test("another key is refused that differs in one byte", async () => {
  const world = new World();
  const server = serving(world);
  const serverKey = await server.publicKey();
  serverKey[31] ^= 1;
  assert.equal((await world.connect({ serverKey }).ended).reason, "SERVER_KEY_CHANGED");
});

test("a server may keep a client away for five minutes at most: its word is not authenticated", async () => {
  const { world, server, client } = await live();
  server.close(world.socket, 11, 4_000_000_000);
  await world.advance(301_000);
  assert.equal(client.state, "live");
});

test("a hidden page, whose timers run once a minute, keeps its link", async () => {
  const { Page, Storage } = await import("./support/world.js");
  const world = new World();
  const server = serving(world);
  server.heartbeatSecs = 40;
  const page = new Page(new Storage());
  const client = world.connectIn(page);
  await world.settle();
  page.show("hidden");
  let lastMillis = world.nowMillis;
  let longest = 0;
  const { socket } = world;
  socket.onSent = ((onSent) => (frame) => {
    longest = Math.max(longest, world.nowMillis - lastMillis);
    lastMillis = world.nowMillis;
    onSent(frame);
  })(socket.onSent);
  const [session] = server.sessions.values();
  client.addEventListener("packet", () => {});
  world.timersRunEachMillis = 60_000;
  for (let i = 0; i < 10; i++) {
    await world.advance(42_000);
    for (let j = 0; i === 0 && j < 64; j++) {
      server.send(session, Buffer.from("x")); // so that an Ack goes out before the Ping would
    }
    await world.advance(18_000);
  }
  assert.ok(longest < 65_000, `${longest} ms without a frame`);
  assert.ok(longest > 20_000);
  assert.equal(client.state, "live");
});

test("what was taken while the client resumed is acknowledged on the new link", async () => {
  const world = new World();
  const server = serving(world);
  const client = world.connect();
  await world.settle();
  const [session] = server.sessions.values();
  server.send(session, Buffer.from("one"));
  server.cut(world.socket);
  await world.settle();
  const serve = world.onSocket;
  world.onSocket = (socket) => {
    serve(socket);
    socket.receive = ((receive) => (frame) => {
      if (frame[0] === 0x13) {
        client.addEventListener("packet", () => {}); // takes what waits, after Resume was sent
      }
      receive(frame);
    })(socket.receive.bind(socket));
  };
  await world.advance(300);
  assert.equal(client.state, "live");
  await world.advance(1000);
  assert.equal(session.acknowledged, 1);
});
