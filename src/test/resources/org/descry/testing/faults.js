// What a person with good eyes would find wrong with a page, as a list of sentences.
(() => {
  const faults = [];
  const job = document.getElementById('job'); // a file as it is
  const text = document.body.innerText.replace(job?.innerText, '');
  for (const odd of text.matchAll(/\{\w+=.*|\w+\[\w+=.*|(?<!became )\bNaN\b|\bnull\b|\bundefined\b|\[object .*|\d\.?E-?\d+/g)) {
    faults.push(`says ${odd[0]}`);
  }

  const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1});
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const paint = (colours) => {
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
    }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const sheet = document.body.appendChild(document.createElement('i'));
  sheet.style.color = 'Canvas';
  const paper = getComputedStyle(sheet).color;
  sheet.remove();
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const under = (element) => {
    const colours = [];
    for (let e = element; e instanceof HTMLElement || e instanceof SVGElement; e = e.parentElement) {
      if (e instanceof HTMLElement) colours.unshift(getComputedStyle(e).backgroundColor);
    }
    return [paper, ...colours];
  };
  const contrast = (element, colour) => {
    const below = under(element);
    const [a, b] = [light(paint(below)), light(paint([...below, colour]))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const seen = new Set();
  const need = (element, colour, least, what) => {
    const found = contrast(element, colour);
    const fault = `${what} has a contrast of ${found.toFixed(1)} for ${least}`;
    if (found < least && !seen.has(fault)) {
      seen.add(fault);
      faults.push(fault);
    }
  };
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('script, style, svg')) continue;
    const own = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join(' ').trim();
    if (own && element.getClientRects().length) need(element, getComputedStyle(element).color, 4.5, `"${own.slice(0, 30)}"`);
    const box = element.getBoundingClientRect();
    if (own.length > 4 && box.width < 60 && box.height > 100) faults.push(`"${own}" is broken into letters`);
    if (element.classList.contains('swatch')) need(element.parentElement, getComputedStyle(element).backgroundColor, 3, 'a swatch');
  }
  for (const line of document.querySelectorAll('svg polyline')) {
    need(line, getComputedStyle(line).stroke, 3, `the line of ${line.parentElement.outerHTML.slice(0, 40)}`);
  }

  for (const svg of document.querySelectorAll('svg')) {
    const name = svg.getAttribute('aria-label');
    const frame = svg.getBoundingClientRect();
    const labels = [...svg.querySelectorAll('text')].filter((t) => t.textContent.trim());
    const boxes = labels.map((t) => [t.firstChild.data ?? t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([label, box], i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
        faults.push(`${name}: "${label}" is cut off`);
      }
      if (box.height < 8) faults.push(`${name}: "${label}" is ${box.height.toFixed(1)} pixels high`);
      for (const [other, area] of boxes.slice(i + 1)) {
        const wide = Math.min(box.right, area.right) - Math.max(box.left, area.left);
        const high = Math.min(box.bottom, area.bottom) - Math.max(box.top, area.top);
        if (wide > 1 && high > 4) faults.push(`${name}: "${label}" and "${other}" cover one another`);
      }
    });
  }
  return [...new Set(faults)].slice(0, 20);
})()
