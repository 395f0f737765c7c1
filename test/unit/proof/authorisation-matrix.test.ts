/** Every role on every route with its own things, another partner's, and things that are not there: 100 % of the cells. */
import { describe, expect, test } from 'vitest';
import type { Contract } from '../../../shared/platform/http/contract.ts';
import { ROLES, type Role } from '../../../shared/partners/model.ts';
import type { Answered } from '../http/http-call.ts';
import { isOperators } from './example-requests.ts';
import { cellsOf, marksOfOther, ownedParameters, WHOSE, type Cell } from './matrix-cells.ts';
import { preparedStage, type Values } from './prepared.ts';

const prepared = await preparedStage();
const { stage, moment } = prepared;
const contracts = stage.routes.map(({ contract }) => contract);
const marks = marksOfOther(prepared);

/** In words of its own: what a partner's role says, and an operator's reading or everything. */
const opens = (role: Role, needed: Contract['role']): boolean => {
  if (needed === 'anonymous' || needed === 'any' || role === 'Operator.Admin') return true;
  return role === needed || (role === 'Operator.Read' && needed === 'Partner.Read');
};

/** The rows of the other partner that were there from the beginning and are not as they were. */
const changedOfOther = (): string[] =>
  [...moment.stores].flatMap(([table, before]) => {
    const now = stage.stores.get(table)?.moment();
    return [...before].flatMap(([partition, kept]) =>
      [...kept]
        .filter(([key, row]) => JSON.stringify([partition, key, row.value]).includes('globex') && now?.get(partition)?.get(key) !== row)
        .map(([key]) => `${table} ${partition} ${key}`),
    );
  });

const withoutSent = (text: string, sent: Values): string =>
  Object.entries(sent)
    .filter(([name]) => name !== 'service' && name !== 'deliveryId')
    .reduce((rest, [name, value]) => rest.replaceAll(value, `{${name}}`), text);

/** What a caller can tell two answers apart by, but for the names that it has sent itself and what is made for each request. */
const distinguishable = (answer: Answered, sent: Values): string => {
  const headers = [...answer.headers].filter(([name]) => name !== 'x-ms-request-id' && name !== 'etag');
  const whole = answer.status < 300 ? Object.keys(answer.body ?? {}).join() : answer.text;
  return withoutSent(JSON.stringify([answer.status, headers, whole]), sent).replaceAll(/(?:[0-9a-f]{2})?made\d{6}/g, 'made');
};

const askAll = async ({ requests }: Cell): Promise<{ answer: Answered; sent: Values; other: string[] }[]> => {
  const seen = [];
  for (const { sent, ...request } of requests) {
    stage.restore(moment);
    seen.push({ answer: await stage.call(request.path, request), sent, other: changedOfOther() });
  }
  return seen;
};

let cells = 0;

describe.each(contracts.map((contract) => [contract.name, contract] as const))('%s', (_name, contract) => {
  const all = cellsOf(prepared, contract);
  const mayWorkOnOther = isOperators(contract);

  test.each(ROLES)('with %s', async (role) => {
    const told: Record<string, string[]> = {};
    for (const cell of all.filter((one) => one.role === role)) {
      cells++;
      const answers = await askAll(cell);
      const isOpen = opens(role, contract.role);
      for (const { answer, sent, other } of answers) {
        const where = `${cell.whose}: ${answer.status} ${answer.error.code}`;
        if (!isOpen) expect([where, answer.status, answer.error.code]).toEqual([where, 403, 'InsufficientRole']);
        else expect(answer.error.code, where).not.toBe('InsufficientRole');
        expect(answer.status, where).toBeLessThan(500);
        if (!mayWorkOnOther && !role.startsWith('Operator.')) expect(other, `${where}: changes what is another partner's`).toEqual([]);
        const shown = withoutSent(answer.text, sent);
        if (!role.startsWith('Operator.'))
          expect(
            marks.filter((mark) => shown.includes(mark)),
            where,
          ).toEqual([]);
      }
      if (isOpen && cell.whose === 'own' && (!role.startsWith('Operator.') || mayWorkOnOther))
        expect(Object.keys(contract.success).map(Number), answers[0]?.answer.text).toContain(answers[0]?.answer.status);
      told[cell.whose] = answers.map(({ answer, sent }) => distinguishable(answer, sent));
    }
    if (!role.startsWith('Operator.') && ownedParameters(contract).length > 0) expect(told['foreign']).toEqual(told['absent']);
  });
});

test('a read or an action finds nothing where there is nothing', async () => {
  for (const contract of contracts.filter(({ method, role }) => (method === 'GET' || method === 'POST') && role.startsWith('Partner.'))) {
    if (ownedParameters(contract).length === 0) continue;
    for (const cell of cellsOf(prepared, contract).filter(({ role, whose }) => role === contract.role && whose !== 'own'))
      for (const { answer } of await askAll(cell)) expect([contract.name, answer.status]).toEqual([contract.name, 404]);
  }
});

test('no cell was left out', () => expect(cells).toBe(contracts.length * ROLES.length * WHOSE.length));
