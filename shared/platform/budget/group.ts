/** Pure: groups of permits, one for each class and partner, and counts by group. */
import type { PermitAsk, PermitClass } from './permit.ts';

/** Highest priority first. */
export const PERMIT_CLASSES: readonly PermitClass[] = ['interactive', 'orders', 'polls', 'background'];

/** Permits by group, as `toGroup` spells it. */
export type Counts = Record<string, number>;
export type ClassCounts = Partial<Record<PermitClass, number>>;

/** The operator's own requests have the empty partner. */
export const toGroup = ({ permitClass, partner = '' }: PermitAsk): string => `${permitClass}/${partner}`;
export const fromGroup = (group: string): { permitClass: PermitClass; partner: string } => {
  const [permitClass, partner = ''] = group.split('/');
  return { permitClass: permitClass as PermitClass, partner };
};

export const total = (counts: Counts): number => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** Groups without permits are left out. */
export const add = (a: Counts, b: Counts): Counts => {
  const sum = { ...a };
  for (const [group, n] of Object.entries(b)) if (n > 0) sum[group] = (sum[group] ?? 0) + n;
  return sum;
};

const sumBy = (counts: Counts, keyOf: (group: string) => string): Counts => {
  const sums: Counts = {};
  for (const [group, n] of Object.entries(counts)) sums[keyOf(group)] = (sums[keyOf(group)] ?? 0) + n;
  return sums;
};

export const byClass = (counts: Counts): ClassCounts => sumBy(counts, (group) => fromGroup(group).permitClass);
export const byPartner = (counts: Counts): Counts => sumBy(counts, (group) => fromGroup(group).partner);
