// Several servers that share their sessions: which one is tried, when, and which one never is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { frames, serving } from "./support/server.js";
import { open, Page, Storage, World } from "./support/world.js";

const A = "ws://server.test/";
const B = "ws://b.test:8080/path";
const C = "ws://c.test/?query";

/**
 * Starts a fleet. Its servers have their sessions in common, as those with one store.
 *
 * @param down URLs that cannot be reached
 */
function fleet(down = []) {
  const world = new World();
  const server = serving(world);
  world.down = new Set(down);
  world.onSocket = (socket) => (world.down.has(socket.url) ? setImmediate(() => socket.drop()) : server.serve(socket));
  return { world, server };
}

const urls = (world) => world.sockets.map(({ url }) => url);
const opensOnly = (url) => new Set([A, B, C].filter((each) => each !== url));

/** Returns a client that is live at A. */
async function live(options) {
  const { world, server } = fleet();
  const client = world.connect({ alternatives: [B, C], ...options });
  await world.settle();
  assert.equal(client.state, "live");
  return { world, server, client, session: [...server.sessions.values()][0] };
}

test("servers that can't be reached are tried in turn, without a wait", async () => {
  const { world } = fleet(opensOnly(C));
  const client = world.connect({ alternatives: [B, new URL(C)] });
  await world.advance(100);
  assert.deepEqual(urls(world), [A, B, C]);
  assert.deepEqual(client.log, ["opened"]);
  assert.equal(client.url, A);
});

test("if none can be reached, the client waits and begins again", async () => {
  const { world } = fleet([A, B, C]);
  const client = world.connect({ alternatives: [B, C] });
  await world.advance(100);
  assert.deepEqual(urls(world), [A, B, C]);
  assert.deepEqual(client.log, ["retrying UNREACHABLE"]);
  world.down.clear();
  await world.advance(250);
  assert.deepEqual(urls(world), [A, B, C, A]);
  assert.deepEqual(client.log, ["retrying UNREACHABLE", "opened"]);
});

test("each server is tried once before the client gives up", async () => {
  const { world } = fleet([A, B, C]);
  const end = await world.connect({ alternatives: [B, C], giveUpAfterMillis: 0 }).ended;
  assert.deepEqual([end.reason, urls(world)], ["UNREACHABLE", [A, B, C]]);
});

test("a server that swallows everything gives way to the next, without a further wait", async () => {
  const { world, server } = fleet();
  world.onSocket = (socket) => socket.url !== A && server.serve(socket);
  const client = world.connect({ alternatives: [B] });
  await world.advance(9_999);
  assert.deepEqual(urls(world), [A]);
  await world.advance(1);
  assert.deepEqual(urls(world), [A, B]);
  assert.deepEqual(client.log, ["opened"]);
  assert.ok(world.sockets[0].isClosed);
});

test("a server that refuses gives way to the next after a wait, and is tried again after all others", async () => {
  const { world, server } = fleet();
  server.refusal = frames.close(11, 1000);
  const client = world.connect({ alternatives: [B, C] });
  await world.settle();
  assert.deepEqual(urls(world), [A]);
  await world.advance(999);
  assert.deepEqual(urls(world), [A]);
  await world.advance(30_000);
  assert.deepEqual(urls(world).slice(0, 5), [A, B, C, A, B]);
  server.refusal = null;
  await world.advance(60_000);
  assert.equal(client.state, "live");
});

test("a server that dies: its clients try it once, and go on at the next with the same session", async () => {
  const { world, server, client, session } = await live();
  client.send("before");
  await world.settle();
  world.down.add(A);
  server.cut(world.socket);
  client.send("meanwhile");
  await world.advance(250);
  assert.deepEqual(urls(world), [A, A, B]);
  assert.deepEqual(client.log, ["opened", "away HUNG_UP", "resumed"]);
  assert.equal(server.sessions.size, 1);
  assert.deepEqual(session.fromClient.map(String), ["before", "meanwhile"].map((text) => String(Buffer.from(text).join())));
});

test("a connection that is lost goes to the same server again", async () => {
  const { world, server, client } = await live();
  server.cut(world.socket);
  await world.advance(250);
  assert.deepEqual(urls(world), [A, A]);
  assert.equal(client.state, "live");
});

