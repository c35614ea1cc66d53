// The table of sessions: a page of them, in the order that the server sorts them in.

import {$, el, meter, text} from './dom.js';
import {Cancelled, get} from './api.js';
import {amount, bytes, count, duration, endpoint, many, time, used} from './format.js';
import {open as openSession} from './session.js';

const PAGE = 50;
const REFRESH_MILLIS = 4000;

/** The columns; a column with orders sorts: by the first of them at once, by the second at the next click. */
const COLUMNS = [
  {title: 'Session'},
  {title: 'State'},
  {title: 'Address'},
  {title: 'Via', wide: true},
  {title: 'Age', number: true, orders: [['opened', 'descending'], ['-opened', 'ascending']]},
  {title: 'Waiting', number: true, orders: [['-waiting', 'descending']]},
  {title: 'Traffic', number: true, orders: [['-traffic', 'descending']]},
  {title: 'Packets ↑ / ↓', number: true, wide: true},
  {title: 'Missed', number: true, wide: true},
];

let order = '-waiting';
let cursor = null;
let next = null;
let page = 1;
let isLost = true;
let asked = 0;

/** Makes the table's head, and looks at sessions from time to time while the first page is shown. */
export function start() {
  $('sessions-head').append(...COLUMNS.map(head));
  for (const radio of document.querySelectorAll('input[name="order"]')) {
    radio.addEventListener('change', () => sortBy(radio.value));
  }
  $('filter').addEventListener('submit', event => {
    event.preventDefault();
    const id = $('filter').elements.id.value.trim();
    if (id !== '') openSession(id, load);
    else first();
  });
  $('filter').elements.state.addEventListener('change', first);
  $('filter').elements.slow.addEventListener('change', first);
  $('sessions-first').addEventListener('click', first);
  $('sessions-next').addEventListener('click', () => {
    cursor = next;
    page++;
    load();
  });
  setInterval(() => { if (page === 1 && !document.hidden && !isLost) load(); }, REFRESH_MILLIS);
  sortBy(order, false);
}

/** The server is gone, or back. */
export function lost(yes) {
  isLost = yes;
  $('sessions-next').disabled = yes || next === null;
  $('sessions-first').disabled = yes;
  if (!yes) first();
}

function head(column) {
  const name = {class: [column.number && 'number', column.wide && 'wide'].filter(Boolean).join(' ') || false, scope: 'col'};
  if (column.orders === undefined) return el('th', name, column.title);
  column.cell = el('th', name, el('button', {type: 'button', onclick: () => {
    const at = column.orders.findIndex(([key]) => key === order);
    sortBy(column.orders[(at + 1) % column.orders.length][0]);
  }}, column.title));
  return column.cell;
}

function sortBy(key, ask = true) {
  order = key;
  for (const radio of document.querySelectorAll('input[name="order"]')) radio.checked = radio.value === key;
  for (const {cell, orders = []} of COLUMNS) {
    const found = orders.find(([each]) => each === key);
    if (cell) cell.setAttribute('aria-sort', found === undefined ? 'none' : found[1]);
  }
  if (ask) first();
}

function first() {
  cursor = null;
  page = 1;
  return load();
}

async function load() {
  const turn = ++asked;
  const {state, address, slow} = $('filter').elements;
  const query = new URLSearchParams({sort: order, limit: PAGE});
  if (state.value !== '') query.set('state', state.value);
  if (address.value.trim() !== '') query.set('address', address.value.trim());
  if (slow.checked) query.set('slow', 'true');
  if (cursor !== null) query.set('cursor', cursor);
  try {
    const answer = await get('/api/v1/sessions?' + query);
    if (turn !== asked) return; // another question was asked meanwhile
    show(answer);
    problem('');
  } catch (failure) {
    if (turn === asked && !(failure instanceof Cancelled) && !isLost) problem(failure.message);
  }
}

function problem(words) {
  $('sessions-problem').hidden = words === '';
  text($('sessions-problem'), words);
}

function show({sessions, next: following}) {
  next = following;
  const focused = document.activeElement?.dataset.session;
  const rows = sessions.map(row);
  $('sessions-body').replaceChildren(...(rows.length > 0 ? rows
    : [el('tr', {}, el('td', {class: 'empty', colspan: COLUMNS.length}, isFiltered() ? 'No session matches.' : 'No sessions.'))]));
  if (focused !== undefined) document.querySelector(`[data-session="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
  const from = (page - 1) * PAGE;
  text($('sessions-count'), sessions.length === 0 ? '' : `${count(from + 1)} to ${count(from + sessions.length)}${next === null ? '' : ' of more'}, at ${time(Date.now())}`);
  $('sessions-next').disabled = next === null;
  $('sessions-first').disabled = page === 1;
}

function isFiltered() {
  const {state, address, slow} = $('filter').elements;
  return state.value !== '' || address.value.trim() !== '' || slow.checked;
}

function row(s) {
  const waiting = s.queue ?? s.missed;
  const bar = waiting.packets > 0 ? meter('part of the bound') : null;
  bar?.show(used(waiting));
  return el('tr', {},
    el('td', {}, el('button', {type: 'button', class: 'link mono', 'data-session': s.id, 'aria-haspopup': 'dialog',
      'aria-label': 'Session ' + s.id, onclick: () => openSession(s.id, load)}, s.id)),
    el('td', {}, el('span', {class: 'tag ' + s.state}, s.state), s.slow ? el('span', {class: 'tag slow'}, 'slow') : null),
    el('td', {class: 'mono'}, endpoint(s)),
    el('td', {class: 'wide'}, s.transport ?? '–'),
    el('td', {class: 'number'}, duration(s.ageSeconds)),
    el('td', {class: 'number'}, waiting.packets === 0 ? '–' : `${many(waiting.packets, 'packet')}, ${bytes(waiting.bytes)}`, bar?.element ?? null),
    el('td', {class: 'number'}, traffic(s)),
    el('td', {class: 'number wide'}, s.packetsUp === null ? '–' : `${amount(s.packetsUp)} / ${amount(s.packetsDown)}`),
    el('td', {class: 'number wide'}, s.missed.packets === 0 ? '–' : count(s.missed.packets)));
}

/** Payload bytes in both directions for each second of its life: what "noisiest" sorts by. */
function traffic(s) {
  if (s.bytesUp === null || s.bytesDown === null) return '–';
  return bytes((s.bytesUp + s.bytesDown) / Math.max(1, s.ageSeconds)) + '/s';
}
