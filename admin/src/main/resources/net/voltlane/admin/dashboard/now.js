// The present: the state at the top, the tiles, and the master. When the server is gone, none of them shows old figures.

import {$, el, grade, meter, pairs, text} from './dom.js';
import {amount, bytes, count, duration, lag, many, share, time} from './format.js';

/** The buttons that need a server. */
const CHANGES = ['log-level', 'reload', 'drain', 'ban'];

let status = null;
let statusAt = 0; // performance.now()
let lastSampleAt = null;

const tiles = {};

/** Makes the tiles, empty. */
export function start() {
  tile('clients', 'Clients connected');
  pair('packets', 'Packets per second');
  pair('traffic', 'Payload per second');
  tile('queue', 'Queue for master', true);
  tile('refusals', 'Refusals per second');
  tile('lag', 'Slowest event loop');
  tile('memory', 'Memory held', true);
  text($('host'), location.host);
  setInterval(tickUptime, 1000);
}

function tile(name, title, hasMeter = false) {
  const bar = hasMeter ? meter(title) : null;
  tiles[name] = {big: el('p', {class: 'big', id: 'now-' + name}, '–'), sub: el('p', {class: 'sub'}, '\u00a0'), meter: bar};
  tiles[name].element = el('li', {class: 'tile'}, el('h3', {}, title), tiles[name].big, bar?.element ?? null, tiles[name].sub);
  $('tiles').append(tiles[name].element);
}

function pair(name, title) {
  const ways = [el('b', {id: `now-${name}-up`}, '–'), el('b', {id: `now-${name}-down`}, '–')];
  tiles[name] = {ways};
  tiles[name].element = el('li', {class: 'tile'}, el('h3', {}, title),
    el('p', {class: 'way'}, ways[0], ' from clients'), el('p', {class: 'way'}, ways[1], ' to clients'));
  $('tiles').append(tiles[name].element);
}

function say(name, big, sub, how = '') {
  text(tiles[name].big, big);
  text(tiles[name].sub, sub);
  grade(tiles[name].element, how);
}

/** The rates of both directions, on a line each. */
function sayBoth(name, up, down) {
  const {ways} = tiles[name];
  text(ways[0], up);
  text(ways[1], down);
}

/** The last status of the server; null while it is gone. */
export const current = () => status;

export function showStatus(next) {
  status = next;
  statusAt = performance.now();
  text($('version'), next.version);
  text($('listeners'), next.listeners.length === 0 ? 'nothing yet' : next.listeners.join(', '));
  text($('key'), next.key);
  text($('java'), next.java);
  text($('process'), next.processId);
  showState();
  showMaster(next.master);
  tickUptime();
  $('drain').disabled = next.drain !== null || next.state === 'draining' || next.state === 'stopping';
}

function showState() {
  const isEnding = ['draining', 'stopping', 'stopped', 'failed'].includes(status.state);
  const word = status.ready ? 'Ready' : isEnding ? capital(status.state) : 'Not ready';
  state(word, status.ready ? 'good' : isEnding ? 'warn' : 'bad');
  const reasons = status.reasons.join('; ');
  if (status.ready) banner('', '');
  else if (status.drain !== null) banner('Draining.', drainText(status.drain), 'warn');
  else banner('Not ready:', (reasons || 'the server is ' + status.state) + '.', isEnding ? 'warn' : 'bad');
}

function drainText(drain) {
  return `No new clients. ${many(drain.sessionsLeft, 'session')} left; the last ones are ended within ${duration(Math.ceil(drain.endsInSeconds))}.`;
}

function state(word, how) {
  text($('state-text'), word);
  grade($('state'), how);
  document.title = `${word} – ${location.host} – Voltlane`;
}

function banner(strong, words, how) {
  const element = $('banner');
  element.hidden = words === '';
  const full = strong + ' ' + words;
  if (element.textContent === full) return; // an alert that is set again is read again
  element.replaceChildren(...(words === '' ? [] : [el('strong', {}, strong), ' ' + words]));
  element.classList.toggle('bad', how === 'bad');
}

const capital = word => word[0].toUpperCase() + word.slice(1);

function tickUptime() {
  text($('uptime'), status === null ? '–' : duration(status.uptimeSeconds + (performance.now() - statusAt) / 1000));
}

export function showSample(s) {
  lastSampleAt = Date.now();
  if (status === null) return;
  const {connections, master, memory, sessions} = status;
  say('clients', count(s.clientsLive), `${count(s.clientsStale)} away${connections.limit === null ? '' : ', room for ' + amount(connections.limit)}`);
  sayBoth('packets', amount(s.packetsUp), amount(s.packetsDown));
  sayBoth('traffic', bytes(s.bytesUp), bytes(s.bytesDown));
  say('queue', share(s.masterQueueShare), `${count(s.masterQueuePackets)}${limit(master.queue.maxPackets, amount)} packets`, level(s.masterQueueShare, 0.6, 0.9));
  tiles.queue.meter.show(s.masterQueueShare);
  say('refusals', amount(s.refusals), 'connections and handshakes', s.refusals >= 1 ? 'warn' : '');
  say('lag', lag(s.loopLagSeconds), 'longest lag in a second', level(s.loopLagSeconds, 0.3, 1));
  say('memory', bytes(s.heldBytes), `${memory.heldBytesLimit === null ? 'without a bound' : 'of ' + bytes(memory.heldBytesLimit)}, heap ${bytes(s.heapUsedBytes)}`, level(s.heldShare, 0.6, 0.9));
  tiles.memory.meter.show(s.heldShare);
}

const level = (value, warn, bad) => value >= bad ? 'bad' : value >= warn ? 'warn' : '';

function showMaster(master) {
  const link = master.connected ? el('span', {class: 'good-text'}, 'connected') : el('span', {class: 'bad-text'}, 'not connected');
  const {queue} = master;
  pairs($('master'), [
    ['Link', link],
    ['Address', master.address],
    ['Firehose', 'version ' + master.firehose],
    ['Connected', many(master.connections, 'time')],
    ['Link lost', many(master.losses, 'time')],
    ['Failed dials', count(master.failedDials)],
    ['Packets waiting', count(queue.packets) + limit(queue.maxPackets, count)],
    ['Bytes waiting', bytes(queue.bytes) + limit(queue.maxBytes, bytes)],
    ['Clients held back', yesNo(master.clientsHeld)],
    ['Master not read', yesNo(master.firehosePaused)],
  ]);
}

const limit = (bound, format) => bound === null ? '' : ' of ' + format(bound);
const yesNo = yes => yes ? el('span', {class: 'warn-text'}, 'yes') : 'no';

/** Shows that the server does not answer. */
export function showLost(why, retrySeconds) {
  status = null;
  document.body.classList.add('gone');
  state('No answer', 'bad');
  const since = lastSampleAt === null ? '' : ` The last figures came at ${time(lastSampleAt)}; tables and charts below are of that time.`;
  banner('No answer.', `${why}${since} Trying again every ${retrySeconds <= 1 ? 'second' : 'few seconds'}.`, 'bad');
  for (const [name, {ways, meter: bar}] of Object.entries(tiles)) {
    if (ways === undefined) say(name, '–', 'not known');
    else sayBoth(name, '–', '–');
    bar?.show(null);
  }
  text($('uptime'), '–');
  pairs($('master'), [['Link', 'not known']]);
  CHANGES.forEach(id => { $(id).disabled = true; });
}

/** Shows that the server answers again. */
export function showConnected() {
  document.body.classList.remove('gone');
  CHANGES.forEach(id => { $(id).disabled = false; });
}
