// Real servers that share their sessions through a Redis, which is started for them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as dial, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "./real.js";
import { missingUnless, runs } from "./tools.js";

export const noRedis = missingUnless(runs("redis-server", "--version"), "redis-server is not installed");

const DRAIN_SECS = 2;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function until(condition) {
  while (!(await condition())) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const accepts = (port) =>
  new Promise((resolve) => {
    const socket = dial(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

async function startRedis(folder) {
  const port = await freePort();
  const given = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const child = spawn("redis-server", given.map(String), { stdio: "ignore" });
  await until(() => child.exitCode !== null || accepts(port));
  return {
    port,
    async stop() {
      if (child.exitCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    },
  };
}

/** @param backend a backend that listens, as `startServer` has it */
export async function startFleet(backend) {
  const folder = mkdtempSync(join(tmpdir(), "voltlane-js-fleet-"));
  const redis = await startRedis(folder);
  const servers = [];

  /** Starts a server. Its address for the others is that of its WebSockets. */
  async function add() {
    const port = await freePort();
    const file = join(folder, `server${port}.toml`);
    const settings = [
      `[general]\ndrain_timeout_secs = ${DRAIN_SECS}`,
      `[server]\nadvertise = "127.0.0.1:${port}"`,
      `[listener]\naddress = ""\nkey_file = "${join(folder, "listener.key")}"`,
      `[admin]\naddress = "127.0.0.1:0"\ntoken_file = "${join(folder, `token${port}`)}"`,
      `[master]\naddress = "127.0.0.1:${backend.match[1]}"\nprotocol = 3`,
      `[websocket]\naddress = "127.0.0.1:${port}"`,
      `[store]\nkind = "redis"\nurl = "redis://127.0.0.1:${redis.port}"`,
    ];
    writeFileSync(file, settings.join("\n") + "\n");
    const server = await start(folder, ["serve", "-c", file], /Ready: /);
    const admin = server.lines.map((line) => /Admin: (http:\/\/[0-9.:]+)/.exec(line)).find((match) => match !== null)[1];
    servers.push(server);
    return { ...server, url: `ws://127.0.0.1:${port}/`, fleet: async () => (await fetch(`${admin}/api/v1/fleet`)).json() };
  }

  return {
    add,
    /** Waits until a server knows so many that clients can go to, itself included. */
    knows: (server, count) =>
      until(async () => (await server.fleet()).servers.filter((it) => it.backendUp && !it.draining).length === count),
    async stop() {
      await Promise.all(servers.map((server) => server.stop("SIGKILL")));
      await redis.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
