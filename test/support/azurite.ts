/** Azurite on free ports with a data folder of its own, for tests that need the real table protocol. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAzurite, type Azurite } from '../../infra/local/azurite/launch.ts';
import { silentLog } from '../../infra/local/lib/log.ts';

export type TestAzurite = Azurite & { dataDir: string };

/** Starts it, over the data in `dataDir` when given; otherwise `close` also removes its folder. */
export const startTestAzurite = async (dataDir?: string): Promise<TestAzurite> => {
  const dir = dataDir ?? mkdtempSync(join(tmpdir(), 'azurite-'));
  const azurite = await startAzurite({ dataDir: dir, blobPort: 0, queuePort: 0, tablePort: 0, log: silentLog });
  return {
    ...azurite,
    dataDir: dir,
    close: async () => {
      await azurite.close();
      if (dataDir === undefined) rmSync(dir, { recursive: true });
    },
  };
};
