/** Every answer that a test of the HTTP edge gets is held against the API document, whatever the test looks at itself. */
import { toDocument } from '../../../shared/platform/http/openapi/document.ts';
import type { Contract } from '../../../shared/platform/http/contract.ts';
import { makeAnswerCheck, type AnswerCheck, type ApiDocument } from '../../support/answer-check.ts';
import type { Answered } from './http-call.ts';

const FACTS = { title: 'API', description: '', publicBaseUrl: 'https://api.test', tags: {}, pathValues: {} };

/** Throws what is not documented; the document is made at the first answer. */
export const heldToDocument = (contracts: readonly Contract[]): ((method: string, path: string, answer: Answered) => Answered) => {
  let check: AnswerCheck | undefined;
  return (method, path, answer) => {
    check ??= makeAnswerCheck(toDocument(contracts, FACTS) as unknown as ApiDocument);
    const problems = check(method, path, answer);
    if (problems.length === 0) return answer;
    throw new Error(`${method} ${path} answers ${answer.status}, not as documented: ${problems.join('; ')} ${answer.text.slice(0, 300)}`);
  };
};
