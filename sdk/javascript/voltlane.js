// The JavaScript client of Voltlane: version 3 of its protocol over WebSocket, for browsers and for Node 20 and newer.
// Types and their explanations are in voltlane.d.ts. From top to bottom: frames, errors, the proof, what is kept in both
// directions, the stored state, one link, and the client, whose #run is the place to start reading.

const TYPE = { DATA: 0x00, ACK: 0x01, PING: 0x02, PONG: 0x03, LEAVE: 0x04, CLOSE: 0x05, GO_AWAY: 0x06 };
const HANDSHAKE = { OPEN: 0x10, OPENED: 0x11, RESUME: 0x12, CHALLENGE: 0x13, ANSWER: 0x14, RESUMED: 0x15 };
const FIRST_SKIPPED_TYPE = 0x40;
const VERSION_FRAME = Uint8Array.of(0x01, 0x03);
const SUBPROTOCOL = "voltlane.3";

const KEY_BYTES = 32;
const MAX_CREDENTIALS_BYTES = 4096;
const MAX_CONTROL_BYTES = 8192;
const MAX_DATA_BYTES = 8 * 1024 * 1024;
/** The longest packet that may be sent before the server has named its limit. */
const DEFAULT_MAX_PAYLOAD_BYTES = 8_388_599;
/** The part of a packet's cost that does not depend on its length. */
const PACKET_OVERHEAD_BYTES = 64;

const ACK_PACKETS = 64;
const ACK_BYTES = 64 * 1024;
const ACK_DELAY_MILLIS = 500;
/** The bytes that are given to the socket ahead, so that an Ack does not wait behind more than these. */
const SOCKET_AHEAD_BYTES = 64 * 1024;
const SOCKET_POLL_MILLIS = 5;
/**
 * The packets that are given to the socket before anything is read. A backend may answer each, and the server keeps only so
 * many answers that this client has not acknowledged.
 */
const PACKETS_PER_TURN = 256;

/** The lifetime from which on a link counts as one that works. */
const STABLE_MILLIS = 5000;
/** The number of unproved answers against the session after which they are believed. */
const MAX_REFUSALS = 5;
const MAX_RETRY_AFTER_MILLIS = 300_000;
/** The time for an answer after a hint that the network has changed. */
const PROBE_MILLIS = 5000;
/** The time for a page that is being reloaded to give up its lock. */
const LOCK_WAIT_MILLIS = 1000;
/** The longest wait between attempts while the program waits for the client to close. */
const CLOSING_RETRY_MILLIS = 250;
/** The time for the server's answer to Leave. */
const LEAVE_GRACE_MILLIS = 500;
/** The time after which credentials that were not used are asked for again: they may expire. */
const FRESH_MILLIS = 60_000;
const MAX_TIMER_MILLIS = 2 ** 31 - 1;
/** Pages wish for this heartbeat: browsers run the timers of a hidden page once a minute only. */
const PAGE_HEARTBEAT_SECS = 40;

const utf8 = new TextEncoder();

// ---- frames

function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function u16(value) {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value) {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

function u64(value) {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value), true);
  return out;
}

function frame(type, ...parts) {
  return concat(Uint8Array.of(type), ...parts);
}

/** Reads the fields of a frame. A field that is missing is a violation; bytes behind the fields are ignored. */
class Fields {
  #bytes;
  #view;
  #at = 1;

  constructor(bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #take(length) {
    const from = this.#at;
    if (length > this.#bytes.length - from) {
      throw new Failure("PROTOCOL_VIOLATION", "the server sent a frame that is too short");
    }
    this.#at += length;
    return from;
  }

