/** The JavaScript client of Voltlane. docs/JAVASCRIPT.md of the project explains how to use it. */

/** The bytes of a packet. A string is sent as UTF-8. */
export type Packet = string | ArrayBuffer | ArrayBufferView;

/**
 * The state of a client.
 *
 * - `"connecting"`: it has never had a link yet. What you send waits.
 * - `"live"`: it has a link, as far as it knows.
 * - `"away"`: it has lost its link and is reconnecting. What you send waits.
 * - `"closed"`: it has ended. This is final.
 */
export type ClientState = "connecting" | "live" | "away" | "closed";

/** The reason for which a client has ended, or an attempt to connect has failed. */
export type CloseReason =
  /** Your program called `close`. */
  | "CLOSED"
  /**
   * No WebSocket could be opened: no network, no server, or a server that refuses this page's origin, the path, or version 3
   * of the protocol.
   */
  | "UNREACHABLE"
  /** The server did not finish the handshake in time, or fell silent. */
  | "TIMED_OUT"
  /** The server ended the connection without a reason, or with an unknown one. */
  | "HUNG_UP"
  /** The answer did not come from a Voltlane server, or a packet was over the limit. */
  | "PROTOCOL_VIOLATION"
  /** The server has another key than the one in `serverKey`, or it could not prove that it has its key. */
  | "SERVER_KEY_CHANGED"
  /** The session is over. Connect again to open a new one. */
  | "SESSION_GONE"
  /** Another page or program has resumed the same session. */
  | "TAKEN_OVER"
  /** The backend or an operator ended the session. `text` is the backend's text. */
  | "KICKED"
  /** The counts of client and server contradict each other. Connect again to open a new session. */
  | "GAP"
  /** Your program did not take its packets, or not fast enough. */
  | "OVERFLOW"
  /** The server is short of memory. */
  | "MEMORY"
  /** A packet was longer than the server allows. */
  | "FRAME_TOO_LARGE"
  /** The server did not understand this client. */
  | "VIOLATION"
  /** Your program sent more in a second than the server allows. */
  | "RATE"
  /** The server is stopping. */
  | "STOPPING"
  /** A limit of the server stands against this client at present. */
  | "BUSY"
  /** The server no longer serves version 3 of the protocol, since its configuration was reloaded. */
  | "VERSION"
  /** Your `credentials` function threw, or its promise was rejected. */
  | "CREDENTIALS"
  /** A bug in this client. */
  | "FAILED"
  /** This browser or runtime lacks something: X25519 in WebCrypto, a secure context, WebSocket. */
  | "UNSUPPORTED";

/** The fate of a packet that was not acknowledged. */
export type PacketFate =
  /** No part of the packet was sent. The backend does not have it. */
  | "NOT_SENT"
  /** The packet was sent. It may have arrived. */
  | "UNKNOWN"
  /** The server has the packet. The backend may have it or not. */
  | "AT_SERVER"
  /** The client has ended, and the packet is in the storage. The next client with this storage and key sends it. */
  | "KEPT";

/** The end of a client. */
export interface CloseInfo {
  /** The reason. */
  readonly reason: CloseReason;
  /** The code of the server's Close (section 8 of docs/PROTOCOL3.md); 0 if the server sent none. */
  readonly code: number;
  /** Whether connecting again, with nothing else changed, may work. */
  readonly retryable: boolean;
  /** The text of the server's Close: at a kick the backend's own. Without control characters. Often empty. */
  readonly text: string;
  /** A sentence for a log. */
  readonly message: string;
  /** The number of packets that `send` accepted and that are given up. Those that stay in the storage do not count. */
  readonly discarded: number;
}

/** Storage for the state of a session: `sessionStorage`, or an object of your own that works like it. */
export interface StateStorage {
  getItem(key: string): string | null;
  /** Stores a value. Throws if there is no room. */
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  /** With `length`, lets the client remove what earlier sessions have left behind. */
  key?(index: number): string | null;
  readonly length?: number;
}

