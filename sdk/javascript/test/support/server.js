// A server of version 3 in JavaScript, written from the protocol's page. Its sessions live in memory, and its backend is the
// test.

const utf8 = new TextEncoder();
const subtle = crypto.subtle;
const concat = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));

function number(size, value) {
  const out = Buffer.alloc(size);
  if (size === 8) {
    out.writeBigUInt64LE(BigInt(value));
  } else {
    out.writeUIntLE(value, 0, size);
  }
  return out;
}

export const frames = {
  data: (payload) => concat([0], typeof payload === "string" ? utf8.encode(payload) : payload),
  ack: (count) => concat([1], number(8, count)),
  pong: (payload = []) => concat([3], payload),
  close: (code, retryAfter = 0, text = "") =>
    concat([5], number(2, code), number(4, retryAfter), number(2, Buffer.byteLength(text)), utf8.encode(text)),
  goAway: (millis, elsewhere = "") =>
    concat([6], number(4, millis), elsewhere === "" ? [] : concat(number(2, Buffer.byteLength(elsewhere)), utf8.encode(elsewhere))),
};

export class Server {
  heartbeatSecs = 20;
  maxPayload = 8_388_599;
  waitSecs = 300;
  sessions = new Map();
  /** If set, the answer to every handshake: a frame. */
  refusal = null;
  /** Whether packets of clients are acknowledged as they come. */
  acknowledges = true;
  /** Whether a client may resume whose counts contradict the server's. */
  isLenient = false;
  /** The number of frames that are being worked on. */
  pending = 0;
  #nextId = 41n;
  #keys = subtle.generateKey({ name: "X25519" }, true, ["deriveBits"]);

  async publicKey() {
    return new Uint8Array(await subtle.exportKey("raw", (await this.#keys).publicKey));
  }

  /** Serves the client's end of a WebSocket. */
  serve(socket) {
    const link = { socket, frames: 0, session: null, hello: null, isOver: false };
    let queue = Promise.resolve();
    socket.onSent = (bytes) => {
      this.pending++;
      queue = queue.then(() => this.#received(link, bytes)).finally(() => this.pending--);
    };
    socket.onClosed = () => {
      // A WebSocket that is closed first sends what waits.
      this.pending++;
      queue = queue.then(() => this.#lost(link)).finally(() => this.pending--);
    };
    socket.link = link;
    setImmediate(() => socket.accept());
  }

  #send(link, bytes) {
    if (!link.isOver) {
      link.socket.receive(bytes);
    }
  }

  #lost(link) {
    link.isOver = true;
    if (link.session?.link === link) {
      link.session.link = null;
    }
  }

  /** Cuts a link: what it has not delivered is gone. */
  cut(socket) {
    this.#lost(socket.link);
    socket.drop();
  }

  /** Ends a link with a Close. */
  close(socket, code, retryAfter, text) {
    this.#send(socket.link, frames.close(code, retryAfter, text));
    this.#lost(socket.link);
    socket.drop(4000 + code);
  }

  get parameters() {
    return concat(number(2, this.heartbeatSecs), number(4, this.maxPayload), number(4, this.waitSecs));
  }

  async #received(link, bytes) {
    if (link.isOver) {
      return;
    }
    const type = bytes[0];
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (link.frames++ === 0) {
      link.isRight = type === 1 && bytes[1] === 3 && bytes.length === 2;
      if (!link.isRight) {
        throw new Error(`the first frame is ${view.toString("hex")}`);
      }
      return;
    }
    if (link.session === null) {
      if (this.refusal !== null) {
        this.#send(link, this.refusal);
        this.#lost(link);
        link.socket.drop();
      } else if (type === 0x10) {
        await this.#opened(link, view);
      } else if (type === 0x12) {
        this.#challenge(link, bytes, view);
      } else if (type === 0x14) {
        await this.#answered(link, bytes);
      } else {
        throw new Error(`type ${type} in the handshake`);
      }
      return;
    }
    const session = link.session;
    if (session.link !== link) {
      return;
    }
    if (type === 0) {
      session.accepted++;
      session.fromClient.push(bytes.slice(1));
      if (this.acknowledges) {
        this.#send(link, frames.ack(session.accepted));
      }
      session.onPacket?.(bytes.slice(1));
    } else if (type === 1) {
      this.#acknowledged(session, Number(view.readBigUInt64LE(1)));
    } else if (type === 2) {
      this.#send(link, frames.pong(bytes.slice(1)));
    } else if (type === 4) {
      session.hasLeft = true;
      if (this.acknowledges) {
        this.#send(link, frames.ack(session.accepted));
      }
      this.#send(link, frames.close(15));
      this.#lost(link);
      this.sessions.delete(session.id);
      link.socket.drop(4015);
    } else {
      throw new Error(`type ${type} on a live link`);
    }
  }

  #acknowledged(session, count) {
    if (count < session.acknowledged || count > session.sent) {
      throw new Error(`an Ack of ${count}, which contradicts ${session.acknowledged} and ${session.sent}`);
    }
    session.kept.splice(0, count - session.acknowledged);
    session.acknowledged = count;
  }

  /** Sends a packet to a session, or keeps it until it is back. */
  send(session, payload) {
    session.kept.push(payload);
    session.sent++;
    if (session.link !== null) {
      this.#send(session.link, frames.data(payload));
    }
  }

  async #opened(link, view) {
    const id = this.#nextId++;
    const clientKey = view.subarray(1, 33);
    const serverKey = await this.publicKey();
    const other = await subtle.importKey("raw", clientKey, { name: "X25519" }, true, []);
    const secret = (await this.#keys).privateKey;
    const shared = await subtle.deriveBits({ name: "X25519", public: other }, secret, 256);
    const input = await subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
    const info = concat(utf8.encode("session"), number(8, id), clientKey, serverKey);
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: utf8.encode("VOLTLANE/3"), info };
    const key = await subtle.deriveBits(hkdf, input, 256);
    const hmac = await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const credentials = view.subarray(37, 37 + view.readUInt16LE(35)).toString();
    const session = { id, hmac, link, accepted: 0, fromClient: [], sent: 0, acknowledged: 0, kept: [], credentials };
    this.sessions.set(id, session);
    link.session = session;
    this.#send(link, concat([0x11], serverKey, number(8, id), this.parameters));
  }