  u16() {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32() {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64() {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  count() {
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new Failure("PROTOCOL_VIOLATION", "the server sent a count that is too large");
    }
    return Number(value);
  }

  bytes(length) {
    const from = this.#take(length);
    return this.#bytes.slice(from, from + length);
  }

  text() {
    return new TextDecoder().decode(this.bytes(this.u16()));
  }

  get isAtEnd() {
    return this.#at === this.#bytes.length;
  }

  parameters() {
    return { heartbeatSecs: this.u16(), maxPayload: this.u32(), waitSecs: this.u32() };
  }
}

/** Returns the bytes of a packet as a copy behind `ahead` free bytes. */
function copyOf(packet, ahead, what) {
  let bytes;
  if (typeof packet === "string") {
    bytes = utf8.encode(packet);
  } else if (ArrayBuffer.isView(packet)) {
    bytes = new Uint8Array(packet.buffer, packet.byteOffset, packet.byteLength);
  } else if (packet instanceof ArrayBuffer) {
    bytes = new Uint8Array(packet);
  } else {
    throw new TypeError(`${what}: expected a string, an ArrayBuffer or a view of one`);
  }
  const out = new Uint8Array(ahead + bytes.length);
  out.set(bytes, ahead);
  return out;
}

// ---- errors

const RETRYABLE = new Set([
  "UNREACHABLE", "TIMED_OUT", "HUNG_UP", "SESSION_GONE", "GAP", "OVERFLOW", "MEMORY", "RATE", "STOPPING", "BUSY",
  "CREDENTIALS",
]);
/** The reasons for which a session is over and a new one may take its place. */
const REPLACEABLE = new Set(["SESSION_GONE", "GAP", "OVERFLOW", "MEMORY", "RATE", "STOPPING"]);
/** The reasons for which an attempt to resume is repeated for as long as the program lets it. */
const PASSING = new Set(["UNREACHABLE", "TIMED_OUT", "HUNG_UP", "PROTOCOL_VIOLATION", "BUSY", "STOPPING", "CREDENTIALS"]);

/** The reasons that have nothing to do with the server's answer. */
const HOPELESS = new Set(["UNSUPPORTED", "FAILED"]);

/** The codes of Close: the reason, whether the session goes on, and a sentence. */
const CLOSE_CODES = new Map([
  [1, ["KICKED", false, "the server has ended the session: it was kicked"]],
  [2, ["SESSION_GONE", false, "the server does not know the session"]],
  [3, ["GAP", false, "the server says that packets are missing"]],
  [4, ["OVERFLOW", false, "the server kept too much for this client, which did not take it"]],
  [5, ["OVERFLOW", false, "the server kept too much for this client while it was away"]],
  [6, ["MEMORY", false, "the server is short of memory"]],
  [7, ["FRAME_TOO_LARGE", false, "the server refuses a packet that is too long"]],
  [8, ["VIOLATION", false, "the server refuses what this client has sent"]],
  [9, ["RATE", false, "the server refuses so much in a second"]],
  [10, ["STOPPING", false, "the server is stopping"]],
  [11, ["BUSY", true, "the server is too busy"]],
  [12, ["TAKEN_OVER", false, "another page or program has resumed the session"]],
  [13, ["TIMED_OUT", true, "the server has heard nothing of this client for too long"]],
  [14, ["VERSION", true, "the server does not serve version 3 of the protocol"]],
  [15, ["SESSION_GONE", false, "the session was left"]],
  [16, ["SESSION_GONE", false, "the session was away for too long"]],
  [17, ["SESSION_GONE", false, "the session had to give way to others"]],
]);

/** The end of a link or of an attempt. It never leaves this module. */
class Failure extends Error {
  constructor(reason, message, rest = {}) {
    super(message);
    this.reason = reason;
    this.code = rest.code ?? 0;
    this.text = rest.text ?? "";
    this.retryAfterMillis = rest.retryAfterMillis ?? 0;
    /** True if a Close said so, with a code that this client does not know. */
    this.unknownCode = rest.unknownCode ?? false;
    /** True if the session may be resumed. */
    this.keepsSession = rest.keepsSession ?? true;
    /** True if the server has proved that it is the one that holds the session. */
    this.proved = rest.proved ?? false;
    /** True if a further attempt is of no use, though nobody has proved anything. */
    this.isFinal = rest.isFinal ?? false;
    /** True if this client chose to leave the link. */
    this.chosen = rest.chosen ?? false;
  }

  static closedBy(code, retryAfterMillis, text) {
    const printable = text.replace(/[\p{Cc}\p{Cf}]/gu, " ").trim().slice(0, 1024);
    const known = CLOSE_CODES.get(code);
    const [reason, keepsSession, sentence] =
      known ?? ["HUNG_UP", true, "the server closed the link for a reason that this client does not know"];
    return new Failure(reason, `${sentence} (code ${code}${printable === "" ? "" : ": " + printable})`, {
      code,
      text: printable,
      retryAfterMillis: Math.min(retryAfterMillis, MAX_RETRY_AFTER_MILLIS),
      unknownCode: known === undefined,
      keepsSession,
    });
  }

  info(discarded) {
    const { reason, code, text, message } = this;
    return Object.freeze({ reason, code, retryable: RETRYABLE.has(reason), text, message, discarded });
  }
}

export class VoltlaneError extends Error {
  constructor(info) {
    super(info.message);
    this.name = "VoltlaneError";
    this.reason = info.reason;
    this.code = info.code;
    this.retryable = info.retryable;
    this.text = info.text;
  }
}

export class NotAcknowledgedError extends VoltlaneError {
  constructor(info, fate) {
    super(info);
    this.name = "NotAcknowledgedError";
    this.fate = fate;
  }
}

export class SendBufferFullError extends Error {
  constructor(message) {
    super(message);
    this.name = "SendBufferFullError";
  }
}

// ---- the proof

/** The secrets of the protocol, by WebCrypto. */
class Proof {
  #crypto;

  constructor(crypto) {
    this.#crypto = crypto;
  }

  get #subtle() {
    const subtle = this.#crypto?.subtle;
    if (subtle === undefined) {
      throw new Failure("UNSUPPORTED", "WebCrypto is missing: a page needs https, or localhost");
    }
    return subtle;
  }

  random(length) {
    return this.#crypto.getRandomValues(new Uint8Array(length));
  }

  /** Generates the key pair of a session. */
  async keyPair() {
    const subtle = this.#subtle;
    try {
      const pair = await subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
      return { secret: pair.privateKey, key: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)) };
    } catch (e) {
      throw new Failure(
        "UNSUPPORTED",
        `X25519 is missing in WebCrypto (Chromium 133, Firefox 130, Safari 17 and Node 20 have it): ${e.message}`,
      );
    }
  }

  /** Derives K. Throws if no secret can be shared with that key. */
  async sessionKey(pair, serverKey, id) {
    const subtle = this.#subtle;
    try {
      const other = await subtle.importKey("raw", serverKey, { name: "X25519" }, true, []);
      const shared = await subtle.deriveBits({ name: "X25519", public: other }, pair.secret, 256);
      const input = await subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
      const info = concat(utf8.encode("session"), u64(id), pair.key, serverKey);
      const salt = utf8.encode("VOLTLANE/3");
      return new Uint8Array(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, input, 256));
    } catch (e) {
      throw new Failure("PROTOCOL_VIOLATION", `the server's key is unusable: ${e.message}`);
    }
  }

  #hmacKey(sessionKey) {
    return this.#subtle.importKey("raw", sessionKey, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  }

  async transcript(resume, challenge) {
    const told = concat(u32(resume.length), resume, u32(challenge.length), challenge);
    return new Uint8Array(await this.#subtle.digest("SHA-256", told));
  }

  async ofClient(sessionKey, transcript) {
    const key = await this.#hmacKey(sessionKey);
    return new Uint8Array(await this.#subtle.sign("HMAC", key, concat(utf8.encode("client"), transcript)));
  }

  /** Compares in constant time whether Resumed comes from the holder of the server's secret. */
  async verifyServer(sessionKey, transcript, proofOfClient, resumed) {
    const key = await this.#hmacKey(sessionKey);
    const behind = resumed.subarray(1 + KEY_BYTES);
    const told = concat(utf8.encode("server"), transcript, proofOfClient, behind);
    return this.#subtle.verify("HMAC", key, resumed.subarray(1, 1 + KEY_BYTES), told);
  }
}

// ---- what is kept

/** The packets of this client that are not acknowledged, with their numbers. */
class Sends {
  /** Acknowledged up to this number. */
  acknowledged = 0;
  /** The highest number of this client that the server is known to have read. */
  accepted = 0;
  /** The highest number that was ever given to a socket. */
  sent = 0;
  /** The highest number that was given to the socket of the present link. */
  #written = 0;
  /** The highest number of a packet that a crash has cost this page, after the server had read it. */
  #skipped = 0;
  #packets = [];
  /** The index of the first packet: those before are done with. */
  #head = 0;
  #bytes = 0;
  #bound;

  constructor(bound) {
    this.#bound = bound;
  }

  get count() {
    return this.#packets.length - this.#head;
  }

  get last() {
    return this.acknowledged + this.count;
  }

  get isHalfEmpty() {
    return this.#bytes <= this.#bound / 2;
  }

  /** @param others packets that are kept elsewhere */
  admits(bytes, others) {
    const otherBytes = others.reduce((sum, packet) => sum + packet.bytes.length + PACKET_OVERHEAD_BYTES, 0);
    const isEmpty = this.count === 0 && others.length === 0;
    return isEmpty || this.#bytes + otherBytes + bytes + PACKET_OVERHEAD_BYTES <= this.#bound;
  }

  add(bytes, done) {
    this.#packets.push({ bytes, done });
    this.#bytes += bytes.length + PACKET_OVERHEAD_BYTES;
  }

  /**
   * Takes over the packets of a stored session.
   *
   * @param hasBegun whether any of them may have been sent
   */
  restore(acknowledged, packets, hasBegun) {
    this.acknowledged = acknowledged;
    this.accepted = acknowledged;
    packets.forEach(({ bytes, done }) => this.add(bytes, done ?? null));
    this.sent = hasBegun ? this.last : 0;
  }

  #remove() {
    const packet = this.#packets[this.#head];
    this.#packets[this.#head++] = undefined;
    this.#bytes -= packet.bytes.length + PACKET_OVERHEAD_BYTES;
    if (this.#head > 1024 && this.#head * 2 > this.#packets.length) {
      this.#packets = this.#packets.slice(this.#head);
      this.#head = 0;
    }
    return packet;
  }

  /** Returns the packets that are done with; null if the count contradicts what was sent. */
  acknowledge(count) {
    if (count < this.acknowledged && this.acknowledged <= this.#skipped) {
      return []; // what a crash has cost this page counts as acknowledged here before the server says so
    }
    if (count < this.acknowledged || count > this.#written) {
      return null;
    }
    const done = [];
    while (this.acknowledged < count) {
      done.push(this.#remove());
      this.acknowledged++;
    }
    this.accepted = Math.max(this.accepted, count);
    return done;
  }

  /**
   * Goes on behind packets that the server has read and this page has never known: the process of the page before it has
   * crashed, and the write to its storage with it.
   *
   * @param stored the last number that was stored; the packets behind it are of this page, and get new numbers
   */
  skipTo(accepted, stored) {
    while (this.acknowledged < stored) {
      this.#remove();
      this.acknowledged++;
    }
    this.acknowledged = this.accepted = this.sent = this.#skipped = accepted;
  }

  /** Returns the packets that are kept, first to last. */
  get packets() {
    return this.#packets.slice(this.#head);
  }

  /** Goes on behind what the server has read. Returns false if that contradicts what was sent. */
  resume(accepted) {
    if (accepted < this.acknowledged || accepted > this.sent) {
      return false;
    }
    this.accepted = Math.max(this.accepted, accepted);
    this.#written = accepted;
    return true;
  }

  /** Returns the next packet for the socket of the present link; null if there is none. */
  next() {
    if (this.#written >= this.last) {
      return null;
    }
    const packet = this.#packets[this.#head + this.#written - this.acknowledged];
    this.#written++;
    this.sent = Math.max(this.sent, this.#written);
    return packet.bytes;
  }

  /** Returns the fate of each packet, and forgets all of them and all counts. */
  clear() {
    const out = [];
    for (let number = this.acknowledged + 1; this.count > 0; number++) {
      const fate = number <= this.accepted ? "AT_SERVER" : number <= this.sent ? "UNKNOWN" : "NOT_SENT";
      out.push({ ...this.#remove(), number, fate });
    }
    this.acknowledged = this.accepted = this.sent = this.#written = this.#skipped = 0;
    return out;
  }
}

/** The packets of the server that wait for the program, and the counts of the present session. */
class Receives {
  /** The highest number that has come, the highest that the program has taken, and the highest that was acknowledged. */
  seen = 0;
  taken = 0;
  acknowledged = 0;
  /** The bytes that were taken and are not acknowledged. */
  pendingBytes = 0;
  #inbox = [];
  #head = 0;
  #bytes = 0;
  #epoch = 0;

  get bytes() {
    return this.#bytes;
  }

  get isEmpty() {
    return this.#head === this.#inbox.length;
  }

  /** Begins the counts of a session. What still waits belongs to an earlier one and counts no more. */
  begin(taken) {
    this.#epoch++;
    this.seen = this.taken = this.acknowledged = taken;
    this.pendingBytes = 0;
  }

  add(data) {
    this.#inbox.push({ data, epoch: this.#epoch });
    this.#bytes += data.length + PACKET_OVERHEAD_BYTES;
  }

  remove() {
    const packet = this.#inbox[this.#head];
    this.#inbox[this.#head++] = undefined;
    this.#bytes -= packet.data.length + PACKET_OVERHEAD_BYTES;
    if (this.isEmpty) {
      this.clear();
    } else if (this.#head > 1024 && this.#head * 2 > this.#inbox.length) {
      this.#inbox = this.#inbox.slice(this.#head);
      this.#head = 0;
    }
    return packet;
  }

  /** Forgets what was not taken. The server still has it. */
  clear() {
    this.#inbox = [];
    this.#head = this.#bytes = 0;
  }

  /** Counts a packet as taken. Returns false if its session is over. */
  take(packet) {
    if (packet.epoch !== this.#epoch) {
      return false;
    }
    this.taken++;
    this.pendingBytes += packet.data.length;
    return true;
  }
}

// ---- the stored state

function toBase64(bytes) {
  let out = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    out += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(out);
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** The storages and keys that clients of this page use. */
const slotsInUse = new WeakMap();

/**
 * The state of one session in a storage. The entries are
 *
 *   voltlane:KEY              JSON: url, name of the lock, epoch; with a session: id, K, server's key, waiting time
 *   voltlane:KEY:EPOCH        the counts: taken, acknowledged
 *   voltlane:KEY:EPOCH:N      packet N: its name, where it came early, and base64
 *   voltlane:KEY:early:I      a packet that was sent by a page that does not hold the lock: its name, and base64
 *
 * Each change is one entry, and their order is such that whatever a crash cuts off, the rest is a state that was true. An
 * epoch is a session's, so that leftovers of an earlier one are never taken for packets of this one. Early packets get
 * their numbers when a page takes the lock. Their names tell those that have one already, if that page dies meanwhile.
 */
class Slot {
  /** The name of the lock. A page that holds it may use this state. */
  lock = "";
  #storage;
  #key;
  #record = null;
  #counts = "";

  /** Returns null where there is no storage. */
  static of(storage, key) {
    if (storage === null) {
      return null;
    }
    const keys = slotsInUse.get(storage) ?? new Set();
    slotsInUse.set(storage, keys);
    if (keys.has(key)) {
      throw new TypeError(`key: another client of this page uses "${key}" (expected: a key of its own)`);
    }
    keys.add(key);
    return new Slot(storage, key);
  }

  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
  }

  get #entry() {
    return `voltlane:${encodeURIComponent(this.#key)}`;
  }

  get #prefix() {
    return `${this.#entry}:${this.#record.epoch}`;
  }

  #earlyEntry(index) {
    return `${this.#entry}:early:${index}`;
  }

  get epoch() {
    return this.#record?.epoch;
  }

  #read() {
    try {
      const record = JSON.parse(this.#storage.getItem(this.#entry) ?? "null");
      return record?.form === 1 && typeof record.lock === "string" ? record : null;
    } catch {
      return null; // damaged, or not ours
    }
  }

  /** Tells whether there is a state for that URL, and reads the name of its lock. */
  exists(url) {
    const record = this.#read();
    this.lock = record?.lock ?? this.lock;
    return record !== null && record.url === url;
  }

  /** Reads the state. Returns null if there is none for that URL. */
  load(url) {
    const record = this.#read();
    if (record === null || record.url !== url) {
      return null;
    }
    try {
      this.#record = record;
      this.#counts = this.#storage.getItem(this.#prefix) ?? "";
      const [taken, acknowledged] = this.#counts.trim().split(/ +/).map(Number);
      if (!Number.isSafeInteger(taken) || !Number.isSafeInteger(acknowledged)) {
        return null;
      }
      const session = record.id === undefined
        ? null
        : {
            id: BigInt(record.id),
            sessionKey: fromBase64(record.sessionKey),
            serverKey: fromBase64(record.serverKey),
            waitSecs: record.waitSecs,
            maxPayload: record.maxPayload,
          };
      return { session, taken, acknowledged, packets: this.#packets(acknowledged) };
    } catch {
      return null; // damaged
    }
  }

  #packets(acknowledged) {
    for (let done = acknowledged; this.#storage.getItem(`${this.#prefix}:${done}`) !== null; done--) {
      this.#storage.removeItem(`${this.#prefix}:${done}`);
    }
    const packets = [];
    for (let number = acknowledged + 1; ; number++) {
      const text = this.#storage.getItem(`${this.#prefix}:${number}`);
      if (text === null) {
        return packets;
      }
      packets.push(Slot.#decode(text));
    }
  }

  static #decode(text) {
    const [base64, name = ""] = text.split(" ").reverse();
    return { bytes: fromBase64(base64), name };
  }

  #writeRecord() {
    this.#storage.setItem(this.#entry, JSON.stringify(this.#record));
  }

  /** Removes what earlier states under this key have left behind, as far as the storage tells its keys. */
  #sweep() {
    const { length } = this.#storage;
    const keys = typeof this.#storage.key === "function" ? Array.from({ length }, (_, i) => this.#storage.key(i)) : [];
    for (const key of keys) {
      if (key?.startsWith(`${this.#entry}:`) && !key.startsWith(this.#earlyEntry(""))) {
        this.#storage.removeItem(key);
      }
    }
  }

  /** Begins an empty state. Throws if there is no room. */
  begin(url, lock, epoch) {
    this.lock = lock;
    this.#sweep();
    this.#record = { form: 1, url, lock, epoch };
    this.saveCounts(0, 0);
    this.#writeRecord();
  }

  saveSession(session, wallMillis) {
    const { url, lock, epoch } = this.#record;
    this.#record = {
      form: 1,
      url,
      lock,
      epoch,
      id: String(session.id),
      sessionKey: toBase64(session.sessionKey),
      serverKey: toBase64(session.serverKey),
      waitSecs: session.waitSecs,
      maxPayload: session.maxPayload,
      aliveMillis: wallMillis,
    };
    this.#writeRecord();
  }

  /** Notes that the session had a link until now. */
  saveAlive(wallMillis) {
    if (this.#record.id !== undefined) {
      this.#record.aliveMillis = wallMillis;
      this.#writeRecord();
    }
  }

  /** Tells whether the server may still hold the session. */
  mayLive(wallMillis) {
    const record = this.#record;
    return record?.id !== undefined && wallMillis - record.aliveMillis < record.waitSecs * 1000;
  }

  saveCounts(taken, acknowledged) {
    // Of a fixed width: what was stored once can be stored again in a storage that is full.
    this.#counts = `${String(taken).padStart(16)} ${String(acknowledged).padStart(16)}`;
    this.#storage.setItem(this.#prefix, this.#counts);
  }

  /** @param name the name of a packet that came early */
  savePacket(number, bytes, name = "") {
    this.#storage.setItem(`${this.#prefix}:${number}`, `${name} ${toBase64(bytes)}`.trimStart());
  }

  /** Stores a packet that has no number yet. */
  saveEarly(name, bytes) {
    let index = 1;
    while (this.#storage.getItem(this.#earlyEntry(index)) !== null) {
      index++;
    }
    this.#storage.setItem(this.#earlyEntry(index), `${name} ${toBase64(bytes)}`);
  }

  /** Returns null if the storage can't be read. */
  loadEarly() {
    const packets = [];
    try {
      for (let index = 1; ; index++) {
        const text = this.#storage.getItem(this.#earlyEntry(index));
        if (text === null) {
          return packets;
        }
        packets.push(Slot.#decode(text));
      }
    } catch {
      return null;
    }
  }

  /** Removes the last one first, so that a crash leaves no hole. */
  removeEarly(count) {
    try {
      for (let index = count; index >= 1; index--) {
        this.#storage.removeItem(this.#earlyEntry(index));
      }
    } catch {
      // a storage that can't be written to keeps what it has
    }
  }

  removePackets(from, to) {
    for (let number = from; number <= to; number++) {
      this.#storage.removeItem(`${this.#prefix}:${number}`);
    }
  }

  /** Tells whether the storage holds what this object wrote last. */
  isUnchanged(lastNumber) {
    return (
      this.#storage.getItem(this.#entry) === JSON.stringify(this.#record) &&
      this.#storage.getItem(this.#prefix) === this.#counts &&
      this.#storage.getItem(`${this.#prefix}:${lastNumber + 1}`) === null
    );
  }

  /** Removes the state, packets up to `lastNumber` included. */
  clear(firstNumber, lastNumber) {
    this.#storage.removeItem(this.#entry);
    this.removePackets(firstNumber, lastNumber);
    this.#storage.removeItem(this.#prefix);
  }

  release() {
    slotsInUse.get(this.#storage).delete(this.#key);
  }
}

/**
 * Takes a lock that all pages of an origin share.
 *
 * @returns a function that releases it; null if another page holds it
 */
function takeLock(environment, name) {
  const locks = environment.locks;
  if (locks === undefined) {
    return Promise.resolve(() => {});
  }
  return new Promise((resolve) => {
    const abort = new AbortController();
    const timer = environment.setTimeout(() => abort.abort(), LOCK_WAIT_MILLIS);
    const held = () => {
      environment.clearTimeout(timer);
      return new Promise((release) => resolve(release));
    };
    locks.request(name, { signal: abort.signal }, held).catch((e) => {
      environment.clearTimeout(timer);
      resolve(e?.name === "AbortError" ? null : () => {}); // where locks are forbidden, there are none
    });
  });
}

// ---- a link

/** One WebSocket. It ends once, with a Failure, and nothing comes from it afterwards. */
class Link {
  /** Resolves with a Failure. */
  ended;
  /** When a byte came last, and when one was sent last. */
  heardMillis;
  spokeMillis;
  /** True if a Ping was sent since a byte came. */
  asked = false;
  #socket;
  #environment;
  #isOpen = false;
  #failure = null;
  /** The end of the socket. What came before it is handled first: it may be a kick's last packets, or a Close. */
  #cause = null;
  #resolveEnded;
  #queue = [];
  #queuedBytes = 0;
  #waiting = null;
  #onFrame = null;
  #maxQueuedBytes;

  constructor(socket, environment, maxQueuedBytes) {
    this.#socket = socket;
    this.#environment = environment;
    this.#maxQueuedBytes = maxQueuedBytes;
    this.heardMillis = this.spokeMillis = environment.now();
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#received(event.data);
    socket.onerror = () => {}; // `close` follows, and says no less
    socket.onclose = (event) => {
      this.#cause = this.#causeOf(event);
      this.#endIfEmpty();
    };
  }

  get isOpen() {
    return this.#isOpen;
  }

  get buffered() {
    return this.#socket.bufferedAmount;
  }

  get failure() {
    return this.#failure;
  }

  #opened() {
    this.#isOpen = true;
    this.heardMillis = this.#environment.now();
    this.#wake();
  }

  #causeOf({ code, reason }) {
    if (!this.#isOpen) {
      return new Failure("UNREACHABLE", "the server can't be reached, or refuses a WebSocket from here");
    }
    if (code > 4000 && code < 4100) {
      return Failure.closedBy(code - 4000, 0, reason ?? "");
    }
    return new Failure("HUNG_UP", `the connection has ended (code ${code}${reason ? ": " + reason : ""})`);
  }

  #received(data) {
    this.heardMillis = this.#environment.now();
    this.asked = false;
    if (!(data instanceof ArrayBuffer)) {
      this.end(new Failure("PROTOCOL_VIOLATION", "the server sent text"));
      return;
    }
    const bytes = new Uint8Array(data);
    const limit = bytes[0] === TYPE.DATA ? 1 + MAX_DATA_BYTES : MAX_CONTROL_BYTES;
    if (bytes.length === 0 || bytes.length > limit) {
      this.end(new Failure("PROTOCOL_VIOLATION", `the server sent a frame of ${bytes.length} bytes`));
    } else if (bytes[0] >= FIRST_SKIPPED_TYPE) {
      // of a later version
    } else if (this.#onFrame !== null) {
      this.#handle(bytes);
    } else {
      this.#queue.push(bytes);
      this.#queuedBytes += bytes.length + PACKET_OVERHEAD_BYTES;
      this.#wake();
      if (this.#queuedBytes > this.#maxQueuedBytes) {
        this.end(new Failure("PROTOCOL_VIOLATION", "the server sent too much within the handshake"));
      }
    }
  }

  #handle(bytes) {
    try {
      this.#onFrame(bytes);
    } catch (e) {
      this.end(e instanceof Failure ? e : bug(e));
    }
  }

  #wake() {
    this.#waiting?.();
    this.#waiting = null;
  }

  #endIfEmpty() {
    if (this.#cause !== null && this.#queue.length === 0) {
      this.end(this.#cause);
    }
  }

  async #until(condition) {
    while (!condition()) {
      this.#endIfEmpty();
      if (this.#failure !== null) {
        throw this.#failure;
      }
      await new Promise((resolve) => (this.#waiting = resolve));
    }
  }

  /** Waits until the socket is open. */
  open() {
    return this.#until(() => this.#isOpen);
  }

  /** Waits for a frame of the handshake. */
  async read(type) {
    await this.#until(() => this.#queue.length > 0);
    const bytes = this.#queue.shift();
    this.#queuedBytes -= bytes.length + PACKET_OVERHEAD_BYTES;
    if (bytes[0] === TYPE.CLOSE) {
      throw closeOf(bytes);
    }
    if (bytes[0] !== type) {
      throw new Failure("PROTOCOL_VIOLATION", `the server sent a frame of type ${bytes[0]} in the handshake`);
    }
    return bytes;
  }

  /** Hands all frames from now on to a function. */
  flow(onFrame) {
    this.#onFrame = onFrame;
    while (this.#queue.length > 0 && this.#failure === null) {
      this.#handle(this.#queue.shift());
    }
    this.#endIfEmpty();
  }

  send(bytes) {
    if (this.#failure === null) {
      this.spokeMillis = this.#environment.now();
      this.#socket.send(bytes);
    }
  }

  ping() {
    this.asked = true;
    this.send(Uint8Array.of(TYPE.PING));
  }

  /** Ends the link. Only the first call counts. */
  end(failure) {
    if (this.#failure !== null) {
      return;
    }
    this.#failure = failure;
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    this.#queue = [];
    socket.close();
    this.#wake();
    this.#resolveEnded(failure);
  }
}

