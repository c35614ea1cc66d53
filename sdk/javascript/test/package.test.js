// The package as npm makes it, installed in an empty project.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { emptyProject, sdk } from "./support/project.js";
import { compiler, noCompiler, noNpm } from "./support/tools.js";

const missing = noNpm();

const PROGRAM = `
import { connect, VoltlaneClient, VoltlaneError, NotAcknowledgedError, SendBufferFullError } from "voltlane";
import { NodeWebSocket } from "voltlane/node-websocket.js";

for (const WebSocket of [undefined, NodeWebSocket]) {
  const client = connect("ws://127.0.0.1:1/", { giveUpAfterMillis: 0, WebSocket });
  if (!(client instanceof VoltlaneClient)) throw new Error("no client");
  console.log((await client.ended).reason, typeof VoltlaneError, typeof NotAcknowledgedError, typeof SendBufferFullError);
}
`;

test("its version is the project's, and the page names the file that npm makes", () => {
  const read = (file) => readFileSync(join(sdk, file), "utf8");
  const { version, license } = JSON.parse(read("package.json"));
  const [, projects] = /<artifactId>voltlane<\/artifactId>\s*<version>(.*)<\/version>/.exec(read("../../pom.xml"));
  assert.deepEqual([version, license], [projects, "Apache-2.0"]);
  assert.ok(read("../../docs/JAVASCRIPT.md").includes(`sdk/javascript/voltlane-${version}.tgz`));
});

let project;

before(() => (project = emptyProject()));

after(() => project.remove());

test("npm packs it, and an empty project can install and use it", { skip: missing, timeout: 60_000 }, () => {
  const { folder } = project;
  const npm = (cwd, ...given) => execFileSync("npm", [...given, "--offline", "--cache", join(folder, ".cache")], { cwd, encoding: "utf8" });
  const [{ filename, files }] = JSON.parse(npm(sdk, "pack", "--json", "--pack-destination", folder));
  assert.deepEqual(
    files.map((file) => file.path).sort(),
    ["LICENSE", "README.md", "node-websocket.d.ts", "node-websocket.js", "package.json", "voltlane.d.ts", "voltlane.js"],
  );
  npm(folder, "install", "--no-audit", "--no-fund", join(folder, filename));
  writeFileSync(join(folder, "program.js"), PROGRAM);
  const shown = execFileSync(process.execPath, ["program.js"], { cwd: folder, encoding: "utf8" });
  assert.equal(shown, "UNREACHABLE function function function\n".repeat(2));
});

test("TypeScript finds its types in that project", { skip: missing || noCompiler() }, () => {
  const { folder } = project;
  writeFileSync(join(folder, "typed.ts"), 'import { connect } from "voltlane";\nconst id: string | undefined = connect("wss://x/").sessionId;\n');
  const options = "--noEmit --strict --target es2022 --module nodenext --lib es2022,dom typed.ts";
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...options.split(" ")], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
