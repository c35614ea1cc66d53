// A certificate for 127.0.0.1, made at run time by openssl, where that is installed.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingUnless, runs } from "./tools.js";

/** Why tests with TLS are left out; false if they are not. */
export const missing = missingUnless(runs("openssl", "version"), "openssl is not installed");

export function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), "voltlane-tls-"));
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const what = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost";
  const names = ["-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...what.split(" "), ...names, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  return {
    certificate,
    key,
    pem: readFileSync(certificate, "utf8"),
    keyPem: readFileSync(key, "utf8"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
