// The server's stream of events. It is read with fetch, because an EventSource cannot send the token.

import {open, Cancelled, Refusal} from './api.js';

const SILENCE_MILLIS = 5000; // a sample comes every second
const FIRST_WAIT_MILLIS = 1000;
const LAST_WAIT_MILLIS = 10_000;

/**
 * Follows the stream for ever. The listener is told: connected(), each event by its name with its data, and
 * lost(why, retrySeconds) when the server does not answer, is silent or ends the stream.
 */
export async function follow(listener) {
  let wait = FIRST_WAIT_MILLIS;
  for (;;) {
    let why;
    try {
      await read(listener, () => { wait = FIRST_WAIT_MILLIS; });
      why = 'The server has ended the connection.';
    } catch (failure) {
      why = reason(failure);
    }
    listener.lost(why, Math.round(wait / 1000));
    await new Promise(resolve => setTimeout(resolve, wait));
    wait = Math.min(LAST_WAIT_MILLIS, wait * 2);
  }
}

function reason(failure) {
  if (failure instanceof Refusal || failure instanceof Cancelled) return failure.message;
  if (failure.name === 'AbortError') return 'The server is silent.';
  return 'The server does not answer.';
}

async function read(listener, heard) {
  const {answer, abort} = await open('/api/v1/stream');
  let watch = setTimeout(() => abort.abort(), SILENCE_MILLIS);
  try {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    listener.connected();
    let rest = '';
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), SILENCE_MILLIS);
      heard();
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop();
      blocks.forEach(block => dispatch(block, listener));
    }
  } finally {
    clearTimeout(watch);
    abort.abort();
  }
}

function dispatch(block, listener) {
  let name = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7);
    else if (line.startsWith('data: ')) data += line.slice(6);
  }
  if (data !== '' && ['status', 'sample', 'event'].includes(name)) listener[name](JSON.parse(data));
}
