// The last lines of the log, newest first.

import {$, el, text} from './dom.js';
import {get} from './api.js';
import {count, time} from './format.js';

const KEEP = 100;
/** Lines that the answer to load() may have had before the stream sends them. */
const AGAIN = 20;

let skipped = 0;

/** Fetches the last lines. */
export async function load() {
  const {events} = await get('/api/v1/events?limit=' + KEEP);
  $('events').replaceChildren(...(events.length === 0 ? [empty()] : events.map(line)));
}

/** Adds a line of the stream, or the number of lines that it left out. */
export function add(event) {
  if (event.skipped !== undefined) {
    skipped += event.skipped;
    text($('events-note'), `${count(skipped)} more lines came too fast for this page; see the log.`);
    return;
  }
  const list = $('events');
  if ([...list.children].slice(0, AGAIN).some(each => each.dataset.key === key(event))) return; // load() had it already
  list.querySelector('.empty')?.remove();
  list.prepend(line(event));
  while (list.children.length > KEEP) list.lastElementChild.remove();
}

function line({at, level, message, fields = {}}) {
  const more = Object.entries(fields ?? {}).filter(([, value]) => !message.includes(String(value)))
    .map(([name, value]) => `${name}=${value}`).join(' ');
  return el('li', {class: level.toLowerCase(), 'data-key': at + message}, el('time', {datetime: at}, time(at)), el('span', {class: 'level'}, level),
    el('span', {class: 'text'}, message + (more === '' ? '' : ' · ' + more)));
}

const key = ({at, message}) => at + message;
const empty = () => el('li', {class: 'empty'}, 'Nothing so far.');