/** A WebSocket in the place of one that this runtime does not make. It is closed at once. */
function unreachable() {
  const socket = { bufferedAmount: 0, send() {}, close() {} };
  queueMicrotask(() => socket.onclose?.({ code: 1006, reason: "" }));
  return socket;
}

function closeOf(bytes) {
  const fields = new Fields(bytes);
  const code = fields.u16();
  const retryAfterMillis = fields.u32();
  return Failure.closedBy(code, retryAfterMillis, fields.text());
}

/** The waits before reconnecting: random, below a bound that doubles. */
class Backoff {
  #base;
  #cap;
  #random;
  #bound;

  constructor(baseMillis, capMillis, random) {
    this.#base = this.#bound = Math.min(baseMillis, capMillis);
    this.#cap = capMillis;
    this.#random = random;
  }

  next() {
    const bound = this.#bound;
    this.#bound = Math.min(bound * 2, this.#cap);
    return bound * this.#random();
  }

  /** A short wait: the server has answered, so it is neither down nor overloaded. */
  afterAnswer() {
    return Math.min(this.#base * 2, this.#cap) * this.#random();
  }

  linkLived(millis) {
    if (millis >= STABLE_MILLIS) {
      this.#bound = this.#base;
    }
  }
}

/**
 * The servers that the client may use, and the one that it uses now. A server that fails gives way to the next one; a server
 * that asks its clients to leave may name another.
 */
class Servers {
  #known;
  #index = 0;
  /** The URL of a server that another one has named and that is not among the known ones; null if there is none. */
  #named = null;

