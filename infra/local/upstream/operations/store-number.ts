/** Stores one accepted number and starts its sync. */
import type { AccountContent } from '../resources/account-schema.ts';
import type { NumberContent } from '../resources/number-schema.ts';
import type { NumberRecord } from '../resources/records.ts';
import { planNumber } from '../sync/plan.ts';
import { writeNumber } from '../sync/write-record.ts';
import type { World } from '../world.ts';
import { newVersion, type Call } from './call.ts';
import { noteWrite } from './note-write.ts';

/** Replaces the whole number; parts that were not sent are gone. */
export const storeNumber = (world: World, call: Call, account: AccountContent, content: NumberContent): NumberRecord => {
  const before = world.store.number(content.telephoneNumber);
  const record: NumberRecord = { content, ...newVersion(world), state: planNumber(world, content, account, before?.content) };
  writeNumber(world, record);
  noteWrite(world, call, account.name, content.telephoneNumber, content);
  return record;
};
