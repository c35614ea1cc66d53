// The handshake of the protocol's test vectors, replayed through the whole client at the level of bytes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { World, bytes, hex, text } from "./support/world.js";

const file = new URL("../../../protocol/src/test/resources/vectors/protocol3.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8"));
/** A frame as it stands in a WebSocket message: without its length. */
const message = (name) => vectors.frames[name].slice(8);

async function vectorWorld() {
  const world = new World();
  const pkcs8 = bytes("302e020100300506032b656e04220420" + vectors.client_private);
  const publicKey = await crypto.subtle.importKey("raw", bytes(vectors.client_key), { name: "X25519" }, true, []);
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, false, ["deriveBits"]);
  world.cryptoOverrides = {
    generateKey: async () => ({ publicKey, privateKey }),
    getRandomValues: (array) => (array.length === 32 ? (array.set(bytes(vectors.nonce_c)), array) : null),
  };
  return world;
}

test("a session is opened, and resumed with the proofs of the vectors", async () => {
  const world = await vectorWorld();
  const client = world.connect({ credentials: "token", heartbeatSecs: 30, serverKey: vectors.server_key });
  const packets = [];
  client.addEventListener("packet", (event) => packets.push(hex(event.data)));
  for (let i = 1; i <= 10; i++) {
    client.send(i === 10 ? "hello" : `packet ${i}`);
  }
  await world.settle();
  assert.deepEqual(world.socket.protocols, ["voltlane.3"]);
  world.socket.accept();
  await world.settle();
  assert.deepEqual(world.socket.take(), [message("first"), message("open")], "nothing is sent ahead of Opened");

  world.socket.receive(message("opened"));
  await world.settle();
  assert.equal(client.state, "live");
  assert.equal(client.sessionId, vectors.id);
  const sent = world.socket.take();
  assert.equal(sent.length, 10);
  assert.equal(sent[9], message("data"));
  world.socket.receive(message("empty data"));
  for (let i = 2; i <= 7; i++) {
    world.socket.receive(message("data"));
  }
  await world.advance(1000);
  assert.deepEqual(world.socket.take(), [message("ack")]);
  assert.equal(packets.length, 7);
  assert.equal(packets[0], "");
  world.socket.receive("01 0400000000000000");
  assert.equal(client.unacknowledged, 6);

  world.socket.drop();
  await world.advance(1000);
  world.socket.accept();
  await world.settle();
  assert.equal(world.sockets.length, 2);
  assert.deepEqual(world.socket.take(), [message("first"), message("resume")]);
  assert.equal(message("resume"), vectors.resume);
  world.socket.receive(message("challenge"));
  await world.settle();
  assert.deepEqual(world.socket.take(), [message("answer")]);
  assert.equal(client.state, "away", "nothing is believed before the server's proof");
  world.socket.receive(message("resumed"));
  await world.settle();
  assert.equal(client.state, "live");
  assert.deepEqual(world.socket.take(), [message("data")], "goes on with number accepted + 1");

  world.socket.receive("01 0a00000000000000");
  client.close();
  assert.deepEqual(world.socket.take(), [message("leave")]);
  world.socket.receive(message("close"));
  await world.settle();
  assert.equal((await client.ended).reason, "CLOSED");
});

test("a proof with a wrong bit, at any byte, is refused", async () => {
  for (let at = 0; at < 32 + 8 + 10; at += 7) {
    const world = await vectorWorld();
    const client = world.connect({ credentials: "token", heartbeatSecs: 30 });
    client.addEventListener("packet", () => {});
    for (let i = 1; i <= 10; i++) {
      client.send(`packet ${i}`);
    }
    await world.settle();
    world.socket.accept();
    world.socket.receive(message("opened"));
    await world.settle();
    for (let i = 1; i <= 7; i++) {
      world.socket.receive(message("empty data"));
    }
    world.socket.receive("01 0400000000000000");
    world.socket.drop();
    await world.advance(1000);
    world.socket.accept();
    world.socket.receive(message("challenge"));
    await world.settle();
    const resumed = bytes(message("resumed"));
    resumed[1 + at] ^= 4;
    world.socket.receive(resumed);
    await world.settle();
    assert.equal(client.state, "away");
    assert.equal(client.log.at(-1), "retrying SERVER_KEY_CHANGED");
    client.close();
    await world.advance(3000);
  }
});

test("a kick tells the backend's text", async () => {
  const world = await vectorWorld();
  const client = world.connect();
  await world.settle();
  world.socket.accept();
  world.socket.receive(message("opened"));
  world.socket.receive(message("data"));
  world.socket.receive(message("close"));
  await world.settle();
  const end = await client.ended;
  assert.deepEqual(
    { ...end },
    { reason: "KICKED", code: 1, retryable: false, text: "bye", message: "the server has ended the session: it was kicked (code 1: bye)", discarded: 0 },
  );
  const left = [];
  await assert.rejects(
    async () => {
      for await (const packet of client) {
        left.push(text(packet));
      }
    },
    { name: "VoltlaneError", reason: "KICKED", text: "bye" },
  );
  assert.deepEqual(left, ["hello"], "what came before the end can be taken");
});