  #challenge(link, bytes, view) {
    link.resume = bytes;
    link.id = view.readBigUInt64LE(1);
    link.received = Number(view.readBigUInt64LE(9));
    link.kept = Number(view.readBigUInt64LE(17));
    link.challenge = concat([0x13], crypto.getRandomValues(new Uint8Array(32)));
    this.#send(link, link.challenge);
  }

  async #answered(link, bytes) {
    const session = this.sessions.get(link.id);
    const told = concat(number(4, link.resume.length), link.resume, number(4, link.challenge.length), link.challenge);
    const transcript = new Uint8Array(await subtle.digest("SHA-256", told));
    const right =
      session !== undefined &&
      Buffer.from(await subtle.sign("HMAC", session.hmac, concat(utf8.encode("client"), transcript))).equals(bytes.slice(1));
    if (link.isOver) {
      return;
    }
    if (!right) {
      this.close(link.socket, 2);
      return;
    }
    const isWithin = link.received >= session.acknowledged && link.received <= session.sent;
    if (!this.isLenient && !(isWithin && link.kept >= 1 && link.kept <= session.accepted + 1)) {
      this.sessions.delete(session.id);
      this.close(link.socket, 3);
      return;
    }
    if (session.link !== null) {
      this.close(session.link.socket, 12);
    }
    session.link = link;
    link.session = session;
    this.#acknowledged(session, link.received);
    const behind = concat(number(8, session.accepted), this.parameters);
    const proof = await subtle.sign(
      "HMAC", session.hmac, concat(utf8.encode("server"), transcript, bytes.slice(1), behind));
    if (this.spoilsProofs) {
      new Uint8Array(proof)[0] ^= 1;
    }
    this.#send(link, concat([0x15], new Uint8Array(proof), behind));
    if (this.acknowledges) {
      this.#send(link, frames.ack(session.accepted));
    }
    session.kept.forEach((payload) => this.#send(link, frames.data(payload)));
  }
}

/** Lets a server serve every socket of a world. */
export function serving(world, server = new Server()) {
  world.server = server;
  world.onSocket = (socket) => server.serve(socket);
  return server;
}
