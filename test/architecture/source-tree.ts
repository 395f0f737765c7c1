/** The tree as the architecture tests see it: every TypeScript file, its lines and what it imports. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import ts from 'typescript';

export type SourceFile = { path: string; text: string; lines: number; imports: string[] };

const ROOTS = ['functions', 'shared', 'infra', 'test'];

const resolveImport = (from: string, name: string): string => (name.startsWith('.') ? normalize(join(dirname(from), name)) : name);

export const parseSource = (path: string, text: string): SourceFile => ({
  path,
  text,
  lines: text.trimEnd().split('\n').length,
  imports: ts.preProcessFile(text, true, true).importedFiles.map((file) => resolveImport(path, file.fileName)),
});

export const readSourceTree = (root: string): SourceFile[] =>
  ROOTS.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
