/** What is made from the route table and kept in the repository: the API document of this version and the typed client. */
import { format } from 'prettier';
import { clientText } from '../../infra/client/generate/client-text.ts';
import { DEFAULT_API_VERSION } from '../../shared/platform/http/api-version.ts';
import { composedApp } from '../unit/http/composed-app.ts';

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
    { path: 'infra/client/client.ts', text: await format(clientText(document), { ...options, parser: 'typescript' }) },
  ];
};
