// Numbers, times and addresses as people read them. A value that is not known is a dash.

const DASH = '–';
const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const short = new Intl.NumberFormat('en', {maximumSignificantDigits: 3});
const clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});
const minutes = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit'});
const day = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit'});

const isMissing = n => n === null || n === undefined || Number.isNaN(n);

function scaled(n, step, units) {
  let unit = 0;
  while (Math.abs(n) >= step * 0.9995 && unit < units.length - 1) {
    n /= step;
    unit++;
  }
  return short.format(n) + units[unit];
}

/** 1,204 */
export const count = n => isMissing(n) ? DASH : whole.format(n);

/** 12.3k: for rates, where the last digits only flicker. */
export const amount = n => isMissing(n) ? DASH : n < 10_000 ? (n < 100 ? short.format(n) : whole.format(n)) : scaled(n, 1000, ['', 'k', 'M', 'G']);

/** 1.5 MiB */
export const bytes = n => isMissing(n) ? DASH : scaled(n, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']);

/** 37 %; never 0 or 100 for what is only nearly that. */
export function share(n) {
  if (isMissing(n)) return DASH;
  if (n > 0 && n < 0.01) return '< 1 %';
  if (n < 1 && n > 0.99) return '99 %';
  return whole.format(n * 100) + ' %';
}

/** 12 ms, 1.2 s */
export function lag(seconds) {
  if (isMissing(seconds)) return DASH;
  return seconds < 1 ? whole.format(seconds * 1000) + ' ms' : short.format(seconds) + ' s';
}

/** 3 d 4 h, 5 min 6 s, 7 s */
export function duration(seconds) {
  if (isMissing(seconds)) return DASH;
  const s = Math.floor(seconds);
  if (s < 60) return s + ' s';
  if (s < 3600) return Math.floor(s / 60) + ' min ' + s % 60 + ' s';
  if (s < 86_400) return Math.floor(s / 3600) + ' h ' + Math.floor(s % 3600 / 60) + ' min';
  return Math.floor(s / 86_400) + ' d ' + Math.floor(s % 86_400 / 3600) + ' h';
}

/** 14:03:07 of a time in milliseconds, or text; with the day where that is another than today. */
export function time(at) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return DASH;
  return (date.toDateString() === new Date().toDateString() ? clock : day).format(date);
}

/** 14:03 */
export const minute = seconds => minutes.format(new Date(seconds * 1000));

/** The address of a client with its port, as long as it has one. */
export function endpoint({address, port}) {
  if (port === null || port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Packets and bytes beside their bounds, of which each may be none. */
export function queue({packets, bytes: size, maxPackets, maxBytes}) {
  return `${count(packets)} ${of(maxPackets, count)}packets, ${bytes(size)}${maxBytes === null ? '' : ' ' + of(maxBytes, bytes).trim()}`;
}

const of = (bound, format) => bound === null ? '' : `of ${format(bound)} `;

/** The part of a bound that is used, of the bound that is nearer. */
export const used = ({packets, bytes: size, maxPackets, maxBytes}) =>
  Math.max(maxPackets > 0 ? packets / maxPackets : 0, maxBytes > 0 ? size / maxBytes : 0);

/** The plural of a noun where it takes one. */
export const many = (n, one, more = one + 's') => count(n) + ' ' + (n === 1 ? one : more);
