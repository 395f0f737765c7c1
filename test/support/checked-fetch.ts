/** `fetch` for tests of the whole stack: an answer of the API that is not as the document says is thrown, whoever asked. */
import { composedApp } from '../unit/http/composed-app.ts';
import { makeAnswerCheck, type AnswerCheck, type ApiDocument } from './answer-check.ts';

/** While an app starts the host answers for it, without the header that all answers of the app carry. */
const isOfHost = ({ status, headers }: Response): boolean => status === 503 && !headers.has('x-ms-request-id');

const documented = async (): Promise<AnswerCheck> => makeAnswerCheck((await composedApp({}).call('openapi.json')).body as ApiDocument);

/** Whatever does not begin with the address that `apiUrl` gives, such as upstream's control path, is left alone. */
export const checkedFetch = (apiUrl: () => string): typeof fetch => {
  const check = documented();
  return async (input, init) => {
    const response = await fetch(input, init);
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(`${apiUrl()}/`) || isOfHost(response)) return response;
    const { status, headers } = response;
    const text = await response.clone().text();
    const { pathname } = new URL(url);
    const method = init?.method ?? 'GET';
    const problems = (await check)(method, pathname, { status, headers, text });
    if (problems.length > 0)
      throw new Error(`${method} ${pathname} answers ${status}, not as documented: ${problems.join('; ')} ${text.slice(0, 500)}`);
    return response;
  };
};
