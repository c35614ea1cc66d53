// The server's half of an upgrade to WebSocket, and a server that leaves all bytes behind it to the test.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

/** The GUID of RFC 6455, section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Returns the answer that agrees to an upgrade. `more` holds further lines of the head, each with its end. */
export function accepted(key, more = "") {
  const accept = createHash("sha1").update(key + GUID).digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${more}\r\n`;
}

/** Starts a server on loopback that agrees to each upgrade and gives its socket to `onSocket`. */
export async function rawServer(onSocket) {
  const server = createServer();
  server.on("upgrade", (request, socket) => {
    socket.on("error", () => {});
    socket.write(accepted(request.headers["sec-websocket-key"]));
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
