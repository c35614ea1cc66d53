// The client in a real Chromium against the real server, in the browser's cache for pages that the user goes back to. Reloads,
// cuts, duplicated tabs and a network that is switched off are tried by the module browser-tests, whose driver switches
// that cache off.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { missing as noBrowser } from "../support/chromium.js";
import { sdk } from "../support/project.js";
import { missing as noServer } from "../support/real.js";
import { browser, clearServer } from "../support/shared.js";

const missing = noServer || noBrowser;

let server;
let web;

/**
 * A page that sends a number every 5 ms while the user sees it. Numbers and echoes are kept in the tab's storage in the task
 * that has them. Between pagehide and the moment in which the browser stops it, its timer may run along with the next page's:
 * what two pages send at once has no order.
 */
const page = () => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="module">
  import { connect } from "/voltlane.js";

  const add = (list, text) => sessionStorage.setItem(list, (sessionStorage.getItem(list) ?? "") + text + " ");
  globalThis.events = [];
  globalThis.client = connect("ws://127.0.0.1:${server.port}/", { key: "stream", backoffMillis: 50 });
  for (const type of ["opened", "resumed", "away", "gone", "closed"]) {
    client.addEventListener(type, (event) => events.push(type + (event.reason ? " " + event.reason : "")));
  }
  client.addEventListener("packet", ({ data }) => add("got", new TextDecoder().decode(data)));
  addEventListener("pageshow", (event) => event.persisted && events.push("back"));
  let isLeft = false;
  addEventListener("pagehide", () => (isLeft = true));
  addEventListener("pageshow", () => (isLeft = false));
  const timer = setInterval(() => {
    if (isLeft) {
      return;
    }
    const number = Number(sessionStorage.getItem("count") ?? 0) + 1;
    client.send(String(number));
    sessionStorage.setItem("count", number);
  }, 5);
  globalThis.stop = () => clearInterval(timer);
</script>`;

before(async () => {
  if (missing) {
    return;
  }
  server = await clearServer();
  web = createServer((request, response) => {
    const isScript = request.url === "/voltlane.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? readFileSync(join(sdk, "voltlane.js")) : page());
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
});

after(() => {
  web?.close();
  web?.closeAllConnections();
});

async function openPage() {
  const evaluate = await (await browser()).open(`http://127.0.0.1:${web.address().port}/one`);
  const until = async (expression) => {
    while (!(await evaluate(expression).catch(() => false))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await until("client.state === 'live'");
  return { evaluate, until };
}

const lists = `(sessionStorage.getItem("got") ?? "").trim().split(" ").filter((text) => text !== "")`;

/** Waits until everything that was sent has come back, once and in order. */
async function allHasCome({ evaluate, until }) {
  await evaluate("stop()");
  await until(`client.unacknowledged === 0 && ${lists}.length >= Number(sessionStorage.getItem("count"))`);
  const [got, count] = await evaluate(`[${lists}, Number(sessionStorage.getItem("count"))]`);
  assert.deepEqual(got, Array.from({ length: count }, (_, i) => `${i + 1}`));
  assert.ok(count > 20, `${count} packets`);
}

test("a page that the browser brings back goes on with the session that the page in between has used", { skip: missing, timeout: 60_000 }, async () => {
  const tab = await openPage();
  const { evaluate, until } = tab;
  const id = await evaluate("client.sessionId");
  await until(`${lists}.length > 20`);
  for (let round = 0; round < 2; round++) {
    await evaluate("void setTimeout(() => (location.href = '/two'), 0)");
    await until("location.pathname === '/two' && client.state === 'live' && events.includes('resumed')");
    const before = await evaluate(`${lists}.length`);
    await until(`${lists}.length > ${before} + 10`);
    await evaluate("void setTimeout(() => history.back(), 0)");
    await until("location.pathname === '/one' && client.state === 'live'");
    const events = await evaluate("events");
    assert.ok(events.filter((event) => event === "back").length === round + 1, `the browser has kept the page: ${events}`);
    assert.ok(!events.some((event) => /closed|gone/.test(event)), `${events}`);
    assert.equal(await evaluate("client.sessionId"), id);
  }
  await allHasCome(tab);
});
