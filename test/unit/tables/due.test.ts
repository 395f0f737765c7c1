import { describe, expect, it } from 'vitest';
import { moveDue } from '../../../shared/platform/tables/due.ts';
import { dueKey } from '../../../shared/platform/tables/keys.ts';

const AT = Date.parse('2026-11-01T00:00:00.123Z');

describe('moving due rows', () => {
  it('deletes exactly the key that stood and inserts the new one', () =>
    expect(moveDue('lane', { apply: AT }, { apply: AT + 5, poll: AT })).toEqual([
      { kind: 'delete', key: dueKey('apply', AT, 'lane') },
      { kind: 'insert', key: dueKey('apply', AT + 5, 'lane'), value: {} },
      { kind: 'insert', key: dueKey('poll', AT, 'lane'), value: {} },
    ]));

  it('leaves a row alone whose new time lies within the same millisecond: a transaction names a row once', () =>
    expect(moveDue('lane', { apply: AT + 0.2 }, { apply: AT + 0.9 })).toEqual([]));
});
