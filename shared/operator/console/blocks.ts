/** What panels of the console are made of: sections, tables, times and buttons. */
import { markup, type Html } from '../../platform/http/docs/html.ts';
import { button, type Action } from './action.ts';

/** `undefined` is an empty cell. */
export type Cell = Html | string | number | undefined;

/** A panel: its heading names it, and its id is how the page finds it again. */
export const section = (id: string, title: string, body: Html): Html =>
  markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;

/** To the second, in UTC as all of the console. */
export const time = (at: string | undefined): Html | undefined =>
  at === undefined ? undefined : markup`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')}</time>`;

/** `none` stands in the place of a table without rows. */
export const table = (caption: string, heads: readonly string[], rows: readonly (readonly Cell[])[], none: string): Html =>
  rows.length === 0
    ? markup`<p>${none}</p>`
    : markup`<table><caption>${caption}</caption><thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;

/** Buttons, for those who may press them. */
export const actions = (may: boolean, ...all: Action[]): Html => markup`${may ? all.map(button) : []}`;
