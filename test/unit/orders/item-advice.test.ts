import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../../shared/orders/item-advice.ts';

const FOLDERS = ['shared/operations', 'shared/orders'];
/** Ends of an account's own item, of which no order has one. */
const OF_ACCOUNTS = new Set([
  'AccountExists',
  'CustomerHasNumbers',
  'UpstreamConflict',
  'ServiceInUse',
  'TenantIdLocked',
  'SubdomainFailed',
]);
/** Of requests as a whole. */
const OF_REQUESTS = new Set([
  'CustomerNotFound',
  'DuplicateInOrder',
  'InvalidCsv',
  'InvalidValue',
  'ProfileNotFound',
  'Required',
  'ServiceConfigurationRequired',
  'UnknownProperty',
]);

/** Every code that some source file gives an error: `code: 'NumberGone'`, also behind a choice, and constants named so. */
const codesIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:code|CODE)\b\s*[:=](?:[^'\n;]*\?)?\s*'([A-Z][A-Za-z]+)'(?:\s*:\s*'([A-Z][A-Za-z]+)')?/g)].flatMap(([, a, b]) =>
    [a, b].filter((code) => code !== undefined),
  );

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

const codes = new Set(FOLDERS.flatMap((folder) => filesIn(folder).map((path) => readFileSync(path, 'utf8'))).flatMap(codesIn));
const own = [...codes].filter((code) => !OF_ACCOUNTS.has(code) && !OF_REQUESTS.has(code));

describe('what a partner is told of a failed number', () => {
  it('covers the codes that are known to be used', () => {
    for (const code of ['NumberGone', 'NumberExists', 'NumberAlreadyAssigned', 'NumberNotAllocated', 'UpstreamSyncFailed', 'InternalError'])
      expect(own).toContain(code);
  });

  const unknown = adviceFor('no such code').message;
  it.each(own.filter((code) => !/^(LaneContended|StopContended|OperationFault|ServiceBusy)$/.test(code)))(
    'has words of its own for %s',
    (code) => {
      expect(adviceFor(code).message).not.toBe(unknown);
      expect(adviceFor(code).nextStep).not.toBe('');
    },
  );
});
