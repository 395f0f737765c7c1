import { describe, expect, it } from 'vitest';
import { accountVerdict } from '../../../shared/operations/account-verdict.ts';
import { pollVerdict } from '../../../shared/operations/poll-verdict.ts';
import { ripeness } from '../../../shared/operations/poll-age.ts';
import { nextPollDelayMs } from '../../../shared/operations/poll-schedule.ts';
import { NOW_MS } from './samples.ts';

const shown = (serviceProvisioningStatus: string) => ({ serviceProvisioningStatus });

describe('what a sighting means', () => {
  it('is the end of a number that is synced or failed, and nothing for one that is on its way', () => {
    const verdicts = ['synced', 'failed', 'pending', 'reconciling'].map(
      (status) => pollVerdict('upsert', shown(status), NOW_MS, NOW_MS).to,
    );
    expect(verdicts).toEqual(['succeeded', 'failed', 'submitted', 'submitted']);
  });

  it('is nothing for a number that was missed once, and its loss when it was missed again minutes later', () => {
    expect(pollVerdict('upsert', 'gone', NOW_MS, NOW_MS).to).toBe('submitted');
    expect(pollVerdict('upsert', 'lost', NOW_MS, NOW_MS)).toMatchObject({ to: 'failed', error: { code: 'NumberGone' } });
  });

  it('is the success of a removal where it is gone', () => {
    expect(pollVerdict('release', 'gone', NOW_MS, NOW_MS).to).toBe('succeeded');
    expect(pollVerdict('accountDelete', 'gone', NOW_MS, NOW_MS).to).toBe('succeeded');
  });

  it('is the failure of a removal only when the number still shows one after a minute: before that it may be that of an earlier write', () => {
    expect(pollVerdict('release', shown('failed'), NOW_MS - 30_000, NOW_MS).to).toBe('submitted');
    expect(pollVerdict('release', shown('failed'), NOW_MS - 60_000, NOW_MS).to).toBe('failed');
    expect(pollVerdict('release', shown('synced'), NOW_MS - 600_000, NOW_MS).to).toBe('submitted');
  });
});

describe('an account', () => {
  const routed = (subdomainStatus: string, status = 'synced') => ({
    ...shown(status),
    serviceDetails: { teamsDirectRouting: { enabled: true, configuration: { subdomain: 'contoso' }, subdomainStatus } },
  });

  it('with Direct Routing waits for its subdomain too', () => {
    expect(accountVerdict(routed('notProvisioned')).to).toBe('submitted');
    expect(accountVerdict(routed('inconsistent')).to).toBe('submitted');
    expect(accountVerdict(routed('Provisioned')).to).toBe('succeeded');
  });

  it('fails with its subdomain, once a minute has passed: before that it may be that of an earlier one', () => {
    const after = (ms: number) => pollVerdict('account', routed('Failed'), NOW_MS - ms, NOW_MS);
    expect(after(59_999).to).toBe('submitted');
    expect(after(60_000)).toMatchObject({ to: 'failed', error: { code: 'SubdomainFailed' }, seen: { subdomainStatus: 'Failed' } });
  });

  it('fails with its synchronisation, whatever its subdomain', () => {
    expect(accountVerdict(routed('notProvisioned', 'failed')).to).toBe('failed');
  });

  it('without a subdomain of its own, or without Direct Routing, waits for none', () => {
    const without = { ...shown('synced'), serviceDetails: { teamsDirectRouting: { enabled: true, subdomainStatus: 'notProvisioned' } } };
    const disabled = { ...routed('notProvisioned'), serviceDetails: { teamsDirectRouting: { enabled: false } } };
    expect([without, disabled, shown('synced')].map((one) => accountVerdict(one).to)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });
});

describe('how likely an item is settled', () => {
  it('grows evenly over its first minute', () => {
    expect([0, 15, 30, 60, 90].map((ageS) => ripeness({ sinceMs: NOW_MS - ageS * 1_000 }, NOW_MS))).toEqual([0, 0.25, 0.5, 1, 1]);
  });

  it('counts from the last look that found it unsettled', () => {
    const seenAt30 = { sinceMs: NOW_MS - 45_000, lookMs: NOW_MS - 15_000 };
    expect(ripeness(seenAt30, NOW_MS)).toBe(0.5);
    expect(ripeness({ sinceMs: NOW_MS - 45_000, lookMs: NOW_MS }, NOW_MS)).toBe(0);
  });

  it('is looked for at ever longer intervals where it outlives its minute, up to five minutes', () => {
    let ageMs = 60_000;
    const intervals = Array.from({ length: 10 }, () => {
      let waitMs = 0;
      while (ripeness({ sinceMs: 0, lookMs: ageMs }, ageMs + waitMs) < 1) waitMs += 1_000;
      ageMs += waitMs;
      return waitMs / 1_000;
    });
    expect(intervals).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });
});

describe('the next look', () => {
  it('comes when even the youngest is about to be settled', () => {
    expect(nextPollDelayMs(2, { oldestMs: 60_000, youngestMs: 55_000 })).toBe(5_000);
    expect(nextPollDelayMs(2, { oldestMs: 60_000, youngestMs: 59_500 })).toBe(2_000);
    expect(nextPollDelayMs(2, { oldestMs: 90_000, youngestMs: 90_000 })).toBe(20_000);
  });

  it('comes soon when the youngest has just outlived its time, and half as often each time', () => {
    expect([60_500, 63_000, 68_000].map((ms) => nextPollDelayMs(2, { oldestMs: ms, youngestMs: ms }))).toEqual([2_500, 5_000, 10_000]);
  });

  it('comes hourly after a day', () => {
    expect(nextPollDelayMs(9, { oldestMs: 86_400_000, youngestMs: 86_400_000 })).toBe(3_600_000);
  });
});
