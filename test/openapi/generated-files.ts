/** What is made from the composed app and kept in the repository: the API document of this version, the typed client, what the host registers. */
import { format } from 'prettier';
import { clientText } from '../../infra/client/generate/client-text.ts';
import { DEFAULT_API_VERSION } from '../../shared/platform/http/api-version.ts';
import { composedApp } from '../unit/http/composed-app.ts';
import { surfaceOf, surfaceText } from './surface-text.ts';

export type GeneratedFile = { path: string; text: string };

/** The document names no deployment. */
const PUBLIC_BASE_URL = 'https://provisioning.example.net';

export const generatedFiles = async (): Promise<GeneratedFile[]> => {
  const { call } = composedApp({}, {}, { PUBLIC_BASE_URL });
  const document = (await call('openapi.json')).body as Record<string, unknown>;
  const options = { printWidth: 140, singleQuote: true };
  return [
    {
      path: `infra/openapi/${DEFAULT_API_VERSION}.json`,
      text: await format(JSON.stringify(document), { ...options, parser: 'json' }),
    },
    { path: 'functions/surface.ts', text: await format(surfaceText(surfaceOf()), { ...options, parser: 'typescript' }) },
    { path: 'infra/client/client.ts', text: await format(clientText(document), { ...options, parser: 'typescript' }) },
  ];
};
