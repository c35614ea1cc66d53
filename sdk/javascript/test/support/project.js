// A project of a user's, with the SDK in it as npm would install it.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const sdk = fileURLToPath(new URL("../..", import.meta.url));

export function emptyProject() {
  const folder = mkdtempSync(join(tmpdir(), "voltlane-project-"));
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "version": "1.0.0", "type": "module" }\n');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Puts the SDK's files into a project, without npm. */
export function install(folder) {
  const into = join(folder, "node_modules/voltlane");
  mkdirSync(into, { recursive: true });
  const { files } = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));
  for (const file of ["package.json", ...files.filter((name) => /\.(js|ts)$/.test(name))]) {
    cpSync(join(sdk, file), join(into, file));
  }
}
