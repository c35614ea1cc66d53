// The theme: that of the system, or the one that was chosen here.

import {$, text} from './dom.js';

const KEY = 'voltlane.theme';
const NEXT = {auto: 'light', light: 'dark', dark: 'auto'};

/** Applies the theme that was chosen last, and calls back at each change. */
export function start(changed) {
  let theme = localStorage.getItem(KEY) ?? 'auto';
  if (!(theme in NEXT)) theme = 'auto';
  apply(theme);
  $('theme').addEventListener('click', () => {
    theme = NEXT[theme];
    localStorage.setItem(KEY, theme);
    apply(theme);
    changed();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}

function apply(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  text($('theme'), 'Theme: ' + theme);
}
