// The store of session records, and the servers that share it. A server whose sessions end with it shows nothing of this.

import {$, el, text} from './dom.js';
import {get} from './api.js';
import {bytes, count, duration, many, time} from './format.js';

const REFRESH_MILLIS = 5000;
/** A server that is missed is shown for this long, unless one of the same name has come. */
const KEEP_MILLIS = 3_600_000;
const KEEP = 20;

const COLUMNS = [
  {title: 'Server'},
  {title: 'State'},
  {title: 'Backend'},
  {title: 'Live', number: true},
  {title: 'Away', number: true},
  {title: 'Connections', number: true, wide: true},
  {title: 'Address', wide: true},
  {title: 'Version', wide: true},
  {title: 'Up', number: true, wide: true},
  {title: 'Last heard', number: true},
];

/** Servers by the name of their process: what each told last, when it was heard last, and whether it still is. */
const known = new Map();
let asked = 0;
let isLost = true;
let isUp = false;

/** Makes the table's head, and asks from time to time. */
export function start() {
  $('fleet-head').append(...COLUMNS.map(column => el('th', {class: kind(column), scope: 'col'}, column.title)));
  setInterval(() => { if (!document.hidden && !document.body.classList.contains('gone')) load().catch(() => {}); }, REFRESH_MILLIS);
}

export async function load() {
  const turn = ++asked;
  const {store, servers} = await get('/api/v1/fleet');
  if (turn !== asked) return; // a later answer was there first, or the server is gone
  isLost = false;
  isUp = store.up;
  $('fleet').hidden = store.kind === 'memory' && servers.length === 0;
  showStore(store);
  remember(servers, Date.now());
  showServers();
  text($('fleet-note'), known.size === 0 ? 'This server shares its sessions with no other one.'
    : store.up ? '' : 'The servers are as they were when the store was reached last.');
}

/** The server that tells of the others does not answer: what it said last is old, and is shown as such. */
export function lost() {
  asked++;
  fact('store-up', 'not known');
  isLost = true;
  showServers();
}

function showServers() {
  $('fleet-scroll').hidden = known.size === 0;
  $('fleet-body').replaceChildren(...[...known.values()].sort(byName).map(row));
}

function showStore(store) {
  fact('store-kind', store.place === null ? store.kind : `${store.kind}, ${store.place}`);
  fact('store-up', store.up ? 'reached' : 'away', store.up ? 'good-text' : 'bad-text');
  fact('store-records', store.records === null ? null : count(store.records) + (store.bytes === null ? '' : ', ' + bytes(store.bytes)));
  fact('store-unrecorded', many(store.unrecorded, 'session') + ' of this server', store.unrecorded === 0 ? '' : 'warn-text');
  fact('store-when-away', store.whenAway === 'refuse' ? 'new sessions are refused' : 'new sessions have no record at first');
}

/** A fact, which is left out where its value is null. */
function fact(id, value, how = '') {
  $(id).parentElement.hidden = value === null;
  $(id).className = how;
  text($(id), value ?? '');
}

/** While the store is away, the servers are those of before, so none of them was heard or is missed. */
function remember(servers, at) {
  const ids = new Set(servers.map(server => server.id));
  const names = new Set(servers.map(server => server.name));
  for (const server of servers) known.set(server.id, {server, heard: isUp ? at : known.get(server.id)?.heard ?? null, isMissed: false});
  if (!isUp) return;
  for (const [id, entry] of known) {
    if (ids.has(id)) continue;
    entry.isMissed = true;
    if (names.has(entry.server.name) || at - entry.heard > KEEP_MILLIS) known.delete(id);
  }
  const missed = [...known].filter(([, entry]) => entry.isMissed).sort(([, a], [, b]) => a.heard - b.heard);
  missed.slice(0, Math.max(0, missed.length - KEEP)).forEach(([id]) => known.delete(id));
}

const byName = (a, b) => a.server.name < b.server.name ? -1 : a.server.name > b.server.name ? 1 : 0;

function row({server, heard, isMissed}) {
  const isOver = isMissed && (server.draining || server.state === 'stopping');
  const state = !isMissed ? tag(server.state, server.state === 'listening' ? 'live' : 'slow') : isOver ? tag('ended', 'stale') : tag('silent', 'silent');
  const cells = [
    [server.name, server.self ? el('span', {class: 'note'}, ' this one') : null],
    [state],
    [isMissed ? '–' : server.backendUp ? el('span', {class: 'good-text'}, 'up') : el('span', {class: 'bad-text'}, 'down')],
    [isMissed ? '–' : count(server.liveSessions)],
    [isMissed ? '–' : count(server.staleSessions)],
    [isMissed ? '–' : count(server.connections)],
    [el('span', {class: 'mono'}, server.advertise ?? '–')],
    [server.version === '' ? '–' : server.version],
    [isMissed ? '–' : duration(Math.max(0, (Date.now() - Date.parse(server.startedAt)) / 1000))],
    [heardText(heard, isMissed)],
  ];
  return el('tr', {'data-server': server.id, class: isMissed && 'missed'},
    cells.map((cell, i) => el('td', {class: kind(COLUMNS[i])}, ...cell)));
}

const tag = (word, how) => el('span', {class: 'tag ' + how}, word);
const kind = column => [column.number && 'number', column.wide && 'wide'].filter(Boolean).join(' ') || false;

/** A server that the store lists was heard within the last seconds. */
function heardText(heard, isMissed) {
  if (heard === null) return '–';
  return isMissed || isLost || !isUp ? time(heard) : 'now';
}
