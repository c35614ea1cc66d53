// The tests with the real server, in one process: they share the backend, the servers and Chromium, whose starts take longer
// than the tests. A test that ends a server comes last.

import { after } from "node:test";
import { stopShared } from "./support/shared.js";
import "./real/pages.js";
import "./real/chromium.js";
import "./real/fleet.js";
import "./real/server.js";

after(stopShared);
