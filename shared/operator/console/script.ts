/** The script of the console: signs in with a token, asks for the panels, replaces what has changed, carries out what buttons say. */

/** Plain JavaScript for browsers; it keeps the token for the tab and hands it to nobody but this API. */
export const CONSOLE_SCRIPT = `
'use strict';
const EVERY_MS = 5000;
const KEY = 'acg-operator-token';
const byId = (id) => document.getElementById(id);
const say = (text) => { byId('message').textContent = text; };
let timer;

const token = () => sessionStorage.getItem(KEY);

const takeFromAddress = () => {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!given) return;
  sessionStorage.setItem(KEY, given);
  history.replaceState(null, '', location.pathname + location.search);
};

const call = (path, options = {}) =>
  fetch(path, { ...options, headers: { ...options.headers, authorization: 'Bearer ' + token() } });

const problemOf = async (response) => {
  const body = await response.json().catch(() => undefined);
  return body && body.error ? body.error.code + ': ' + body.error.message : 'status ' + response.status;
};

const signedIn = (is) => {
  byId('sign-in').hidden = is;
  byId('sign-out').hidden = !is;
};

const signOut = (text) => {
  sessionStorage.removeItem(KEY);
  clearTimeout(timer);
  byId('panels').replaceChildren();
  signedIn(false);
  say(text);
  byId('token').focus();
};

/** Replaces the sections that differ; what had the focus gets it back. */
const show = (html) => {
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  const panels = byId('panels');
  for (const section of fresh.querySelectorAll('section')) {
    const old = byId(section.id);
    if (!old) { panels.append(section); continue; }
    if (old.outerHTML === section.outerHTML) continue;
    const label = old.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    old.replaceWith(section);
    if (label) for (const one of section.querySelectorAll('button')) if (one.getAttribute('aria-label') === label) one.focus();
  }
};

const load = async () => {
  clearTimeout(timer);
  if (!token()) return signOut('');
  try {
    const response = await call('console/panels');
    if (response.status === 401 || response.status === 403) return signOut(await problemOf(response));
    if (response.ok) show(await response.text());
    else say(await problemOf(response));
    signedIn(true);
  } catch {
    say('No answer. Trying again.');
  }
  timer = setTimeout(load, EVERY_MS);
};

const carryOut = async (button) => {
  const { method, path, body, ask, question, confirm: sure } = button.dataset;
  const content = JSON.parse(body);
  if (sure && !confirm(sure)) return;
  if (ask) {
    const answer = prompt(question);
    if (!answer) return;
    content[ask] = answer;
  }
  // Not the disabled property: that would take the focus away.
  if (button.getAttribute('aria-disabled')) return;
  button.setAttribute('aria-disabled', 'true');
  say('Asking …');
  const sends = method !== 'DELETE';
  const headers = { ...(sends ? { 'content-type': 'application/json' } : {}), ...(method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}) };
  try {
    const response = await call('../' + path, { method, headers, ...(sends ? { body: JSON.stringify(content) } : {}) });
    const name = button.getAttribute('aria-label');
    if (!response.ok) return say(name + ' — refused. ' + (await problemOf(response)));
    const text = path.includes('/doctor') ? ' — ' + findings(await response.json()) : ' — done.';
    say(name + text);
  } catch {
    say('No answer. It may or may not have been done.');
  } finally {
    button.removeAttribute('aria-disabled');
    await load();
  }
};

const findings = ({ ok, checks }) =>
  ok ? 'all well.' : checks.filter((check) => check.outcome === 'failed').map((check) => check.name + ': ' + (check.message || check.reason)).join(' ');

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-path]');
  if (button) carryOut(button);
});
byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, byId('token').value.trim());
  byId('token').value = '';
  say('');
  load();
});
byId('sign-out').addEventListener('click', () => signOut('Signed out.'));
takeFromAddress();
load();
`;
