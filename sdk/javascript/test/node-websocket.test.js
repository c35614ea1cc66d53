// The WebSocket for Node 20, against a server of a few lines that speaks in bytes.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createSecureServer } from "node:https";
import { createServer } from "node:net";
import { test } from "node:test";
import { NodeWebSocket } from "../node-websocket.js";
import { makeCertificate, missing as noTls } from "./support/certificate.js";
import { accepted } from "./support/raw.js";

/** Accepts one WebSocket, and gives its TCP socket to the test once the upgrade is answered. */
async function serve(onSocket, answer = (key) => accepted(key)) {
  const server = createServer((socket) => {
    let head = "";
    socket.on("error", () => {});
    socket.on("data", function read(chunk) {
      head += chunk.toString("latin1");
      if (head.includes("\r\n\r\n")) {
        socket.off("data", read);
        socket.write(answer(/Sec-WebSocket-Key: (.*)\r\n/i.exec(head)[1], head));
        onSocket(socket, head);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return `ws://127.0.0.1:${server.address().port}/path?query`;
}

function opened(url, protocols) {
  const socket = new NodeWebSocket(url, protocols);
  const log = { socket, messages: [], closed: null };
  log.open = new Promise((resolve) => (socket.onopen = resolve));
  log.end = new Promise((resolve) => (socket.onclose = resolve));
  socket.onmessage = ({ data }) => log.messages.push(data);
  return log;
}

/** Reads one frame of the client, and takes its mask off. */
async function frameOf(socket) {
  let bytes = Buffer.alloc(0);
  while (true) {
    const length = bytes.length < 2 ? 0 : bytes[1] & 0x7f;
    const header = length < 126 ? 2 : length === 126 ? 4 : 10;
    const payload = length < 126 ? length : bytes.length < header ? 0 : length === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length >= header + 4 && bytes.length >= header + 4 + payload) {
      assert.equal(bytes[1] & 0x80, 0x80, "clients mask");
      const mask = bytes.subarray(header, header + 4);
      const plain = Buffer.from(bytes.subarray(header + 4, header + 4 + payload)).map((byte, i) => byte ^ mask[i & 3]);
      return { first: bytes[0], payload: plain, mask: mask.toString("hex") };
    }
    const [chunk] = await once(socket, "data");
    bytes = Buffer.concat([bytes, chunk]);
  }
}

test("the upgrade names what it must, and messages of all lengths go to the server masked", async () => {
  let request;
  let peer;
  const url = await serve((socket, head) => {
    request = head;
    peer = socket;
  }, (key) => accepted(key, "Sec-WebSocket-Protocol: voltlane.3\r\n"));
  const { socket, open } = opened(url, ["voltlane.3"]);
  await open;
  assert.equal(socket.protocol, "voltlane.3");
  assert.match(request, /^GET \/path\?query HTTP\/1\.1\r\n/);
  assert.match(request, /\r\nSec-WebSocket-Version: 13\r\n/i);
  assert.match(request, /\r\nSec-WebSocket-Protocol: voltlane\.3\r\n/i);
  const masks = new Set();
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
    const sent = Buffer.alloc(length, 7);
    const read = frameOf(peer);
    socket.send(new Uint8Array(sent));
    const { first, payload, mask } = await read;
    assert.equal(first, 0x82);
    assert.deepEqual(payload, sent);
    masks.add(mask);
  }
  assert.equal(masks.size, 7, "a fresh mask for each");
  socket.close();
  peer.destroy();
});

test("messages of the server come whole: split at every byte, in fragments, with a Ping in between", async () => {
  const long = Buffer.alloc(70_000, 5);
  const wire = Buffer.concat([
    Buffer.from("8200", "hex"),
    Buffer.from("8203010203", "hex"),
    Buffer.from("020101", "hex"), // first fragment
    Buffer.from("890170", "hex"), // Ping("p")
    Buffer.from("00020203", "hex"),
    Buffer.from("800104", "hex"), // last fragment
    Buffer.from("827e0080", "hex"), Buffer.alloc(128, 9),
    Buffer.from("8a00", "hex"), // a Pong that nobody asked for
  ]);
  const url = await serve(async (socket) => {
    const pong = frameOf(socket);
    for (const byte of wire) {
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { first, payload } = await pong;
    assert.deepEqual([first, payload.toString()], [0x8a, "p"]);
    socket.write(Buffer.concat([Buffer.from("827f0000000000011170", "hex"), long]));
    socket.write(Buffer.concat([Buffer.from("88050fa1", "hex"), Buffer.from("bye")]));
  });
  const { messages, end } = opened(url);
  const { code, reason } = await end;
  assert.deepEqual([code, reason], [4001, "bye"]);
  assert.deepEqual(
    messages.map((message) => Buffer.from(message).toString("hex")),
    ["", "010203", "01020304", "09".repeat(128), "05".repeat(70_000)],
  );
});

const WRONG = {
  "reserved bits": ["c200", 1002],
  "an unknown opcode": ["8300", 1002],
  "an unknown control opcode": ["8b00", 1002],
  "a masked frame": ["828000000000", 1002],
  "a control frame in fragments": ["0900", 1002],
  "a control frame that is too long": ["897e0080", 1002],
  "a continuation of nothing": ["8000", 1002],
  "a message within another": ["0201828200", 1002],
  "a length that no client takes": ["827f0000000001000001", 1009],
  "a length of 2^63": ["827fffffffffffffffff", 1009],
};
for (const [what, [wire, code]] of Object.entries(WRONG)) {
  test(`a server that sends ${what} is told ${code}`, async () => {
    let told;
    const url = await serve((socket) => {
      told = frameOf(socket);
      socket.write(Buffer.from(wire, "hex"));
    });
    const { end, messages } = opened(url);
    const closed = await end;
    assert.equal(closed.code, 1006);
    assert.match(closed.reason, /the server sent/);
    const { first, payload } = await told;
    assert.deepEqual([first, payload.readUInt16BE(0)], [0x88, code]);
    assert.ok(messages.length <= 1);
  });
}

test("a server that breaks the protocol and reads nothing is not waited for", { timeout: 10_000 }, async () => {
  let peer;
  const url = await serve((socket) => (peer = socket.pause()));
  const { socket, open, end } = opened(url);
  await open;
  while (socket.bufferedAmount < 1_000_000) {
    socket.send(new Uint8Array(1_000_000)); // more than the kernels take: Close waits behind it
    await new Promise((resolve) => setImmediate(resolve));
  }
  peer.write(Buffer.from("8300", "hex"));
  const { code, reason } = await end;
  assert.equal(code, 1006);
  assert.match(reason, /the server sent/);
  peer.destroy();
});

test("an upgrade that is refused, or answered by something else, ends the connection", async () => {
  const answers = [
    () => "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n",
    () => accepted("another key"),
    (key) => accepted(key, "Sec-WebSocket-Extensions: permessage-deflate\r\n"),
    (key) => accepted(key, "Sec-WebSocket-Protocol: other\r\n"),
    () => "nonsense",
  ];
  for (const answer of answers) {
    const url = await serve((socket) => setTimeout(() => socket.destroy(), 100), answer);
    const log = opened(url, ["voltlane.3"]);
    log.open.then(() => assert.fail("it must not open"));
    assert.equal((await log.end).code, 1006);
  }
  assert.equal((await opened("ws://127.0.0.1:1/").end).code, 1006);
});

test("close: before the upgrade, after it, and with a server that does not answer", async () => {
  const url = await serve(() => {});
  const early = opened(url);
  early.socket.close();
  assert.equal((await early.end).code, 1006);
  const socket = opened(url);
  await socket.open;
  socket.socket.close();
  socket.socket.close();
  socket.socket.send(new Uint8Array(1));
  await socket.end; // by the timeout
});

test("over TLS the certificate is checked, against a private CA where one is given", { skip: noTls }, async () => {
  const { pem, keyPem, remove } = makeCertificate();
  const server = createSecureServer({ cert: pem, key: keyPem });
  server.on("upgrade", (request, socket) => {
    socket.on("error", () => {});
    socket.write(accepted(request.headers["sec-websocket-key"]));
    socket.write(Buffer.from("820168", "hex"));
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `wss://127.0.0.1:${server.address().port}/`;
  try {
    const unknown = new NodeWebSocket(url);
    unknown.onopen = () => assert.fail("nobody vouches for that certificate");
    const { code, reason } = await new Promise((resolve) => (unknown.onclose = resolve));
    assert.equal(code, 1006);
    assert.match(reason, /certificate/);
    const known = new (NodeWebSocket.withTls({ ca: pem }))(url, []);
    const { data } = await new Promise((resolve) => (known.onmessage = resolve));
    assert.equal(Buffer.from(data).toString(), "h");
    known.close();
  } finally {
    server.close();
    server.closeAllConnections();
    remove();
  }
});
