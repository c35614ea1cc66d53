// The charts. Each one says its figures in words as well: now, the smallest and the largest of the time shown.

import uPlot from './uplot/uPlot.esm.js';
import {$, el, text} from './dom.js';
import * as past from './past.js';
import {amount, bytes, count, lag, minute, share, time} from './format.js';

/** Distances of the lines of a grid: of whole numbers, of bytes, and of shares. */
const COUNT_STEPS = Array.from({length: 24}, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));
const BYTE_STEPS = Array.from({length: 44}, (_, i) => 2 ** i);
const SHARE_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1];

const CHARTS = [
  {title: 'Clients', format: count, steps: COUNT_STEPS, series: [['clientsLive', 'connected'], ['clientsStale', 'away']]},
  {title: 'Packets per second', format: amount, series: [['packetsUp', 'from clients'], ['packetsDown', 'to clients']]},
  {title: 'Payload bytes per second', format: bytes, steps: BYTE_STEPS, series: [['bytesUp', 'from clients'], ['bytesDown', 'to clients']]},
  {title: 'Queue for the master, of its bound', format: share, steps: SHARE_STEPS, series: [['masterQueueShare', 'waiting']], least: 0.05},
  {title: 'Refusals per second', format: amount, series: [['refusals', 'connections and handshakes']]},
  {title: 'Lag of the slowest event loop', format: lag, series: [['loopLagSeconds', 'lag']], least: 0.05},
];
const NAMES = {600: '10 minutes', 3600: 'hour', 86400: '24 hours'};
const HEIGHT = 150;

let charts = [];
let seconds = 600;
let newest = Date.now() / 1000; // by the server's clock

/** Makes the charts, and the switch of the time that they show. */
export function start() {
  charts = CHARTS.map(make);
  $('charts').append(...charts.map(chart => chart.element));
  for (const radio of document.querySelectorAll('input[name="range"]')) {
    radio.addEventListener('change', () => {
      seconds = Number(radio.value);
      text($('range-name'), NAMES[seconds]);
      draw();
    });
  }
  const sizes = new ResizeObserver(() => charts.forEach(fit));
  charts.forEach(chart => sizes.observe(chart.target));
  paint();
}

/** Draws what has come since, up to the server's present. */
export function draw(now = newest) {
  newest = now;
  if (document.hidden) return;
  let away = false;
  for (const chart of charts) {
    const names = chart.series.map(([name]) => name);
    const [times, ...data] = past.view([...names, 'masterUp'], seconds, now);
    chart.masterUp = data.pop();
    away ||= chart.masterUp.some(up => up !== null && up < 1);
    chart.plot?.setData([times, ...data], false);
    chart.plot?.batch(() => {
      chart.plot.setScale('x', {min: now - seconds, max: now});
      chart.plot.setScale('y', {min: 0, max: top(data, chart.least)});
    });
    data.forEach((values, i) => describe(chart, i, values));
  }
  $('away-note').hidden = !away;
}

/** Says that the figures of now are not known. */
export function lost() {
  charts.forEach(chart => chart.says.forEach(([nowIs]) => text(nowIs, '–')));
}

function top(data, least = 1) {
  const largest = data.flat().reduce((max, value) => value !== null && value > max ? value : max, 0);
  return Math.max(largest * 1.12, least);
}

function describe(chart, i, values) {
  const known = values.filter(value => value !== null);
  const [nowIs, from, to] = chart.says[i];
  text(nowIs, known.length === 0 ? '–' : chart.format(values.at(-1)));
  text(from, known.length === 0 ? '–' : chart.format(known.reduce((a, b) => Math.min(a, b))));
  text(to, known.length === 0 ? '–' : chart.format(known.reduce((a, b) => Math.max(a, b))));
}

