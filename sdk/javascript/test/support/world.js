// A world for unit tests: a clock that is moved by hand, sockets that a test speaks through, a storage and locks.

import assert from "node:assert/strict";
import { connect } from "../../voltlane.js";
import { serving } from "./server.js";

export const hex = (bytes) => Buffer.from(bytes).toString("hex");
export const bytes = (text) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
export const text = (packet) => new TextDecoder().decode(packet);

/** Returns a generator of random numbers in [0, 1). Neighbouring seeds give unlike numbers. */
export function randomFrom(seed) {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const SUBTLE_METHODS = ["generateKey", "exportKey", "importKey", "deriveBits", "digest", "sign", "verify"];

export class Storage {
  entries = new Map();
  /** The bound of all entries, in characters. */
  capacity = Infinity;

  getItem(key) {
    return this.entries.get(key) ?? null;
  }

  setItem(key, value) {
    const before = this.entries.get(key);
    this.entries.set(key, value);
    if (this.size > this.capacity) {
      before === undefined ? this.entries.delete(key) : this.entries.set(key, before);
      throw new Error("the quota is exceeded");
    }
  }

  removeItem(key) {
    this.entries.delete(key);
  }

  key(index) {
    return [...this.entries.keys()][index] ?? null;
  }

  get length() {
    return this.entries.size;
  }

  get size() {
    let sum = 0;
    this.entries.forEach((value, key) => (sum += value.length + key.length));
    return sum;
  }

  /** What another page of the same tab sees. */
  shared() {
    return Object.assign(new Storage(), { entries: this.entries });
  }

  /** What a browser gives to a duplicated tab. */
  copy() {
    const copy = new Storage();
    this.entries.forEach((value, key) => copy.entries.set(key, value));
    return copy;
  }
}

/** The locks of an origin, as the Web Locks API has them. */
export class Locks {
  #held = new Map();
  #waiting = new Map();

  request(name, { signal }, granted) {
    return new Promise((resolve, reject) => {
      const take = () => {
        this.#held.set(name, true);
        Promise.resolve(granted({ name })).then(() => {
          this.#held.delete(name);
          this.#waiting.get(name)?.shift()?.();
          resolve();
        });
      };
      if (!this.#held.has(name)) {
        take();
        return;
      }
      const queue = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, queue);
      queue.push(take);
      signal.addEventListener("abort", () => {
        queue.splice(queue.indexOf(take) >>> 0, 1);
        reject(signal.reason);
      });
    });
  }

  get count() {
    return this.#held.size;
  }
}

/** A page: the targets of events that are hints to the client. */
export class Page {
  window = new EventTarget();
  document = Object.assign(new EventTarget(), { visibilityState: "visible", baseURI: "https://page.test/app/" });
  navigator = { connection: new EventTarget() };

  constructor(storage) {
    this.window.sessionStorage = storage;
  }

  show(state) {
    this.document.visibilityState = state;
    this.document.dispatchEvent(new Event("visibilitychange"));
  }

  hide() {
    this.window.dispatchEvent(new Event("pagehide"));
  }

  comeBack() {
    this.window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  }
}

/** The client's end of a WebSocket, in the hands of a test. */
export class Socket {
  bufferedAmount = 0;
  sent = [];
  isClosed = false;
  isOpen = false;

  constructor(world, url, protocols) {
    Object.assign(this, { world, url, protocols });
    world.sockets.push(this);
    world.onSocket?.(this);
  }

  send(data) {
    if (!this.isOpen) {
      throw new Error("the socket is not open");
    }
    const copy = Uint8Array.from(data);
    this.sent.push(copy);
    this.onSent?.(copy);
  }

  close() {
    this.isClosed = true;
    this.onClosed?.();
  }

  // ---- what the server does

  accept() {
    this.isOpen = true;
    this.onopen?.({});
  }

  receive(data) {
    const copy = Uint8Array.from(typeof data === "string" ? bytes(data) : data);
    this.onmessage?.({ data: copy.buffer });
  }

  receiveText(data) {
    this.onmessage?.({ data });
  }

  drop(code = 1006, reason = "") {
    this.onclose?.({ code, reason });
  }

