// The addresses that may not connect.

import {$, el, text} from './dom.js';
import {get} from './api.js';
import {lift} from './actions.js';
import {duration} from './format.js';

const PAGE = 50;
const REFRESH_MILLIS = 10_000;

export function start() {
  setInterval(() => { if (!document.hidden && !document.body.classList.contains('gone')) load().catch(() => {}); }, REFRESH_MILLIS);
}

export async function load() {
  const {bans, next} = await get('/api/v1/bans?limit=' + PAGE);
  $('bans').replaceChildren(...bans.map(ban => el('li', {},
    el('span', {class: 'mono'}, ban.address),
    el('span', {class: 'note'}, ban.reason + (ban.server === null ? '' : ' at ' + ban.server) + (ban.endsInSeconds === null ? ', until it is lifted' : ', ' + duration(ban.endsInSeconds) + ' left')),
    el('button', {type: 'button', 'aria-label': 'Lift the ban of ' + ban.address, 'aria-haspopup': 'dialog', onclick: () => lift(ban.address)}, 'Lift…'))));
  text($('bans-note'), bans.length === 0 ? 'No address is banned.' : next === null ? '' : `The first ${bans.length}; voltlane ctl bans lists all.`);
}
