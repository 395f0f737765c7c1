/** Pure: the schema of a long list, whose members are looked at by hand first. */
import { z } from 'zod';

/**
 * Gives the same verdicts as `z.array(member)`, and the same value where `member` changes nothing, in a fraction of the time. `makeIsPlain`: makes
 * for each list what says whether a member is surely in order; of the others `member` has the last word and the words for it. A plain `check`, since `superRefine` makes a
 * function for each value that V8 keeps until the next full collection, and the value with it.
 */
export const checkedList = <M>(member: z.ZodType<M>, makeIsPlain: () => (value: unknown) => boolean) =>
  z.custom<M[]>().check(({ value, issues }) => {
    const given: unknown = value;
    if (!Array.isArray(given)) {
      issues.push({ code: 'invalid_type', expected: 'array', message: 'Must be a list.', input: given });
      return;
    }
    const isPlain = makeIsPlain();
    given.forEach((one: unknown, index) => {
      if (isPlain(one)) return;
      for (const issue of member.safeParse(one).error?.issues ?? [])
        issues.push({ ...issue, path: [index, ...issue.path], input: one } as z.core.$ZodRawIssue);
    });
  });
