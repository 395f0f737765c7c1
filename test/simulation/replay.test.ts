import { expect, it } from 'vitest';
import { runSeed } from './run-seed.ts';

it('replays a seed exactly', async () => expect(await runSeed(11)).toEqual(await runSeed(11)));
