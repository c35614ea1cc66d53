// Requests to the server that this page came from. The token is asked for once, and forgotten with the tab.

import {$, el} from './dom.js';

const KEY = 'voltlane.token';
const ANSWER_MILLIS = 5000;

let token = sessionStorage.getItem(KEY);
let asking = null;

/** An answer other than success; the message is the server's own words. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || 'The server answered with status ' + status + '.');
    this.status = status;
    this.errors = problem.errors || [];
  }
}

/** What the user did not want to go on with. */
export class Cancelled extends Error {}

export const get = path => call(path, {});

/** Sends a change; the body may be left out. */
export async function post(path, body) {
  if (token === null) await askForToken('');
  return call(path, {method: 'POST', body: body === undefined ? undefined : JSON.stringify(body)});
}

async function call(path, request) {
  return (await open(path, request)).answer.json();
}

/**
 * The answer to a request, once the token that it needed was right, and what aborts the rest of it. A server that sends
 * no answer in time counts as gone; the time in which the user looks for the token does not count.
 */
export async function open(path, {method = 'GET', body} = {}) {
  for (;;) {
    const used = token;
    const headers = {Accept: 'application/json'};
    if (used !== null) headers.Authorization = 'Bearer ' + used;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const abort = new AbortController();
    const watch = setTimeout(() => abort.abort(), ANSWER_MILLIS);
    let answer;
    try {
      answer = await fetch(path, {method, headers, body, signal: abort.signal, cache: 'no-store', credentials: 'omit', redirect: 'error'});
    } finally {
      clearTimeout(watch);
    }
    if (answer.ok) return {answer, abort};
    if (answer.status !== 401) throw new Refusal(answer.status, await problem(answer));
    if (token === used) { // else another request has asked meanwhile
      const wrong = used === null ? 'The server wants the token for this.' : 'The server does not accept this token.';
      forgetToken();
      await askForToken(wrong);
    }
  }
}

async function problem(answer) {
  try {
    return await answer.json();
  } catch {
    return {};
  }
}

function forgetToken() {
  token = null;
  sessionStorage.removeItem(KEY);
}

/** Asks for the token. Requests that need it at the same time wait for the same answer. */
function askForToken(why) {
  asking ??= ask(why).finally(() => { asking = null; });
  return asking;
}

function ask(why) {
  return new Promise((resolve, reject) => {
    const dialog = $('token-dialog');
    const input = el('input', {type: 'password', id: 'token', autocomplete: 'off', spellcheck: 'false', required: true,
      'aria-describedby': 'token-where token-wrong', 'aria-invalid': why.includes('accept') ? 'true' : false});
    const form = el('form', {method: 'dialog', onsubmit: event => {
      event.preventDefault();
      token = input.value.trim();
      sessionStorage.setItem(KEY, token);
      input.value = '';
      dialog.close('given');
    }},
    el('h2', {id: 'token-title'}, 'Token'),
    el('p', {id: 'token-where'}, 'The token stands in the file that admin.token_file names, on the server: ',
      el('code', {}, 'admin.token'), ' by default. This tab remembers it until you close it.'),
    el('p', {id: 'token-wrong', class: 'problem', role: 'alert'}, why),
    el('div', {class: 'field'}, el('label', {for: 'token'}, 'Token'), input),
    el('div', {class: 'buttons'},
      el('button', {type: 'button', onclick: () => dialog.close('')}, 'Cancel'),
      el('button', {type: 'submit', class: 'primary'}, 'Use this token')));
    dialog.replaceChildren(form);
    dialog.returnValue = '';
    dialog.addEventListener('close', () => {
      dialog.returnValue === 'given' ? resolve() : reject(new Cancelled('No token was given.'));
    }, {once: true});
    dialog.showModal();
    input.focus();
  });
}
