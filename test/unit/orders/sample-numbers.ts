/** Telephone numbers of acme's range, by counting. */

/** In E.164, from +441632960000 on. */
export const N = (n: number): string => `+44163296${String(n).padStart(4, '0')}`;
/** The same without the plus, as the engine keeps them. */
export const digits = (n: number): string => N(n).slice(1);
