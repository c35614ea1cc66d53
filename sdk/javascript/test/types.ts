// The types of the client in use: each line must compile, or must not where it says so. types.test.js has it checked.

import {
  connect,
  NotAcknowledgedError,
  SendBufferFullError,
  VoltlaneClient,
  VoltlaneError,
  type ClientState,
  type CloseInfo,
  type CloseReason,
  type ConnectOptions,
  type PacketFate,
} from "voltlane";

const options: ConnectOptions = {
  storage: sessionStorage,
  key: "chat",
  credentials: async () => new Uint8Array(4),
  alternatives: ["wss://other/", new URL("wss://third/")] as const,
  sendBufferBytes: 1,
  receiveBufferBytes: 1,
  heartbeatSecs: 20,
  newSessionWhenGone: true,
  serverKey: "00",
  handshakeTimeoutMillis: 1,
  backoffMillis: 1,
  backoffMaxMillis: 1,
  giveUpAfterMillis: Infinity,
  closeTimeoutMillis: 1,
  WebSocket,
};
const client: VoltlaneClient = connect(new URL("wss://host/"), options);
connect("/relative");
connect("wss://host/", { storage: null });

const state: ClientState = client.state;
const id: string | undefined = client.sessionId;
const count: number = client.unacknowledged + client.url.length;
client.send("text");
client.send(new Uint8Array(1));
client.send(new ArrayBuffer(1));
client.send(new DataView(new ArrayBuffer(1)));
const sent: Promise<void> = client.sendAcknowledged("text");

client.addEventListener("packet", (event) => new Blob([event.data]));
client.addEventListener("opened", (event) => event.sessionId.length, { once: true });
client.addEventListener("resumed", (event) => event.restored === true);
client.addEventListener("away", ({ reason, message }) => `${reason} ${message}`);
client.addEventListener("retrying", (event) => event.inMillis.toFixed());
client.addEventListener("gone", (event) => event.discarded.toFixed());
client.addEventListener("acknowledged", (event) => event.unacknowledged.toFixed());
client.addEventListener("closed", ({ reason, code, retryable, text, message, discarded }) => {
  const info: CloseInfo = { reason, code, retryable, text, message, discarded };
  const known: CloseReason = info.reason;
  return known === "KICKED";
});
const listener = { handleEvent: (event: Event) => event.type };
client.addEventListener("packet", listener);
client.removeEventListener("packet", listener);

async function consume(): Promise<CloseInfo> {
  await client.ready;
  for await (const packet of client) {
    new TextDecoder().decode(packet);
  }
  await client.close({ keepSession: true });
  return client.ended;
}

try {
  client.reconnect();
} catch (e) {
  if (e instanceof NotAcknowledgedError) {
    const fate: PacketFate = e.fate;
  } else if (e instanceof VoltlaneError && e.retryable) {
    const code: number = e.code + e.text.length;
  } else if (e instanceof SendBufferFullError) {
    e.message.trim();
  }
}

// @ts-expect-error: numbers are no packets
client.send(5);
// @ts-expect-error: the state is the client's to change
client.state = "live";
// @ts-expect-error: there is no such event
client.addEventListener("message", (event: { nothing: true }) => event.nothing);
// @ts-expect-error: there is no such option
connect("wss://host/", { secret: true });
// @ts-expect-error: clients come from connect
new VoltlaneClient();
