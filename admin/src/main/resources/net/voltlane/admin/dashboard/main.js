// The dashboard. Start reading here: the stream tells what is new, and the modules show it.

import * as actions from './actions.js';
import * as bans from './bans.js';
import * as charts from './charts.js';
import * as events from './events.js';
import * as fleet from './fleet.js';
import * as now from './now.js';
import * as past from './past.js';
import * as sessions from './sessions.js';
import * as theme from './theme.js';
import {get} from './api.js';
import {follow} from './stream.js';

const STATUS_MILLIS = 5000; // counts of the master, and limits, of which the stream tells nothing
const SPANS_MILLIS = 30_000;

let isLost = true;

now.start();
sessions.start();
charts.start();
bans.start();
fleet.start();
actions.start(() => quietly(bans.load));
theme.start(charts.paint);
document.addEventListener('visibilitychange', () => { if (!document.hidden) charts.draw(); });
setInterval(() => unlessLost(async () => now.showStatus(await get('/api/v1/status'))), STATUS_MILLIS);
setInterval(() => unlessLost(past.loadSpans), SPANS_MILLIS);

follow({
  connected() {
    isLost = false;
    now.showConnected();
    sessions.lost(false);
    [loadPast, events.load, bans.load, fleet.load].forEach(quietly);
  },
  status: now.showStatus,
  sample(sample) {
    past.add(sample);
    now.showSample(sample);
    charts.draw(Date.parse(sample.at) / 1000);
  },
  event: events.add,
  lost(why, retrySeconds) {
    isLost = true;
    now.showLost(why, retrySeconds);
    charts.lost();
    fleet.lost();
    sessions.lost(true);
  },
});

async function loadPast() {
  await past.load();
  charts.draw();
}

function unlessLost(work) {
  if (!isLost && !document.hidden) quietly(work);
}

/** What fails here is asked for again later, and the stream tells if the server is gone. */
function quietly(work) {
  work().catch(() => {});
}