  /** @param known URLs, in the order in which they are tried */
  constructor(known) {
    this.#known = known;
  }

  /** The URL to dial. */
  get now() {
    return this.#named ?? this.#known[this.#index];
  }

  /** The number of servers that may be tried, one after the other, until each has been. */
  get size() {
    return this.#known.length + (this.#named === null ? 0 : 1);
  }

  isKnown(url) {
    return this.#known.includes(url);
  }

  /** Goes back to the known servers. One that was only named gets no new session: it has not proved that it is of the fleet. */
  forgetNamed() {
    this.#named = null;
  }

  /** Goes on to the next server. */
  failed() {
    if (this.#named === null) {
      this.#index = (this.#index + 1) % this.#known.length;
    }
    this.#named = null;
  }

  /**
   * Goes on to another server, since the present one asks for that.
   *
   * @param elsewhere host:port of the server that it names; empty if it names none. What is no such address counts as none
   */
  leave(elsewhere) {
    const present = new URL(this.now);
    this.failed();
    const there = Servers.#at(elsewhere, present);
    if (there === null || there.host === present.host) {
      return;
    }
    // A server has one address for its fleet, which may be that of another transport: then the host tells.
    const isThere = (part) => (url) => url !== present.href && new URL(url)[part] === there[part];
    const known = this.#known.find(isThere("host")) ?? this.#known.find(isThere("hostname"));
    if (known === undefined) {
      this.#named = there.href;
    } else {
      this.#index = this.#known.indexOf(known);
    }
  }

