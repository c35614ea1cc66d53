import type { ConnectionOptions } from "node:tls";

/** A small WebSocket for Node 20, which has none of its own: binary messages only. For the option `WebSocket`. */
export class NodeWebSocket {
  /** Returns a constructor whose connections use these options of `node:tls`, for example `{ ca }`. */
  static withTls(tls: ConnectionOptions): new (url: string, protocols: string[]) => NodeWebSocket;
  constructor(url: string, protocols?: string[], tls?: ConnectionOptions);
}
