// The client with real servers that share their sessions: it goes on at another one when its server drains.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../../voltlane.js";
import { NodeWebSocket } from "../../node-websocket.js";
import { noRedis, startFleet } from "../support/fleet.js";
import { missing } from "../support/real.js";
import { clearServer } from "../support/shared.js";

/** A client that sends numbers, and checks that each echo comes once and in order. */
class Talker {
  sent = 0;
  got = 0;
  resumed = 0;

  constructor(url, alternatives) {
    this.client = connect(url, { alternatives, WebSocket: NodeWebSocket, backoffMillis: 20, backoffMaxMillis: 100 });
    this.client.addEventListener("packet", ({ data }) => {
      assert.equal(Buffer.from(data).toString(), String(++this.got));
    });
    this.client.addEventListener("resumed", () => this.resumed++);
    this.over = this.client.ended.then(({ message }) => Promise.reject(new Error(`the client has ended: ${message}`)));
    this.over.catch(() => {});
  }

  /** Goes on sending until a condition holds and everything has come back. */
  async talkUntil(condition) {
    while (!condition()) {
      if (this.sent - this.got < 50) {
        this.client.send(String(++this.sent));
      }
      await this.#moment();
    }
    while (this.got < this.sent) {
      await this.#moment();
    }
  }

  #moment() {
    return Promise.race([new Promise((resolve) => setTimeout(resolve, 1)), this.over]);
  }
}

test("when a server drains, its clients go on at another one, and nothing is lost", { skip: missing || noRedis, timeout: 90_000 }, async () => {
  const { backend } = await clearServer();
  const fleet = await startFleet(backend);
  try {
    const first = await fleet.add(); // it makes the key that both have
    const second = await fleet.add();
    await fleet.knows(first, 2);
    const alone = new Talker(first.url); // the first server names the second one: that is enough
    const listed = new Talker(first.url, ["ws://127.0.0.1:1/", second.url]);
    const talkers = [alone, listed];
    await Promise.all(talkers.map((it) => it.talkUntil(() => it.got > 100)));
    const ids = talkers.map(({ client }) => client.sessionId);

    const drained = first.stop();
    await Promise.all(talkers.map((it) => it.talkUntil(() => it.resumed > 0 && it.got > 500)));
    await drained;
    await Promise.all(talkers.map((it) => it.talkUntil(() => it.got > 600)));
    assert.deepEqual(talkers.map(({ client }) => client.sessionId), ids);
    await Promise.all(talkers.map(({ client }) => client.close()));
  } finally {
    await fleet.stop();
  }
});
