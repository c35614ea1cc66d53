// Builds and fills elements. Whatever comes from the server is put in as text, never as HTML.

export const $ = id => document.getElementById(id);

/** An element with attributes ("onclick" and the like are listeners; false and null leave an attribute out) and children. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

/** Sets a text where it differs, so that nothing is laid out, selected or read out anew without need. */
export function text(element, value) {
  if (element.textContent !== String(value)) element.textContent = value;
}

/** Sets the class that shows how bad a figure is: "", "good", "warn" or "bad". */
export function grade(element, name) {
  for (const each of ['good', 'warn', 'bad']) element.classList.toggle(each, each === name);
}

/** Pairs of a term and its value; a value may be an element. */
export function pairs(list, entries) {
  list.replaceChildren(...entries.flatMap(([term, value]) => [el('dt', {}, term), el('dd', {}, value)]));
}

/** A bar that shows a share of a bound. */
export function meter(label) {
  const bar = el('span');
  const element = el('div', {class: 'meter', role: 'meter', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100}, bar);
  return {
    element,
    show(share) {
      const percent = share === null ? 0 : Math.min(100, Math.max(0, share * 100));
      bar.style.width = percent + '%';
      element.setAttribute('aria-valuenow', Math.round(percent));
      grade(element, percent >= 90 ? 'bad' : percent >= 60 ? 'warn' : '');
    },
  };
}

let toastTimer = 0;

/** Says in a corner, and to screen readers, what has just been done. */
export function toast(message) {
  $('toast').textContent = message;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $('toast').textContent = ''; }, 6000);
}
