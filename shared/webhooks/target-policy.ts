/** Pure: which URLs may be registered as webhook targets. The addresses behind the names are checked at each connect (platform/outbound). */
import { AppError } from '../platform/errors/app-error.ts';

export type TargetRefusal = 'NotAUrl' | 'HttpsRequired' | 'CredentialsInUrl' | 'FragmentInUrl' | 'HostNotPublic' | 'NameRequired';
/** `url` is the normalised form to store. */
export type TargetCheck = { outcome: 'allowed'; url: string } | { outcome: 'refused'; reason: TargetRefusal };

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '[::1]', 'localhost']);
const INNER_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa'];

const isInner = (hostname: string): boolean => {
  const host = hostname.replace(/\.$/, '');
  const isName = !host.startsWith('[');
  return LOOPBACK_HOSTS.has(host) || (isName && !host.includes('.')) || INNER_SUFFIXES.some((suffix) => host.endsWith(suffix));
};

/** The parser of URLs has turned every way to write an IPv4 address into four decimal numbers. */
const isAddress = (hostname: string): boolean => hostname.startsWith('[') || /^[\d.]+$/.test(hostname);

/** `allowLoopback` is the local-only switch: http and https to this machine pass, everything else is as strict as ever. */
export const checkTarget = (text: string, allowLoopback: boolean): TargetCheck => {
  const url = URL.parse(text);
  if (url === null || url.hostname === '') return { outcome: 'refused', reason: 'NotAUrl' };
  const loopback = allowLoopback && LOOPBACK_HOSTS.has(url.hostname);
  if (url.protocol !== 'https:' && !(loopback && url.protocol === 'http:')) return { outcome: 'refused', reason: 'HttpsRequired' };
  if (url.username !== '' || url.password !== '') return { outcome: 'refused', reason: 'CredentialsInUrl' };
  if (text.includes('#')) return { outcome: 'refused', reason: 'FragmentInUrl' };
  if (!loopback && isInner(url.hostname)) return { outcome: 'refused', reason: 'HostNotPublic' };
  if (!loopback && isAddress(url.hostname)) return { outcome: 'refused', reason: 'NameRequired' };
  return { outcome: 'allowed', url: url.href };
};

const WHY: Readonly<Record<TargetRefusal, string>> = {
  NotAUrl: 'It is not a URL.',
  HttpsRequired: 'Only https is allowed.',
  CredentialsInUrl: 'It holds a user name or password; use a header of the subscription instead.',
  FragmentInUrl: 'It has a fragment, which is never sent.',
  NameRequired: 'Its host is an address; certificates are for names.',
  HostNotPublic: 'Its host is not on the public internet. A receiver inside a network needs a public address in front of it.',
};

/** 400 with a pointer to the URL and what to do about it. */
export const targetProblem = (reason: TargetRefusal): AppError => {
  const detail = { code: 'UrlNotAllowed', message: `${reason}: ${WHY[reason]}`, target: '/url' };
  return new AppError('InvalidRequest', { message: '1 problem in the request.', target: 'body', details: [detail] });
};
