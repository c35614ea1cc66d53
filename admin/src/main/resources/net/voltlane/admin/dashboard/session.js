// The details of one session, and what can be done about it.

import {el, pairs} from './dom.js';
import {Cancelled, get, Refusal} from './api.js';
import {ban, kick} from './actions.js';
import {bytes, count, duration, endpoint, queue} from './format.js';
import {closing, tell} from './dialogs.js';

/** Looks at a session and shows it; {@code changed} is called when it was kicked. */
export async function open(id, changed) {
  let session;
  try {
    session = await get('/api/v1/sessions/' + encodeURIComponent(id));
  } catch (failure) {
    if (failure instanceof Cancelled) return;
    const isGone = failure instanceof Refusal && failure.status === 404;
    tell('Session ' + id, el('p', {}, isGone ? 'There is no such session. It may have ended meanwhile.' : failure.message),
      el('div', {class: 'buttons'}, closing()));
    return;
  }
  const list = el('dl', {class: 'pairs'});
  pairs(list, details(session));
  tell('Session ' + session.id, list,
    el('div', {class: 'buttons'},
      el('button', {type: 'button', class: 'danger', onclick: () => kick(session, changed)}, 'Kick…'),
      el('button', {type: 'button', class: 'danger', onclick: () => ban(session.address)}, 'Ban its address…'),
      closing()));
}

function details(s) {
  return [
    ['State', s.state + (s.slow ? ', slow' : '') + (s.blocking ? ', blocks the stream' : '')],
    ['Address', el('span', {class: 'mono'}, endpoint(s))],
    ['Transport', s.transport ?? null],
    ['Protocol version', s.protocol],
    ['Opened', duration(s.ageSeconds) + ' ago'],
    ['Connection lost', s.lostForSeconds === null ? null : duration(s.lostForSeconds) + ' ago'],
    ['Resumed', s.resumes === null || s.resumes === undefined ? null : count(s.resumes) + (s.resumes === 1 ? ' time' : ' times')],
    ['Silent for', s.silentForSeconds === null ? null : duration(s.silentForSeconds)],
    ['Waiting for its socket', s.queue === null ? null : queue(s.queue)],
    ['Missed, kept for its return', queue(s.missed)],
    ['From the client', s.packetsUp === null ? null : `${count(s.packetsUp)} packets, ${bytes(s.bytesUp)}`],
    ['To the client', s.packetsDown === null ? null : `${count(s.packetsDown)} packets, ${bytes(s.bytesDown)}`],
  ].filter(([, value]) => value !== null);
}