test("one that does not know the session gives way to the next", async () => {
  const { world, server, client } = await live();
  world.onSocket = (socket) => {
    server.refusal = socket.url === A ? frames.close(2) : null;
    server.serve(socket);
  };
  server.cut(world.socket);
  await world.advance(10_000);
  assert.deepEqual(urls(world), [A, A, B]);
  assert.equal(client.state, "live");
});

test("credentials that fail are no server's fault", async () => {
  const { world } = fleet();
  let calls = 0;
  const credentials = () => {
    if (++calls === 1) {
      throw new Error("no token");
    }
    return "token";
  };
  const client = world.connect({ alternatives: [B], credentials });
  await world.advance(1000);
  assert.deepEqual(urls(world), [A]);
  assert.deepEqual(client.log, ["retrying CREDENTIALS", "opened"]);
});

// ---- a server that asks its clients to leave

const LEAVES = [
  ["", B, "none is named: the next"],
  ["c.test:80", C, "a known one, by its host and port"],
  ["C.TEST:80", C, "a host is the same in capitals"],
  ["c.test:42000", C, "a known one, by its host: the named port may be that of another transport"],
  ["other.test:8080", "ws://other.test:8080/", "another one, over the same transport"],
  ["[2001:db8::1]:8080", "ws://[2001:db8::1]:8080/", "an address of IPv6"],
  ["server.test:80", B, "itself"],
];
for (const [named, url, what] of LEAVES) {
  test(`GoAway(${named}): ${what}`, async () => {
    const { world, client, server } = await live();
    world.socket.receive(frames.goAway(1000, named));
    await world.advance(499);
    assert.deepEqual(urls(world), [A]);
    await world.advance(1);
    assert.deepEqual(urls(world), [A, url]);
    assert.deepEqual(client.log, ["opened", "away STOPPING", "resumed"]);
    assert.equal(server.sessions.size, 1);
  });
}

const NEVER = [
  "wss://evil.test:80", "http://evil.test:80/", "//evil.test:80", "evil.test:80/path", "evil.test:80?query", "evil.test:80#part",
  "user:password@evil.test:80", "user@evil.test:80", "evil.test", "evil.test:", "evil.test:99999", "evil.test:80 ", " evil.test:80",
  "evil.test\\:80", "evil.test:80\n", ":80", "[evil.test]:80", "[::1:80", "unix:/evil", "evil.test:123456",
];
test("what is no host and port is never followed: the next server is", async () => {
  for (const named of NEVER) {
    const { world, client } = await live();
    world.socket.receive(frames.goAway(0, named));
    await world.advance(1);
    assert.deepEqual(urls(world), [A, B], JSON.stringify(named));
    assert.equal(client.state, "live");
  }
});

test("a named server is dialled with TLS, path and query as the present one, and without name and password", async () => {
  const { world } = fleet();
  const page = new Page(new Storage());
  page.document.baseURI = "https://name:secret@page.test/app/";
  open(world, page, { storage: null, alternatives: ["wss://name:secret@own.test:9/p?q"] });
  await world.settle();
  world.socket.receive(frames.goAway(0));
  await world.advance(1);
  const { url } = world.socket;
  world.socket.receive(frames.goAway(0, "other.test:80"));
  await world.advance(10_000);
  assert.deepEqual([url, world.socket.url], ["wss://name:secret@own.test:9/p?q", "wss://other.test:80/p?q"]);
});

test("a named server that fails is forgotten, and the next known one is tried", async () => {
  const { world, server, client } = await live();
  world.down.add("ws://other.test:80/").add("ws://other.test/");
  world.socket.receive(frames.goAway(0, "other.test:80"));
  await world.advance(1);
  assert.deepEqual(urls(world), [A, "ws://other.test/", B]);
  server.cut(world.socket);
  await world.advance(1000);
  assert.deepEqual(urls(world), [A, "ws://other.test/", B, B]);
  assert.equal(client.state, "live");
});

