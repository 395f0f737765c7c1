/** Buttons of the console: each is one request of the API, described by its attributes for the page's script. */
import { markup, type Html } from '../../platform/http/docs/html.ts';

export type Action = {
  label: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/`. */
  path: string;
  body?: object;
  /** Asks for a text and sends it as this member of the body. */
  ask?: { member: string; question: string };
  /** Asked before anything is sent. */
  confirm?: string;
  /** What the button is about, for those who do not see the row around it. */
  about: string;
};

export const button = ({ label, method, path, body, ask, confirm, about }: Action): Html =>
  markup`<button type="button" data-method="${method}" data-path="${path}" data-body="${JSON.stringify(body ?? {})}" data-ask="${ask?.member ?? ''}" data-question="${ask?.question ?? ''}" data-confirm="${confirm ?? ''}" aria-label="${`${label}: ${about}`}">${label}</button>`;