  /** Returns what was sent since the last call, as hex. */
  take() {
    return this.sent.splice(0).map(hex);
  }
}

export class World {
  nowMillis = 1000;
  sockets = [];
  storage = new Storage();
  locks = new Locks();
  /** Timers run only at multiples of this, as those of a hidden page do. */
  timersRunEachMillis = 1;
  #timers = new Map();
  #lastTimer = 0;
  #pendingCrypto = 0;

  constructor() {
    const world = this;
    this.random = () => 0.5;
    this.WebSocket = class {
      constructor(url, protocols) {
        return new Socket(world, url, protocols);
      }
    };
    const subtle = {};
    for (const method of SUBTLE_METHODS) {
      subtle[method] = async (...given) => {
        this.#pendingCrypto++;
        try {
          return await (this.cryptoOverrides?.[method] ?? ((...a) => crypto.subtle[method](...a)))(...given);
        } finally {
          this.#pendingCrypto--;
        }
      };
    }
    this.crypto = { subtle, getRandomValues: (array) => this.cryptoOverrides?.getRandomValues?.(array) ?? crypto.getRandomValues(array) };
  }

  get timers() {
    return this.#timers.size;
  }

  environment(more = {}) {
    return {
      crypto: this.crypto,
      setTimeout: (action, millis) => {
        const atMillis = Math.ceil((this.nowMillis + millis) / this.timersRunEachMillis) * this.timersRunEachMillis;
        this.#timers.set(++this.#lastTimer, { atMillis, action });
        return this.#lastTimer;
      },
      clearTimeout: (id) => this.#timers.delete(id),
      now: () => this.nowMillis,
      wallClock: () => 1_700_000_000_000 + this.nowMillis,
      random: () => this.random(),
      locks: this.locks,
      page: null,
      ...more,
    };
  }

  connect(options = {}, more = {}) {
    const client = connect("ws://server.test/", {
      WebSocket: this.WebSocket,
      storage: null,
      ...options,
      environment: this.environment(more),
    });
    client.log = [];
    for (const type of ["opened", "resumed", "away", "retrying", "gone", "closed"]) {
      client.addEventListener(type, (event) => client.log.push(event.reason ? `${type} ${event.reason}` : type));
    }
    return client;
  }

  /** Connects within a page. */
  connectIn(page, options = {}) {
    return this.connect({ storage: undefined, ...options }, { page });
  }

  get socket() {
    return this.sockets.at(-1);
  }

  /** Lets everything happen that does not wait for time. */
  async settle() {
    for (let quiet = 0; quiet < 3; ) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#pendingCrypto > 0 || this.server?.pending > 0 ? 0 : quiet + 1;
    }
  }

  async advance(millis) {
    await this.settle();
    const end = this.nowMillis + millis;
    while (true) {
      let next = null;
      for (const [id, timer] of this.#timers) {
        if (timer.atMillis <= end && (next === null || timer.atMillis < next.timer.atMillis)) {
          next = { id, timer };
        }
      }
      if (next === null) {
        break;
      }
      this.#timers.delete(next.id);
      this.nowMillis = Math.max(this.nowMillis, next.timer.atMillis);
      next.timer.action();
      await this.settle();
    }
    this.nowMillis = end;
    await this.settle();
  }
}

function noting(client) {
  client.packets = [];
  client.addEventListener("packet", (event) => client.packets.push(text(event.data)));
  return client;
}

/** Connects within a page. The texts of the client's packets are in `packets`. */
export function open(world, page, options = {}) {
  return noting(world.connectIn(page, options));
}

async function connected(world, server, client) {
  await world.settle();
  assert.equal(client.state, "live");
  return { world, server, client, session: [...server.sessions.values()][0] };
}

/** Starts a world with a server and a client that is live, without a page. The texts of its packets are in `packets`. */
export async function live(options, more) {
  const world = new World();
  const server = serving(world);
  return connected(world, server, noting(world.connect(options, more)));
}

/** Does the same in a page. `openPage` connects as {@link open} does. */
export async function start(options, openPage = open) {
  const world = new World();
  const server = serving(world);
  const storage = new Storage();
  const page = new Page(storage);
  return { storage, page, ...(await connected(world, server, openPage(world, page, options))) };
}
