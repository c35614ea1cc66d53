// The past of the figures: ten minutes in seconds, a day in half minutes, as the server keeps them.

import {get} from './api.js';

const KEEP = {'1s': 600, '30s': 2880};
/** Of these, a half minute shows the largest second; of the others, the mean. As the server does it. */
const LARGEST = new Set(['clientsSlow', 'handshakes', 'masterQueuePackets', 'masterQueueBytes', 'masterQueueShare',
  'heldBytes', 'heldShare', 'loopLagSeconds', 'heapUsedBytes']);

const columns = {'1s': empty(), '30s': empty()};

function empty() {
  return {times: [], series: {}};
}

/** Fetches both resolutions anew: at the start, and when the server is back. */
export async function load() {
  await Promise.all([fetchColumns('1s'), fetchColumns('30s')]);
}

/** Fetches the half minutes anew, when one more has passed. */
export const loadSpans = () => fetchColumns('30s');

async function fetchColumns(resolution) {
  const answer = await get('/api/v1/history?resolution=' + resolution);
  const size = Object.values(answer.series)[0].length;
  const end = Date.parse(answer.endAt) / 1000;
  const times = Array.from({length: size}, (_, i) => end - (size - 1 - i) * answer.stepSeconds);
  columns[resolution] = {times, series: answer.series};
}

/** Adds a sample of the stream. */
export function add(sample) {
  const {times, series} = columns['1s'];
  const at = Date.parse(sample.at) / 1000;
  const last = times[times.length - 1];
  if (last !== undefined && at - last < 0.5) return; // the history had it already
  if (last !== undefined && at - last > 3) push(last + 1, null); // a gap, not a line across it
  push(at, sample);

  function push(when, from) {
    times.push(when);
    for (const [name, value] of Object.entries(sample)) {
      if (name === 'at') continue;
      series[name] ??= Array(times.length - 1).fill(null);
      series[name].push(from === null ? null : value);
    }
    if (times.length > KEEP['1s']) {
      times.shift();
      Object.values(series).forEach(column => column.shift());
    }
  }
}

/** The times, and a column for each name, of the last so many seconds before now. */
export function view(names, seconds, now) {
  const from = columns[seconds <= KEEP['1s'] ? '1s' : '30s'];
  let first = from.times.findIndex(at => at >= now - seconds);
  if (first < 0) first = from.times.length;
  const times = from.times.slice(first);
  const data = names.map(name => (from.series[name] ?? []).slice(first));
  if (from === columns['30s']) addRest(times, data, names);
  return [times, ...data];
}

/** The seconds since the last half minute, as one more value. */
function addRest(times, data, names) {
  const fine = columns['1s'];
  const since = columns['30s'].times.at(-1) ?? -Infinity;
  const first = fine.times.findIndex(at => at > since + 0.5);
  if (first < 0) return;
  times.push(fine.times.at(-1));
  names.forEach((name, i) => {
    const values = (fine.series[name] ?? []).slice(first).filter(value => value !== null);
    if (values.length === 0) data[i].push(null);
    else if (LARGEST.has(name)) data[i].push(Math.max(...values));
    else data[i].push(values.reduce((sum, value) => sum + value, 0) / values.length);
  });
}