/** A constructor that works like the browser's `WebSocket`. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => unknown;

export interface ConnectOptions {
  /**
   * Where the session's state is kept, so that it survives a reload of the page. Default: `sessionStorage` in pages,
   * `null` elsewhere. `null`: in memory only. The state is a secret: anybody who has it can take over the session.
   */
  storage?: StateStorage | null;
  /** The name of the state in `storage`. Give each client of a page its own. Default: the URL. */
  key?: string;
  /**
   * Up to 4096 bytes for the backend, sent when a session is opened. A function is called for each new session, and again
   * if an attempt fails that has sent them. It may take as long as a user needs to log in.
   */
  credentials?: Packet | (() => Packet | Promise<Packet>);
  /**
   * URLs of further servers that share their sessions with the first one, in the order in which they are tried: when the one
   * in use cannot be reached, refuses the client, or asks it to leave. Default: none.
   */
  alternatives?: readonly (string | URL)[];
  /** Bound of what is kept until it is acknowledged, in bytes; each packet counts 64 more. Default: 1 MiB. */
  sendBufferBytes?: number;
  /** Bound of what waits for your program, in bytes; each packet counts 64 more. Default: 16 MiB. */
  receiveBufferBytes?: number;
  /** Wish for the heartbeat, 1 to 65535 seconds. Default: 40 in pages, the server's choice elsewhere. */
  heartbeatSecs?: number;
  /** Opens a new session when the old one is over. Default: false, the client ends. */
  newSessionWhenGone?: boolean;
  /** The server's public key of protocol 3: 32 bytes, or 64 hex digits. A server with another one is refused. */
  serverKey?: Uint8Array | string;
  /** Time for one attempt to connect, with its handshake, in milliseconds. Default: 10 000. */
  handshakeTimeoutMillis?: number;
  /** Bound of the first wait before reconnecting, in milliseconds, at least 1. It doubles each time. Default: 500. */
  backoffMillis?: number;
  /** The largest bound of a wait before reconnecting, in milliseconds. Default: 30 000. */
  backoffMaxMillis?: number;
  /** Ends the client when it had no link for this long, in milliseconds. Default: Infinity. */
  giveUpAfterMillis?: number;
  /** The time for which `close` waits for acknowledgements, in milliseconds. Default: 2000. */
  closeTimeoutMillis?: number;
  /** The WebSocket to use. Default: the global one; in Node 20, which has none, a small one of this package. */
  WebSocket?: WebSocketConstructor;
}

export interface CloseOptions {
  /** Keeps the session at the server and its state in `storage`, so that a later `connect` resumes it. Default: false. */
  keepSession?: boolean;
}

/** A new session has begun. */
export interface OpenedEvent extends Event {
  readonly type: "opened";
  readonly sessionId: string;
}

/** The session has a link again: after a loss, or after a reload of the page. */
export interface ResumedEvent extends Event {
  readonly type: "resumed";
  readonly sessionId: string;
  /** Whether the state came from `storage`: this is the first link of this client object. */
  readonly restored: boolean;
}

/** The link is lost. What you send meanwhile waits. */
export interface AwayEvent extends Event {
  readonly type: "away";
  readonly reason: CloseReason;
  readonly message: string;
}

/** An attempt to connect has failed, and another one follows. */
export interface RetryingEvent extends Event {
  readonly type: "retrying";
  readonly reason: CloseReason;
  readonly message: string;
  /** The time until the next attempt, in milliseconds. */
  readonly inMillis: number;
}

/** The session is over, and the client opens a new one (`newSessionWhenGone`). */
export interface GoneEvent extends Event {
  readonly type: "gone";
  readonly reason: CloseReason;
  readonly message: string;
  /** The number of packets that waited for the old session and are given up. */
  readonly discarded: number;
}