  /** The URL of the present server with another address: never in clear instead of TLS, and never with a name and password. */
  static #at(elsewhere, present) {
    if (!/^(\[[0-9a-f:.]+\]|[^\s/?#@:\\[\]]+):[0-9]{1,5}$/i.test(elsewhere)) {
      return null;
    }
    try {
      const there = new URL(`${present.protocol}//${elsewhere}`);
      there.pathname = present.pathname;
      there.search = present.search;
      return there;
    } catch {
      return null; // no host, or no port
    }
  }
}

// ---- the client

function bug(error) {
  return new Failure("FAILED", `the client failed: ${error?.stack ?? error}`);
}

function eventOf(type, fields) {
  return Object.assign(new Event(type), fields);
}

/** Reports an error of the program's as EventTarget does, and goes on. */
function report(error) {
  if (typeof reportError === "function") {
    reportError(error);
  } else {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function closed() {
  return new Failure("CLOSED", "this client was closed");
}

function isEqual(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Proves to the constructor that it is called by `connect`. */
const INSIDE = Symbol("voltlane");

export class VoltlaneClient extends EventTarget {
  #url;
  #servers;
  /** What the server of the present link has named when it asked this client to leave; null if it has not asked. */
  #elsewhere = null;
  #options;
  #environment;
  #proof;
  #slot;
  #sends;
  #receives = new Receives();
  #backoff;
  #state = "connecting";
  #session = null;
  #sessionId;
  #link = null;
  #isLive = false;
  #releaseLock = null;
  #closing = null;
  #timers = new Map();
  #wakeRun = null;
  /** True while the page is in the cache of the browser for pages that the user may go back to. */
  #isFrozen = false;
  #lastAttemptMillis = -Infinity;
  /** The number of packets that were given to the socket since it could be read. */
  #givenInTurn = 0;
  #unknownCodes = 0;
  #leftSoon = 0;
  /** True while this client holds the lock of the stored state: it alone reads and writes that then. */
  #owns = false;
  /** True once the stored state was read, or begun. */
  #hasDecided = false;
  /** What was sent while another page may use the state: { name, bytes, done }. It has no numbers yet. */
  #early = [];
  /** True if the state was read and no link has carried it yet, and the number of the last packet that was in it. */
  #isRestored = false;
  #lastRestored = 0;
  /** The number of times that the page was left. */
  #freezes = 0;
  /** Key pair and credentials of the next session, and since when there are any. */
  #fresh = null;
  #freshMillis = 0;
  /** Since when there is no link, and until when the server does not want to be asked. */
  #awaySinceMillis = 0;
  #notBeforeMillis = -Infinity;

  #packetListeners = [];
  #isDelivering = false;
  /** The packet that listeners are being called with. */
  #dispatched = null;
  #iterator = null;
  #end = null;
  #unlisten = [];

  ready;
  ended;
  #resolveReady;
  #rejectReady;
  #resolveEnded;

  constructor(inside, url, options, environment) {
    super();
    if (inside !== INSIDE) {
      throw new TypeError("call connect() to get a client");
    }
    this.#url = url;
    this.#servers = new Servers([url, ...options.alternatives]);
    this.#options = options;
    this.#environment = environment;
    this.#proof = new Proof(environment.crypto);
    this.#sends = new Sends(options.sendBufferBytes);
    this.#backoff = new Backoff(options.backoffMillis, options.backoffMaxMillis, environment.random);
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.ready.catch(() => {}); // a program that does not wait for it is told by the event
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#slot = Slot.of(options.storage, options.key);
    this.#awaySinceMillis = environment.now();
    super.addEventListener("packet", (event) => this.#callPacketListeners(event));
    if (this.#slot !== null && !this.#slot.exists(this.#url)) {
      this.#begin(this.#newName());
    }
    this.#listenForHints();
    this.#run().catch((e) => this.#finish(bug(e), { isProved: false }));
  }

  get url() {
    return this.#url;
  }

  get state() {
    return this.#state;
  }

  get sessionId() {
    return this.#sessionId;
  }

  get unacknowledged() {
    return this.#sends.count + this.#early.length;
  }

  // ---- the stored state

  #newName() {
    return `voltlane-${toBase64(this.#proof.random(12))}`;
  }

  /** Begins an empty state, with what was sent early. */
  #begin(lock) {
    this.#owns = this.#hasDecided = true;
    this.#beginSlot(lock);
    this.#numberEarly([]);
  }

  #beginSlot(lock) {
    this.#store((slot) => slot.begin(this.#url, lock, toBase64(this.#proof.random(6))));
  }

  /** Writes to the storage. If that fails, the state is given up rather than left behind and wrong. */
  #store(write) {
    if (this.#slot === null || !this.#owns) {
      return;
    }
    try {
      write(this.#slot);
    } catch (e) {
      this.#giveUpSlot(e);
    }
  }

  #giveUpSlot(error) {
    console.warn(`voltlane: the storage is unusable, so a reload opens a new session: ${error.message}`);
    const slot = this.#slot;
    this.#slot = null;
    try {
      slot.clear(this.#sends.acknowledged + 1, this.#sends.last);
    } catch {
      // it can't even be cleared
    }
    slot.release();
    if (this.#early.length > 0) {
      const early = this.#takeEarly(slot);
      early.forEach(({ bytes, done }) => this.#sends.add(bytes, done));
      slot.removeEarly(early.length);
    }
  }

  /** Takes the lock of the state, and then reads it: the page before may write until it gives its lock up. */
  async #ownState() {
    const freezes = this.#freezes;
    await this.#activation();
    if (this.#slot === null || this.#end !== null || freezes !== this.#freezes) {
      return;
    }
    try {
      if (!this.#owns) {
        this.#slot.exists(this.#url); // reads the name of the lock
      }
      while (this.#slot !== null && this.#releaseLock === null) {
        const release = await takeLock(this.#environment, this.#slot.lock);
        if (this.#end !== null || freezes !== this.#freezes || this.#slot === null) {
          release?.();
          return;
        }
        this.#releaseLock = release;
        if (release === null && this.#hasDecided) {
          this.#finish(new Failure("TAKEN_OVER", "another page has resumed the session"), { keepsState: true });
          return;
        }
        if (!this.#owns) {
          this.#decide(release !== null);
        }
      }
    } catch (e) {
      this.#owns = this.#hasDecided = true;
      this.#giveUpSlot(e);
    }
  }

  /** Waits while a page is prepared that the user has not opened yet. It shares its storage with the present one. */
  async #activation() {
    const document = this.#environment.page?.document;
    if (document?.prerendering) {
      await new Promise((resolve) => document.addEventListener("prerenderingchange", resolve, { once: true }));
    }
  }

  /** Goes on with the stored state, or in a tab that is a copy of another one, begins a state of its own. */
  #decide(isOurs) {
    const slot = this.#slot;
    const epoch = slot.epoch;
    const wasDecided = this.#hasDecided;
    if (wasDecided && slot.isUnchanged(this.#sends.last)) {
      this.#owns = true;
      this.#store(() => slot.saveCounts(this.#receives.taken, this.#sends.acknowledged));
      this.#numberEarly([]);
      return;
    }
    const stored = slot.load(this.#url);
    const own = this.#sends.clear();
    this.#owns = this.#hasDecided = true;
    this.#receives.clear();
    if (!isOurs || stored === null) {
      if (stored !== null) {
        const { acknowledged, packets } = stored;
        this.#store(() => slot.clear(acknowledged + 1, acknowledged + packets.length));
      }
      this.#session = null;
      this.#sessionId = undefined;
      this.#receives.begin(0);
      const failure = new Failure("SESSION_GONE", "another page has ended the session");
      this.#reject(own, failure);
      this.#begin(isOurs ? slot.lock : this.#newName());
      if (wasDecided) {
        this.dispatchEvent(eventOf("gone", { reason: failure.reason, message: failure.message, discarded: own.length }));
      }
      return;
    }
    // Another page may have gone on with the packets of this one.
    const isSame = epoch === slot.epoch;
    for (const { number, done } of own) {
      const packet = isSame ? stored.packets[number - stored.acknowledged - 1] : undefined;
      if (packet !== undefined) {
        packet.done = done;
      } else if (isSame && number <= stored.acknowledged) {
        done?.resolve();
      } else {
        this.#reject([{ done, fate: "UNKNOWN" }], new Failure("SESSION_GONE", "another page has ended the session"));
      }
    }
    this.#session = stored.session;
    this.#sessionId = stored.session === null ? undefined : String(stored.session.id);
    this.#isRestored = stored.session !== null;
    this.#receives.begin(stored.taken);
    this.#sends.restore(stored.acknowledged, stored.packets, stored.session !== null);
    this.#lastRestored = this.#sends.last;
    this.#numberEarly(stored.packets);
    const pinned = this.#options.serverKey;
    if (pinned !== null && stored.session !== null && !isEqual(pinned, stored.session.serverKey)) {
      const failure = new Failure("SERVER_KEY_CHANGED", "the stored session has another key than the one in serverKey");
      this.#finish(failure, { isProved: false });
    }
  }

  /** Gives the packets their numbers that were sent while another page may have used the state. */
  #numberEarly(numbered) {
    const names = new Set(numbered.map(({ name }) => name));
    const slot = this.#slot;
    const early = this.#takeEarly(slot);
    for (const { name, bytes, done } of early) {
      if (!names.has(name)) {
        this.#sends.add(bytes, done);
        this.#store(() => slot.savePacket(this.#sends.last, bytes, name));
      }
    }
    slot?.removeEarly(early.length); // also if the storage was given up on the way
  }

  /** Returns the early packets of this page, and those in the storage, which may be of a page before it. */
  #takeEarly(slot) {
    const own = new Map(this.#early.splice(0).map((packet) => [packet.name, packet]));
    const stored = slot?.loadEarly();
    return stored?.map(({ name, bytes }) => ({ name, bytes, done: own.get(name)?.done ?? null })) ?? [...own.values()];
  }

  // ---- hints

  #listenForHints() {
    const page = this.#environment.page;
    if (page === null) {
      return;
    }
    const on = (target, type, listener) => {
      target?.addEventListener?.(type, listener);
      this.#unlisten.push(() => target?.removeEventListener?.(type, listener));
    };
    on(page.window, "online", () => this.#hint());
    on(page.navigator?.connection, "change", () => this.#hint());
    on(page.document, "visibilitychange", () => page.document.visibilityState === "visible" && this.#hint());
    on(page.window, "pagehide", () => this.#freeze());
    on(page.window, "pageshow", (event) => event.persisted && this.#thaw());
  }

  /** The network may have changed: ends a wait, or asks the server whether it still hears this client. */
  #hint() {
    const nowMillis = this.#environment.now();
    if (this.#isLive) {
      const link = this.#link;
      link.ping();
      this.#timer("probe", PROBE_MILLIS, () => {
        if (link.heardMillis < nowMillis) {
          link.end(new Failure("TIMED_OUT", "the server did not answer after a change of the network"));
        }
      });
    } else if (nowMillis - this.#lastAttemptMillis >= 1000 && nowMillis >= this.#notBeforeMillis) {
      this.#wakeRun?.();
    }
  }

  /** The page is left. It is gone, or comes back with #thaw. The next page may resume the session at once. */
  #freeze() {
    if (this.#slot === null || this.#end !== null) {
      return;
    }
    if (this.#closing !== null && this.#hasDecided) {
      this.#leave(); // a session that was closed must not come back with the next page
      this.#finish(closed());
      return;
    }
    this.#freezes++;
    this.#isFrozen = true;
    this.#store((slot) => slot.saveAlive(this.#environment.wallClock()));
    this.#owns = false; // what is sent from now on may get in the way of another page's packets
    this.#link?.end(new Failure("HUNG_UP", "the page was left"));
    this.#releaseLock?.();
    this.#releaseLock = null;
  }

  async #thaw() {
    if (!this.#isFrozen || this.#end !== null) {
      return;
    }
    const freezes = this.#freezes;
    await this.#ownState();
    if (freezes === this.#freezes) {
      this.#isFrozen = false;
      this.#awaySinceMillis = this.#environment.now();
      this.#wakeRun?.();
    }
  }

  // ---- the loop that keeps the session on a link

  async #run() {
    await this.#ownState();
    if (this.#isIdle()) {
      this.#finish(closed());
    }
    let waitMillis = 0;
    while (this.#end === null) {
      await this.#establish(waitMillis);
      if (this.#end !== null) {
        return;
      }
      const sinceMillis = this.#environment.now();
      const failure = await this.#link.ended;
      this.#linkEnded();
      if (this.#end !== null) {
        return;
      }
      if (this.#elsewhere !== null) {
        this.#servers.leave(this.#elsewhere);
        this.#elsewhere = null;
      }
      this.#awaySinceMillis = this.#environment.now();
      waitMillis = this.#judgeEnd(failure, this.#environment.now() - sinceMillis);
    }
  }

  /** Decides what follows the end of a link. Returns the wait before the next attempt. */
  #judgeEnd(failure, livedMillis) {
    const livedSoon = livedMillis < STABLE_MILLIS;
    const isFull = failure.chosen && failure.reason === "OVERFLOW";
    this.#backoff.linkLived(livedMillis);
    this.#leftSoon = failure.chosen && livedSoon && !isFull ? this.#leftSoon + 1 : 0;
    if (!livedSoon) {
      this.#unknownCodes = 0;
    }
    let verdict = failure;
    if (failure.unknownCode && ++this.#unknownCodes > 1) {
      verdict = new Failure("SESSION_GONE", `${failure.message}, again`, { code: failure.code, keepsSession: false });
    }
    if (this.#closing?.hasLeft) {
      this.#finish(closed());
      return 0;
    }
    if (verdict.reason === "PROTOCOL_VIOLATION" || verdict.reason === "FAILED") {
      this.#finish(verdict, { isProved: false }); // over the next link the server would only send it again
      return 0;
    }
    if (verdict.keepsSession || this.#mayReplace(verdict)) {
      this.#state = "away";
      this.dispatchEvent(eventOf("away", { reason: verdict.reason, message: verdict.message }));
    }
    if (this.#end === null && !verdict.keepsSession) {
      if (this.#mayReplace(verdict)) {
        this.#replace(verdict);
      } else {
        this.#finish(verdict);
      }
    }
    if (isFull || (failure.chosen && this.#leftSoon <= 1)) {
      return 0; // a full buffer has to be half empty first, which is pace enough
    }
    this.#notBeforeMillis = this.#environment.now() + verdict.retryAfterMillis;
    return verdict.retryAfterMillis + this.#backoff.next();
  }

  #mayReplace(failure) {
    return this.#options.newSessionWhenGone && this.#closing === null && REPLACEABLE.has(failure.reason);
  }

