// The client against the real server, through a relay that cuts its connections at random bytes.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { connect } from "../../voltlane.js";
import { NodeWebSocket } from "../../node-websocket.js";
import { missing as noTls } from "../support/certificate.js";
import { missing, Relay, startServer } from "../support/real.js";
import { clearServer, secureServer } from "../support/shared.js";
import { Page, Storage, Locks } from "../support/world.js";

const CUTS = Number(process.env.VOLTLANE_CUTS ?? 20);
const PACKETS = 300;

let server;
let relay;
let url;

before(async () => {
  if (!missing) {
    server = await clearServer();
    relay = await new Relay(server.port).listen();
    url = `ws://127.0.0.1:${relay.port}/`;
  }
});

after(() => relay?.close());

/** A packet that names its number, of a length from 4 bytes to 2 KiB. */
function packet(number) {
  const out = new Uint8Array(4 + ((number * 7919) % 2045)).fill(number);
  new DataView(out.buffer).setUint32(0, number);
  return out;
}

function check(data, number) {
  const got = Buffer.from(data.subarray(0, 4)).toString("hex");
  assert.equal(Buffer.compare(data, packet(number)), 0, `packet ${number}, but got ${got}`);
}

async function until(condition, client) {
  const end = new Promise((resolve, reject) => {
    client.ended.then((info) => reject(new Error(`the client has ended: ${info.message}`)));
  });
  end.catch(() => {});
  while (!condition()) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), end]);
  }
}

/** The WebSockets of this runtime: this package's, and Node's own where it has one. */
const websockets = [["this package", NodeWebSocket]];
if (globalThis.WebSocket !== undefined) {
  websockets.push(["Node", globalThis.WebSocket]);
}

for (const [whose, WebSocket] of websockets) {
  const limits = { skip: missing, timeout: 60_000 + CUTS * 100 };
  test(`nothing is lost or comes twice over ${CUTS} cuts, with the WebSocket of ${whose}`, limits, async () => {
    relay.cutWithinBytes = 20_000;
    const cutsBefore = relay.cuts;
    const client = connect(url, { WebSocket, backoffMillis: 4, backoffMaxMillis: 20, handshakeTimeoutMillis: 1000 });
    let got = 0;
    let resumed = 0;
    client.addEventListener("resumed", () => resumed++);
    client.addEventListener("packet", ({ data }) => check(data, ++got));
    let sent = 0;
    let acknowledged = 0;
    while (relay.cuts - cutsBefore < CUTS || sent < PACKETS) {
      const number = ++sent;
      client.sendAcknowledged(packet(number)).then(() => assert.equal(++acknowledged, number));
      await until(() => sent - got < 50, client);
    }
    relay.cutWithinBytes = 0;
    await until(() => got === sent && acknowledged === sent, client);
    assert.ok(resumed > CUTS / 4, `${resumed} resumes`);
    const end = await client.close();
    assert.deepEqual([end.reason, end.discarded], ["CLOSED", 0]);
  });
}

test("pages that are reloaded in the middle of the stream lose nothing", { skip: missing, timeout: 60_000 }, async () => {
  relay.cutWithinBytes = 40_000;
  const locks = new Locks();
  const storage = new Storage();
  let got = 0;
  let client;
  let page;
  const ids = new Set();
  const open = () => {
    page = new Page(storage.shared());
    const environment = { page, locks };
    client = connect(url, { WebSocket: NodeWebSocket, backoffMillis: 4, backoffMaxMillis: 20, environment });
    client.addEventListener("packet", ({ data }) => check(data, ++got));
    client.addEventListener("resumed", () => ids.add(client.sessionId));
  };
  open();
  let sent = 0;
  for (let reload = 0; reload < 15; reload++) {
    for (let i = 0; i < 40; i++) {
      client.send(packet(++sent));
    }
    await until(() => sent - got < 35, client);
    page.hide();
    open();
  }
  relay.cutWithinBytes = 0;
  await until(() => got === sent && client.unacknowledged === 0, client);
  assert.equal(ids.size, 1);
  await client.close();
  assert.deepEqual([...storage.entries.keys()], []);
});

