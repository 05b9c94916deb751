'use strict';

// Everything that the page says of a server comes from the addresses that programs use, too.
const $ = (id) => document.getElementById(id);
let model = null;
let image = null;
let stream = null;
let asked = 0;
let choices = 0;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function say(problem) {
  $('problem').textContent = problem || '';
}

function key() {
  return sessionStorage.getItem('key');
}

async function request(path, options = {}) {
  const headers = new Headers(options.headers);
  if (key()) headers.set('Authorization', 'Bearer ' + key());
  const response = await fetch(path, { ...options, headers });
  if (response.ok) return response;
  if (response.status === 401) {
    $('key-form').hidden = false;
    $('key').focus();
  }
  let reason = 'The server answered ' + response.status + '.';
  try {
    reason = (await response.json()).error || reason;
  } catch (e) {
    // The status says enough.
  }
  throw new Error(reason);
}

async function start() {
  try {
    const { models } = await (await request('v1/models')).json();
    const ready = models.filter((m) => m.versions.some((v) => v.state !== 'refused'));
    $('key-form').hidden = true;
    $('model').replaceChildren(...ready.map((m) => element('option', m.name, { value: m.name })));
    $('model').disabled = ready.length === 0;
    $('server').textContent =
      ready.length === 0 ? 'No model is in service yet.' : ready.length === 1 ? '1 model' : ready.length + ' models';
    say('');
    if (ready.length > 0) await choose();
  } catch (e) {
    $('server').textContent = 'No models can be seen.';
    say(e.message);
  }
}

async function choose() {
  stop();
  const turn = ++choices;
  asked++; // what was asked of the model before is not shown
  model = null; // what is asked meanwhile waits for the one that was chosen
  $('answer').replaceChildren();
  $('timing').textContent = '';
  say('');
  let chosen;
  try {
    chosen = await (await request('v1/models/' + encodeURIComponent($('model').value))).json();
  } catch (e) {
    if (turn === choices) say(e.message);
    return;
  }
  if (turn !== choices) return; // another model has been chosen since
  model = chosen;
  $('ask-image').hidden = model.content !== 'image';
  $('ask-text').hidden = model.content !== 'text';
  $('ask-features').hidden = model.content !== 'features';
  const goesOn = model.task === 'generate';
  $('prompt-label').textContent = goesOn ? 'Text to go on from' : 'Text to tell the class of';
  $('going-on').hidden = $('stop').hidden = !goesOn;
  $('go').textContent = goesOn ? 'Go on' : 'Ask';
  describe();
  if (model.content === 'image' && image) await look();
}

function describe() {
  const facts = [
    ['Kind', model.kind],
    ['Version', model.version],
    ['Parameters', count(model.parameters)],
    ['Self-test', model.selfTest.replace(/^its self-test /, '').replace(', within 0.0e+00', ' to the bit')],
  ];
  if (model.labels) facts.push(['Classes', model.labels.join(', ')]);
  const from = model.provenance || {};
  if (from.data) {
    const parts = { train: ' to train on', validation: ' for validation', test: ' for the test' };
    const counts = Object.entries(parts).filter(([part]) => part in from.data);
    facts.push(['Examples', counts.map(([part, what]) => count(from.data[part]) + what).join(', ')]);
  }
  for (const [name, value] of Object.entries((from.metrics && from.metrics.values) || from.metrics || {})) {
    if (typeof value === 'number') facts.push([title(name), figure(name, value)]);
  }
  if (from.job && from.job.seed !== undefined) facts.push(['Seed', from.job.seed]);
  $('about').replaceChildren(...facts.flatMap(([name, value]) => [element('dt', name), element('dd', String(value))]));
  $('job').textContent = JSON.stringify(from.job || {}, null, 2);
}

function count(number) {
  return Number(number).toLocaleString('en');
}

