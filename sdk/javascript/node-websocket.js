// A small WebSocket (RFC 6455) for Node 20, which has none of its own. The client loads it in Node only.

import { createHash, randomBytes } from "node:crypto";
import { request as requestInClear } from "node:http";
import { request as requestOverTls } from "node:https";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 };
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const MAX_FRAGMENTS = 16_384;
const MAX_CONTROL_BYTES = 125;
/** A Ping is not answered while more than this waits for a server that does not read. */
const MAX_WAITING_BYTES_AT_PONG = 64 * 1024;
const CLOSE_TIMEOUT_MILLIS = 1000;
const MASKS_BYTES = 4096;

let masks = Buffer.alloc(0);

function nextMask() {
  if (masks.length === 0) {
    masks = randomBytes(MASKS_BYTES);
  }
  const mask = masks.subarray(0, 4);
  masks = masks.subarray(4);
  return mask;
}

/** Returns one frame of a client: final and masked. */
function encode(opcode, payload) {
  const length = payload.length;
  const lengthBytes = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const header = 2 + lengthBytes + 4;
  const out = Buffer.allocUnsafe(header + length);
  out[0] = 0x80 | opcode;
  if (lengthBytes === 0) {
    out[1] = 0x80 | length;
  } else if (lengthBytes === 2) {
    out[1] = 0x80 | 126;
    out.writeUInt16BE(length, 2);
  } else {
    out[1] = 0x80 | 127;
    out.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = nextMask();
  out.set(mask, header - 4);
  for (let i = 0; i < length; i++) {
    out[header + i] = payload[i] ^ mask[i & 3];
  }
  return out;
}

/** An error of the server's, with the code to close with. */
class Violation extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Cuts what a server sends into frames, and frames into messages. */
class Decoder {
  #chunks = [];
  #bytes = 0;
  /** The parts of a message in fragments. */
  #parts = [];
  #partBytes = 0;
  #partOpcode = 0;

  add(chunk) {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Returns the first bytes without removing them. */
  #peek(length) {
    if (this.#chunks[0].length < length) {
      this.#chunks = [Buffer.concat(this.#chunks)];
    }
    return this.#chunks[0];
  }

  #take(length) {
    const first = this.#peek(length);
    if (first.length === length) {
      this.#chunks.shift();
    } else {
      this.#chunks[0] = first.subarray(length);
    }
    this.#bytes -= length;
    return first.subarray(0, length);
  }

  /** Returns the next message or control frame; null if it has not come whole. */
  next() {
    while (true) {
      const frame = this.#frame();
      if (frame === null || frame.opcode >= OPCODE.CLOSE) {
        return frame;
      }
      if ((frame.opcode === OPCODE.CONTINUATION) === (this.#partOpcode === 0)) {
        throw new Violation(1002, "a fragment that has no place");
      }
      if (frame.isFinal && this.#partOpcode === 0) {
        return frame;
      }
      this.#partOpcode ||= frame.opcode;
      this.#parts.push(frame.payload);
      this.#partBytes += frame.payload.length;
      if (this.#partBytes > MAX_MESSAGE_BYTES || this.#parts.length > MAX_FRAGMENTS) {
        throw new Violation(1009, "a message that is too long");
      }
      if (frame.isFinal) {
        const message = { opcode: this.#partOpcode, payload: Buffer.concat(this.#parts) };
        this.#parts = [];
        this.#partBytes = this.#partOpcode = 0;
        return message;
      }
    }
  }

  #frame() {
    if (this.#bytes < 2) {
      return null;
    }
    const [first, second] = this.#peek(2);
    const opcode = first & 0x0f;
    const isFinal = (first & 0x80) !== 0;
    const isControl = opcode >= OPCODE.CLOSE;
    if ((first & 0x70) !== 0 || (second & 0x80) !== 0 || (opcode > OPCODE.BINARY && !isControl) || opcode > OPCODE.PONG) {
      throw new Violation(1002, "a frame that is not of this protocol");
    }
    const short = second & 0x7f;
    if (isControl && (!isFinal || short > MAX_CONTROL_BYTES)) {
      throw new Violation(1002, "a control frame that is too long, or in fragments");
    }
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.#bytes < header) {
      return null;
    }
    const bytes = this.#peek(header);
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (length > MAX_MESSAGE_BYTES) {
      throw new Violation(1009, "a message that is too long");
    }
    if (this.#bytes < header + length) {
      return null;
    }
    this.#take(header);
    return { opcode, isFinal, payload: length === 0 ? Buffer.alloc(0) : this.#take(length) };
  }
}

/** A WebSocket as far as the client needs it: binary messages as ArrayBuffer, and events as properties. */
export class NodeWebSocket {
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  binaryType = "arraybuffer";
  protocol = "";
  #state = 0;
  #socket = null;
  #request;
  #decoder = new Decoder();
  #close = { code: 1006, reason: "" };

  /**
   * Returns a constructor whose connections use these options of `node:tls`, for example `{ ca }`.
   */
  static withTls(tls) {
    return class extends NodeWebSocket {
      constructor(url, protocols) {
        super(url, protocols, tls);
      }
    };
  }

  constructor(url, protocols = [], tls = {}) {
    const target = new URL(url);
    const isTls = target.protocol === "wss:";
    target.protocol = isTls ? "https:" : "http:";
    const key = randomBytes(16).toString("base64");
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": key,
    };
    if (protocols.length > 0) {
      headers["Sec-WebSocket-Protocol"] = protocols.join(", ");
    }
    const options = isTls ? { ...tls, headers, agent: false } : { headers, agent: false };
    this.#request = (isTls ? requestOverTls : requestInClear)(target, options);
    this.#request.on("upgrade", (response, socket, head) => this.#upgraded(response, socket, head, key, protocols));
    this.#request.on("response", (response) => {
      response.destroy();
      this.#ended(`the server answered with HTTP status ${response.statusCode}`);
    });
    this.#request.on("error", (error) => this.#ended(error.message));
    this.#request.on("close", () => this.#socket === null && this.#ended("the connection was closed"));
    this.#request.end();
  }

  get readyState() {
    return this.#state;
  }

  get bufferedAmount() {
    return this.#socket?.writableLength ?? 0;
  }

  #upgraded(response, socket, head, key, protocols) {
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("close", () => this.#ended(this.#close.reason));
    const expected = createHash("sha1").update(key + GUID).digest("base64");
    const protocol = response.headers["sec-websocket-protocol"] ?? "";
    const isRight =
      response.headers["sec-websocket-accept"] === expected &&
      response.headers["sec-websocket-extensions"] === undefined &&
      (protocol === "" || protocols.includes(protocol));
    if (!isRight || this.#state !== 0) {
      socket.destroy();
      return;
    }
    this.#state = 1;
    this.protocol = protocol;
    socket.setNoDelay(true);
    socket.setTimeout(0);
    this.onopen?.({ type: "open" });
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("end", () => socket.end());
    if (head.length > 0) {
      this.#read(head);
    }
  }

  #read(chunk) {
    this.#decoder.add(chunk);
    try {
      for (let message; this.#socket.readable && (message = this.#decoder.next()) !== null; ) {
        this.#handle(message);
      }
    } catch (e) {
      if (!(e instanceof Violation)) {
        throw e;
      }
      this.#close = { code: 1006, reason: `the server sent ${e.message}` };
      this.#sendClose(e.code, "");
      this.#socket.removeAllListeners("data").resume(); // what still comes is of no use, and is not kept
      this.#socket.destroySoon();
      this.#destroyLater();
    }
  }

  #handle({ opcode, payload }) {
    switch (opcode) {
      case OPCODE.BINARY:
        if (this.#state === 1) {
          const data = payload.buffer.slice(payload.byteOffset, payload.byteOffset + payload.length);
          this.onmessage?.({ type: "message", data });
        }
        break;
      case OPCODE.TEXT:
        if (this.#state === 1) {
          this.onmessage?.({ type: "message", data: payload.toString("utf8") });
        }
        break;
      case OPCODE.PING:
        if (this.#state === 1 && this.#socket.writableLength <= MAX_WAITING_BYTES_AT_PONG) {
          this.#socket.write(encode(OPCODE.PONG, payload));
        }
        break;
      case OPCODE.CLOSE: {
        const code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
        this.#close = { code, reason: payload.subarray(2).toString("utf8") };
        this.#sendClose(code === 1005 ? 1000 : code, "");
        this.#socket.end();
        this.#destroyLater();
        break;
      }
      default:
      // a Pong
    }
  }

  send(data) {
    if (this.#state === 0) {
      throw new Error("the WebSocket is not open yet");
    }
    if (this.#state !== 1) {
      return; // as the standard says: its end is told by the event
    }
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    this.#socket.write(encode(OPCODE.BINARY, bytes));
  }

  close(code = 1000, reason = "") {
    if (this.#state === 0) {
      this.#state = 2;
      this.#request.destroy();
    } else if (this.#state === 1) {
      this.#sendClose(code, reason);
      this.#destroyLater();
    }
  }

  #sendClose(code, reason) {
    if (this.#state === 1) {
      this.#state = 2;
      const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
      payload.writeUInt16BE(code);
      payload.write(reason, 2);
      this.#socket.write(encode(OPCODE.CLOSE, payload));
    }
  }

  /** Does not wait for a server for ever. */
  #destroyLater() {
    const socket = this.#socket;
    const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MILLIS);
    socket.once("close", () => clearTimeout(timer));
  }

  #ended(reason) {
    if (this.#state === 3) {
      return;
    }
    this.#state = 3;
    const { code } = this.#close;
    if (code === 1006) {
      this.onerror?.({ type: "error", message: reason });
    }
    this.onclose?.({ type: "close", code, reason });
  }
}