test("the async iterator takes a stream, and an idle link answers heartbeats", { skip: missing, timeout: 30_000 }, async () => {
  const client = connect(url, { heartbeatSecs: 1, WebSocket: NodeWebSocket });
  await client.ready;
  for (let i = 1; i <= 500; i++) {
    client.send(packet(i));
  }
  let number = 0;
  for await (const data of client) {
    check(data, ++number);
    if (number === 500) {
      break;
    }
  }
  await client.close();
});

for (const way of ["a listener", "an iterator"]) {
  test(`20,000 packets sent at once, and their echoes, fit into the server's bounds, with ${way}`, { skip: missing, timeout: 30_000 }, async () => {
    const client = connect(url, { sendBufferBytes: 8_000_000, WebSocket: NodeWebSocket });
    let number = 0;
    const all = new Promise((resolve, reject) => {
      const take = (data) => {
        number++;
        assert.equal(Buffer.from(data).toString(), String(number));
        if (number === 20_000) {
          resolve();
        }
      };
      client.ended.then(({ message }) => reject(new Error(message)));
      if (way === "a listener") {
        client.addEventListener("packet", ({ data }) => take(data));
      } else {
        (async () => {
          for await (const data of client) {
            take(data);
          }
        })().catch(reject);
      }
    });
    for (let i = 1; i <= 20_000; i++) {
      client.send(String(i));
      if (i === 10_000) {
        await client.ready; // half of them wait for the link, the others find it live
      }
    }
    await all;
    await client.close();
  });
}

test("a message of 8 MiB goes there and back", { skip: missing, timeout: 30_000 }, async () => {
  const client = connect(url, { sendBufferBytes: 20_000_000, WebSocket: NodeWebSocket });
  const data = new Uint8Array(8_388_599).fill(5);
  await client.ready;
  client.send(data);
  assert.throws(() => client.send(new Uint8Array(8_388_600)), RangeError);
  const [event] = await once(client, "packet");
  assert.equal(Buffer.compare(event.data, data), 0);
  await client.close();
});

test("a path that the server does not serve is unreachable", { skip: missing, timeout: 30_000 }, async () => {
  const client = connect(url + "elsewhere", { giveUpAfterMillis: 0, WebSocket: NodeWebSocket });
  assert.equal((await client.ended).reason, "UNREACHABLE");
});

test("nothing is lost or comes twice over wss, whatever byte of TLS is cut", { skip: missing || noTls, timeout: 60_000 }, async () => {
  const secure = await secureServer();
  const cutting = await new Relay(secure.port).listen();
  try {
    cutting.cutWithinBytes = 20_000;
    const WebSocket = NodeWebSocket.withTls({ ca: secure.pem });
    const client = connect(`wss://127.0.0.1:${cutting.port}/`, { WebSocket, backoffMillis: 4, backoffMaxMillis: 20 });
    let got = 0;
    client.addEventListener("packet", ({ data }) => check(data, ++got));
    let sent = 0;
    while (cutting.cuts < 8) {
      client.send(packet(++sent));
      await until(() => sent - got < 50, client);
    }
    cutting.cutWithinBytes = 0;
    await until(() => got === sent && client.unacknowledged === 0, client);
    await client.close();
  } finally {
    cutting.close();
  }
});

test("a server without version 3 is unreachable, one that gives it up says so", { skip: missing, timeout: 30_000 }, async () => {
  const { backend } = await clearServer();
  const old = await startServer({ versions: [2], backend });
  try {
    const client = connect(`ws://127.0.0.1:${old.port}/`, { giveUpAfterMillis: 0, WebSocket: NodeWebSocket });
    assert.equal((await client.ended).reason, "UNREACHABLE");
  } finally {
    await old.stop();
  }
  const changing = await startServer({ versions: [2, 3], backend });
  try {
    await changing.serveVersions([2]);
    const client = connect(`ws://127.0.0.1:${changing.port}/`, { WebSocket: NodeWebSocket });
    const { reason, code, retryable } = await client.ended;
    assert.deepEqual([reason, code, retryable], ["VERSION", 14, false]);
  } finally {
    await changing.stop();
  }
});

test("a server that stops says so, and the client ends", { skip: missing, timeout: 30_000 }, async () => {
  const client = connect(url, { WebSocket: NodeWebSocket });
  await client.ready;
  const stopped = server.stopServer();
  const end = await client.ended;
  assert.deepEqual([end.reason, end.code, end.retryable], ["STOPPING", 10, true]);
  await stopped;
});
