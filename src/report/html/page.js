'use strict';
// Filters what is shown; reading needs none of it.
document.documentElement.classList.add('js');
const form = document.querySelector('form.filter');
const search = form.querySelector('input[type=search]');
const told = form.querySelector('output');
const items = [...document.querySelectorAll('[data-outcome]')];
const apply = () => {
  const text = search.value.trim().toLowerCase();
  const outcome = new FormData(form).get('outcome');
  let shown = 0;
  for (const item of items) {
    const fits = (outcome === 'all' || item.dataset.outcome === outcome) && (!text || item.textContent.toLowerCase().includes(text));
    item.hidden = !fits;
    shown += fits;
  }
  told.textContent = `${shown} of ${items.length} shown`;
};
let waiting;
form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
form.addEventListener('submit', event => event.preventDefault());
form.querySelector('button').addEventListener('click', event => {
  const open = event.target.getAttribute('aria-pressed') !== 'true';
  event.target.setAttribute('aria-pressed', String(open));
  items.filter(item => !item.hidden && item.tagName === 'DETAILS').slice(0, 500).forEach(item => { item.open = open; });
});
document.addEventListener('keydown', event => {
  if (event.key === '/' && event.target.tagName !== 'INPUT') { event.preventDefault(); search.focus(); }
});
// A link into a folded execution opens it.
const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target && target.closest('details');
  if (folded) { folded.hidden = false; folded.open = true; folded.scrollIntoView(); }
};
addEventListener('hashchange', reveal);
reveal();
apply();
