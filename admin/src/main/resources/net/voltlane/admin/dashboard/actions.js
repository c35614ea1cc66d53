// Changes to the running server. Each one says first what will happen.

import {$, el, toast} from './dom.js';
import {get, post} from './api.js';
import {confirm, closing, tell} from './dialogs.js';
import {duration, endpoint, many} from './format.js';
import * as now from './now.js';

const LEVELS = ['Off', 'Error', 'Warn', 'Info', 'Debug', 'Trace'];
const BAN_TIMES = [[600, '10 minutes'], [3600, '1 hour'], [86_400, '24 hours'], ['', 'until it is lifted, or the server restarts']];

let bansChanged = () => {};

/** Gives the buttons at the top their work; {@code onBansChanged} is called when a ban was added or lifted. */
export function start(onBansChanged) {
  bansChanged = onBansChanged;
  $('drain').addEventListener('click', drain);
  $('reload').addEventListener('click', reload);
  $('log-level').addEventListener('click', logLevel);
  $('ban').addEventListener('click', () => ban(''));
}

export function kick(session, changed) {
  confirm({
    title: `Kick session ${session.id}?`,
    content: el('p', {}, `The session of ${endpoint(session)} ends now, as if the master had kicked it, and the master is told. `
      + 'Its client cannot resume it, but may open a new session.'),
    action: 'Kick',
    isDanger: true,
    act: async () => {
      await post(`/api/v1/sessions/${encodeURIComponent(session.id)}/kick`);
      toast(`Session ${session.id} was kicked.`);
      changed();
    },
  });
}

export function ban(address) {
  confirm({
    title: 'Ban an address',
    content: el('div', {},
      el('p', {}, 'New connections from the address are refused. Clients that are connected stay: kick their sessions as well.'),
      el('div', {class: 'field'}, el('label', {for: 'ban-address'}, 'Address or network'),
        el('input', {id: 'ban-address', name: 'address', required: true, value: address, placeholder: '192.0.2.7 or 2001:db8::/64', autocomplete: 'off', spellcheck: 'false'})),
      el('div', {class: 'field'}, el('label', {for: 'ban-time'}, 'For'),
        el('select', {id: 'ban-time', name: 'seconds'}, BAN_TIMES.map(([value, label]) => el('option', {value}, label))))),
    action: 'Ban',
    isDanger: true,
    act: async fields => {
      const seconds = fields.get('seconds');
      const banned = await post('/api/v1/bans', {address: fields.get('address').trim(), seconds: seconds === '' ? null : Number(seconds)});
      toast(`${banned.address} is banned.`);
      bansChanged();
    },
  });
}

export function lift(address) {
  confirm({
    title: `Lift the ban of ${address}?`,
    content: el('p', {}, 'The address may connect again at once.'),
    action: 'Lift the ban',
    act: async () => {
      await post('/api/v1/bans/lift', {address});
      toast(`The ban of ${address} is lifted.`);
      bansChanged();
    },
  });
}

function drain() {
  const sessions = now.current()?.sessions;
  const left = sessions === undefined ? 'All sessions' : many(sessions.live + sessions.stale, 'session');
  const limit = el('span', {}, 'the time that general.drain_timeout_secs gives');
  setting('general.drain_timeout_secs').then(seconds => { if (typeof seconds === 'number') limit.textContent = duration(seconds); }, () => {});
  confirm({
    title: 'Drain and stop this server?',
    content: el('div', {},
      el('ul', {class: 'plain'},
        el('li', {}, 'The server stops being ready, and accepts no new client.'),
        el('li', {}, `${left} may receive what waits for them, within `, limit, '. Then they end.'),
        el('li', {}, 'After that the process ends with status 0. This page cannot start it again.')),
      el('p', {}, 'A drain cannot be taken back.')),
    action: 'Drain and stop',
    isDanger: true,
    act: async () => {
      const answer = await post('/api/v1/drain');
      toast(`Draining: the server ends within ${duration(answer.timeoutSeconds)} or a little more.`);
    },
  });
}

async function setting(key) {
  const {settings} = await get('/api/v1/config');
  return settings.find(each => each.key === key)?.value;
}

function reload() {
  confirm({
    title: 'Reload the configuration?',
    content: el('p', {}, 'The server reads its configuration file and variables again. Clients stay connected. '
      + 'A mistake in them changes nothing, and is shown here. Settings that need a restart are named.'),
    action: 'Reload',
    act: async () => {
      const done = await post('/api/v1/reload');
      const parts = [['In effect now', done.atOnce], ['For new connections', done.newLinks], ['At the next restart', done.atRestart],
        ['New certificates', done.newCertificates ?? []], ['Certificates NOT read, those before stay', done.keptCertificates ?? []], ['Warnings', done.warnings]]
        .filter(([, list]) => list.length > 0);
      tell('The configuration was reloaded',
        ...(parts.length === 0 ? [el('p', {}, 'Nothing had changed.')]
          : parts.map(([title, list]) => el('div', {}, el('p', {}, title + ':'), el('ul', {class: 'plain'}, list.map(each => el('li', {class: 'mono'}, each)))))),
        el('div', {class: 'buttons'}, closing()));
    },
  });
}

async function logLevel() {
  const select = el('select', {id: 'level', name: 'level'}, LEVELS.map(level => el('option', {value: level}, level)));
  get('/api/v1/log-level').then(({level}) => { select.value = level; }, () => {});
  confirm({
    title: 'Log level',
    content: el('div', {},
      el('p', {}, 'Debug writes a line for each connection and session. The level holds until the next reload or restart.'),
      el('div', {class: 'field'}, el('label', {for: 'level'}, 'Level'), select)),
    action: 'Set the level',
    act: async fields => {
      const {level} = await post('/api/v1/log-level', {level: fields.get('level')});
      toast(`The log level is ${level}.`);
    },
  });
}