function make(spec, index) {
  const says = spec.series.map(() => [el('b'), el('span'), el('span')]);
  const keys = spec.series.map((_, i) => el('span', {class: i === 0 ? 'key' : 'key second', 'aria-hidden': 'true'}));
  const list = el('ul', {id: 'chart-says-' + index}, spec.series.map(([, label], i) => el('li', {}, keys[i], label + ' ', says[i][0],
    el('span', {}, 'min ', says[i][1]), el('span', {}, 'max ', says[i][2]))));
  const target = el('div', {class: 'plot', role: 'img', 'aria-labelledby': 'chart-' + index, 'aria-describedby': 'chart-says-' + index});
  const at = el('span', {class: 'at', 'aria-hidden': 'true'});
  const element = el('div', {class: 'card chart'}, el('div', {class: 'head'}, el('h3', {id: 'chart-' + index}, spec.title), at), list, target);
  return {...spec, element, target, says, keys, at, plot: null, masterUp: []};
}

/** Makes the plots anew in the colours of the theme: a canvas knows no custom properties. */
export function paint() {
  const colors = ['--muted', '--line', '--bad-ground', '--bad'].map(color);
  for (const chart of charts) {
    chart.plot?.destroy();
    chart.plot = new uPlot(options(chart, colors), [[], ...chart.series.map(() => [])], chart.target);
  }
  draw();
}

function color(property) {
  const probe = el('span', {class: 'probe'});
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function options(chart, [muted, line, awayGround, away]) {
  const axis = {stroke: muted, font: '12px system-ui, sans-serif', grid: {stroke: line, width: 1}, ticks: {show: false}};
  return {
    width: Math.max(120, chart.target.clientWidth),
    height: HEIGHT,
    padding: [8, 18, 0, 0],
    legend: {show: false},
    cursor: {sync: {key: 'time'}, drag: {setScale: false}, points: {size: 7}, y: false},
    scales: {x: {time: true}, y: {}},
    axes: [
      {...axis, size: 24, space: 64, values: (_, splits) => splits.map(minute)},
      {...axis, size: 62, space: 34, ...(chart.steps && {incrs: chart.steps}), values: (_, splits) => splits.map(value => chart.format(value))},
    ],
    series: [{}, ...chart.series.map((_, i) => series(chart.keys[i], i))],
    hooks: {drawClear: [plot => shade(plot, chart.masterUp, awayGround, away)], setCursor: [plot => point(plot, chart)]},
  };
}

function series(key, i) {
  const stroke = getComputedStyle(key).borderTopColor;
  const fill = i === 0 ? stroke.replace('rgb(', 'rgba(').replace(')', ', 0.13)') : undefined;
  return {stroke, fill, width: 1.75, dash: i === 0 ? undefined : [6, 4], points: {show: false}};
}

/** A band where the master was away: other figures are read differently there. */
function shade(plot, masterUp, ground, edge) {
  const times = plot.data[0];
  const {ctx, bbox} = plot;
  ctx.save();
  for (let i = 0; i < masterUp.length; i++) {
    if (masterUp[i] === null || masterUp[i] === 1) continue;
    let last = i;
    while (last + 1 < masterUp.length && masterUp[last + 1] !== null && masterUp[last + 1] < 1) last++;
    const left = Math.max(bbox.left, plot.valToPos(times[i], 'x', true));
    const right = Math.min(bbox.left + bbox.width, Math.max(left + 2, plot.valToPos(times[last] + 1, 'x', true)));
    ctx.fillStyle = ground;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.fillStyle = edge;
    ctx.fillRect(left, bbox.top, right - left, 2);
    i = last;
  }
  ctx.restore();
}

/** The time under the pointer and the values there. */
function point(plot, chart) {
  const i = plot.cursor.idx;
  const at = i === null || i === undefined ? undefined : plot.data[0][i];
  text(chart.at, at === undefined ? '' : time(at * 1000) + ' · ' + chart.series.map((_, n) => chart.format(plot.data[n + 1][i])).join(' / '));
}

function fit(chart) {
  const width = chart.target.clientWidth;
  if (chart.plot !== null && width > 0 && Math.abs(width - chart.plot.width) > 1) chart.plot.setSize({width, height: HEIGHT});
}
