/** Pure: profiles, the settings of numbers kept under a name of the partner's own. */
import { z } from 'zod';
import { etagOf } from '../platform/http/etag.ts';
import { CHOSEN_ID } from '../platform/ids/id-patterns.ts';
import { orderProfile, type OrderProfile } from './model.ts';

export const PROFILE_ID = CHOSEN_ID;
/** More than anybody keeps apart; it bounds what a listing reads. */
export const MAX_PROFILES = 500;

const [operatorConnect, phoneMobile, directRouting, zoom, callProtection] = orderProfile.options;

/** Only the operator shares: its `shared` profiles are readable by every partner. */
const wish = { shared: z.boolean().optional() };

export const putProfileRequest = z
  .discriminatedUnion('service', [
    operatorConnect.extend(wish),
    phoneMobile.extend(wish),
    directRouting.extend(wish),
    zoom.extend(wish),
    callProtection.extend(wish),
  ])
  .meta({ id: 'PutProfileRequest' });
export type PutProfileRequest = z.output<typeof putProfileRequest>;

export type Profile = {
  v: 1;
  id: string;
  settings: OrderProfile;
  shared: boolean;
  createdAt: string;
  updatedAt: string;
};

const facts = { id: z.string(), shared: z.boolean(), createdAt: z.string(), updatedAt: z.string(), etag: z.string() };

export const profileBody = z
  .discriminatedUnion('service', [
    operatorConnect.extend(facts),
    phoneMobile.extend(facts),
    directRouting.extend(facts),
    zoom.extend(facts),
    callProtection.extend(facts),
  ])
  .meta({ id: 'Profile' });
export type ProfileBody = z.output<typeof profileBody>;

export const profilePage = z.strictObject({ value: z.array(profileBody), nextLink: z.string().optional() }).meta({ id: 'ProfilePage' });
export type ProfilePage = z.output<typeof profilePage>;

/** What `old` was is gone, except when it was made. */
export const toProfile = (id: string, request: PutProfileRequest, old: Profile | undefined, nowMs: number): Profile => {
  const { shared = false, ...settings } = request;
  const now = new Date(nowMs).toISOString();
  return { v: 1, id, settings, shared, createdAt: old?.createdAt ?? now, updatedAt: now };
};

/** Whether `next` would change what `old` says. */
export const saysTheSame = (old: Profile, next: Profile): boolean =>
  etagOf([old.settings, old.shared]) === etagOf([next.settings, next.shared]);

export const toProfileBody = ({ id, settings, shared, createdAt, updatedAt }: Profile): ProfileBody => {
  const body = { id, ...settings, shared, createdAt, updatedAt };
  return { ...body, etag: etagOf(body) };
};
