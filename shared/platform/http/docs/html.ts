/** Pure: HTML as text, with everything that is not markup escaped. */

/** Markup that is known to be safe to place into a page. */
export type Html = { readonly html: string };

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe as text and within quoted attributes. */
export const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

type Part = Html | string | number | undefined | readonly Part[];

const render = (part: Part): string => {
  if (part === undefined) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(render).join('');
};

/** A template whose values are escaped unless they are markup already. */
export const markup = (strings: TemplateStringsArray, ...values: Part[]): Html => ({
  html: strings.map((text, n) => text + render(values[n])).join(''),
});
