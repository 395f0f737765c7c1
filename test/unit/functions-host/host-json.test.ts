/** host.json: defaults of the runtime, overrides, refusals. */
import { describe, expect, it } from 'vitest';
import { parseHostJson } from '../../../infra/local/host/host-json.ts';
import { fromTimeSpan } from '../../../infra/local/host/time-span.ts';

const serviceBus = (options: object, environment = {}) => parseHostJson({ extensions: { serviceBus: options } }, environment).serviceBus;

describe('host.json', () => {
  it('has the defaults of the runtime', () => {
    const { routePrefix, serviceBus: bus } = parseHostJson({});
    expect(routePrefix).toBe('api');
    expect(bus).toMatchObject({
      autoCompleteMessages: true,
      maxAutoLockRenewalDurationMs: 300_000,
      maxConcurrentSessions: 8,
      maxConcurrentCallsPerSession: 1,
      maxMessageBatchSize: 1000,
      sessionIdleTimeoutMs: 60_000,
      clientRetry: { mode: 'exponential', tryTimeoutMs: 60_000, delayMs: 800, maxDelayMs: 60_000, maxRetries: 3 },
    });
    expect(bus.maxConcurrentCalls % 16).toBe(0);
  });

  it('takes the try time-out for sessions without an idle time-out', () =>
    expect(serviceBus({ clientRetryOptions: { tryTimeout: '00:00:07' } }).sessionIdleTimeoutMs).toBe(7000));

  it('yields to settings of the environment, whatever their case', () =>
    expect(
      serviceBus({ maxConcurrentSessions: 8 }, { AzureFunctionsJobHost__extensions__serviceBus__MaxConcurrentSessions: '64' })
        .maxConcurrentSessions,
    ).toBe(64));

  it.each([
    [{ messageHandlerOptions: {} }, 'unknown in extensions.serviceBus: messageHandlerOptions'],
    [{ maxConcurrentSesions: 8 }, 'maxConcurrentSesions'],
    [{ maxConcurrentSessions: 0 }, 'maxConcurrentSessions must be a whole number'],
    [{ sessionIdleTimeout: '1s' }, 'sessionIdleTimeout must be a time span'],
    [{ autoCompleteMessages: 'no' }, 'autoCompleteMessages must be true or false'],
    [{ minMessageBatchSize: 5, maxMessageBatchSize: 4 }, 'minMessageBatchSize is above'],
    [{ maxBatchWaitTime: '00:02:31' }, 'maxBatchWaitTime is above'],
  ])('with %o is refused', (options, message) => expect(() => serviceBus(options)).toThrow(message));
});

describe('a time span', () => {
  it.each([
    ['00:00:01', 1000],
    ['00:00:00.80', 800],
    ['1.02:03:04', 93_784_000],
    ['00:00:00.0005', 0],
    ['24:00:00', undefined],
    ['00:60:00', undefined],
    ['5', undefined],
  ])('%s is %s ms', (text, expected) => expect(fromTimeSpan(text)).toBe(expected));
});
