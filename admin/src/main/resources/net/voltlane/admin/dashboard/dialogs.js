// Dialogs: one that tells, and one that asks before something is changed.

import {$, el} from './dom.js';
import {Cancelled} from './api.js';

const dialog = () => $('dialog');
let opened = 0;

/** Opens the dialog with a title and children; its closing button has the focus. Escape closes it. */
export function tell(title, ...children) {
  const element = dialog();
  opened++;
  element.replaceChildren(el('h2', {id: 'dialog-title'}, title), ...children.filter(child => child !== null));
  if (!element.open) element.showModal();
  return element;
}

/** The button that closes the dialog and changes nothing. */
export const closing = (label = 'Close') => el('button', {type: 'button', autofocus: true, onclick: () => dialog().close()}, label);

/**
 * Asks before a change. The content says what will happen. The focus is on Cancel, so that Enter by mistake changes
 * nothing. A change that fails is told in the dialog.
 */
export function confirm({title, content, action, isDanger = false, act}) {
  const problem = el('div', {class: 'problem', role: 'alert'});
  const go = el('button', {type: 'submit', class: isDanger ? 'primary danger' : 'primary'}, action);
  const cancel = closing('Cancel');
  const form = el('form', {method: 'dialog', onsubmit: async event => {
    event.preventDefault();
    const mine = opened;
    go.disabled = true;
    problem.replaceChildren();
    try {
      await act(new FormData(form));
      if (mine === opened) dialog().close();
    } catch (failure) {
      if (!(failure instanceof Cancelled)) problem.replaceChildren(...words(failure));
    } finally {
      go.disabled = false;
      if (mine === opened && dialog().open) cancel.focus();
    }
  }}, content, problem, el('div', {class: 'buttons'}, cancel, go));
  tell(title, form);
  (form.querySelector('.field input, .field select') ?? cancel).focus();
}

function words(failure) {
  const list = failure.errors?.length > 0 ? [el('ul', {class: 'plain'}, failure.errors.map(each => el('li', {}, each)))] : [];
  const message = failure instanceof TypeError || failure.name === 'AbortError' ? 'The server does not answer. Nothing is known of the change.' : failure.message;
  return [el('p', {}, message), ...list];
}
