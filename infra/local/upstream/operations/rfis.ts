/** Requests for Information: list, get, and the operator's answer as a merge-patch. */
import { refused, badRequest, checked, type Checked } from '../http/answer.ts';
import { checkBody } from '../http/check-body.ts';
import type { RfiRecord } from '../resources/records.ts';
import { rfiPatchSchema, tenantIdSchema, type RfiContent, type RfiPatch } from '../resources/rfi-schema.ts';
import { toRfiBody } from '../resources/views.ts';
import { planRfi, rejection } from '../sync/plan.ts';
import { writeRfi } from '../sync/write-record.ts';
import type { World } from '../world.ts';
import { absent, guard, newVersion, resourceAnswer, type Call, type Handle } from './call.ts';
import { listAnswer } from './list-answer.ts';

const toBody = (world: World, record: RfiRecord): Record<string, unknown> =>
  toRfiBody(record, world.store.accountOfTenant(record.content.tenantId), world.settings);

export const listRfis: Handle = (world, call) =>
  listAnswer(world, call, world.store.rfiKeys, (key) => {
    const record = world.store.rfi(key);
    return record && toBody(world, record);
  });

const find = (world: World, { params }: Call): Checked<RfiRecord> => {
  const tenantId = tenantIdSchema.safeParse(params.tenantId);
  if (!tenantId.success) return badRequest('The tenant id is not a GUID.', 'tenantId');
  const record = world.store.rfi(tenantId.data.toLowerCase());
  return record ? checked(record) : { ok: false, answer: absent('The request for information') };
};

export const getRfi: Handle = (world, call) => {
  const found = find(world, call);
  if (!found.ok) return found.answer;
  const allowed = guard(world, call, found.value);
  return allowed.ok ? resourceAnswer(world, 200, found.value, toBody(world, found.value)) : allowed.answer;
};

const MERGE_PATCH = 'application/merge-patch+json';

const checkType = (world: World, { headers }: Call): Checked<undefined> => {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const fits = type === MERGE_PATCH || (type === 'application/json' && !world.settings.strictPatchType);
  return fits ? checked(undefined) : refused(415, 'UnsupportedMediaType', `Send ${MERGE_PATCH}.`, 'Content-Type');
};

type Relationship = NonNullable<RfiContent['customerRelationship']>;

/** Merge-patch: what is absent stays, what is null goes. */
const merge = (before: RfiContent, patch: RfiPatch, nowIso: string): RfiContent => {
  const { customerRelationship, ...rest } = before;
  if (patch.customerRelationship === undefined) return before;
  if (patch.customerRelationship === null) return rest;
  const { status, comment } = patch.customerRelationship;
  const merged: Relationship = { ...customerRelationship, lastModifiedOn: nowIso };
  if (status === null) delete merged.status;
  else if (status !== undefined) merged.status = status;
  if (comment === null) delete merged.comment;
  else if (comment !== undefined) merged.comment = comment;
  return { ...rest, customerRelationship: merged };
};

export const patchRfi: Handle = (world, call) => {
  const type = checkType(world, call);
  if (!type.ok) return type.answer;
  const body = checkBody(rfiPatchSchema, call.body);
  if (!body.ok) return body.answer;
  const found = find(world, call);
  if (!found.ok) return found.answer;
  const allowed = guard(world, call, found.value);
  if (!allowed.ok) return allowed.answer;
  const { tenantId } = found.value.content;
  const refusal = rejection(world, { on: 'write', tenantId, services: [] });
  if (refusal) return refusal;
  const content = merge(found.value.content, body.value, new Date(world.now()).toISOString());
  const record: RfiRecord = { content, ...newVersion(world), state: planRfi(world, tenantId) };
  writeRfi(world, record);
  return resourceAnswer(world, 200, record, toBody(world, record));
};