// As reports have it: validationBleu4 is "Validation BLEU-4".
function title(name) {
  const words = name
    .replace(/([a-z])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .replace(/\bbleu(\d)/, 'BLEU-$1')
    .replace(/\bcider\b/, 'CIDEr')
    .replace(/\brouge l\b/, 'ROUGE-L')
    .replace(/\btop(\d+)/, 'top-$1');
  return words[0].toUpperCase() + words.slice(1);
}

// Likewise: four decimals wherever they say enough; else, and for rates, four digits.
function figure(name, value) {
  if (name === 'epoch' || name === 'iteration') return count(value);
  if (name !== 'learningRate' && (value === 0 || Math.abs(value) >= 5e-4)) return value.toFixed(4);
  const rounded = Number(value.toPrecision(4));
  return rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
}

function show(blob) {
  if (!blob || !blob.type.startsWith('image/')) {
    say('That is no image.');
    return;
  }
  image = blob;
  const old = $('preview').src;
  $('preview').src = URL.createObjectURL(blob);
  $('preview').hidden = false;
  if (old) URL.revokeObjectURL(old);
  look();
}

const address = (task, query = '') => 'v1/models/' + encodeURIComponent(model.name) + '/' + task + query;

async function post(path) {
  const response = await request(path, { method: 'POST', headers: { 'Content-Type': image.type }, body: image });
  return response.json();
}

async function look() {
  if (!model) return;
  const turn = ++asked;
  say('');
  const began = performance.now();
  try {
    let answer;
    if (model.task === 'predict') {
      answer = bars((await post(address('predict', '?top=5'))).predictions);
    } else {
      const looks = model.options.includes('attention') ? '?attention=true' : '';
      const [greedy, beam] = await Promise.all([post(address('caption', '?beam=1')), post(address('caption', looks))]);
      answer = captions([['Word by word', greedy.caption], ['Beam search', beam.caption]]);
      if (beam.attention) answer.append(element('dt', 'Where it looked before each word'), await looked(beam.attention));
    }
    if (turn !== asked) return; // another image has come since
    $('answer').replaceChildren(answer);
    await timing(began);
  } catch (e) {
    if (turn === asked) say(e.message);
  }
}

function bars(predictions) {
  const list = element('ol', undefined, { class: 'bars' });
  const scores = predictions.map((p) => p.probability ?? p.score);
  const largest = predictions[0].probability !== undefined ? 1 : Math.max(...scores.map(Math.abs), 1e-9);
  predictions.forEach((prediction, i) => {
    const item = element('li');
    const track = element('span', undefined, { class: 'track', 'aria-hidden': 'true' });
    const bar = element('span');
    bar.style.width = Math.max(0, (100 * scores[i]) / largest) + '%';
    track.append(bar);
    const value = largest === 1 ? (100 * scores[i]).toFixed(1) + ' %' : scores[i].toFixed(2);
    item.append(element('span', prediction.label, { class: 'name' }), track, element('span', value, { class: 'value' }));
    list.append(item);
  });
  return list;
}

function captions(found) {
  const list = element('dl', undefined, { class: 'captions' });
  for (const [how, caption] of found) list.append(element('dt', how), element('dd', caption || '(nothing)'));
  return list;
}

// The image as the model sees it, a small one for each word: the darker, the less a place counted.
async function looked({ words, rows, columns, weights }) {
  const sight = document.createElement('canvas');
  const [, , height, width] = model.inputs[0].shape;
  sight.height = 96;
  sight.width = Math.round((96 * width) / height);
  const seen = await createImageBitmap(image);
  const { fit = 'squash' } = (((model.provenance || {}).job || {}).data) || {};
  const scales = [sight.width / seen.width, sight.height / seen.height];
  const scale = fit === 'crop' ? Math.max(...scales) : Math.min(...scales);
  const [w, h] = fit === 'squash' ? [sight.width, sight.height] : [seen.width * scale, seen.height * scale];
  sight.getContext('2d').drawImage(seen, (sight.width - w) / 2, (sight.height - h) / 2, w, h);
  const list = element('dd', undefined, { class: 'looks' });
  words.forEach((word, t) => {
    const mask = document.createElement('canvas');
    mask.width = columns;
    mask.height = rows;
    const pen = mask.getContext('2d');
    const largest = Math.max(...weights[t]);
    weights[t].forEach((weight, place) => {
      pen.fillStyle = 'rgb(0 0 0 / ' + 0.8 * (1 - weight / largest) + ')';
      pen.fillRect(place % columns, Math.floor(place / columns), 1, 1);
    });
    const canvas = element('canvas', undefined, { 'aria-hidden': 'true' });
    canvas.width = sight.width;
    canvas.height = sight.height;
    const shown = canvas.getContext('2d');
    shown.drawImage(sight, 0, 0);
    shown.drawImage(mask, 0, 0, canvas.width, canvas.height);
    const figure = element('figure');
    figure.append(canvas, element('figcaption', word));
    list.append(figure);
  });
  return list;
}

async function timing(began) {
  const took = performance.now() - began;
  let batches = '';
  try {
    const lines = (await (await request('metrics')).text()).split('\n');
    const value = (name) => {
      const line = lines.find((l) => l.startsWith(name + '{') && l.includes('model="' + model.name + '"'));
      return line ? Number(line.slice(line.lastIndexOf(' '))) : 0;
    };
    const count = value('descry_batch_size_count');
    if (count > 0) {
      batches = ' Batches of ' + (value('descry_batch_size_sum') / count).toFixed(1) + ' on average since the model was loaded.';
    }
  } catch (e) {
    // The answer matters, not what is told beside it.
  }
  $('timing').textContent = 'Answered in ' + took.toFixed(0) + ' ms.' + batches;
}

async function classify() {
  const began = performance.now();
  try {
    const response = await request(address('predict', '?top=5'), {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: $('prompt').value,
    });
    $('answer').replaceChildren(bars((await response.json()).predictions));
    await timing(began);
  } catch (e) {
    say(e.message);
  }
}

async function goOn(event) {
  event.preventDefault();
  stop();
  say('');
  if (!model) return;
  if (model.task === 'predict') {
    await classify();
    return;
  }
  const control = new AbortController();
  stream = control;
  $('go').disabled = true;
  $('stop').disabled = false;
  const prompt = $('prompt').value;
  const text = element('p', undefined, { class: 'text' });
  const more = element('span');
  text.append(element('span', prompt, { class: 'prompt' }), more);
  $('answer').replaceChildren(text);
  const began = performance.now();
  const body = { prompt, length: Number($('length').value), stream: true };
  if ($('greedy').checked) {
    body.greedy = true;
  } else {
    body.temperature = Number($('temperature').value);
    body.seed = Math.floor(Math.random() * 1e9);
  }
  try {
    const response = await request(address('generate'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: control.signal,
    });
    await events(response, (name, data) => {
      if (name === 'token') more.append(data.text);
      if (name === 'done') more.textContent = data.text.slice(prompt.length);
      if (name === 'error') say(data.error);
    });
    await timing(began);
  } catch (e) {
    if (e.name !== 'AbortError') say(e.message);
  }
  if (stream === control) stop();
}

async function events(response, heard) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    for (const part of parts) {
      const [name, data] = part.split('\n');
      heard(name.slice('event: '.length), JSON.parse(data.slice('data: '.length)));
    }
  }
}

