// A page in a real Chromium, spoken to over a pipe.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingUnless, runs } from "./tools.js";

const program = process.env.VOLTLANE_CHROMIUM ?? "chromium";

/** Why tests in a browser are left out; false if they are not. */
export const missing = missingUnless(
  runs("sh", "-c", `command -v ${program}`),
  "Chromium is not installed (Debian: apt install chromium)",
);

export class Browser {
  #calls = new Map();
  #lastCall = 0;
  #rest = "";

  static async start() {
    const browser = new Browser();
    browser.profile = mkdtempSync(join(tmpdir(), "voltlane-chromium-"));
    const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", `--user-data-dir=${browser.profile}`];
    browser.process = spawn(program, [...options, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.process.stdio[3].on("error", () => {});
    browser.process.stdio[4].on("data", (chunk) => browser.#read(chunk));
    return browser;
  }

  #read(chunk) {
    const messages = (this.#rest + chunk).split("\0");
    this.#rest = messages.pop();
    for (const text of messages) {
      const { id, result, error } = JSON.parse(text);
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      error === undefined ? call?.resolve(result) : call?.reject(new Error(error.message));
    }
  }

  call(method, params = {}, sessionId = undefined) {
    const id = ++this.#lastCall;
    this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  /** Opens a page, and returns a function that evaluates an expression in it. */
  async open(url) {
    const { targetId } = await this.call("Target.createTarget", { url });
    const { sessionId } = await this.call("Target.attachToTarget", { targetId, flatten: true });
    return async (expression) => {
      const params = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await this.call("Runtime.evaluate", params, sessionId);
      if (exceptionDetails !== undefined) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result.value;
    };
  }

  async stop() {
    if (this.process.exitCode === null) {
      this.process.kill("SIGKILL");
      await once(this.process, "exit");
    }
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
