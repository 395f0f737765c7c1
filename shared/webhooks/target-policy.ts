/** Pure: which URLs may be registered as webhook targets. The addresses behind the names are checked at each connect (platform/outbound). */

export type TargetRefusal = 'NotAUrl' | 'HttpsRequired' | 'CredentialsInUrl' | 'FragmentInUrl' | 'HostNotPublic';
/** `url` is the normalised form to store. */
export type TargetCheck = { outcome: 'allowed'; url: string } | { outcome: 'refused'; reason: TargetRefusal };

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '[::1]', 'localhost']);
const INNER_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa'];

const isInner = (hostname: string): boolean => {
  const host = hostname.replace(/\.$/, '');
  const isName = !host.startsWith('[');
  return LOOPBACK_HOSTS.has(host) || (isName && !host.includes('.')) || INNER_SUFFIXES.some((suffix) => host.endsWith(suffix));
};

/** `allowLoopback` is the local-only switch: http and https to this machine pass, everything else is as strict as ever. */
export const checkTarget = (text: string, allowLoopback: boolean): TargetCheck => {
  const url = URL.parse(text);
  if (url === null || url.hostname === '') return { outcome: 'refused', reason: 'NotAUrl' };
  const loopback = allowLoopback && LOOPBACK_HOSTS.has(url.hostname);
  if (url.protocol !== 'https:' && !(loopback && url.protocol === 'http:')) return { outcome: 'refused', reason: 'HttpsRequired' };
  if (url.username !== '' || url.password !== '') return { outcome: 'refused', reason: 'CredentialsInUrl' };
  if (text.includes('#')) return { outcome: 'refused', reason: 'FragmentInUrl' };
  if (!loopback && isInner(url.hostname)) return { outcome: 'refused', reason: 'HostNotPublic' };
  return { outcome: 'allowed', url: url.href };
};
