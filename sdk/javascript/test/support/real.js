// The real server with an echoing backend, started by the project's own command, and a relay that cuts connections.

import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as dial, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { missingUnless } from "./tools.js";

const project = fileURLToPath(new URL("../../../..", import.meta.url));
/** Maven names the classes that it has compiled; without it, the project's command does. */
const { VOLTLANE_CLASS_PATH: classPath, JAVA_HOME: javaHome } = process.env;
const [program, ...first] =
  classPath === undefined
    ? [join(project, "voltlane")]
    : [join(javaHome, "bin/java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath, "net.voltlane.cli.Voltlane"];
const isBuilt = classPath !== undefined || existsSync(join(project, "cli/target/voltlane.jar"));

/** Why tests with the real server are left out; false if they are not. */
export const missing = missingUnless(isBuilt, "the server is not built: run `./voltlane version` once");

/** Runs a command of Voltlane's and waits for a line that says that it is ready. */
export async function start(folder, given, ready) {
  const child = spawn(program, [...first, ...given], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  const output = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      output.emit("line", line);
    });
  }
  /** Waits for the next line that matches. */
  const says = (pattern) =>
    new Promise((resolve, reject) => {
      output.on("line", (line) => {
        const match = pattern.exec(line);
        if (match !== null) {
          resolve(match);
        }
      });
      child.on("error", reject);
      child.on("exit", (status) => reject(new Error(`${given[0]} ended with ${status}:\n${lines.join("\n")}`)));
    });
  const isReady = says(ready);
  const stop = async (signal = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, "exit");
    }
  };
  const reload = async () => {
    const done = says(/Reloaded the configuration/);
    child.kill("SIGHUP");
    await done;
  };
  try {
    return { match: await isReady, lines, stop, reload };
  } catch (e) {
    await stop("SIGKILL");
    throw e;
  }
}

/**
 * Starts backend and server. Both listen on free ports of loopback.
 *
 * @param tls the files of a certificate; without it the server speaks in clear
 * @param versions the versions of the protocol that clients may speak
 * @param backend the backend of another server, which outlives this one; without it one of its own is started
 */
export async function startServer({ tls = null, versions = [2, 3], backend = null } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "voltlane-js-"));
  const echo = backend ?? (await start(folder, ["echo", "--listen", "127.0.0.1:0"], /Echoing what comes to .*:(\d+)/));
  const stopEcho = async (signal) => {
    if (backend === null) {
      await echo.stop(signal);
    }
  };
  const file = join(folder, "server.toml");
  const settings = (served) => [
    `[clients]\nversions = [${served}]`,
    `[listener]\naddress = ""`,
    `[admin]\naddress = ""`,
    `[master]\naddress = "127.0.0.1:${echo.match[1]}"`,
    `[websocket]\naddress = "127.0.0.1:0"`,
    ...(tls === null ? [] : [`tls = true\n[tls]\ncertificate = "${tls.certificate}"\nkey = "${tls.key}"`]),
  ];
  const write = (served) => writeFileSync(file, settings(served).join("\n") + "\n");
  write(versions);
  try {
    const server = await start(folder, ["serve", "-c", file], /Ready: .*\bwss? 127\.0\.0\.1:(\d+)/);
    return {
      port: Number(server.match[1]),
      lines: server.lines,
      backend: echo,
      stopServer: () => server.stop(),
      /** Serves other versions from now on, by a reload. */
      async serveVersions(served) {
        write(served);
        await server.reload();
      },
      async stop() {
        await server.stop();
        await stopEcho();
        rmSync(folder, { recursive: true });
      },
    };
  } catch (e) {
    await stopEcho("SIGKILL");
    throw e;
  }
}

/** Passes connections on, and cuts each with a reset after a random number of bytes, anywhere in a frame. */
export class Relay {
  cuts = 0;
  connections = 0;
  /** The largest number of bytes that a connection may carry; 0: any number. */
  cutWithinBytes = 0;
  #server;
  #target;

  constructor(target) {
    this.#target = target;
    this.#server = createServer((near) => this.#relay(near));
  }

  async listen() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = this.#server.address().port;
    return this;
  }

  #relay(near) {
    this.connections++;
    const far = dial(this.#target, "127.0.0.1");
    let left = this.cutWithinBytes > 0 ? Math.ceil(Math.random() * this.cutWithinBytes) : Infinity;
    const end = () => {
      near.destroy();
      far.destroy();
    };
    const pass = (from, to) => {
      from.on("error", end);
      from.on("close", end);
      from.on("data", (chunk) => {
        const part = chunk.subarray(0, left);
        left -= part.length;
        if (part.length > 0) {
          to.write(part);
        }
        if (left <= 0 && !near.destroyed) {
          this.cuts++;
          near.resetAndDestroy();
          far.resetAndDestroy();
        }
      });
    };
    near.setNoDelay(true);
    far.setNoDelay(true);
    pass(near, far);
    pass(far, near);
  }

  close() {
    this.#server.close();
  }
}
