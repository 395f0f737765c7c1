import { expect, test } from 'vitest';
import { localSettings } from '../../../shared/platform/config/env.ts';
import { readSettings } from '../../../shared/platform/config/read-settings.ts';
import { describeSettings, summarize } from '../../../shared/platform/config/summary.ts';
import { HOST_SETTING, azureEnvironment, localEnvironment, sampleNames } from './sample-settings.ts';

test('the sample names exactly the local settings of the schema, in its order', () => {
  expect(sampleNames).toEqual([HOST_SETTING, ...Object.keys(localSettings.shape)]);
});

test('the sample is a set of settings that the app starts with', () => {
  expect(() => readSettings(localEnvironment())).not.toThrow();
});

test('the sample repeats the defaults of the schema, where it has one that fits a local stack', () => {
  const own = ['UPSTREAM_AUTHORITY_HOST', 'WEBHOOK_ALLOW_LOOPBACK'];
  for (const note of describeSettings().filter(({ name, default: text }) => text !== '' && !own.includes(name)))
    expect(localEnvironment()[note.name], note.name).toBe(note.default);
});

test('every setting says what it is for and in which branch it applies', () => {
  for (const note of describeSettings()) {
    expect(note.description.length, note.name).toBeGreaterThan(10);
    expect(note.branches, note.name).toMatch(/^(local|azure|local, azure)$/);
  }
});

test('the start-up summary shows what is set and hides every secret', () => {
  const secret = 'a-secret-nobody-may-read';
  const local = summarize(readSettings(localEnvironment({ UPSTREAM_CLIENT_SECRET: secret })));
  expect(local).toMatchObject({
    APP_ENV: 'local',
    UPSTREAM_CLIENT_SECRET: '(set)',
    WEBHOOK_SECRET_KEY: '(set)',
    TABLES_CONNECTION_STRING: '(set)',
  });
  expect(JSON.stringify(local)).not.toContain(secret);
  expect(JSON.stringify(local)).not.toContain('AccountKey');
  const azure = summarize(readSettings(azureEnvironment({ UPSTREAM_CLIENT_SECRET: secret })));
  expect(azure).toMatchObject({ UPSTREAM_CLIENT_SECRET: '(set)', UPSTREAM_FAILOVER_WAIT_MS: '60000' });
  expect(JSON.stringify(azure)).not.toContain(secret);
});