  /** Gives the session up. The next attempt opens a new one. */
  #replace(failure) {
    const { acknowledged, last } = this.#sends;
    this.#store((slot) => slot.clear(acknowledged + 1, last));
    const given = this.#sends.clear();
    this.#session = null;
    this.#unknownCodes = 0;
    this.#receives.begin(0);
    if (this.#slot !== null) {
      this.#beginSlot(this.#slot.lock);
    }
    this.#reject(given, failure);
    const { reason, message } = failure;
    this.dispatchEvent(eventOf("gone", { reason, message, discarded: given.length }));
  }

  #reject(packets, failure) {
    const info = failure.info(packets.length);
    for (const { done, fate } of packets) {
      done?.reject(new NotAcknowledgedError(info, fate));
    }
  }

  /** Makes attempts until one gives a link, or the client has ended. */
  async #establish(firstWaitMillis) {
    let refusals = 0;
    let waitMillis = firstWaitMillis;
    while (true) {
      await this.#pause(waitMillis);
      if (this.#end !== null) {
        return;
      }
      let failure;
      const hadSession = this.#session !== null;
      try {
        await this.#attemptInTurn();
        return;
      } catch (e) {
        failure = e instanceof Failure ? e : bug(e);
        this.#link?.end(failure);
        this.#linkEnded();
      }
      if (this.#end !== null) {
        return;
      }
      const nowMillis = this.#environment.now();
      const isOver = nowMillis - this.#awaySinceMillis >= this.#options.giveUpAfterMillis && !this.#isFrozen;
      if (failure.unknownCode && hadSession && ++this.#unknownCodes > 1) {
        failure = new Failure("SESSION_GONE", `${failure.message}, again`, { code: failure.code, isFinal: true });
      }
      const isPassing = PASSING.has(failure.reason);
      const isAnswer = !isPassing && !HOPELESS.has(failure.reason);
      const isRefused = hadSession && isAnswer && !failure.proved && !failure.isFinal;
      if (isRefused ? ++refusals < MAX_REFUSALS : isPassing && !isOver) {
        const answered = isRefused ? this.#backoff.afterAnswer() : this.#backoff.next();
        waitMillis = failure.retryAfterMillis + answered;
        this.#notBeforeMillis = nowMillis + failure.retryAfterMillis;
        const { reason, message } = failure;
        this.dispatchEvent(eventOf("retrying", { reason, message, inMillis: Math.round(waitMillis) }));
      } else if (hadSession && !isPassing && this.#mayReplace(failure)) {
        this.#replace(failure);
        refusals = 0;
        waitMillis = failure.retryAfterMillis + this.#backoff.afterAnswer();
      } else {
        this.#finish(failure, { isProved: failure.proved });
        return;
      }
    }
  }

  /** Waits for a time, or until something asks for an attempt; then until the program has room and the page is shown. */
  async #pause(millis) {
    if (millis > 0 && this.#end === null) {
      const shortened = this.#closing === null ? millis : Math.min(millis, CLOSING_RETRY_MILLIS);
      await new Promise((resolve) => {
        this.#wakeRun = resolve;
        this.#timer("pause", shortened, resolve);
      });
      this.#stopTimer("pause");
    }
    while (this.#end === null && (this.#isFrozen || (this.#closing === null && this.#isHalfFull))) {
      await new Promise((resolve) => (this.#wakeRun = resolve));
    }
    this.#wakeRun = null;
  }

  get #isHalfFull() {
    return this.#receives.bytes > this.#options.receiveBufferBytes / 2;
  }

  /** Tries the servers in turn until one can be reached. A server that fails in another way is the last one next time. */
  async #attemptInTurn() {
    if (this.#session === null) {
      this.#servers.forgetNamed();
    }
    for (let left = this.#servers.size; ; left--) {
      try {
        await this.#attempt();
        return;
      } catch (e) {
        const link = this.#link;
        if (link === null || this.#end !== null || this.#isFrozen) {
          throw e; // that was not the server
        }
        this.#servers.failed();
        if (left <= 1 || link.isOpen || !(e instanceof Failure) || !PASSING.has(e.reason)) {
          throw e;
        }
        link.end(e);
        this.#linkEnded();
      }
    }
  }

  async #attempt() {
    this.#lastAttemptMillis = this.#environment.now();
    const WebSocket = await this.#environment.webSocket();
    const fresh = this.#session === null ? await this.#prepared() : null;
    if (this.#end !== null || this.#isFrozen) {
      throw new Failure("HUNG_UP", "the client ended, or its page was left");
    }
    const maxQueuedBytes = this.#options.receiveBufferBytes + MAX_DATA_BYTES;
    const link = new Link(this.#dial(WebSocket), this.#environment, maxQueuedBytes);
    this.#link = link;
    this.#timer("handshake", this.#options.handshakeTimeoutMillis, () => {
      link.end(new Failure("TIMED_OUT", "the server did not finish the handshake in time"));
    });
    await link.open();
    link.send(VERSION_FRAME);
    await (fresh === null ? this.#resume(link) : this.#open(link, fresh));
  }

  #dial(WebSocket) {
    const url = this.#servers.now;
    try {
      return new WebSocket(url, [SUBPROTOCOL]);
    } catch (e) {
      if (!this.#servers.isKnown(url)) {
        return unreachable(); // the page may not go there: another server will do
      }
      throw new Failure("UNSUPPORTED", `no WebSocket can be made: ${e.message}`);
    }
  }

  /** Returns what a new session needs. An attempt that did not come as far as to use it leaves it for the next one. */
  async #prepared() {
    const nowMillis = this.#environment.now();
    if (this.#fresh === null || nowMillis - this.#freshMillis >= FRESH_MILLIS) {
      const fresh = this.#prepare();
      this.#fresh = fresh;
      this.#freshMillis = Infinity; // it may take as long as a user needs to log in
      fresh.then(
        () => (this.#freshMillis = this.#environment.now()),
        () => (this.#fresh = null),
      );
    }
    return Promise.race([this.#fresh, this.ended.then(() => null)]);
  }

  async #prepare() {
    const pair = await this.#proof.keyPair();
    const given = this.#options.credentials;
    let credentials;
    try {
      credentials = copyOf(typeof given === "function" ? await given() : given, 0, "credentials");
    } catch (e) {
      throw new Failure("CREDENTIALS", `no credentials: ${e?.message ?? e}`);
    }
    if (credentials.length > MAX_CREDENTIALS_BYTES) {
      throw new Failure("CREDENTIALS", `credentials of ${credentials.length} bytes (expected: at most 4096)`);
    }
    return { pair, credentials };
  }

  async #open(link, { pair, credentials }) {
    this.#fresh = null;
    const wish = u16(this.#options.heartbeatSecs);
    link.send(frame(HANDSHAKE.OPEN, pair.key, wish, u16(credentials.length), credentials));
    const fields = new Fields(await link.read(HANDSHAKE.OPENED));
    const serverKey = fields.bytes(KEY_BYTES);
    const id = fields.u64();
    const parameters = fields.parameters();
    const pinned = this.#options.serverKey;
    if (pinned !== null && !isEqual(pinned, serverKey)) {
      throw new Failure("SERVER_KEY_CHANGED", "the server has another key than the one in serverKey");
    }
    const sessionKey = await this.#proof.sessionKey(pair, serverKey, id);
    this.#stillOn(link);
    const { waitSecs, maxPayload } = parameters;
    this.#session = { id, sessionKey, serverKey, waitSecs, maxPayload };
    this.#sessionId = String(id);
    this.#dropTooLong(maxPayload);
    this.#sends.resume(0);
    this.#store((slot) => slot.saveSession(this.#session, this.#environment.wallClock()));
    this.#live(link, parameters, 0, () => eventOf("opened", { sessionId: this.#sessionId }));
  }

  /** Drops what was sent before the server named its limit, and is over it: it would cost the session. */
  #dropTooLong(maxPayload) {
    const { acknowledged, last } = this.#sends;
    const packets = this.#sends.clear();
    const isTooLong = ({ bytes }) => bytes.length - 1 > maxPayload;
    if (packets.some(isTooLong)) {
      this.#store((slot) => slot.removePackets(acknowledged + 1, last));
    }
    const hasChanged = packets.some(isTooLong) || acknowledged > 0;
    for (const packet of packets) {
      if (isTooLong(packet)) {
        const message = `packet: ${packet.bytes.length - 1} bytes (expected: at most ${maxPayload})`;
        packet.done === null ? console.warn(`voltlane: dropped a ${message}`) : packet.done.reject(new RangeError(message));
      } else {
        this.#sends.add(packet.bytes, packet.done);
        if (hasChanged) {
          this.#store((slot) => slot.savePacket(this.#sends.last, packet.bytes));
        }
      }
    }
  }

  async #resume(link) {
    const session = this.#session;
    const received = this.#receives.taken;
    const kept = this.#sends.acknowledged + 1;
    const wish = u16(this.#options.heartbeatSecs);
    const nonce = this.#proof.random(KEY_BYTES);
    const resume = frame(HANDSHAKE.RESUME, u64(session.id), u64(received), u64(kept), nonce, wish);
    link.send(resume);
    const challenge = await link.read(HANDSHAKE.CHALLENGE);
    new Fields(challenge).bytes(KEY_BYTES);
    const transcript = await this.#proof.transcript(resume, challenge);
    const proof = await this.#proof.ofClient(session.sessionKey, transcript);
    this.#stillOn(link);
    link.send(frame(HANDSHAKE.ANSWER, proof));
    const resumed = await link.read(HANDSHAKE.RESUMED);
    const fields = new Fields(resumed);
    fields.bytes(KEY_BYTES);
    const accepted = fields.count();
    const parameters = fields.parameters();
    if (!(await this.#proof.verifyServer(session.sessionKey, transcript, proof, resumed))) {
      throw new Failure("SERVER_KEY_CHANGED", "the server could not prove that it has its key");
    }
    this.#stillOn(link);
    if (this.#isRestored && accepted > this.#lastRestored) {
      this.#skipTo(accepted);
    }
    if (!this.#sends.resume(accepted)) {
      throw new Failure("GAP", `the server has read ${accepted} packets, which contradicts what was sent`, { proved: true });
    }
    const { waitSecs, maxPayload } = parameters;
    this.#session = { ...session, waitSecs, maxPayload };
    this.#store((slot) => slot.saveSession(this.#session, this.#environment.wallClock()));
    this.#receives.acknowledged = received;
    this.#receives.pendingBytes = 0;
    const restored = this.#isRestored;
    this.#live(link, parameters, received, () => eventOf("resumed", { sessionId: this.#sessionId, restored }));
  }

  #skipTo(accepted) {
    const from = this.#sends.acknowledged + 1;
    const { last } = this.#sends;
    this.#sends.skipTo(accepted, this.#lastRestored);
    this.#store((slot) => slot.removePackets(from, last));
    this.#store((slot) => slot.saveCounts(this.#receives.taken, accepted));
    this.#sends.packets.forEach(({ bytes }, i) => this.#store((slot) => slot.savePacket(accepted + 1 + i, bytes)));
  }

  /** Throws if a link ended while something was computed. */
  #stillOn(link) {
    if (link.failure !== null) {
      throw link.failure;
    }
  }

  #live(link, { heartbeatSecs }, received, event) {
    const arrived = event();
    let number = received;
    this.#isLive = true;
    this.#isRestored = false;
    this.#state = "live";
    this.#stopTimer("handshake");
    this.#beat(link, Math.max(heartbeatSecs, 1) * 1000);
    this.#resolveReady();
    this.dispatchEvent(arrived);
    link.flow((bytes) => {
      if (bytes[0] === TYPE.DATA) {
        this.#received(link, ++number, bytes);
      } else {
        this.#control(link, bytes);
      }
    });
    this.#sendAck();
    this.#pump();
    this.#leaveIfDone();
  }

  #linkEnded() {
    this.#isLive = false;
    this.#link = null;
    ["handshake", "beat", "probe", "ack", "poll", "turn", "goAway"].forEach((name) => this.#stopTimer(name));
    this.#givenInTurn = 0;
  }

  // ---- frames of a live link

  #received(link, number, bytes) {
    if (number <= this.#receives.seen) {
      return; // it came over an earlier link, and was not taken by the time of the resume
    }
    this.#receives.seen = number;
    if (this.#closing !== null) {
      return;
    }
    this.#receives.add(bytes.slice(1));
    this.#deliver();
    if (this.#receives.bytes > this.#options.receiveBufferBytes) {
      // A WebSocket can't be told to wait. The server keeps what comes until the program has taken some of this.
      link.end(new Failure("OVERFLOW", "the receive buffer is full", { chosen: true }));
    }
  }

  #control(link, bytes) {
    const fields = new Fields(bytes);
    switch (bytes[0]) {
      case TYPE.ACK:
        this.#acknowledged(fields.count());
        break;
      case TYPE.PONG:
        break;
      case TYPE.CLOSE:
        throw closeOf(bytes);
      case TYPE.GO_AWAY: {
        const leave = new Failure("STOPPING", "the server asked this client to come back", { chosen: true });
        const withinMillis = Math.min(fields.u32(), MAX_TIMER_MILLIS);
        this.#elsewhere = fields.isAtEnd ? "" : fields.text();
        this.#timer("goAway", withinMillis * this.#environment.random(), () => link.end(leave));
        break;
      }
      default:
        throw new Failure("PROTOCOL_VIOLATION", `the server sent a frame of type ${bytes[0]}, which has no place here`);
    }
  }

  #acknowledged(count) {
    const from = this.#sends.acknowledged + 1;
    const done = this.#sends.acknowledge(count);
    if (done === null) {
      throw new Failure("PROTOCOL_VIOLATION", `the server acknowledged ${count} packets, which contradicts what was sent`);
    }
    if (done.length === 0) {
      return;
    }
    this.#store((slot) => slot.saveCounts(this.#receives.taken, count));
    this.#store((slot) => slot.removePackets(from, count));
    done.forEach((packet) => packet.done?.resolve());
    this.#nextTurn(); // in a hidden page it comes long before the timer
    this.#leaveIfDone();
    if (this.#sends.isHalfEmpty) {
      this.dispatchEvent(eventOf("acknowledged", { unacknowledged: this.#sends.count }));
    }
  }

  /** Gives the socket what it can take. */
  #pump() {
    if (!this.#isLive || this.#closing?.hasLeft) {
      return;
    }
    const link = this.#link;
    let any = false;
    while (this.#givenInTurn < PACKETS_PER_TURN && link.buffered < SOCKET_AHEAD_BYTES) {
      const bytes = this.#sends.next();
      if (bytes === null) {
        break;
      }
      any = true;
      this.#givenInTurn++;
      link.send(bytes);
    }
    if (any) {
      this.#sendAck();
      if (!this.#timers.has("turn")) {
        this.#timer("turn", 0, () => this.#nextTurn());
      }
    }
    if (link.buffered >= SOCKET_AHEAD_BYTES) {
      this.#timer("poll", SOCKET_POLL_MILLIS, () => this.#pump());
    }
  }

  /** Goes on with sending: what had come was read meanwhile. */
  #nextTurn() {
    this.#givenInTurn = 0;
    this.#pump();
  }

  #sendAck() {
    const receives = this.#receives;
    if (this.#isLive && receives.taken > receives.acknowledged && !this.#closing?.hasLeft) {
      receives.acknowledged = receives.taken;
      receives.pendingBytes = 0;
      this.#link.send(frame(TYPE.ACK, u64(receives.taken)));
      this.#stopTimer("ack");
    }
  }

  /** Keeps a link alive, and finds out that it is not. Runs four times in a heartbeat. */
  #beat(link, heartbeatMillis) {
    this.#timer("beat", heartbeatMillis / 4, () => {
      const nowMillis = this.#environment.now();
      if (link.asked && nowMillis - link.heardMillis >= 2 * heartbeatMillis) {
        link.end(new Failure("TIMED_OUT", "the server is silent"));
        return;
      }
      const isHidden = this.#environment.page?.document.visibilityState === "hidden";
      const quietSinceMillis = Math.min(link.spokeMillis, link.heardMillis);
      if (isHidden || nowMillis - quietSinceMillis >= heartbeatMillis / 2) {
        link.ping();
      }
      this.#beat(link, heartbeatMillis);
    });
  }

  // ---- packets for the program

  #deliver() {
    if (this.#isDelivering) {
      return;
    }
    this.#isDelivering = true;
    try {
      while (!this.#receives.isEmpty) {
        if (this.#packetListeners.length > 0) {
          if (this.#end !== null) {
            return; // nothing comes after `closed`
          }
          this.#dispatched = this.#receives.remove();
          this.dispatchEvent(eventOf("packet", { data: this.#dispatched.data }));
          this.#takeDispatched();
        } else if (!this.#iterator?.hand(this.#receives)) {
          return;
        }
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  #takeDispatched() {
    const packet = this.#dispatched;
    this.#dispatched = null;
    if (packet !== null) {
      this.#taken(packet);
    }
  }

  #taken(packet) {
    const receives = this.#receives;
    if (this.#end === null && receives.take(packet)) {
      this.#store((slot) => slot.saveCounts(receives.taken, this.#sends.acknowledged));
      if (receives.taken - receives.acknowledged >= ACK_PACKETS || receives.pendingBytes >= ACK_BYTES) {
        this.#sendAck();
      } else if (this.#isLive && !this.#timers.has("ack")) {
        this.#timer("ack", ACK_DELAY_MILLIS, () => this.#sendAck());
      }
    }
    if (!this.#isLive && !this.#isHalfFull && !this.#timers.has("pause")) {
      this.#wakeRun?.(); // it may wait for room
    }
  }

  // Listeners of packets are kept here rather than by EventTarget, which does not tell whether it has any: a packet waits
  // while nobody listens.

  addEventListener(type, listener, options) {
    if (type !== "packet") {
      super.addEventListener(type, listener, options);
      return;
    }
    const { capture = false, once = false, signal } = typeof options === "object" && options !== null ? options : { capture: options };
    const isKnown = this.#packetListeners.some((it) => it.listener === listener && it.capture === Boolean(capture));
    if (listener === null || listener === undefined || signal?.aborted || isKnown) {
      return;
    }
    if (this.#iterator !== null) {
      throw new TypeError("an iterator takes the packets of this client: leave its loop first");
    }
    const entry = { listener, capture: Boolean(capture), once };
    this.#packetListeners.push(entry);
    signal?.addEventListener("abort", () => this.#forget(entry));
    queueMicrotask(() => this.#deliver());
  }

  removeEventListener(type, listener, options) {
    if (type !== "packet") {
      super.removeEventListener(type, listener, options);
      return;
    }
    const capture = Boolean(typeof options === "object" && options !== null ? options.capture : options);
    this.#packetListeners
      .filter((entry) => entry.listener === listener && entry.capture === capture)
      .forEach((entry) => this.#forget(entry));
  }

  #forget(entry) {
    this.#packetListeners = this.#packetListeners.filter((it) => it !== entry);
  }

  #callPacketListeners(event) {
    for (const entry of [...this.#packetListeners]) {
      if (!this.#packetListeners.includes(entry)) {
        continue; // an earlier one has taken it away
      }
      if (entry.once) {
        this.#forget(entry);
      }
      try {
        typeof entry.listener === "function" ? entry.listener.call(this, event) : entry.listener.handleEvent(event);
      } catch (e) {
        report(e);
      }
    }
  }

  [Symbol.asyncIterator]() {
    const client = this;
    /** The packets that the consumer has and that do not count as taken yet. */
    const handed = [];
    const waiting = [];
    let isOver = false;
    const settle = () => handed.splice(0).forEach((packet) => client.#taken(packet));
    const finish = () => {
      isOver = true;
      if (client.#iterator === iterator) {
        client.#iterator = null;
      }
      waiting.splice(0).forEach(({ resolve }) => resolve({ done: true, value: undefined }));
    };
    const iterator = {
      /** Hands one packet over. Returns false if nobody waits. */
      hand(receives) {
        if (waiting.length === 0) {
          return false;
        }
        const packet = receives.remove();
        handed.push(packet);
        waiting.shift().resolve({ done: false, value: packet.data });
        return true;
      },
      /** Called when the client has ended. */
      end(failure) {
        const first = waiting.shift();
        if (first === undefined) {
          return; // what still waits can be taken
        }
        if (failure.reason !== "CLOSED") {
          first.reject(new VoltlaneError(client.#end));
        } else {
          first.resolve({ done: true, value: undefined });
        }
        finish();
      },
    };
    return {
      next() {
        if (isOver) {
          return Promise.resolve({ done: true, value: undefined });
        }
        if (client.#packetListeners.length > 0 && client.#end === null) {
          return Promise.reject(new TypeError("listeners take the packets of this client: remove them first"));
        }
        client.#iterator ??= iterator;
        if (client.#iterator !== iterator) {
          return Promise.reject(new TypeError("another iterator takes the packets of this client"));
        }
        settle();
        return new Promise((resolve, reject) => {
          waiting.push({ resolve, reject });
          client.#deliver();
          if (client.#end !== null && waiting.length > 0) {
            iterator.end(client.#end);
          }
        });
      },
      return() {
        settle();
        finish();
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  // ---- what the program does

  send(packet) {
    this.#add(packet, null);
  }

  async sendAcknowledged(packet) {
    return new Promise((resolve, reject) => this.#add(packet, { resolve, reject }));
  }

  #add(packet, done) {
    if (this.#end !== null) {
      throw new VoltlaneError(this.#end);
    }
    if (this.#closing !== null) {
      throw new VoltlaneError(closed().info(0));
    }
    const bytes = copyOf(packet, 1, "packet");
    const maxPayload = this.#session?.maxPayload ?? DEFAULT_MAX_PAYLOAD_BYTES;
    if (bytes.length - 1 > maxPayload) {
      throw new RangeError(`packet: ${bytes.length - 1} bytes (expected: at most ${maxPayload})`);
    }
    if (!this.#sends.admits(bytes.length, this.#early)) {
      throw new SendBufferFullError(`the send buffer is full: ${this.unacknowledged} packets are not acknowledged`);
    }
    const name = this.#slot === null || this.#owns ? "" : toBase64(this.#proof.random(9));
    try {
      name === "" ? this.#slot?.savePacket(this.#sends.last + 1, bytes) : this.#slot.saveEarly(name, bytes);
    } catch (e) {
      if (this.unacknowledged === 0) {
        throw new RangeError(`packet: ${bytes.length - 1} bytes do not fit into the storage: ${e.message}`);
      }
      throw new SendBufferFullError(`the storage is full: ${e.message}`);
    }
    if (name === "") {
      this.#sends.add(bytes, done);
      this.#pump();
    } else {
      this.#early.push({ name, bytes, done });
    }
  }

  reconnect() {
    if (this.#isLive) {
      this.#link.end(new Failure("HUNG_UP", "the program asked for a new link", { chosen: true }));
    } else {
      this.#wakeRun?.();
    }
  }

  close(options = {}) {
    if (this.#end !== null || this.#closing !== null) {
      return this.ended;
    }
    this.#closing = { hasLeft: false };
    if (options.keepSession === true) {
      this.#takeDispatched();
      this.#store((slot) => slot.saveAlive(this.#environment.wallClock()));
      this.#receives.clear(); // it comes again to the client that resumes
      this.#finish(closed(), { keepsState: true });
    } else if (this.#isIdle()) {
      this.#finish(closed());
    } else {
      this.#timer("close", this.#options.closeTimeoutMillis, () => this.#leave());
      this.#leaveIfDone();
      this.#wakeRun?.();
    }
    return this.ended;
  }

  /** Tells whether the program wants the client to end, and there is nothing to wait for. */
  #isIdle() {
    const isDecided = this.#slot === null || this.#hasDecided;
    const isResuming = this.#state === "connecting" && this.#session !== null;
    return this.#closing !== null && !this.#isLive && isDecided && !isResuming && this.unacknowledged === 0;
  }

  #leaveIfDone() {
    if (this.#closing !== null && this.#isLive && this.#sends.count === 0) {
      this.#leave();
    }
  }

  #leave() {
    if (this.#closing.hasLeft || this.#end !== null) {
      return;
    }
    if (!this.#isLive) {
      this.#finish(closed());
      return;
    }
    this.#closing.hasLeft = true;
    this.#link.send(Uint8Array.of(TYPE.LEAVE));
    this.#timer("close", LEAVE_GRACE_MILLIS, () => this.#finish(closed()));
  }

  /** Ends the client. Only the first call counts. */
  #finish(failure, { keepsState = false, isProved = true } = {}) {
    if (this.#end !== null) {
      return;
    }
    const ending = this.#closing === null || failure.reason === "CLOSED"
      ? failure
      : new Failure("CLOSED", `this client was closed; before that was done: ${failure.message}`);
    const { acknowledged, last } = this.#sends;
    // What was said without a proof does not cost the state: another client may try again for as long as it is good, unless
    // the program has closed this one. A state that another page may use is not this client's to clear.
    const mayTryAgain = () => !isProved && this.#closing === null && this.#slot.mayLive(this.#environment.wallClock());
    const isKept = this.#slot !== null && (keepsState || !this.#owns || mayTryAgain());
    const given = [...this.#sends.clear(), ...this.#early.splice(0).map((it) => ({ ...it, fate: "NOT_SENT" }))];
    if (isKept) {
      given.forEach((packet) => (packet.fate = "KEPT"));
    } else {
      this.#store((slot) => slot.clear(acknowledged + 1, last));
    }
    this.#end = ending.info(isKept ? 0 : given.length);
    this.#state = "closed";
    this.#link?.end(ending);
    this.#linkEnded();
    [...this.#timers.keys()].forEach((name) => this.#stopTimer(name));
    this.#unlisten.splice(0).forEach((unlisten) => unlisten());
    this.#slot?.release();
    this.#slot = null;
    this.#releaseLock?.();
    this.#reject(given, ending);
    this.#iterator?.end(ending);
    this.#rejectReady(new VoltlaneError(this.#end));
    this.dispatchEvent(eventOf("closed", this.#end));
    this.#resolveEnded(this.#end);
    this.#wakeRun?.();
  }

  // ---- timers, by name

  #timer(name, millis, action) {
    this.#stopTimer(name);
    const id = this.#environment.setTimeout(() => {
      this.#timers.delete(name);
      action();
    }, millis);
    this.#timers.set(name, id);
  }

  #stopTimer(name) {
    if (this.#timers.has(name)) {
      this.#environment.clearTimeout(this.#timers.get(name));
      this.#timers.delete(name);
    }
  }
}

// ---- connect

/** Returns what the client needs from its surroundings. Tests put other things in its place. */
function platform() {
  const isPage = typeof document === "object" && typeof window === "object";
  return {
    crypto: globalThis.crypto,
    setTimeout: (action, millis) => setTimeout(action, millis),
    clearTimeout: (id) => clearTimeout(id),
    now: () => performance.now(),
    wallClock: () => Date.now(),
    random: () => Math.random(),
    locks: globalThis.navigator?.locks,
    page: isPage ? { window, document, navigator } : null,
  };
}

/** Returns the WebSocket of this runtime. Node 20 has none: there, and only there, a module of this package is loaded. */
async function runtimeWebSocket() {
  if (globalThis.WebSocket !== undefined) {
    return globalThis.WebSocket;
  }
  if (globalThis.process?.versions?.node === undefined) {
    throw new Failure("UNSUPPORTED", "this runtime has no WebSocket: pass one as the option WebSocket");
  }
  const file = "./node-websocket.js"; // a variable, so that bundlers leave it alone
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ file)).NodeWebSocket;
  } catch (e) {
    throw new Failure("UNSUPPORTED", `node-websocket.js is missing: pass the option WebSocket: ${e.message}`);
  }
}

function sessionStorageOf(environment) {
  try {
    return environment.page?.window.sessionStorage ?? null;
  } catch {
    return null; // the user has forbidden it
  }
}

function numberOf(options, name, standard, min, max) {
  const value = options[name] ?? standard;
  if (typeof value !== "number" || !(value >= min && value <= max)) {
    throw new TypeError(`${name}: ${value} (expected: ${min} to ${max})`);
  }
  return value;
}

function serverKeyOf(given) {
  if (given === undefined) {
    return null;
  }
  const isHex = typeof given === "string" && /^[0-9a-f]{64}$/i.test(given);
  const key = isHex ? Uint8Array.from(given.match(/../g), (digits) => parseInt(digits, 16)) : given;
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES) {
    throw new TypeError("serverKey: (expected: 32 bytes, or 64 hex digits)");
  }
  return key.slice();
}

function urlOf(given, environment, what = "url") {
  let url;
  try {
    url = new URL(given, environment.page?.document.baseURI);
  } catch {
    url = null;
  }
  if (url !== null && /^https?:$/.test(url.protocol)) {
    url.protocol = url.protocol.replace("http", "ws");
  }
  if (url === null || !/^wss?:$/.test(url.protocol) || url.hash !== "") {
    throw new TypeError(`${what}: ${given} (expected: wss://host/path or ws://host/path)`);
  }
  return url.href;
}

function alternativesOf(given = [], environment) {
  if (!Array.isArray(given)) {
    throw new TypeError("alternatives: (expected: a list of URLs)");
  }
  return given.map((url) => urlOf(url, environment, "alternatives"));
}

export function connect(url, options = {}) {
  const environment = { ...platform(), ...options.environment };
  environment.webSocket = options.WebSocket === undefined ? runtimeWebSocket : () => options.WebSocket;
  const href = urlOf(url, environment);
  const { credentials = new Uint8Array(0), storage = sessionStorageOf(environment), key = href } = options;
  if (storage !== null && typeof storage?.setItem !== "function") {
    throw new TypeError("storage: (expected: getItem, setItem and removeItem, or null)");
  }
  if (typeof key !== "string") {
    throw new TypeError("key: (expected: a string)");
  }
  if (typeof credentials !== "function" && copyOf(credentials, 0, "credentials").length > MAX_CREDENTIALS_BYTES) {
    throw new TypeError("credentials: (expected: at most 4096 bytes)");
  }
  const standardHeartbeat = environment.page === null ? 0 : PAGE_HEARTBEAT_SECS;
  return new VoltlaneClient(
    INSIDE,
    href,
    {
      storage,
      key,
      credentials,
      alternatives: alternativesOf(options.alternatives, environment),
      sendBufferBytes: numberOf(options, "sendBufferBytes", 1024 * 1024, 1, Number.MAX_SAFE_INTEGER),
      receiveBufferBytes: numberOf(options, "receiveBufferBytes", 16 * 1024 * 1024, 1, Number.MAX_SAFE_INTEGER),
      heartbeatSecs: Math.round(numberOf(options, "heartbeatSecs", standardHeartbeat, 0, 65535)),
      newSessionWhenGone: options.newSessionWhenGone === true,
      serverKey: serverKeyOf(options.serverKey),
      handshakeTimeoutMillis: numberOf(options, "handshakeTimeoutMillis", 10_000, 1, MAX_TIMER_MILLIS),
      backoffMillis: numberOf(options, "backoffMillis", 500, 1, MAX_TIMER_MILLIS),
      backoffMaxMillis: numberOf(options, "backoffMaxMillis", 30_000, 1, 2 ** 30),
      giveUpAfterMillis: numberOf(options, "giveUpAfterMillis", Infinity, 0, Infinity),
      closeTimeoutMillis: numberOf(options, "closeTimeoutMillis", 2000, 0, MAX_TIMER_MILLIS),
    },
    environment,
  );
}