function stop() {
  if (stream) stream.abort();
  stream = null;
  $('go').disabled = false;
  $('stop').disabled = true;
}

let camera = null;

async function openCamera() {
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    $('video').srcObject = camera;
    $('viewfinder').hidden = false;
    $('drop').hidden = true;
    $('shoot').focus();
  } catch (e) {
    say('There is no camera that this page may use.');
  }
}

function closeCamera() {
  if (camera) camera.getTracks().forEach((track) => track.stop());
  camera = null;
  $('viewfinder').hidden = true;
  $('drop').hidden = false;
  $('camera').focus();
}

function shoot() {
  const canvas = document.createElement('canvas');
  canvas.width = $('video').videoWidth;
  canvas.height = $('video').videoHeight;
  canvas.getContext('2d').drawImage($('video'), 0, 0);
  canvas.toBlob(show, 'image/png');
  closeCamera();
}

function draw() {
  const side = 96;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#282828';
  pen.fillRect(0, 0, side, side);
  pen.fillStyle = ['#dc2828', '#2860dc', '#28b43c', '#e6c828'][Math.floor(Math.random() * 4)];
  pen.beginPath();
  const at = () => 30 + Math.random() * 36;
  const [x, y] = [at(), at()];
  if (Math.random() < 0.5) pen.arc(x, y, 20, 0, 2 * Math.PI);
  else pen.rect(x - 17, y - 17, 34, 34);
  pen.fill();
  canvas.toBlob(show, 'image/png');
}

$('model').addEventListener('change', choose);
$('file').addEventListener('change', () => show($('file').files[0]));
$('file').addEventListener('focus', () => document.querySelector('label[for=file]').classList.add('focused'));
$('file').addEventListener('blur', () => document.querySelector('label[for=file]').classList.remove('focused'));
$('camera').addEventListener('click', openCamera);
$('camera').hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
$('shoot').addEventListener('click', shoot);
$('cancel').addEventListener('click', closeCamera);
$('example').addEventListener('click', draw);
$('ask-text').addEventListener('submit', goOn);
$('stop').addEventListener('click', stop);
$('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem('key', $('key').value);
  start();
});
document.addEventListener('paste', (event) => {
  const file = [...event.clipboardData.files].find((f) => f.type.startsWith('image/'));
  if (file && model && model.content === 'image') show(file);
});
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  $('drop').classList.add('over');
});
document.addEventListener('dragleave', () => $('drop').classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  $('drop').classList.remove('over');
  if (event.dataTransfer.files.length > 0 && model && model.content === 'image') show(event.dataTransfer.files[0]);
});
start();