test("a named server may itself name another one", async () => {
  const { world, client } = await live();
  world.socket.receive(frames.goAway(0, "other.test:1"));
  await world.advance(1);
  world.socket.receive(frames.goAway(0, "third.test:2"));
  await world.advance(20_000);
  assert.deepEqual(urls(world), [A, "ws://other.test:1/", "ws://third.test:2/"]);
  world.socket.receive(frames.goAway(0));
  await world.advance(20_000);
  assert.equal(world.socket.url, B);
  assert.equal(client.state, "live");
});

test("a client with one URL goes to the named server, too, and back if that fails", async () => {
  const { world, client } = await live({ alternatives: [] });
  world.down.add("ws://other.test:1/");
  world.socket.receive(frames.goAway(0, "other.test:1"));
  await world.advance(1);
  assert.deepEqual(urls(world), [A, "ws://other.test:1/", A]);
  assert.equal(client.state, "live");
});

test("a page that may not go to the named server goes to the next known one", async () => {
  const { world, client } = await live({ alternatives: [B] });
  const dial = world.onSocket;
  world.onSocket = (socket) => {
    if (socket.url === "ws://other.test:1/") {
      throw new Error("refused by the content security policy");
    }
    dial(socket);
  };
  world.socket.receive(frames.goAway(0, "other.test:1"));
  await world.advance(1);
  assert.deepEqual(urls(world), [A, "ws://other.test:1/", B]);
  assert.equal(client.state, "live");
});

test("a server that dies before the time has come is left, too", async () => {
  const { world, server, client } = await live();
  world.socket.receive(frames.goAway(30_000, "c.test:80"));
  server.cut(world.socket);
  await world.advance(250);
  assert.deepEqual(urls(world), [A, C]);
  assert.equal(client.state, "live");
});

test("a new session is never opened at a server that was only named", async () => {
  const { world, server, client } = await live({ newSessionWhenGone: true, credentials: "secret" });
  world.socket.receive(frames.goAway(30_000, "other.test:1"));
  server.sessions.clear();
  server.close(world.socket, 10);
  await world.advance(1000);
  assert.deepEqual(urls(world), [A, B]);
  assert.deepEqual(client.log, ["opened", "away STOPPING", "gone STOPPING", "opened"]);
});

test("a named server that does not know the session costs nothing: the known ones are asked", async () => {
  const { world, server, client } = await live({ newSessionWhenGone: true });
  world.onSocket = (socket) => {
    server.refusal = socket.url.includes("other") ? frames.close(2) : null;
    server.serve(socket);
  };
  world.socket.receive(frames.goAway(0, "other.test:1"));
  await world.advance(10_000);
  assert.deepEqual(urls(world), [A, "ws://other.test:1/", B]);
  assert.deepEqual(client.log, ["opened", "away STOPPING", "retrying SESSION_GONE", "resumed"]);
});

test("a GoAway that is cut off is a violation", async () => {
  const { world, client } = await live();
  world.socket.receive(frames.goAway(1000, "c.test:80").subarray(0, 9));
  assert.equal((await client.ended).reason, "PROTOCOL_VIOLATION");
});

// ---- the rest

test("after a reload, a page goes on with its session, and begins at the first server", async () => {
  const { world, server } = fleet([A]);
  const storage = new Storage();
  const page = new Page(storage);
  const options = { alternatives: [B, C] };
  open(world, page, options);
  await world.settle();
  assert.deepEqual(urls(world), [A, B]);
  page.hide();
  world.down.clear();
  const client = open(world, new Page(storage.shared()), options);
  await world.settle();
  assert.deepEqual([urls(world), client.log], [[A, B, A], ["resumed"]]);
  assert.equal(server.sessions.size, 1);
});

test("alternatives are checked", () => {
  for (const alternatives of ["ws://b.test/", [""], ["mailto:a@b.test"], ["ws://b.test/#part"], [42], null, new Set()]) {
    assert.throws(() => new World().connect({ alternatives }), { name: "TypeError", message: /^alternatives: / });
  }
});

test("alternatives may be relative to the page, and http means ws", async () => {
  const { world } = fleet(["ws://server.test/", "wss://page.test/second"]);
  open(world, new Page(new Storage()), { alternatives: ["/second", "https://third.test/"] });
  await world.settle();
  assert.deepEqual(urls(world), ["ws://server.test/", "wss://page.test/second", "wss://third.test/"]);
});
