/** Pure: where in a text something stands. */

/** The line, counted from 1, on which `part` first stands; 1 when it does not. */
export const lineOfText = (text: string, part: string): number => text.slice(0, Math.max(0, text.indexOf(part))).split('\n').length;
