import { ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { expect, test } from 'vitest';
import { readSettings } from '../../../shared/platform/config/read-settings.ts';
import { platformCredential, upstreamCredential } from '../../../shared/platform/identity/azure-credential.ts';
import { azureEnvironment, localEnvironment } from '../config/sample-settings.ts';

test('signs in upstream with a secret locally, and in azure where one is set', () => {
  expect(upstreamCredential(readSettings(localEnvironment()))).toBeInstanceOf(ClientSecretCredential);
  const settings = readSettings(azureEnvironment({ UPSTREAM_CLIENT_SECRET: 'from-key-vault' }));
  expect(upstreamCredential(settings)).toBeInstanceOf(ClientSecretCredential);
});

test('lets the managed identity vouch for the upstream client where azure has no secret', () => {
  const settings = readSettings(azureEnvironment());
  expect(upstreamCredential(settings)).toBeInstanceOf(ClientAssertionCredential);
  expect(settings.APP_ENV === 'azure' && platformCredential(settings)).toBeInstanceOf(ManagedIdentityCredential);
});