/** A packet from the backend. It counts as taken when all listeners have returned. */
export interface PacketEvent extends Event {
  readonly type: "packet";
  /** The payload, in a buffer of its own. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The acknowledgements of the backend have come to a packet, and there is room in the send buffer. */
export interface AcknowledgedEvent extends Event {
  readonly type: "acknowledged";
  /** The number of packets that are not acknowledged yet. */
  readonly unacknowledged: number;
}

/** The client has ended. This is the last event. */
export interface ClosedEvent extends Event, CloseInfo {
  readonly type: "closed";
}

export interface ClientEventMap {
  opened: OpenedEvent;
  resumed: ResumedEvent;
  away: AwayEvent;
  retrying: RetryingEvent;
  gone: GoneEvent;
  packet: PacketEvent;
  acknowledged: AcknowledgedEvent;
  closed: ClosedEvent;
}

/** The options of `addEventListener`. */
export interface ListenerOptions {
  capture?: boolean;
  once?: boolean;
  passive?: boolean;
  signal?: AbortSignal;
}

type Listener<E> = ((event: E) => void) | { handleEvent(event: E): void };

/**
 * A client with one session, which outlives the WebSockets that carry it. Packets arrive whole, in order and once.
 *
 * Take packets either with a `"packet"` listener, or with the async iterator: `for await (const packet of client)`.
 * Until you do, they wait.
 */
export class VoltlaneClient extends EventTarget implements AsyncIterable<Uint8Array<ArrayBuffer>> {
  private constructor();
  /** The state at this moment. */
  readonly state: ClientState;
  /** The URL that `connect` was called with, also while the client uses another server. */
  readonly url: string;
  /** The id of the session, in decimal; undefined before the first one. */
  readonly sessionId: string | undefined;
  /** The number of packets that `send` accepted and the backend has not acknowledged. */
  readonly unacknowledged: number;
  /** Resolves with the first link. Rejects with a `VoltlaneError` if the client ends before. */
  readonly ready: Promise<void>;
  /** Resolves when the client has ended. Never rejects. */
  readonly ended: Promise<CloseInfo>;

  /**
   * Puts a packet into the send buffer, and returns. The bytes are copied. It is kept until the backend has
   * acknowledged it, and sent again when a link breaks.
   *
   * @throws SendBufferFullError if the send buffer or the storage is full; the packet is not sent
   * @throws RangeError if the packet is longer than the server allows, or can never fit into the storage
   * @throws VoltlaneError if the client has ended
   */
  send(packet: Packet): void;

  /**
   * Sends a packet as `send` does. The promise resolves when the backend has it. It rejects with a
   * `NotAcknowledgedError` when the session or the client has ended, and at once with what `send` would throw.
   */
  sendAcknowledged(packet: Packet): Promise<void>;

  /** Drops the link and resumes the session on a new one at once. */
  reconnect(): void;

  /**
   * Waits until the backend has acknowledged everything (at most `closeTimeoutMillis`), then ends the session and the
   * client. Further calls return the same promise.
   */
  close(options?: CloseOptions): Promise<CloseInfo>;

  /**
   * Iterates over the packets, for one consumer at a time. A packet counts as taken when the next one is asked for. The
   * iteration ends after `close`, and throws a `VoltlaneError` if the client ends for another reason. Leaving the loop
   * does not close the client. A client with a `"packet"` listener can't be iterated over, nor the other way round.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array<ArrayBuffer>, undefined, undefined>;

  addEventListener<K extends keyof ClientEventMap>(
    type: K,
    listener: Listener<ClientEventMap[K]> | null,
    options?: boolean | ListenerOptions,
  ): void;
  removeEventListener<K extends keyof ClientEventMap>(
    type: K,
    listener: Listener<ClientEventMap[K]> | null,
    options?: boolean | { capture?: boolean },
  ): void;
}

/** An error with the reason for which a client has ended. */
export class VoltlaneError extends Error {
  constructor(info: CloseInfo);
  readonly reason: CloseReason;
  readonly code: number;
  readonly retryable: boolean;
  readonly text: string;
}

/** A packet that was not acknowledged before its session or the client ended. */
export class NotAcknowledgedError extends VoltlaneError {
  constructor(info: CloseInfo, fate: PacketFate);
  readonly fate: PacketFate;
}

/** The send buffer or the storage is full. Wait for the event `acknowledged`, then send again. */
export class SendBufferFullError extends Error {}

/**
 * Returns a client, and begins to connect. The client keeps trying until it has a link, or ends.
 *
 * @param url `wss://host/path` or `ws://host/path`; in pages also relative to the page
 * @throws TypeError if an argument is wrong, or another client of this page uses the same key
 */
export function connect(url: string | URL, options?: ConnectOptions): VoltlaneClient;
