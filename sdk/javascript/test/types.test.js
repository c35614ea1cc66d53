// The types hold what the module has: checked by TypeScript where it is installed, and by the names in any case.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as voltlane from "../voltlane.js";
import { compiler, noCompiler, nodeTypes, noNodeTypes } from "./support/tools.js";

const folder = fileURLToPath(new URL("..", import.meta.url));
const missing = noCompiler();

function compile(given) {
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...given], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stdout);
}

test("the types compile, with a program that uses all of them", { skip: missing }, () => {
  const options = "--noEmit --strict --target es2022 --module nodenext --moduleResolution nodenext --lib es2022,dom";
  compile([...options.split(" "), `${folder}test/types.ts`, `${folder}voltlane.d.ts`]);
});

test("the types compile in a program for Node, which has none of the browser's", { skip: missing || noNodeTypes() }, () => {
  const options = `--noEmit --strict --target es2022 --module nodenext --lib es2022 --types node --typeRoots ${nodeTypes}/..`;
  compile([...options.split(" "), `${folder}voltlane.d.ts`, `${folder}node-websocket.d.ts`]);
});

test("the types name what the module has, and nothing else", () => {
  const types = readFileSync(`${folder}voltlane.d.ts`, "utf8");
  const names = (pattern) => [...types.matchAll(pattern)].map((match) => match[1]).sort();
  assert.deepEqual(names(/^export (?:class|function) (\w+)/gm), Object.keys(voltlane).sort());

  const client = types.slice(types.indexOf("export class VoltlaneClient"), types.indexOf("export class VoltlaneError"));
  const typed = [...client.matchAll(/^ {2}(?:readonly )?(\w+)[(:<]/gm)].map((match) => match[1]);
  const own = voltlane.connect("ws://127.0.0.1:1/", { WebSocket: class { close() {} } });
  const has = [...Object.getOwnPropertyNames(voltlane.VoltlaneClient.prototype), ...Object.keys(own)];
  own.close();
  const withoutConstructor = (list) => [...new Set(list)].filter((name) => !/constructor|private/.test(name)).sort();
  assert.deepEqual(withoutConstructor(typed), withoutConstructor(has));

  const source = readFileSync(`${folder}voltlane.js`, "utf8");
  const reasons = types.slice(types.indexOf("type CloseReason"), types.indexOf("The fate of a packet"));
  const typedReasons = [...reasons.matchAll(/\| "(\w+)"/g)].map((match) => match[1]);
  const used = [...source.matchAll(/new Failure\(\s*"([A-Z_]+)"|\[\d+, \["([A-Z_]+)"/g)].map((match) => match[1] ?? match[2]);
  assert.deepEqual(typedReasons.sort(), [...new Set(used)].sort());

  const options = types.slice(types.indexOf("interface ConnectOptions"), types.indexOf("interface CloseOptions"));
  for (const [, option] of options.matchAll(/^ {2}(\w+)\?:/gm)) {
    assert.match(source, new RegExp(`\\b(options\\.${option}|"${option}"|${option} =|${option},)`), option);
  }
});
