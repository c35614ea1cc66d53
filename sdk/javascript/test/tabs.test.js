// Random tabs: pages that are left, come back from the browser's cache, or crash, with links that are cut. The tab as a whole
// loses nothing and gets nothing twice. VOLTLANE_SEED=n and VOLTLANE_WORLDS=n as in simulation.test.js.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serving, Server } from "./support/server.js";
import { Locks, Page, randomFrom, Storage, World, text } from "./support/world.js";

const WORLDS = Number(process.env.VOLTLANE_WORLDS ?? 15);
const FIRST_SEED = Number(process.env.VOLTLANE_SEED ?? 1);

async function run(seed, log) {
  const random = randomFrom(seed);
  const server = new Server();
  const locks = new Locks();
  const storage = new Storage();
  let now = 1000;
  const pages = []; // the history: the last one is shown
  const got = [];
  const sent = [];
  let serial = 0;
  let told = 0;
  let offline = false;

  class Tab {
    constructor() {
      this.id = ++serial;
      this.world = new World();
      this.world.nowMillis = now;
      this.world.random = random;
      this.world.server = server;
      this.world.onSocket = (s) => (offline ? setImmediate(() => s.drop()) : server.serve(s));
      this.dead = new Promise((resolve) => (this.die = resolve));
      this.world.locks = {
        request: (name, options, granted) => locks.request(name, options, () => Promise.race([granted(), this.dead])),
      };
      this.page = new Page(storage.shared());
      this.connect();
    }
    connect() {
      this.client = this.world.connectIn(this.page, { backoffMillis: 50 });
      this.client.addEventListener("packet", (e) => {
        if (this.isDead) return;
        got.push(text(e.data));
      });
      this.client.addEventListener("closed", (e) => {
        log.push(`page ${this.id} closed ${e.reason} ${e.message}`);
        this.isOver = true;
      });
    }
    /** Ends as a process does: no event, no further write, no further frame. */
    crash() {
      this.isDead = true;
      const storage = this.page.window.sessionStorage;
      storage.setItem = storage.removeItem = () => {
        throw new Error("dead");
      };
      for (const socket of this.world.sockets) {
        if (!socket.isClosed && socket.link) {
          socket.onmessage = socket.onclose = null;
          socket.onSent = () => {};
          server.cut(socket);
        }
      }
      this.world.onSocket = () => {};
      this.die();
    }
  }
  pages.push(new Tab());
  const shown = () => pages.at(-1);
  const session = () => [...server.sessions.values()][0];
  const settle = async (ms = 0) => {
    const tab = shown();
    tab.world.nowMillis = Math.max(tab.world.nowMillis, now);
    await tab.world.advance(ms);
    now = tab.world.nowMillis;
    if (tab.isOver && tab === shown()) {
      tab.isOver = false;
      log.push(`page ${tab.id} connects again`);
      tab.connect();
      await tab.world.settle();
    }
  };
  await settle();
  for (let step = 0; step < 60; step++) {
    const c = random();
    const tab = shown();
    if (c < 0.3) {
      const p = `${sent.length + 1}`;
      try { tab.client.send(p); sent.push(p); } catch (e) { log.push(`send refused: ${e.message}`); }
      log.push(`page ${tab.id} sends ${p}`);
    } else if (c < 0.5 && session()) {
      server.send(session(), Buffer.from(`${++told}`));
      log.push(`server sends ${told}`);
    } else if (c < 0.6) {
      if (!tab.world.socket?.isClosed && tab.world.socket?.link && !tab.world.socket.link.isOver) { server.cut(tab.world.socket); log.push("cut"); }
    } else if (c < 0.65) {
      offline = !offline; log.push(`offline ${offline}`);
    } else if (c < 0.7) {
      server.acknowledges = !server.acknowledges;
    } else if (c < 0.77) {
      log.push(`page ${tab.id} is left, a new one follows`);
      tab.page.hide();
      if (random() < 0.5) await tab.world.settle();
      now += Math.floor(random() * 50);
      pages.push(new Tab());
    } else if (c < 0.84 && pages.length > 1) {
      log.push(`back from page ${tab.id} to ${pages.at(-2).id}`);
      tab.page.hide();
      await tab.world.settle();
      pages.pop();
      now += Math.floor(random() * 50);
      shown().world.nowMillis = now;
      shown().page.comeBack();
    } else if (c < 0.88) {
      log.push(`page ${tab.id} crashes`);
      tab.crash();
      pages.pop();
      pages.push(new Tab());
    } else if (c < 0.92) {
      tab.client.reconnect();
    }
    await settle(random() < 0.5 ? 0 : Math.floor(random() * 700));
    if (server.sessions.size > 1) {
      assert.fail(`step ${step}: a second session: ${[...server.sessions.keys()]}`);
    }
  }
  offline = false;
  server.acknowledges = true;
  for (let i = 0; i < 100 && (session()?.fromClient.length !== sent.length || got.length !== told); i++) await settle(1000);
  assert.deepEqual(session().fromClient.map(text), sent);
  assert.deepEqual(got, Array.from({ length: told }, (_, i) => `${i + 1}`));
}

test(`${WORLDS} random tabs from seed ${FIRST_SEED}: nothing lost, nothing twice`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + WORLDS; seed++) {
    const log = [];
    try {
      await run(seed, log);
    } catch (e) {
      e.message = `seed ${seed}: ${e.message}\n${log.join("\n")}`;
      throw e;
    }
  }
});
