// Programs that some tests need, and that Node does not bring. A test whose program is missing is left out; where the
// environment has REQUIRE_TEST_TOOLS=true, as in the project's gate, its file fails.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const sdk = fileURLToPath(new URL("../..", import.meta.url));

/** Returns the value of a test's option `skip`: false, or what is missing. */
export function missingUnless(isThere, what) {
  if (!isThere && process.env.REQUIRE_TEST_TOOLS === "true") {
    throw new Error(`${what} (REQUIRE_TEST_TOOLS=true: no test may be left out)`);
  }
  return isThere ? false : what;
}

export const runs = (program, ...given) => spawnSync(program, given).status === 0;

/** TypeScript's compiler, a program for Node. */
export const compiler = process.env.VOLTLANE_TSC ?? join(sdk, "node_modules/typescript/bin/tsc");
/** The types of Node are installed beside the compiler. */
export const nodeTypes = join(dirname(compiler), "../../@types/node");

const HOW = "run `npm install` in sdk/javascript";
export const noCompiler = () => missingUnless(existsSync(compiler), `TypeScript is not installed: ${HOW}`);
export const noNodeTypes = () => missingUnless(existsSync(nodeTypes), `the types of Node are not installed: ${HOW}`);
export const noNpm = () => missingUnless(runs("npm", "--version"), "npm is not installed");
