'use strict';
// Draws a report from the data of its page. Whatever comes from the data becomes text by textContent
// and never markup. Every chart has its numbers beside it as a table, for keyboards and readers.
(() => {
const whole = JSON.parse(document.getElementById('data').textContent);
// Trials of different data are not compared: a page shows those of one data set, chosen by ?data=1.
const dataSet = Number(new URLSearchParams(location.search).get('data')) || 0;
const data = whole.others[dataSet - 1] || whole;
const main = document.getElementById('main');

// ---------------------------------------------------------------- elements and texts

/** An element; properties that are no properties of elements become attributes. */
function el(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key in element && !key.includes('-')) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

/** A number with at most so many significant digits; a list in brackets; null is empty. */
function rounded(value, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (Array.isArray(value)) return '[' + value.map(one => rounded(one, digits)).join(', ') + ']';
  if (typeof value !== 'number') return String(value);
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(...(digits < 17 ? [digits - 1] : [])).replace(/\.?0*e\+?/, 'e');
  return String(Number(value.toPrecision(digits)));
}

/** A number with about four significant digits. */
const text = value => rounded(value, 4);

/** Digits that tell the numbers apart that differ within seven digits, which is about what a float holds; four at least. */
function digitsFor(numbers) {
  const some = numbers.slice(0, 1000);
  const different = digits => new Set(some.map(number => rounded(number, digits))).size;
  const most = different(7);
  let digits = 4;
  while (digits < 7 && different(digits) < most) digits++;
  return digits;
}

function duration(seconds) {
  if (seconds < 60) return text(Math.round(seconds * 10) / 10) + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min ' + Math.round(seconds % 60) + ' s';
  return Math.floor(seconds / 3600) + ' h ' + Math.round(seconds % 3600 / 60) + ' min';
}

const time = instant => instant ? new Date(instant).toISOString().slice(0, 19).replace('T', ' ') + ' UTC' : '';
const finite = values => values.filter(value => typeof value === 'number' && Number.isFinite(value));
const mean = values => values.length ? values.reduce((a, b) => a + b, 0) / values.length : null;
const unique = values => [...new Map(values.map(value => [JSON.stringify(value), value])).values()];

function deviation(values) {
  if (values.length < 2) return null;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** Numbers by size, lists by their elements, others by letters, null last. */
function compare(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compare(a[i], b[i]);
      if (order) return order;
    }
    return a.length - b.length;
  }
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** Whether numbers are spread by factors rather than by steps. */
function logarithmic(values) {
  const numbers = unique(finite(values)).sort((a, b) => a - b);
  if (numbers.length < 3 || numbers[0] <= 0 || numbers.at(-1) / numbers[0] < 8) return false;
  const spread = list => {
    const steps = list.slice(1).map((value, i) => value - list[i]);
    return deviation(steps) / mean(steps) || 0;
  };
  return spread(numbers.map(Math.log)) < spread(numbers);
}

// ---------------------------------------------------------------- data

function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

const columns = data.trials.columns;
const count = data.trials.count;
const all = Array.from({length: count}, (_, i) => i);
const constant = data.trials.constants;
const value = (trial, column) => column in columns ? columns[column][trial] : constant[column] ?? null;
const metric = data.objective.metric;
const larger = data.objective.direction === 'MAXIMIZE';
const wellEnded = trial => ['COMPLETED', 'PRUNED'].includes(value(trial, 'status'));
const measured = (trial, of = metric) => wellEnded(trial) && typeof value(trial, of) === 'number';
const ranked = data.ranked;

// Widths of layers as numbers, which lists are not.
if (data.keys.some(key => key.column === 'hidden')) {
  columns.hidden_units = all.map(trial => (value(trial, 'hidden') || []).reduce((a, b) => a + b, 0));
  columns.hidden_layers = all.map(trial => (value(trial, 'hidden') || []).length);
}
const varying = data.keys.map(key => key.column);
const derived = ['hidden_units', 'hidden_layers']
  .filter(column => column in columns && unique(columns[column]).length > 1);
const METRICS = ['validation_accuracy', 'validation_loss', 'test_accuracy', 'test_loss', 'macro_f1', 'test_macro_f1',
  'train_accuracy', 'train_loss', 'seconds', 'samples_per_second', 'best_epoch'];
const metrics = [metric, ...METRICS.filter(name => name !== metric)]
  .filter(name => all.some(trial => measured(trial, name)));
/** A key's values as they were written; those that were computed, with digits enough to tell them apart. */
const written = new Map();
function shown(column, of) {
  if (of === null && column === 'batch_size') return 'all';
  if (Array.isArray(of)) return '[' + of.map(one => shown(column, one)).join(', ') + ']';
  if (typeof of !== 'number' || String(of).replace(/e.*|\D|^0+/g, '').length <= 8) return rounded(of, 17);
  if (!written.has(column)) written.set(column, digitsFor(finite(all.flatMap(trial => value(trial, column)))));
  return rounded(of, written.get(column));
}
const keysOf = (trial, without) => varying.filter(key => key !== without)
  .map(key => key + ' ' + (shown(key, value(trial, key)) || '–')).join(', ');
const smaller = name => /loss|penalty|seconds|epoch$|epochs_run|parameters/.test(name) && !/per_second/.test(name);

const curves = {metrics: data.epochs.metrics, starts: [], values: floats(data.epochs.values)};
data.epochs.rows.reduce((from, rows) => (curves.starts.push(from), from + rows), 0);
const epochsOf = trial => data.epochs.rows[trial];
const epochRows = curves.values.length / Math.max(1, curves.metrics.length);
/** A metric of an epoch (from 0) of a trial; NaN for none. */
function at(trial, name, epoch) {
  const column = curves.metrics.indexOf(name);
  return column < 0 || epoch >= epochsOf(trial) ? NaN
    : curves.values[column * epochRows + curves.starts[trial] + epoch];
}

// ---------------------------------------------------------------- state that outlives a reload

const KEEP = 'trawl-report ' + data.sweep + (data === whole ? '' : ' ' + dataSet);
let state = {selected: ranked.slice(0, 3), theme: 'auto'};
try {
  const kept = JSON.parse(sessionStorage.getItem(KEEP));
  if (kept && kept.count === count) state = {...state, ...kept};
} catch (unavailable) { /* a file may not be allowed to keep anything */ }
function keep() {
  try { sessionStorage.setItem(KEEP, JSON.stringify({...state, count})); } catch (unavailable) { /* so be it */ }
}

// ---------------------------------------------------------------- charts

const dark = () => document.documentElement.dataset.theme === 'dark';
// After Okabe and Ito (2008), told apart by colour-blind people; darker or lighter for contrast.
const COLOURS = {
  light: ['#0072b2', '#c8500a', '#00835f', '#b0558a', '#8a6d00', '#3d8fc4', '#6b4c9a', '#4d4d4d'],
  dark: ['#56b4e9', '#ff9a4d', '#2fc99b', '#e58fc0', '#f0e442', '#9ecbff', '#b79ced', '#c4c4c4']};
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'emptyRect', 'emptyCircle'];
// Cividis (Nunez, Anderton and Renslow 2018): the same order for all eyes and in grey.
const CIVIDIS = ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'];
// Lines and marks of it that stand out from the page.
const shades = () => dark() ? CIVIDIS.slice(3) : CIVIDIS.slice(0, 8);
const colour = i => COLOURS[dark() ? 'dark' : 'light'][i % 8];
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const charts = [];
const observer = new IntersectionObserver(entries => entries.forEach(entry => {
  if (entry.isIntersecting) charts.find(chart => chart.element === entry.target)?.draw();
}), {rootMargin: '300px'});

/**
 * A chart that is drawn when it comes into sight.
 * build() gives {option, height, table: {columns, rows}} or {nothing: why}.
 */
function chart(parent, title, build, listen) {
  const caption = el('figcaption', {textContent: title});
  const element = el('div', {className: 'chart', role: 'img', 'aria-label': title});
  const nothing = el('p', {className: 'note'});
  const numbers = el('div');
  const more = el('details', {}, el('summary', {textContent: 'Numbers of this chart'}), numbers);
  parent.append(el('figure', {}, caption, element, nothing, more));
  const self = {title, element, drawn: false, instance: null, built: null};
  const fill = () => {
    if (more.open && self.built?.table) {
      numbers.replaceChildren(table(self.built.table.columns, self.built.table.rows));
    }
  };
  more.addEventListener('toggle', fill);
  self.draw = () => { if (!self.drawn) self.update(); };
  self.update = () => {
    self.drawn = true;
    const built = self.built = build();
    const empty = 'nothing' in built;
    nothing.textContent = empty ? built.nothing : '';
    more.hidden = empty || !built.table;
    element.hidden = empty;
    if (empty) {
      self.instance?.dispose();
      self.instance = null;
      return;
    }
    if (built.title) {
      caption.textContent = built.title;
      element.setAttribute('aria-label', built.title);
    }
    const height = (built.height || 340) + 'px';
    if (self.instance && element.style.height !== height) {
      self.instance.dispose();
      self.instance = null;
    }
    element.style.height = height;
    if (!self.instance) {
      self.instance = echarts.init(element, null, {renderer: 'svg'});
      listen?.(self.instance, self);
    }
    self.instance.setOption({...common(), ...built.option}, {notMerge: true});
    fill();
  };
  self.refresh = () => { if (self.drawn) self.update(); };
  self.restyle = () => {
    if (!self.drawn) return;
    self.instance?.dispose();
    self.instance = null;
    self.update();
  };
  charts.push(self);
  observer.observe(element);
  return self;
}

function common() {
  const ink = css('--text');
  return {
    animation: false,
    color: COLOURS[dark() ? 'dark' : 'light'],
    textStyle: {color: ink, fontFamily: 'system-ui, "Liberation Sans", sans-serif'},
    aria: {enabled: true},
  };
}

function axis(name, more) {
  return {
    name, nameLocation: 'middle', nameTextStyle: {color: css('--dim')},
    axisLabel: {color: css('--dim'), hideOverlap: true, formatter: more?.type === 'category' ? undefined : text},
    axisLine: {lineStyle: {color: css('--line')}},
    splitLine: {lineStyle: {color: css('--line'), opacity: .55}},
    ...more};
}
const horizontal = (name, more) => axis(name, {nameGap: 28, ...more});
const vertical = (name, more) => axis(name, {nameGap: 46, scale: true, ...more});
/** Room for the longest of some labels beside an axis, which cannot be measured before it is drawn. */
const room = labels => Math.min(260, 22 + 7.6 * Math.max(1, ...labels.map(label => String(label).length)));
const cut = label => label.length > 34 ? label.slice(0, 33) + '…' : label;
const legend = more => ({type: 'scroll', top: 0, itemWidth: 18, itemHeight: 11, textStyle: {color: css('--text')},
  pageTextStyle: {color: css('--text')}, pageIconColor: css('--accent'), ...more});

/** A tooltip whose lines are text, whatever stands in them. */
function tooltip(lines, more) {
  return {
    confine: true, backgroundColor: css('--panel'), borderColor: css('--line'),
    textStyle: {color: css('--text')},
    formatter: parameters => {
      const shown = lines(parameters);
      return shown ? el('div', {className: 'tip', textContent: shown.filter(Boolean).join('\n')}) : '';
    },
    ...more};
}

// ---------------------------------------------------------------- tables and controls

/**
 * A table; columns are {label, numeric, show(row), value(row), falling: whether the first click puts the largest value first}.
 * more: {sort, order: {label, sign} to begin with, sorted(order), row(tr, row)}. Its update(rows, most) shows the first of other rows in
 * the order that was chosen; sorted() gives all of them in that order.
 */
function table(list, rows, more) {
  const head = el('tr');
  const body = el('tbody');
  let order = more?.order ?? null;
  let most = Infinity;
  const sorted = () => {
    const by = order && list.find(column => column.label === order.label && column.value);
    return !by ? rows : [...rows].sort((a, b) => {
      const [x, y] = [by.value(a) ?? null, by.value(b) ?? null];
      return x === null || y === null ? compare(x, y) : order.sign * compare(x, y);
    });
  };
  const fill = () => {
    const visible = sorted().slice(0, most);
    const digits = list.map(column => column.numeric && !column.show ? digitsFor(finite(visible.map(column.value))) : 4);
    body.replaceChildren(...visible.map(row => {
      const line = el('tr', {}, ...list.map((column, i) => {
        const shown = column.show ? column.show(row) : rounded(column.value(row), digits[i]);
        const long = !(shown instanceof Node) && String(shown).length > 36;
        const cell = el('td', {className: column.numeric ? 'number' : long ? 'text' : 'word'});
        cell.append(shown instanceof Node ? shown : String(shown));
        return cell;
      }));
      more?.row?.(line, row);
      return line;
    }));
    list.forEach((column, i) => {
      if (order?.label === column.label) head.children[i].setAttribute('aria-sort', order.sign > 0 ? 'ascending' : 'descending');
      else head.children[i].removeAttribute('aria-sort');
    });
  };
  for (const column of list) {
    const cell = el('th', {scope: 'col', className: column.numeric ? 'number' : ''});
    if (more?.sort && column.value) {
      cell.append(el('button', {type: 'button', textContent: column.label, title: 'Sort by ' + column.label,
        onclick: () => {
          order = {label: column.label, sign: order?.label === column.label ? -order.sign : column.falling ? -1 : 1};
          more.sorted?.(order);
          fill();
        }}));
    } else {
      cell.textContent = column.label;
    }
    head.append(cell);
  }
  fill();
  const element = el('div', {className: 'wide', tabIndex: 0, role: 'region', 'aria-label': more?.label || 'Table'},
    el('table', {}, el('thead', {}, head), body));
  element.sorted = sorted;
  element.update = (others, first = Infinity) => {
    rows = others;
    most = first;
    fill();
  };
  return element;
}

const column = (label, get, numeric, show) => ({label, value: get, numeric, show});
/** A column of a metric, whose better end comes first when it is clicked. */
const metricColumn = (label, get, falling = !smaller(label)) => ({label, value: get, numeric: true, falling});

/** A select with a label; options are strings or [value, label]. */
function choice(parent, label, options, chosen, changed) {
  const select = el('select', {onchange: () => changed(select.value)});
  const set = (list, now) => {
    select.replaceChildren(...list.map(option => {
      const [of, name] = Array.isArray(option) ? option : [option, option];
      return el('option', {value: of, textContent: name, selected: String(of) === String(now)});
    }));
  };
  set(options, chosen);
  parent.append(el('label', {}, label, select));
  return {select, set, get value() { return select.value; }};
}

function tick(parent, label, checked, changed) {
  const box = el('input', {type: 'checkbox', checked, onchange: () => changed(box.checked)});
  parent.append(el('label', {}, box, label));
  return box;
}

function section(id, title, note) {
  const element = el('section', {id, 'aria-labelledby': id + '-title'},
    el('h2', {id: id + '-title', textContent: title}),
    note ? el('p', {className: 'note', textContent: note}) : null);
  main.append(element);
  document.getElementById('contents').append(el('a', {href: '#' + id, textContent: title}));
  return element;
}

const controls = parent => {
  const element = el('div', {className: 'controls'});
  parent.append(element);
  return element;
};

// ---------------------------------------------------------------- what was run

const attempts = data.attempts;
const coreSeconds = data.work.reduce((sum, session) => sum + session.core, 0);
const statuses = data.statuses;
/** Whether only some of the trials are on this page. */
const thinned = count < data.trials.of;
const spans = data.work.map(session => session.span);

function overview() {
  const part = section('overview', 'What was run');
  if (whole.sections.length > 1) {
    part.append(el('p', {className: 'note'}, 'Trials are compared within the same data only. Data: ',
      ...whole.sections.flatMap((name, i) => [i ? ' | ' : '', i === (data === whole ? 0 : dataSet)
        ? el('b', {textContent: name}) : el('a', {href: '?data=' + i, textContent: name})])));
  }
  const tile = (name, shown) => el('div', {className: 'tile'}, el('b', {textContent: shown}), el('span', {textContent: name}));
  const best = ranked[0];
  const finished = (statuses.COMPLETED || 0) + (statuses.DIVERGED || 0) + (statuses.PRUNED || 0);
  part.append(el('div', {className: 'tiles'},
    tile('of ' + data.trials.of + ' trials finished', String(finished)),
    tile('best ' + metric, best === undefined ? '–' : text(value(best, metric))),
    tile('best trial', best === undefined ? '–' : value(best, 'trial')),
    tile('wall time of training', duration(spans.reduce((a, b) => a + b, 0))),
    tile('core-hours', text(coreSeconds / 3600)),
    tile(data.sessions.length === 1 ? 'session' : 'sessions', String(data.sessions.length))));
  part.append(el('p', {textContent: Object.entries(statuses)
    .map(([status, trials]) => trials + ' ' + status.toLowerCase()).join(', ')
    + '. Objective: ' + metric + ', ' + (larger ? 'larger' : 'smaller') + ' is better.'}));
  if (thinned) {
    part.append(el('p', {className: 'note', textContent: 'This page shows ' + count + ' of the ' + data.trials.of
      + ' trials: the best, some of those that ended badly, and an even sample of the others. The figures here, means of points and the importance of keys are of all; '
      + 'so are trawl best, compare and sql, and the tables.'}));
  }
  const last = data.sessions.at(-1) || {versions: {}, data: {}};
  const facts = el('dl');
  const fact = (name, shown) => facts.append(el('dt', {textContent: name}), el('dd', {textContent: shown}));
  fact('keys that vary', data.keys.map(key => key.column + ' (' + key.values + ' values)').join(', ') || 'none');
  for (const [name, print] of Object.entries(last.data || {})) fact('data', name + ', ' + print);
  for (const [name, version] of Object.entries(last.versions || {})) fact(name, version);
  const made = data.sessions.map((session, i) => ({...session, ...data.work[i]}));
  part.append(el('div', {className: 'columns'},
    el('div', {}, el('h3', {textContent: 'Data and versions'}), facts),
    el('div', {}, el('h3', {textContent: 'Sessions'}),
      table([
        column('started', row => Date.parse(row.started), false, row => time(row.started)),
        column('trials', row => row.trials, true),
        column('took', row => row.span, true, row => duration(row.span)),
        column('core time', row => row.core, true, row => duration(row.core)),
        column('command', row => row.command)], made, {label: 'Sessions'}),
      el('details', {}, el('summary', {textContent: 'The sweep file, resolved'}), el('pre', {textContent: data.file})))));
}

// ---------------------------------------------------------------- leaderboard

let filter = '';
let rowsShown = 20;
const redrawSelected = [];

/** Whether a trial has all words of the filter: key=value, key<number, key>number, or any text. */
function passes(trial, words) {
  return words.every(word => {
    const parts = /^([A-Za-z0-9_.-]+)(=|<|>)(.*)$/.exec(word);
    if (!parts) {
      return [...varying, 'trial', 'status', 'variant', 'message'].some(name =>
        text(value(trial, name)).toLowerCase().includes(word.toLowerCase()));
    }
    const name = parts[1].replace(/^.*\./, '').replaceAll('-', '_');
    const of = value(trial, name);
    if (parts[2] === '=') {
      return shown(name, of).replaceAll(' ', '') === parts[3]
        || (typeof of === 'number' && parts[3] !== '' && of === Number(parts[3]));
    }
    return typeof of === 'number' && (parts[2] === '<' ? of < Number(parts[3]) : of > Number(parts[3]));
  });
}

function select(trials) {
  state.selected = trials;
  keep();
  redrawSelected.forEach(redraw => redraw());
}

function leaderboard() {
  const part = section('leaderboard', 'Leaderboard',
    'Tick trials to see their curves and layers below. Filter by words such as activation=relu learning_rate<0.1');
  const bar = controls(part);
  const input = el('input', {type: 'text', placeholder: 'filter', 'aria-label': 'Filter trials',
    oninput: () => { filter = input.value; fill(); }});
  const told = el('span', {role: 'status'});
  bar.append(input,
    el('button', {type: 'button', textContent: 'Select the first 3 shown', onclick: () => select(board.sorted().slice(0, 3))}),
    el('button', {type: 'button', textContent: 'Select none', onclick: () => select([])}),
    told);
  const none = el('p', {className: 'note', textContent: 'No trial has all of these words.'});
  const moreButton = el('button', {type: 'button', onclick: () => { rowsShown *= 5; fill(); }});
  const ranks = new Map(ranked.map((trial, i) => [trial, i + 1]));
  const best = [...ranked, ...all.filter(trial => !ranks.has(trial))];
  const extras = ['repeat', 'fold'].filter(name => name in columns && unique(columns[name]).length > 1);
  const board = table([
    {label: 'curves', show: trial => el('input', {type: 'checkbox', checked: state.selected.includes(trial),
      'aria-label': 'Select trial ' + value(trial, 'trial'),
      onchange: event => select(event.target.checked
        ? [...state.selected, trial] : state.selected.filter(other => other !== trial))})},
    column('rank', trial => ranks.get(trial) ?? null, true),
    column('trial', trial => value(trial, 'trial'), false, trial => el('code', {textContent: value(trial, 'trial')})),
    metricColumn(metric, trial => measured(trial) ? value(trial, metric) : null, larger),
    ...[...varying, ...extras].map(key => column(key, trial => value(trial, key),
      all.every(trial => typeof (value(trial, key) ?? 0) === 'number'), trial => shown(key, value(trial, key)))),
    ...metrics.filter(name => name !== metric && !['seconds', 'samples_per_second', 'train_accuracy', 'train_loss'].includes(name))
      .map(name => metricColumn(name, trial => wellEnded(trial) ? value(trial, name) : null)),
    metricColumn('seconds', trial => value(trial, 'seconds')),
    column('status', trial => value(trial, 'status'), false, trial => value(trial, 'status').toLowerCase()),
  ], best, {sort: true, label: 'Leaderboard', order: state.order, sorted: order => { state.order = order; keep(); },
    row: (line, trial) => line.classList.toggle('chosen', state.selected.includes(trial))});
  part.append(none, board, el('div', {className: 'controls'}, moreButton));
  const fill = () => {
    const words = filter.split(/\s+/).filter(Boolean);
    const rows = best.filter(trial => passes(trial, words));
    told.textContent = rows.length + ' of ' + count + (thinned ? ' shown trials, ' : ' trials, ') + state.selected.length + ' selected';
    moreButton.hidden = rows.length <= rowsShown;
    moreButton.textContent = 'Show more of ' + rows.length;
    none.hidden = rows.length > 0;
    board.hidden = rows.length === 0;
    const ticked = board.contains(document.activeElement) && document.activeElement.getAttribute('aria-label');
    board.update(rows, rowsShown);
    if (ticked) board.querySelector('input[aria-label="' + ticked + '"]')?.focus();
  };
  redrawSelected.push(fill);
  fill();
}

// ---------------------------------------------------------------- points

function points() {
  if (!data.points.rows.some(row => row.count > 1)) return;
  const part = section('points', 'Points: means over repeats and folds',
    data.points.note || 'A point is one combination of values.');
  const rows = data.points.rows;
  const tested = rows.some(row => row.versus_best_lower !== null);
  const best = rows.find(row => row.not_worse);
  let most = 20;
  const moreButton = el('button', {type: 'button', onclick: () => { most *= 5; fill(); }});
  const means = table([
    ...data.points.keys.map(key => column(key, row => row[key], typeof rows[0][key] === 'number', row => shown(key, row[key]))),
    column('count', row => row.count, true), metricColumn('mean', row => row.mean, larger),
    column('deviation', row => row.deviation, true), metricColumn('best', row => row.best, larger),
    column('best epoch', row => row.best_epoch, true),
    ...(tested ? [column('versus best: from', row => row.versus_best_lower, true), column('to', row => row.versus_best_upper, true),
      column('not shown to be worse than the best', row => row.not_worse === null ? null : String(row.not_worse),
        false, row => row === best ? 'best' : row.not_worse === null ? '' : row.not_worse ? 'yes' : 'no')] : []),
    ...(rows.some(row => row.diverged) ? [column('diverged', row => row.diverged, true)] : []),
    ...(rows.some(row => row.failed) ? [column('failed', row => row.failed, true)] : []),
  ], rows, {sort: true, label: 'Points', row: (line, row) => line.classList.toggle('chosen', row.not_worse === true)});
  const fill = () => {
    moreButton.hidden = rows.length <= most;
    moreButton.textContent = 'Show more of ' + rows.length + (rows.length < data.points.of ? ', the best of ' + data.points.of : '');
    means.update(rows, most);
  };
  part.append(means, el('div', {className: 'controls'}, moreButton));
  fill();
}

// ---------------------------------------------------------------- learning curves

const PARTS = [['train', 'dashed', 'train'], ['validation', 'solid', 'validation'], ['test', 'dotted', 'test']];

function learningCurves() {
  const part = section('curves', 'Learning curves',
    'Of a group of trials, the mean over those that have the epoch. Validation is solid, training dashed, test dotted.');
  const bar = controls(part);
  const settings = {by: 'selected', side: false, log: false, train: true, validation: true, test: false};
  const there = PARTS.filter(([name]) => curves.metrics.some(metric => metric.startsWith(name + '_')));
  if (!there.some(([name]) => name === 'validation')) settings.test = true;
  const update = () => drawn.forEach(chart => chart.refresh());
  const by = choice(bar, 'curves of', [['selected', 'selected trials'], ...varying.map(key => [key, 'each ' + key])],
    'selected', chosen => { settings.by = chosen; update(); });
  there.forEach(([name]) => tick(bar, name, settings[name], on => { settings[name] = on; update(); }));
  tick(bar, 'logarithmic loss', false, on => { settings.log = on; update(); });
  tick(bar, 'side by side', false, on => { settings.side = on; update(); });
  /** A trial by what tells it apart from the others that are shown. */
  const called = (trial, shownTrials) => {
    const differ = [...varying, 'repeat', 'fold'].filter(key => unique(shownTrials.map(other => value(other, key))).length > 1);
    const keys = (shownTrials.length > 1 ? differ : varying).map(key => key + ' ' + (shown(key, value(trial, key)) || '–')).join(', ');
    return value(trial, 'trial').slice(0, 8) + (keys ? ': ' + keys : '');
  };
  const withEpochs = () => state.selected.filter(trial => epochsOf(trial) > 0);
  const groups = () => settings.by === 'selected'
    ? withEpochs().map(trial => ({name: called(trial, withEpochs()), trials: [trial]}))
    : unique(all.map(trial => value(trial, settings.by))).sort(compare).map(of => ({
      name: settings.by + ' ' + (shown(settings.by, of) || '–'),
      trials: all.filter(trial => compare(value(trial, settings.by), of) === 0 && epochsOf(trial) > 0)}))
      .filter(group => group.trials.length);
  const build = kind => () => {
    const list = groups().slice(0, 24);
    if (!list.length) {
      return {nothing: settings.by === 'selected' ? 'No trial with epochs is selected: tick some in the leaderboard.' : 'No epoch has ended.'};
    }
    const series = [];
    const rows = [];
    list.forEach((group, g) => there.filter(([name]) => settings[name]).forEach(([name, dash]) => {
      const column = name + '_' + kind;
      if (!curves.metrics.includes(column)) return;
      const epochs = Math.max(...group.trials.map(epochsOf));
      const points = [];
      for (let epoch = 0; epoch < epochs; epoch++) {
        const nth = epoch * data.epochs.step + 1;
        const of = finite(group.trials.map(trial => at(trial, column, epoch)));
        const middle = mean(of);
        if (middle !== null) {
          points.push([nth, middle, of.length, deviation(of)]);
          rows.push({group: group.name, part: name, epoch: nth, value: middle, trials: of.length});
        }
      }
      series.push({name: group.name, type: 'line', data: points, part: name,
        xAxisIndex: settings.side ? g : 0, yAxisIndex: settings.side ? g : 0,
        symbol: SYMBOLS[g % 8], symbolSize: 5, showSymbol: points.length <= 40, sampling: 'lttb',
        lineStyle: {type: dash, width: name === 'validation' ? 2.2 : 1.6, color: colour(g)}, itemStyle: {color: colour(g)}});
    }));
    if (!series.length) return {nothing: 'No ' + kind + ' of the parts that are ticked.'};
    const label = kind === 'loss' ? 'loss' : 'accuracy';
    const hints = tooltip(p => [p.seriesName, series[p.seriesIndex].part + ' ' + label + ' in epoch ' + p.value[0] + ': ' + text(p.value[1]),
      p.value[2] > 1 ? '± ' + text(p.value[3]) + ' over ' + p.value[2] + ' trials' : '']);
    const log = settings.log && kind === 'loss' ? 'log' : 'value';
    const table = {columns: [column('curve', row => row.group), column('part', row => row.part), column('epoch', row => row.epoch, true),
      column(label, row => row.value, true), column('trials', row => row.trials, true)], rows};
    if (!settings.side) {
      const entries = Math.min(list.length, 8);
      return {table, height: 330 + 22 * entries, option: {
        grid: {left: 64, right: 18, top: 14, bottom: 50 + 22 * entries}, tooltip: hints,
        legend: legend({top: undefined, bottom: 0, orient: 'vertical', left: 40, height: 22 * entries,
          data: list.map((group, g) => ({name: group.name, icon: SYMBOLS[g % 8]})),
          formatter: name => { const most = Math.min(90, Math.floor((Math.min(main.clientWidth, 640) - 120) / 6.4));
            return name.length > most ? name.slice(0, most) + '…' : name; }}),
        xAxis: horizontal('epoch', {type: 'value', minInterval: 1, min: 1, max: range => Math.max(2, range.max)}), yAxis: vertical(label, {type: log}), series}};
    }
    const across = main.clientWidth > 900 ? 2 : 1;
    const down = Math.ceil(list.length / across);
    const values = series.flatMap(one => one.data.map(point => point[1]));
    const low = Math.min(...values), high = Math.max(...values);
    const margin = log === 'log' ? 0 : (high - low) * .04;
    const tall = 230;
    return {table, height: down * tall + 10, option: {
      tooltip: hints,
      title: list.map((group, g) => ({text: group.name.length > 60 ? group.name.slice(0, 60) + '…' : group.name,
        left: (g % across) * 100 / across + '%', top: Math.floor(g / across) * tall,
        textStyle: {fontSize: 12, fontWeight: 'normal', color: css('--text')}})),
      grid: list.map((_, g) => ({left: 'calc', top: Math.floor(g / across) * tall + 24, height: tall - 74}))
        .map((grid, g) => ({...grid, left: (g % across) * 100 / across + 5 + '%', width: 100 / across - 8 + '%'})),
      xAxis: list.map((_, g) => horizontal('epoch', {type: 'value', minInterval: 1, min: 1, max: range => Math.max(2, range.max), gridIndex: g, nameGap: 22})),
      yAxis: list.map((_, g) => axis('', {type: log, gridIndex: g, min: low - margin, max: high + margin})),
      series}};
  };
  const place = el('div', {className: 'columns'});
  part.append(place);
  const drawn = [chart(place, 'Loss', build('loss')), chart(place, 'Accuracy', build('accuracy'))];
  redrawSelected.push(() => { if (settings.by === 'selected') update(); });
}

// ---------------------------------------------------------------- two keys

function bestColours(name) { return smaller(name) ? [...CIVIDIS].reverse() : CIVIDIS; }

function inkOn(share, colours) {
  const at = colours[Math.round(Math.max(0, Math.min(1, share)) * (colours.length - 1))];
  const [r, g, b] = [1, 3, 5].map(i => parseInt(at.slice(i, i + 2), 16));
  return .299 * r + .587 * g + .114 * b > 115 ? '#111111' : '#ffffff';
}

function heatMaps() {
  const keys = byImportance();
  const part = section('pivot', 'Two keys against each other', 'A cell is the mean over all trials with these two values; ° some of them diverged.');
  if (keys.length < 2) {
    part.append(el('p', {textContent: 'Fewer than two keys vary.'}));
    return;
  }
  const bar = controls(part);
  const settings = {x: keys[1], y: keys[0], metric: metrics[0]};
  const update = () => drawn.refresh();
  choice(bar, 'rows', keys, settings.y, chosen => { settings.y = chosen; update(); });
  choice(bar, 'columns', keys, settings.x, chosen => { settings.x = chosen; update(); });
  choice(bar, 'metric', metrics, settings.metric, chosen => { settings.metric = chosen; update(); });
  const drawn = chart(part, 'Mean by two keys', () => {
    const {x, y} = settings;
    if (!metrics.length) return {nothing: 'No trial has a ' + metric + ' yet.'};
    if (x === y) return {nothing: 'Choose two different keys.'};
    const xs = unique(all.map(trial => value(trial, x))).sort(compare);
    const ys = unique(all.map(trial => value(trial, y))).sort(compare);
    const cells = [];
    const rows = [];
    xs.forEach((xValue, i) => ys.forEach((yValue, j) => {
      const trials = all.filter(trial => compare(value(trial, x), xValue) === 0 && compare(value(trial, y), yValue) === 0);
      const of = trials.filter(trial => measured(trial, settings.metric)).map(trial => value(trial, settings.metric));
      const diverged = trials.filter(trial => value(trial, 'status') === 'DIVERGED').length;
      if (trials.length) cells.push({i, j, mean: mean(of), deviation: deviation(of), count: of.length, diverged});
      if (trials.length) rows.push({x: shown(x, xValue), y: shown(y, yValue), mean: mean(of), deviation: deviation(of), count: of.length, diverged});
    }));
    const means = finite(cells.map(cell => cell.mean));
    if (!means.length) return {nothing: 'No trial has a ' + settings.metric + '.'};
    const [low, high] = [Math.min(...means), Math.max(...means)];
    const colours = bestColours(settings.metric);
    const labels = xs.length * ys.length <= 400;
    return {
      title: 'Mean ' + settings.metric + ' by ' + y + ' and ' + x, height: 130 + Math.max(28, Math.min(46, 700 / ys.length)) * ys.length,
      table: {columns: [column(y, row => row.y), column(x, row => row.x), column('mean', row => row.mean, true),
        column('deviation', row => row.deviation, true), column('trials', row => row.count, true), column('diverged', row => row.diverged, true)], rows},
      option: {
        grid: {left: 24 + room(ys.map(of => cut(shown(y, of)))), right: 84, top: 10, bottom: 56},
        xAxis: horizontal(x, {type: 'category', data: xs.map(of => shown(x, of) || '–'), splitLine: {show: false}, axisLabel: {color: css('--dim')}}),
        yAxis: axis(y, {nameGap: room(ys.map(of => cut(shown(y, of)))), type: 'category', data: ys.map(of => shown(y, of) || '–'), splitLine: {show: false}, axisLabel: {color: css('--dim'), formatter: cut}}),
        visualMap: {min: low, max: high === low ? low + 1e-9 : high, calculable: false, orient: 'vertical', right: 0, top: 'middle', dimension: 2,
          inRange: {color: colours}, textStyle: {color: css('--text')}, formatter: text, text: [text(high), text(low)]},
        tooltip: tooltip(p => { const cell = cells[p.dataIndex]; return [y + ' ' + (shown(y, ys[cell.j]) || '–'), x + ' ' + (shown(x, xs[cell.i]) || '–'),
          cell.mean === null ? 'no ' + settings.metric : settings.metric + ' ' + text(cell.mean) + (cell.deviation === null ? '' : ' ± ' + text(cell.deviation)),
          cell.count + ' trials' + (cell.diverged ? ', ' + cell.diverged + ' diverged' : '')]; }),
        series: [{type: 'heatmap', itemStyle: {borderColor: css('--page'), borderWidth: 1},
          data: cells.map(cell => ({value: [cell.i, cell.j, cell.mean ?? '-'],
            label: {color: cell.mean === null ? css('--text') : inkOn((cell.mean - low) / (high - low || 1), colours)}})),
          label: {show: labels, formatter: p => { const cell = cells[p.dataIndex];
            return cell.mean === null ? (cell.diverged ? 'diverged' : '–') : text(cell.mean) + (cell.diverged ? '°' : ''); }}}]}};
  });
}

/** Keys that vary, the most important first. */
function byImportance() {
  const share = new Map();
  data.importance?.components.filter(one => one.keys.length === 1).forEach(one => share.set(one.keys[0], one.share));
  return [...varying].sort((a, b) => (share.get(b) || 0) - (share.get(a) || 0));
}

// ---------------------------------------------------------------- a key against a metric

function keyEffects() {
  const keys = [...byImportance(), ...derived];
  const part = section('effects', 'Each key against a metric', 'Small marks are trials, the line joins the means of each value.');
  if (!keys.length || !metrics.length) {
    part.append(el('p', {textContent: keys.length ? 'No trial has a metric yet.' : 'No key varies.'}));
    return;
  }
  const bar = controls(part);
  const settings = {x: keys[0], metric: metrics[0], by: '', xScale: 'auto', yScale: 'auto'};
  const update = () => drawn.refresh();
  choice(bar, 'key', keys, settings.x, chosen => { settings.x = chosen; update(); });
  choice(bar, 'metric', metrics, settings.metric, chosen => { settings.metric = chosen; update(); });
  choice(bar, 'by', [['', 'nothing else'], ...varying], '', chosen => { settings.by = chosen; update(); });
  choice(bar, 'key axis', ['auto', 'linear', 'log'], 'auto', chosen => { settings.xScale = chosen; update(); });
  choice(bar, 'metric axis', ['auto', 'linear', 'log'], 'auto', chosen => { settings.yScale = chosen; update(); });
  const drawn = chart(part, 'A key against a metric', () => {
    const {x, by} = settings;
    const trials = all.filter(trial => measured(trial, settings.metric));
    const levels = unique(trials.map(trial => value(trial, x))).sort(compare);
    const numeric = levels.every(of => typeof of === 'number');
    const logX = numeric && levels[0] > 0 && (settings.xScale === 'log' || (settings.xScale === 'auto' && logarithmic(levels)));
    const ys = trials.map(trial => value(trial, settings.metric));
    const positive = Math.min(...ys) > 0;
    const logY = positive && (settings.yScale === 'log' || (settings.yScale === 'auto' && /loss|second/.test(settings.metric) && Math.max(...ys) / Math.min(...ys) > 20));
    const groups = by ? unique(trials.map(trial => value(trial, by))).sort(compare) : [null];
    const place = of => numeric ? of : levels.findIndex(level => compare(level, of) === 0);
    const series = [];
    const rows = [];
    groups.slice(0, 16).forEach((group, g) => {
      const inGroup = by ? trials.filter(trial => compare(value(trial, by), group) === 0) : trials;
      const name = by ? by + ' ' + (shown(by, group) || '–') : 'mean';
      series.push({type: 'scatter', name, data: inGroup.map(trial => ({value: [place(value(trial, x)), value(trial, settings.metric)], trial})),
        symbol: SYMBOLS[g % 8], symbolSize: 6, itemStyle: {color: colour(g), opacity: .4}});
      const means = levels.map(level => {
        const of = inGroup.filter(trial => compare(value(trial, x), level) === 0).map(trial => value(trial, settings.metric));
        if (!of.length) return null;
        rows.push({group: name, level: shown(x, level), mean: mean(of), deviation: deviation(of), count: of.length});
        return {value: [place(level), mean(of)], of};
      }).filter(Boolean);
      series.push({type: 'line', name, data: means, symbol: SYMBOLS[g % 8], symbolSize: 9, z: 5,
        lineStyle: {color: colour(g), width: 2}, itemStyle: {color: colour(g)}});
    });
    return {
      title: settings.metric + ' by ' + x, height: 420,
      table: {columns: [...(by ? [column(by, row => row.group)] : []), column(x, row => row.level), column('mean', row => row.mean, true),
        column('deviation', row => row.deviation, true), column('trials', row => row.count, true)], rows},
      option: {
        grid: {left: 70, right: 24, top: by ? 34 : 12, bottom: 52}, legend: by ? legend() : undefined,
        tooltip: tooltip(p => p.data.trial === undefined
          ? [p.seriesName, x + ' ' + shown(x, numeric ? p.value[0] : levels[p.value[0]]), 'mean ' + text(p.value[1]) + (p.data.of.length > 1 ? ' ± ' + text(deviation(p.data.of)) : '') + ' of ' + p.data.of.length + ' trials']
          : ['trial ' + value(p.data.trial, 'trial'), keysOf(p.data.trial), settings.metric + ' ' + text(p.value[1])]),
        xAxis: horizontal(x + (logX ? ' (logarithmic)' : ''), numeric ? {type: logX ? 'log' : 'value', scale: true}
          : {type: 'category', data: levels.map(level => shown(x, level) || '–'), axisLabel: {color: css('--dim')}}),
        yAxis: vertical(settings.metric + (logY ? ' (logarithmic)' : ''), {type: logY ? 'log' : 'value'}), series}};
  });
}

// ---------------------------------------------------------------- parallel coordinates

function parallel() {
  const part = section('parallel', 'All keys together',
    'Drag along an axis to brush trials; click it to let go. The leaderboard’s filter does the same by keyboard.');
  if (!varying.length || !ranked.length) {
    part.append(el('p', {textContent: 'No key varies, or no trial is finished.'}));
    return;
  }
  const told = el('span', {role: 'status'});
  const bar = controls(part);
  let brushed = [];
  let axes = [];
  bar.append(el('button', {type: 'button', textContent: 'Select the best 3 of the brushed', onclick: () => select(brushed.slice(0, 3))}), told);
  const tell = () => { told.textContent = brushed.length === ranked.length ? 'all ' + ranked.length + ' trials' : brushed.length + ' of ' + ranked.length + ' trials brushed'; };
  brushed = [...ranked];
  tell();
  chart(part, 'Keys and ' + metric + ', a line a trial', () => {
    axes = [...byImportance().slice(0, 9).reverse(), metric];
    const dimensions = axes.map((name, dim) => {
      const levels = unique(ranked.map(trial => value(trial, name))).sort(compare);
      const numeric = levels.every(of => typeof of === 'number') && (name === metric || levels.length > 12);
      return {dim, name, levels, numeric, type: !numeric ? 'category' : name !== metric && logarithmic(levels) ? 'log' : 'value'};
    });
    const fit = Math.max(6, Math.floor((main.clientWidth - (main.clientWidth > 640 ? 210 : 140)) / Math.max(1, axes.length - 1) / 7.5));
    const fitting = label => label.length > fit ? label.slice(0, fit - 1) + '…' : label;
    const results = ranked.map(trial => value(trial, metric));
    const [low, high] = [Math.min(...results), Math.max(...results)];
    return {
      height: 440,
      option: {
        tooltip: tooltip(p => p.componentType === 'series' ? ['trial ' + value(ranked[p.dataIndex], 'trial'), keysOf(ranked[p.dataIndex]), metric + ' ' + text(value(ranked[p.dataIndex], metric))] : null),
        parallel: {left: main.clientWidth > 640 ? 60 : 30, right: main.clientWidth > 640 ? 150 : 110, top: 44, bottom: 28, parallelAxisDefault: {nameGap: 16, nameLocation: 'end',
          nameTextStyle: {color: css('--text'), fontSize: 12}, axisLine: {lineStyle: {color: css('--dim')}},
          axisTick: {lineStyle: {color: css('--dim')}}, axisLabel: {color: css('--text')}, areaSelectStyle: {width: 22, opacity: .25}}},
        parallelAxis: dimensions.map(({dim, name, levels, numeric, type}) => ({dim, name, type, scale: true,
          data: numeric ? undefined : levels.map(level => shown(name, level) || '–'), axisLabel: {color: css('--text'), backgroundColor: css('--page'), padding: [1, 3], formatter: numeric ? text : fitting}})),
        visualMap: {min: low, max: high === low ? low + 1e-9 : high, dimension: axes.length - 1, right: 0, top: 'middle', calculable: false,
          inRange: {color: larger ? shades() : shades().reverse()}, text: [text(high), text(low)], textStyle: {color: css('--text')}},
        series: [{type: 'parallel', lineStyle: {width: 1.4, opacity: Math.max(.25, Math.min(.9, 60 / ranked.length))}, inactiveOpacity: .03, activeOpacity: .9,
          data: ranked.map(trial => dimensions.map(({name, levels, numeric}) => numeric ? value(trial, name)
            : levels.findIndex(level => compare(level, value(trial, name)) === 0)))}]}};
  }, instance => instance.on('axisareaselected', () => {
    const indices = instance.getModel().getSeries()[0].getRawIndicesByActiveState('active');
    const areas = instance.getOption().parallelAxis.length;
    brushed = indices.length || areas === 0 ? indices.map(i => ranked[i]) : [...ranked];
    const none = instance.getModel().queryComponents({mainType: 'parallelAxis'}).every(axis => axis.activeIntervals.length === 0);
    if (none) brushed = [...ranked];
    tell();
  }));
}

// ---------------------------------------------------------------- importance

function importance() {
  const part = section('importance', 'Importance of keys', data.importance
    ? 'Share of the variance of ' + metric + ' over the swept values that a key, or beyond that a pair of keys, explains: functional ANOVA of '
      + data.importance.trials + ' trials' + (data.importance.exact ? ', exact, as every combination is there.' : ', by a forest of trees, as not every combination is there.')
    : '');
  chart(part, 'Importance', () => {
    if (!data.importance) return {nothing: 'No key varies among finished trials, or ' + metric + ' does not.'};
    const rows = data.importance.components;
    const top = rows.slice(0, 14).reverse();
    return {height: 60 + 26 * top.length,
      table: {columns: [column('keys', row => row.keys.join(' x ')), column('importance', row => row.share, true)], rows},
      option: {grid: {left: room(top.map(row => row.keys.join(' × '))), right: 60, top: 8, bottom: 46},
        tooltip: tooltip(p => [p.name, 'explains ' + (100 * p.value).toFixed(1) + ' %']),
        xAxis: horizontal('share of the variance', {type: 'value', min: 0}),
        yAxis: axis('', {type: 'category', data: top.map(row => row.keys.join(' × ')), axisLabel: {color: css('--text'), width: 240}}),
        series: [{type: 'bar', data: top.map(row => ({value: row.share, itemStyle: {color: colour(row.keys.length === 1 ? 0 : 5), decal: row.keys.length === 1 ? null : {symbol: 'line', rotation: .8, color: 'rgba(0,0,0,.25)'}}})),
          label: {show: true, position: 'right', color: css('--text'), formatter: p => p.value.toFixed(3)}}]}};
  });
}

// ---------------------------------------------------------------- layers

function layers() {
  const part = section('layers', 'Layers over epochs',
    'Gradients that vanish or explode, and neurons that no longer learn, layer by layer (the last is the output).');
  if (!data.layers) {
    part.append(el('p', {textContent: 'No layers were recorded (training.diagnostics).'}));
    return;
  }
  const values = floats(data.layers.values);
  const bar = controls(part);
  const have = data.layers.trials.map(entry => entry.trial);
  const entries = new Map();
  let from = 0;
  for (const entry of data.layers.trials) {
    entries.set(entry.trial, {...entry, from});
    from += data.layers.metrics.length * entry.layers * entry.epochs.length;
  }
  let now = state.selected.find(trial => entries.has(trial)) ?? have[0];
  const order = () => [...new Set([...state.selected.filter(trial => entries.has(trial)), ...ranked.filter(trial => entries.has(trial)), ...have])]
    .slice(0, 300).map(trial => [trial, value(trial, 'trial').slice(0, 8) + ' ' + keysOf(trial)]);
  const list = choice(bar, 'trial', order(), now, chosen => { now = Number(chosen); update(); });
  const place = el('div', {className: 'columns'});
  part.append(place);
  const names = {gradient_mean: 'Mean magnitude of gradients', gradient_max: 'Largest magnitude of gradients', inactive_fraction: 'Share of inactive neurons',
    weight_norm: 'Norm of weights', activation_mean: 'Mean of outputs', activation_deviation: 'Deviation of outputs'};
  const drawn = data.layers.metrics.map((name, m) => chart(place, names[name] || name, () => {
    const entry = entries.get(now);
    const series = [];
    const rows = [];
    for (let layer = 0; layer < entry.layers; layer++) {
      const start = entry.from + (m * entry.layers + layer) * entry.epochs.length;
      const points = entry.epochs.map((epoch, i) => [epoch, values[start + i]]).filter(point => Number.isFinite(point[1]));
      points.forEach(point => rows.push({layer: layer + 1, epoch: point[0], value: point[1]}));
      if (points.length) series.push({type: 'line', name: 'layer ' + (layer + 1), data: points, symbol: SYMBOLS[layer % 8], showSymbol: points.length <= 40,
        symbolSize: 5, lineStyle: {color: colour(layer), width: 2}, itemStyle: {color: colour(layer)}});
    }
    const of = rows.map(row => row.value);
    const log = /gradient/.test(name) && Math.min(...of) > 0;
    return series.length ? {height: 280,
      table: {columns: [column('layer', row => row.layer, true), column('epoch', row => row.epoch, true), column(name, row => row.value, true)], rows},
      option: {grid: {left: 70, right: 16, top: 32, bottom: 46}, legend: legend(),
        tooltip: tooltip(p => [p.seriesName, 'epoch ' + p.value[0] + ': ' + text(p.value[1])]),
        xAxis: horizontal('epoch', {type: 'value', minInterval: 1, min: 1, max: range => Math.max(2, range.max)}), yAxis: vertical(log ? 'logarithmic' : '', {type: log ? 'log' : 'value'}), series}}
      : {nothing: 'No values.'};
  }));
  const update = () => drawn.forEach(chart => chart.refresh());
  redrawSelected.push(() => {
    now = state.selected.find(trial => entries.has(trial)) ?? now;
    list.set(order(), now);
    update();
  });
}

// ---------------------------------------------------------------- classes

function classes() {
  const part = section('classes', 'Classes and confusions',
    data.confusion.left > 0 ? 'Of the best ' + data.confusion.trials.length + ' trials; trawl show has the others.' : 'At a trial’s best epoch.');
  if (!data.confusion.trials.length) {
    part.append(el('p', {textContent: 'No epoch has been evaluated.'}));
    return;
  }
  const entries = new Map();
  data.confusion.trials.forEach(entry => { if (!entries.has(entry.trial)) entries.set(entry.trial, {}); entries.get(entry.trial)[entry.part] = entry; });
  const bar = controls(part);
  const first = ranked.find(trial => entries.has(trial)) ?? data.confusion.trials[0].trial;
  const parts = [...new Set(data.confusion.trials.map(entry => entry.part))].sort().reverse();
  const settings = {trial: state.selected.find(trial => entries.has(trial)) ?? first, part: parts.includes('validation') ? 'validation' : parts[0], reach: 'auto'};
  const order = () => [...new Set([...state.selected.filter(trial => entries.has(trial)), ...ranked.filter(trial => entries.has(trial)), ...entries.keys()])]
    .slice(0, 300).map(trial => [trial, value(trial, 'trial').slice(0, 8) + ' ' + keysOf(trial)]);
  const list = choice(bar, 'trial', order(), settings.trial, chosen => { settings.trial = Number(chosen); update(); });
  choice(bar, 'part', parts, settings.part, chosen => { settings.part = chosen; update(); });
  const reach = choice(bar, 'ROC curves up to', [['auto', 'where they rise'], ['1', '1'], ['0.2', '0.2'], ['0.05', '0.05']], 'auto',
    chosen => { settings.reach = chosen; roc.refresh(); });
  const place = el('div', {className: 'columns'});
  const right = el('div');
  const left = el('div');
  const rows = el('div');
  const some = el('p', {className: 'note'});
  place.append(left, right);
  part.append(some, place, rows);
  const entry = () => entries.get(settings.trial)?.[settings.part];
  const cell = (of, i, j) => of.counts[i * of.size + j];
  const classNames = of => data.confusion.names[of.names];
  const matrix = chart(left, 'Confusion matrix', () => {
    const of = entry();
    if (!of) return {nothing: 'This trial has no such part.'};
    const names = classNames(of);
    const n = of.size;
    const totals = of.actual ?? names.map((_, i) => names.reduce((sum, _, j) => sum + cell(of, i, j), 0));
    const points = [];
    names.forEach((_, i) => names.forEach((_, j) => points.push({i, j, count: cell(of, i, j), share: totals[i] ? cell(of, i, j) / totals[i] : 0})));
    const colours = CIVIDIS;
    return {title: 'Confusion matrix, ' + settings.part + ' part: rows actual, columns predicted', height: Math.max(300, Math.min(720, 120 + 30 * n)),
      table: {columns: [column('actual', row => names[row.i]), column('predicted', row => names[row.j]), column('samples', row => row.count, true),
        column('share of actual', row => row.share, true)], rows: points.filter(point => point.count)},
      option: {grid: {left: room(names.map(cut)), right: 76, top: 8, bottom: 46},
        tooltip: tooltip(p => { const point = points[p.dataIndex]; return [names[point.i] + ' taken for ' + names[point.j], point.count + ' of ' + totals[point.i] + ' samples']; }),
        xAxis: horizontal('predicted', {type: 'category', data: names, splitLine: {show: false}, axisLabel: {color: css('--dim')}}),
        yAxis: axis('', {type: 'category', data: names, inverse: true, splitLine: {show: false}, axisLabel: {color: css('--dim'), formatter: cut}}),
        visualMap: {min: 0, max: 1, dimension: 2, right: 0, top: 'middle', calculable: false, inRange: {color: colours}, text: ['all', 'none'], textStyle: {color: css('--text')}},
        series: [{type: 'heatmap', itemStyle: {borderColor: css('--page'), borderWidth: n <= 30 ? 1 : 0},
          data: points.map(point => ({value: [point.j, point.i, point.share], label: {color: inkOn(point.share, colours)}})),
          label: {show: n <= 25, formatter: p => points[p.dataIndex].count || ''}}]}};
  });
  const plane = (of, names) => {
    const total = of.samples ?? of.counts.reduce((a, b) => a + b, 0);
    return names.map((name, c) => {
      const actual = of.actual?.[c] ?? names.reduce((sum, _, j) => sum + cell(of, c, j), 0);
      const predicted = of.predicted?.[c] ?? names.reduce((sum, _, i) => sum + cell(of, i, c), 0);
      const hit = cell(of, c, c);
      return {name, tpr: actual ? hit / actual : 0, fpr: total > actual ? (predicted - hit) / (total - actual) : 0};
    });
  };
  const roc = chart(right, 'Classes in the ROC plane', () => {
    const of = entry();
    reach.select.parentNode.hidden = !of?.roc;
    if (!of) return {nothing: 'This trial has no such part.'};
    const names = classNames(of);
    const points = plane(of, names);
    if (of.roc) return rocCurves(of, names, points);
    const most = Math.max(.02, ...points.map(point => point.fpr)) * 1.15;
    return {title: 'Each class against the rest in the ROC plane, at its largest output', height: Math.max(300, Math.min(480, 120 + 30 * of.size)),
      table: {columns: [column('class', row => row.name), column('false positive rate', row => row.fpr, true), column('true positive rate', row => row.tpr, true)], rows: points},
      option: {grid: {left: 64, right: 24, top: 14, bottom: 50},
        tooltip: tooltip(p => [points[p.dataIndex].name, 'true positive rate ' + text(points[p.dataIndex].tpr), 'false positive rate ' + text(points[p.dataIndex].fpr)]),
        xAxis: horizontal('false positive rate', {type: 'value', min: 0, max: Math.min(1, Number(most.toPrecision(2)))}),
        yAxis: vertical('true positive rate', {type: 'value', max: 1, min: low => Math.max(0, Math.floor((low.min - .05) * 10) / 10)}),
        series: [{type: 'scatter', symbolSize: 11, itemStyle: {color: colour(0)}, data: points.map(point => [point.fpr, point.tpr]),
          label: {show: of.size <= 25, position: 'right', color: css('--text'), formatter: p => points[p.dataIndex].name}, labelLayout: {hideOverlap: true}}]}};
  });
  /** A line a class, the worst first in the legend, its point at the largest output as a mark, and chance as a diagonal. */
  const rocCurves = (of, names, points) => {
    const auc = c => of.classes?.[c]?.[4] ?? null;
    const lines = names.map((name, c) => {
      const rates = floats(of.roc[c]);
      return {c, name, auc: auc(c), line: Array.from({length: rates.length / 2}, (_, i) => [rates[2 * i], rates[2 * i + 1]])};
    }).sort((a, b) => compare(a.auc, b.auc) || a.c - b.c);
    // As far as all curves have risen, so that those of good networks are told apart.
    const risen = far => lines.every(({line}) => line.some(([fpr, tpr]) => fpr <= far && tpr >= .98));
    const far = settings.reach === 'auto' ? [.05, .2].find(risen) ?? 1 : Number(settings.reach);
    const label = line => cut(line.name) + (line.auc === null ? '' : '  ' + text(line.auc));
    const entries = Math.min(lines.length, 12);
    const wide = main.clientWidth > 640;
    return {title: 'ROC curves, ' + settings.part + ' part: a class against the rest, with the area below',
      height: wide ? Math.max(360, Math.min(480, 120 + 30 * of.size)) : 330 + 22 * entries,
      table: {columns: [column('class', row => row.name), column('false positive rate', row => row.fpr, true), column('true positive rate', row => row.tpr, true)],
        rows: lines.flatMap(line => line.line.map(([fpr, tpr]) => ({name: line.name, fpr, tpr})))},
      option: {grid: {left: 64, right: wide ? 44 + room(lines.map(label)) : 18, top: 14, bottom: wide ? 50 : 56 + 22 * entries},
        legend: legend({orient: 'vertical', top: wide ? 8 : undefined, right: wide ? 0 : undefined, bottom: wide ? 40 : 0, left: wide ? undefined : 40, height: wide ? undefined : 22 * entries,
          data: lines.map((line, g) => ({name: line.name, icon: SYMBOLS[g % 8]})), formatter: name => label(lines.find(line => line.name === name)),
          selected: Object.fromEntries(lines.map((line, g) => [line.name, g < 24]))}),
        tooltip: tooltip(p => [p.seriesName + (p.seriesType === 'scatter' ? ', at its largest output' : ''),
          'true positive rate ' + text(p.value[1]), 'false positive rate ' + text(p.value[0])]),
        xAxis: horizontal('false positive rate', {type: 'value', min: 0, max: far}),
        yAxis: vertical('true positive rate', {type: 'value', max: 1, min: far < 1 ? low => Math.max(0, Math.floor((low.min - .05) * 10) / 10) : 0}),
        series: [...lines.flatMap((line, g) => [
          {type: 'line', name: line.name, data: line.line, showSymbol: false, symbol: SYMBOLS[g % 8],
            lineStyle: {color: colour(g), width: 2, type: ['solid', 'dashed', 'dotted'][Math.floor(g / 8) % 3]}, itemStyle: {color: colour(g)}},
          {type: 'scatter', name: line.name, data: [[points[line.c].fpr, points[line.c].tpr]].filter(point => point[0] <= far), symbol: SYMBOLS[g % 8], symbolSize: 9, z: 4,
            itemStyle: {color: colour(g), borderColor: css('--page'), borderWidth: 1}}]),
        {type: 'line', name: 'chance', data: [[0, 0], [1, 1]], showSymbol: false, silent: true, z: 1, lineStyle: {color: css('--dim'), width: 1, type: 'dotted'}, itemStyle: {color: css('--dim')}}]}};
  };
  let sorting = null;
  const fill = () => {
    const of = entry();
    some.textContent = of?.of ? 'The ' + of.size + ' of ' + of.of + ' classes of which most samples are taken for another class, or others for them; '
      + 'the tables classes and confusion have all.' : '';
    if (!of || !of.classes) {
      rows.replaceChildren();
      return;
    }
    const names = classNames(of);
    const auc = of.classes.some(row => row[4] !== null);
    rows.replaceChildren(el('h3', {textContent: 'Classes of the ' + settings.part + ' part'}), table([
      column('class', row => row.name), metricColumn('precision', row => row.of[0]), metricColumn('recall', row => row.of[1]),
      metricColumn('F1', row => row.of[2]), column('samples', row => row.of[3], true),
      ...(auc ? [metricColumn('area under the ROC curve', row => row.of[4])] : [])],
    of.classes.map((row, i) => ({name: names[i], of: row})), {sort: true, label: 'Classes', order: sorting, sorted: now => { sorting = now; }}));
  };
  const update = () => { matrix.refresh(); roc.refresh(); fill(); };
  fill();
  redrawSelected.push(() => {
    settings.trial = state.selected.find(trial => entries.has(trial)) ?? settings.trial;
    list.set(order(), settings.trial);
    update();
  });
}

// ---------------------------------------------------------------- what went wrong

function failures() {
  const wrong = all.filter(trial => ['FAILED', 'DIVERGED', 'LOST', 'CANCELLED'].includes(value(trial, 'status')));
  const part = section('failures', 'Failed, diverged and lost', !wrong.length ? 'None.' : thinned ? 'Of the trials on this page.' : '');
  if (!wrong.length) return;
  const causes = {};
  wrong.forEach(trial => {
    const cause = value(trial, 'status').toLowerCase() + (value(trial, 'message') ? ': ' + value(trial, 'message') : '');
    causes[cause] = (causes[cause] || 0) + 1;
  });
  part.append(table([column('trials', row => row[1], true), column('what happened', row => row[0])],
    Object.entries(causes).sort((a, b) => b[1] - a[1]), {label: 'Causes'}));
  const more = el('details', {}, el('summary', {textContent: 'Each of the ' + wrong.length}));
  more.addEventListener('toggle', () => {
    if (more.children.length === 1) {
      more.append(table([
        column('trial', trial => value(trial, 'trial')), column('status', trial => value(trial, 'status')),
        ...varying.map(key => column(key, trial => value(trial, key), false, trial => shown(key, value(trial, key)))),
        column('epochs', trial => value(trial, 'epochs_run'), true), column('host', trial => value(trial, 'host')),
        column('cause', trial => value(trial, 'message'))], wrong, {sort: true, label: 'Trials that did not complete'}));
    }
  });
  part.append(more);
}

// ---------------------------------------------------------------- slots over time

function slots() {
  const part = section('slots', 'Slots over time', 'Each bar is an attempt of a trial; a row is a slot of an executor.');
  if (!attempts.length) {
    part.append(el('p', {textContent: 'No attempt has ended.'}));
    return;
  }
  const bar = controls(part);
  const told = el('p');
  const sessions = data.sessions.map((_, i) => i).filter(i => attempts.some(attempt => attempt.session === i));
  let now = sessions.at(-1);
  if (sessions.length > 1) {
    choice(bar, 'session', sessions.map(i => [i, time(data.sessions[i].started)]), now, chosen => { now = Number(chosen); drawn.refresh(); });
  }
  part.append(told);
  const drawn = chart(part, 'Attempts by slot', () => {
    const of = attempts.filter(attempt => attempt.session === now).sort((a, b) => a.started - b.started);
    const begin = Math.min(...of.map(a => a.started));
    const end = Math.max(...of.map(a => a.ended));
    const lanes = [];
    const placed = of.map(attempt => {
      const who = attempt.host + ' ' + (attempt.executor || '');
      let lane = lanes.findIndex(one => one.who === who && one.until <= attempt.started);
      if (lane < 0) lane = lanes.push({who, until: 0, nth: lanes.filter(one => one.who === who).length + 1}) - 1;
      lanes[lane].until = attempt.ended;
      return {...attempt, lane};
    });
    const names = lanes.map(lane => lane.who.trim() + ' #' + lane.nth);
    const order = names.map((name, i) => i).sort((a, b) => compare(names[a], names[b]));
    const row = order.reduce((rows, lane, i) => (rows[lane] = i, rows), []);
    const busy = of.reduce((sum, a) => sum + a.ended - a.started, 0);
    told.textContent = thinned ? 'Attempts of the trials on this page alone. All took ' + text(data.work[now].core / 3600) + ' core-hours in '
      + duration(data.work[now].span) + '.' : lanes.length + (lanes.length === 1 ? ' slot' : ' slots') + ', busy ' + (100 * busy / Math.max(1, lanes.length * (end - begin))).toFixed(1)
      + ' % of ' + duration((end - begin) / 1000) + '; ' + text(busy / 3.6e6) + ' core-hours.';
    const outcomes = ['COMPLETED', 'PRUNED', 'DIVERGED', 'FAILED', 'CANCELLED', 'LOST'].filter(name => of.some(a => a.outcome === name));
    const colours = {COMPLETED: 0, PRUNED: 2, DIVERGED: 4, FAILED: 1, CANCELLED: 7, LOST: 3};
    return {height: 110 + Math.min(26, Math.max(10, 600 / lanes.length)) * lanes.length,
      table: {columns: [column('trial', a => value(a.trial, 'trial')), column('slot', a => names[a.lane]), column('from, s', a => (a.started - begin) / 1000, true),
        column('seconds', a => (a.ended - a.started) / 1000, true), column('outcome', a => a.outcome), column('cause', a => a.cause)], rows: placed},
      option: {grid: {left: room(names.map(cut)), right: 20, top: 34, bottom: 46}, legend: legend({data: outcomes}),
        tooltip: tooltip(p => { const a = placed[p.value[3]]; return ['trial ' + value(a.trial, 'trial') + ', ' + a.outcome.toLowerCase(),
          duration((a.ended - a.started) / 1000) + ' on ' + names[a.lane], a.cause, keysOf(a.trial)]; }),
        xAxis: horizontal('seconds from the start', {type: 'value', min: 0, max: (end - begin) / 1000, axisLabel: {color: css('--dim'), hideOverlap: true, formatter: text, showMaxLabel: false}}),
        yAxis: axis('', {type: 'category', data: order.map(lane => names[lane]), inverse: true, axisLabel: {color: css('--text'), formatter: cut}}),
        series: outcomes.map(outcome => ({type: 'custom', name: outcome, itemStyle: {color: colour(colours[outcome])}, encode: {x: [0, 1], y: 2},
          data: placed.map((a, i) => [(a.started - begin) / 1000, (a.ended - begin) / 1000, row[a.lane], i]).filter(point => placed[point[3]].outcome === outcome),
          renderItem: (_, api) => {
            const [left, y] = api.coord([api.value(0), api.value(2)]);
            const right = api.coord([api.value(1), api.value(2)])[0];
            const height = api.size([0, 1])[1] * .7;
            return {type: 'rect', shape: {x: left, y: y - height / 2, width: Math.max(1, right - left), height},
              style: {fill: api.visual('color'), stroke: css('--page'), lineWidth: right - left > 3 ? 1 : 0}};
          }}))}};
  });
}

// ---------------------------------------------------------------- the page

function theme() {
  const wanted = state.theme === 'auto' ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : state.theme;
  document.documentElement.dataset.theme = wanted;
}

theme();
const page = document.getElementById('page');
choice(page, 'colours', [['auto', 'as the system'], 'light', 'dark'], state.theme, chosen => {
  state.theme = chosen;
  keep();
  theme();
  charts.forEach(chart => chart.restyle());
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { theme(); charts.forEach(chart => chart.restyle()); });
if (data.live) {
  let timer = null;
  const start = on => { clearInterval(timer); timer = on ? setInterval(() => location.reload(), data.live * 1000) : null; };
  state.paused = state.paused || false;
  tick(page, 'the run goes on: load again every ' + data.live + ' s', !state.paused, on => { state.paused = !on; keep(); start(on); });
  start(!state.paused);
}

overview();
if (count) {
  leaderboard();
  points();
  learningCurves();
  heatMaps();
  keyEffects();
  parallel();
  importance();
  layers();
  classes();
  failures();
  slots();
} else {
  main.append(el('p', {textContent: 'The run has no trials.'}));
}
document.getElementById('foot').textContent = 'Written ' + time(data.written) + ' by Trawl ' + data.version
  + '. Charts by Apache ECharts (Apache License 2.0). This file needs no network.';

let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth !== width) {
    width = innerWidth;
    charts.forEach(chart => chart.instance?.resize());
  }
});
const drawAll = () => charts.forEach(chart => chart.draw());
addEventListener('beforeprint', () => {
  document.documentElement.dataset.theme = 'light';
  drawAll();
  charts.forEach(chart => {
    chart.restyle();
    chart.instance?.resize({width: 680});
    chart.instance?.getZr().flush();
  });
});
addEventListener('afterprint', () => { theme(); charts.forEach(chart => chart.restyle()); });
window.trawlReport = {charts, drawAll, state};
})();
