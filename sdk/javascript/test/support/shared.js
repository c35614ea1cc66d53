// What tests with the real server share: a server in clear, one with TLS, and Chromium. Each is started when it is asked for
// first.

import { makeCertificate } from "./certificate.js";
import { Browser } from "./chromium.js";
import { startServer } from "./real.js";

const shared = new Map();

function once(name, start) {
  if (!shared.has(name)) {
    shared.set(name, start());
  }
  return shared.get(name);
}

export const clearServer = () => once("clear", () => startServer());

export const browser = () => once("browser", () => Browser.start());

/** Returns a server with TLS, and the certificate in PEM, which vouches for itself. */
export const secureServer = () =>
  once("secure", async () => {
    const { backend } = await clearServer();
    const certificate = makeCertificate();
    try {
      const server = await startServer({ tls: certificate, backend });
      return { ...server, pem: certificate.pem };
    } finally {
      certificate.remove();
    }
  });

export async function stopShared() {
  for (const name of ["browser", "secure", "clear"]) {
    await (await shared.get(name))?.stop();
  }
}
