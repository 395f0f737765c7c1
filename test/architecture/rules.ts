/** The rules of the layout as functions from the source tree to violations in words. */
import type { SourceFile } from './source-tree.ts';

export const MAX_LINES = 300;

/** Which rooms a file of a room may import from; `self` is its own feature folder. */
const roomOf = (path: string): string => {
  const [top = '', second = ''] = path.split('/');
  if (top === 'shared') return second === 'platform' ? 'platform' : `feature:${second}`;
  if (top === 'infra') return `infra/${second}`;
  return top;
};

const mayImport = (from: string, to: string): boolean => {
  if (from === to || from === 'test') return true;
  if (from === 'functions') return to === 'platform' || to.startsWith('feature:');
  if (from.startsWith('feature:')) return to === 'platform';
  if (from === 'infra/cli') return to === 'infra/client';
  return false;
};

const isOurs = (path: string): boolean => /^(functions|shared|infra|test)\//.test(path);

export const backEdges = (files: readonly SourceFile[]): string[] =>
  files.flatMap((file) =>
    file.imports.filter((to) => isOurs(to) && !mayImport(roomOf(file.path), roomOf(to))).map((to) => `${file.path} must not import ${to}`),
  );

/** Import cycles, each as the path that closes it. */
export const cycles = (files: readonly SourceFile[]): string[] => {
  const graph = new Map(files.map((file) => [file.path, file.imports.filter(isOurs)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (trail.includes(path) || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
};

/** Made by a program and read by editors: one function for each route. */
const GENERATED = ['infra/client/client.ts'];

export const tooLong = (files: readonly SourceFile[]): string[] =>
  files
    .filter((file) => file.lines > MAX_LINES && !GENERATED.includes(file.path))
    .map((file) => `${file.path} has ${file.lines} lines, limit ${MAX_LINES}`);

const isPure = (file: SourceFile): boolean => file.text.startsWith('/** Pure');
const PURE_PACKAGES = new Set(['zod', 'node:crypto']);
const IMPURE_WORDS = /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|process\.|fetch\(|randomUUID|randomBytes|async )/;

/** A file whose header starts with "Pure" computes: it imports zod, node:crypto and other pure files, and reads no clock, chance or network. */
export const impurities = (files: readonly SourceFile[]): string[] => {
  const pure = new Set(files.filter(isPure).map((file) => file.path));
  return files.filter(isPure).flatMap((file) => {
    const imports = file.imports
      .filter((to) => !PURE_PACKAGES.has(to) && !pure.has(to))
      .map((to) => `${file.path} is pure but imports ${to}`);
    const word = IMPURE_WORDS.exec(file.text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''));
    return word ? [...imports, `${file.path} is pure but says ${word[0]}`] : imports;
  });
};

/** Decisions live in files of these names; each must declare itself pure. */
const PURE_ROLES =
  /^shared\/(?!platform)[a-z]+\/(model|translate|match|sign|schedule|diff|ranges|authorize|claim|close|fold|accept|poll-plan|poll-fold|view)\.ts$/;

export const undeclaredDecisions = (files: readonly SourceFile[]): string[] =>
  files
    .filter((file) => PURE_ROLES.test(file.path) && !isPure(file))
    .map((file) => `${file.path} decides, so its header must start with "Pure"`);

const HEADER = /^(#!.*\n)?\/\*\*/;
export const withoutHeader = (files: readonly SourceFile[]): string[] =>
  files.filter((file) => !file.path.startsWith('test/') && !HEADER.test(file.text)).map((file) => `${file.path} lacks its header sentence`);
