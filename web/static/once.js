// Spares a person the question on the page "One short question": finds, for
// each part, a number n so that SHA-256 of "challenge.part.n" begins with so
// many zero bits (web/pages/challenge.h), and sends the form. In slices, so
// that the page stays usable; without a script the question is answered by
// hand.
(function () {
  'use strict';

  const form = document.getElementById('once');
  const challenge = form.elements.namedItem('once-challenge').value;
  const work = form.elements.namedItem('once-work');
  const bits = Number(form.dataset.bits);
  const parts = Number(form.dataset.parts);
  const SLICE = 25; // ms

  // FIPS 180-4: the first 32 bits of the fractional parts of the square
  // roots of the first 8 primes, and of the cube roots of the first 64.
  const START = new Int32Array(8);
  const ROUND = new Int32Array(64);
  const fraction = (x) => (x - Math.floor(x)) * 4294967296 | 0;
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) prime = prime && n % d !== 0;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    ROUND[found++] = fraction(Math.cbrt(n));
  }

  const W = new Int32Array(64);

  // The first 32 bits of the hash of what stands in W[0] to W[15].
  function firstWord() {
    for (let i = 16; i < 64; i++) {
      const p = W[i - 15], q = W[i - 2];
      W[i] = W[i - 16] + W[i - 7] +
        ((p >>> 7 | p << 25) ^ (p >>> 18 | p << 14) ^ p >>> 3) +
        ((q >>> 17 | q << 15) ^ (q >>> 19 | q << 13) ^ q >>> 10);
    }
    let a = START[0], b = START[1], c = START[2], d = START[3];
    let e = START[4], f = START[5], g = START[6], h = START[7];
    for (let i = 0; i < 64; i++) {
      const t = h + ROUND[i] + W[i] + (e & f ^ ~e & g) +
        ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) | 0;
      const u = (a & b ^ a & c ^ b & c) +
        ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) | 0;
      h = g; g = f; f = e; e = d + t | 0;
      d = c; c = b; b = a; a = t + u | 0;
    }
    return a + START[0] | 0;
  }

  // One block is enough: a challenge has at most 36 characters.
  function begin(text) {
    W.fill(0);
    for (let i = 0; i < text.length; i++)
      W[i >> 2] |= text.charCodeAt(i) << 24 - 8 * (i & 3);
    W[text.length >> 2] |= 128 << 24 - 8 * (text.length & 3);
    W[15] = 8 * text.length;
  }

  const found = [];
  let n = 0;

  function slice() {
    const end = performance.now() + SLICE;
    while (found.length < parts) {
      if (n % 64 === 0 && performance.now() > end) {
        setTimeout(slice, 0);
        return;
      }
      begin(challenge + '.' + found.length + '.' + n);
      if (firstWord() >>> 32 - bits === 0) {
        found.push(n);
        n = 0;
      } else {
        n++;
      }
    }
    work.value = found.join('.');
    // The form may hold a field named "submit".
    HTMLFormElement.prototype.submit.call(form);
  }

  // Who comes back to this page by the browser's button stays on it.
  const visit = performance.getEntriesByType('navigation')[0];
  if (visit && visit.type === 'back_forward') return;
  const state = document.getElementById('once-state');
  state.textContent = state.dataset.words;
  slice();
})();
