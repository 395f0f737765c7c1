/** Reads README.md as tests need it: its sections, its shell lines, its links, the scripts it names, and the table of settings it should have. */
import { readFileSync } from 'node:fs';
import type { StackFacts } from '../../infra/local/stack/facts.ts';
import type { SettingNote } from '../../shared/platform/config/summary.ts';

export const readReadme = (): string => readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** What stands below a heading of level two, without the heading; throws when there is none. */
export const sectionOf = (text: string, title: string): string => {
  const [found, ...others] = text.split(/^## /m).filter((section) => section.startsWith(`${title}\n`));
  if (found === undefined || others.length > 0) throw new Error(`There must be one section "${title}".`);
  return found.slice(title.length + 1);
};

/** The fenced blocks marked `bash`, one after the other, as somebody would paste them. */
export const bashOf = (section: string): string =>
  [...section.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, lines = '']) => lines).join('');

type Addresses = Pick<StackFacts, 'publicUrl' | 'dir'> & { issuer: { url: string }; receiver: { url: string }; upstream: { url: string } };

/** The script for a stack on other ports and in another folder: the four default addresses and `.local/` replaced, nothing else. */
export const scriptFor = (script: string, { publicUrl, issuer, receiver, upstream, dir }: Addresses): string => {
  const replacements: [string, string][] = [
    ['http://localhost:7071', publicUrl],
    ['https://localhost:7443', upstream.url],
    ['https://localhost:7444', issuer.url],
    ['http://localhost:7445', receiver.url],
    ['.local/', `${dir}/`],
  ];
  return replacements.reduce((lines, [written, actual]) => lines.replaceAll(written, actual), script);
};

export type PrintedAnswer = { status: number; body: unknown };

/** What the example's curl prints of each answer: one line of JSON, one of its status. */
export const answersIn = (printed: string): PrintedAnswer[] =>
  [...printed.matchAll(/^(\{.*\})\n(\d{3})$/gm)].map(([, body = '', status]) => ({
    status: Number(status),
    body: JSON.parse(body) as unknown,
  }));

export const npmScriptsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\bnpm (?:run (?:--silent )?)?([a-z][a-z0-9:-]*)/g)].map(([, name = '']) => name)),
];

/** Targets of links that point into this repository, without their fragments. */
export const relativeLinksIn = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

/** The table of settings in Markdown. */
export const settingsTable = (notes: readonly SettingNote[]): string => {
  const rows = notes.map((note) => [`\`${note.name}\``, note.branches, note.default === '' ? '' : `\`${note.default}\``, note.description]);
  const lines = [['Setting', 'Branch', 'Default', 'What it is for'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
};
