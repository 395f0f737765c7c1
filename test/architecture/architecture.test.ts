import { describe, expect, it } from 'vitest';
import { backEdges, cycles, impurities, tooLong, undeclaredDecisions, withoutHeader } from './rules.ts';
import { parseSource, readSourceTree } from './source-tree.ts';

const tree = readSourceTree(process.cwd());

describe('the layout', () => {
  it('imports one way only', () => expect(backEdges(tree)).toEqual([]));
  it('has no import cycle', () => expect(cycles(tree)).toEqual([]));
  it('keeps every file within 300 lines', () => expect(tooLong(tree)).toEqual([]));
  it('keeps pure files pure', () => expect(impurities(tree)).toEqual([]));
  it('has every decision declared pure', () => expect(undeclaredDecisions(tree)).toEqual([]));
  it('opens every file with a sentence on what it is for', () => expect(withoutHeader(tree)).toEqual([]));
});

describe('the rules themselves', () => {
  const file = (path: string, text: string) => parseSource(path, text);

  it.each([
    ['a feature importing another', 'shared/orders/a.ts', "import { b } from '../rfis/b.ts';"],
    ['the platform importing a feature', 'shared/platform/a.ts', "import { b } from '../orders/b.ts';"],
    ['a feature importing the edge', 'shared/orders/a.ts', "import { b } from '../../functions/b.ts';"],
    ['an emulator importing the product', 'infra/local/a.ts', "import type { B } from '../../shared/platform/b.ts';"],
    ['anybody importing a test', 'functions/a.ts', "import { b } from '../test/b.ts';"],
  ])('refuse %s', (_name, path, text) => expect(backEdges([file(path, text)])).toHaveLength(1));

  it('find a cycle over three files', () => {
    const files = [
      file('shared/a/x.ts', "import './y.ts';"),
      file('shared/a/y.ts', "import './z.ts';"),
      file('shared/a/z.ts', "import './x.ts';"),
    ];
    expect(cycles(files)).toEqual(['shared/a/x.ts -> shared/a/y.ts -> shared/a/z.ts -> shared/a/x.ts']);
  });

  it('refuse the 301st line', () => expect(tooLong([file('shared/a/x.ts', '// x\n'.repeat(301))])).toHaveLength(1));

  it('refuse a clock in a pure file', () =>
    expect(impurities([file('shared/a/x.ts', '/** Pure: x. */\nexport const f = () => Date.now();')])).toHaveLength(1));

  it('refuse an effect imported by a pure file', () =>
    expect(impurities([file('shared/a/x.ts', "/** Pure: x. */\nimport { f } from 'node:fs';")])).toHaveLength(1));
});
