// Every snippet of docs/JAVASCRIPT.md, run against the real server: JavaScript in Node, the web page in Chromium. The comment
// before a snippet says what it is to show.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { missing as noTls } from "../support/certificate.js";
import { missing as noBrowser } from "../support/chromium.js";
import { emptyProject, install, sdk } from "../support/project.js";
import { missing } from "../support/real.js";
import { browser, clearServer, secureServer } from "../support/shared.js";

const page = readFileSync(join(sdk, "../../docs/JAVASCRIPT.md"), "utf8");
const blocks = [...page.matchAll(/(?:<!-- (.*) -->\n)?```(js|html)\n([\s\S]*?)```/g)].map(([whole, mark, language, code], i) => ({
  mark: mark ?? "",
  language,
  code,
  line: page.slice(0, page.indexOf(whole)).split("\n").length,
  file: `snippet-${i}.mjs`,
}));

let server;
let secure = null;
let project;

before(async () => {
  project = emptyProject();
  install(project.folder);
  if (!missing) {
    server = await clearServer();
  }
  if (!missing && !noTls) {
    secure = await secureServer();
    writeFileSync(join(project.folder, "ca.pem"), secure.pem);
  }
});

after(() => project.remove());

const withPort = (code) =>
  code.replaceAll("127.0.0.1:8080", `127.0.0.1:${server.port}`).replaceAll("127.0.0.1:8443", `127.0.0.1:${secure?.port}`);

/** Adds what the page says that there is: a connected client. */
function program(code) {
  const whole = /^import /m.test(code)
    ? code
    : `import { connect } from "voltlane";\nconst client = connect("ws://127.0.0.1:8080/");\nawait client.ready;\n${code}`;
  return withPort(whole).replace("./sdk/javascript/voltlane.js", "voltlane");
}

const snippets = blocks.filter(({ language }) => language === "js");

test("the page has snippets, and each says what it shows", () => {
  assert.ok(snippets.length > 8);
  for (const { mark, line } of snippets) {
    assert.match(mark, /^(shows ".+"|file: \S+)$/, `line ${line}`);
  }
  assert.equal(blocks.filter(({ language }) => language === "html").length, 1, "one web page, which is run in Chromium");
});

describe("the snippets", { concurrency: 4 }, () => {
  snippets.forEach(showsWhatItSays);
});

function showsWhatItSays({ mark, code, line, file }) {
  test(`the snippet in line ${line} ${mark}`, { skip: missing || (code.includes("wss:") && noTls), timeout: 20_000 }, async () => {
    const expected = mark.startsWith("file") ? null : JSON.parse(mark.slice("shows ".length));
    writeFileSync(join(project.folder, file), program(code));
    const child = spawn(process.execPath, [file], { cwd: project.folder });
    let shown = "";
    const ended = once(child, "exit");
    try {
      const seen = new Promise((resolve) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on("data", (chunk) => {
            shown += chunk;
            if (expected !== null && shown.includes(expected)) {
              resolve();
            }
          });
        }
      });
      await Promise.race([seen, ended]);
      if (expected === null || !shown.includes(expected)) {
        const [status] = await ended;
        assert.equal(status, 0, shown);
        assert.ok(expected === null || shown.includes(expected), `shown: ${shown}`);
      }
      assert.doesNotMatch(shown, /Error/);
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });
}

test("the web page works in Chromium", { skip: missing || noBrowser, timeout: 60_000 }, async () => {
  const { code } = blocks.find(({ language }) => language === "html");
  const web = createServer((request, response) => {
    const isPage = request.url === "/page.html";
    response.setHeader("Content-Type", isPage ? "text/html" : "text/javascript");
    response.end(isPage ? withPort(code) : readFileSync(join(sdk, "voltlane.js")));
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  try {
    const evaluate = await (await browser()).open(`http://127.0.0.1:${web.address().port}/page.html`);
    const until = async (expression) => {
      while (!(await evaluate(expression).catch(() => false))) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await until("document.querySelector('#state')?.textContent === 'live'");
    await evaluate("document.querySelector('button').click()");
    await until("document.querySelector('li')?.textContent === 'clicked'");
    await evaluate("location.reload()");
    await until("document.querySelector('#state')?.textContent === 'live' && document.querySelector('li') === null");
  } finally {
    web.close();
    web.closeAllConnections();
  }
});
