/** Use case: how the whole service stands, in one answer, for an operator. */
import { z } from 'zod';
import type { BudgetView } from '../platform/budget/view.ts';
import { attentionItem, type ReadAttention } from './attention.ts';
import { dueWork, toDueWork, type AllDue, type ReadAllDue } from './due-work.ts';
import type { TimerNote } from './timer-notes.ts';

const count = z.int().min(0);

export const statusBody = z
  .strictObject({
    at: z.string(),
    /** `stopped`: an operator has halted all writes. `paused`: the gateway asked for patience, or does not answer. */
    state: z.enum(['running', 'paused', 'stopped']),
    budget: z.strictObject({
      limitPerMinute: count,
      used: count,
      free: count,
      usedBy: z.strictObject({ interactive: count, orders: count, polls: count, background: count }),
      pausedUntil: z.string().optional(),
    }),
    due: dueWork,
    timers: z.array(z.strictObject({ timer: z.string(), startedAt: z.string(), finishedAt: z.string(), failed: z.boolean() })),
    rfiScan: z.strictObject({
      status: z.string(),
      requestedAt: z.string().optional(),
      lastFinishedAt: z.string().optional(),
      lastOutcome: z.string().optional(),
    }),
    /** The comparison with the gateway. */
    reconcile: z.strictObject({ status: z.string(), lastFinishedAt: z.string().optional(), lastOutcome: z.string().optional() }),
    /** The first hundred of each. */
    stalledOrders: z.array(attentionItem),
    /** Changes that are no orders: of customers, and answers to requests for information. */
    stalledOperations: z.array(attentionItem),
    disabledSubscriptions: z.array(attentionItem),
    /** Their deliveries have failed for days. */
    failingSubscriptions: z.array(attentionItem),
    /** There may be more of these than are shown. */
    moreAttention: z.boolean(),
    deadLetters: z.strictObject({ waiting: count, more: z.boolean() }),
    stops: z.array(z.strictObject({ id: z.string(), reason: z.string(), since: z.string() })),
  })
  .meta({ id: 'ServiceStatus' });
export type StatusBody = z.infer<typeof statusBody>;

/** `due`: what was read of it already. */
export type GetStatus = (due?: AllDue) => Promise<{ body: StatusBody }>;

export type StatusEffects = {
  now: () => number;
  readBudget: () => Promise<BudgetView>;
  readAllDue: ReadAllDue;
  readTimers: () => Promise<TimerNote[]>;
  readRfiScan: () => Promise<StatusBody['rfiScan']>;
  readReconcile: () => Promise<StatusBody['reconcile']>;
  readAttention: ReadAttention;
  countDeadLetters: () => Promise<{ count: number; more: boolean }>;
  listStops: () => Promise<{ id: string; reason: string; since: string }[]>;
};

const toBudget = ({ limitPerMinute, free, taken, pausedForMs }: BudgetView, nowMs: number): StatusBody['budget'] => {
  const { interactive = 0, orders = 0, polls = 0, background = 0 } = taken;
  return {
    limitPerMinute,
    used: Math.max(0, limitPerMinute - free),
    free,
    usedBy: { interactive, orders, polls, background },
    ...(pausedForMs > 0 ? { pausedUntil: new Date(nowMs + pausedForMs).toISOString() } : {}),
  };
};

export const makeGetStatus = (effects: StatusEffects): GetStatus => {
  const { readBudget, readAllDue, readTimers, readRfiScan, readReconcile, readAttention, countDeadLetters, listStops } = effects;
  return async (known) => {
    const [view, due, timers, rfiScan, reconcile, attention, letters, stops] = await Promise.all([
      readBudget(),
      known ?? readAllDue(),
      readTimers(),
      readRfiScan(),
      readReconcile(),
      readAttention(),
      countDeadLetters(),
      listStops(),
    ]);
    const nowMs = effects.now();
    const budget = toBudget(view, nowMs);
    const halted = stops.some(({ id }) => id === 'all');
    return {
      body: {
        at: new Date(nowMs).toISOString(),
        state: halted ? 'stopped' : budget.pausedUntil === undefined ? 'running' : 'paused',
        budget,
        due: toDueWork(due, nowMs),
        timers: timers.map(({ timer, startedAt, finishedAt, failed }) => ({ timer, startedAt, finishedAt, failed })),
        rfiScan,
        reconcile,
        stalledOrders: attention.value.filter(({ kind }) => kind === 'stalledOrder'),
        stalledOperations: attention.value.filter(({ kind }) => kind === 'stalledOperation'),
        disabledSubscriptions: attention.value.filter(({ kind }) => kind === 'disabledSubscription'),
        failingSubscriptions: attention.value.filter(({ kind }) => kind === 'failingSubscription'),
        moreAttention: attention.more,
        deadLetters: { waiting: letters.count, more: letters.more },
        stops: stops.map(({ id, reason, since }) => ({ id, reason, since })),
      },
    };
  };
};
