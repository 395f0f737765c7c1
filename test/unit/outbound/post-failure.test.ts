import antissrf from '@microsoft/antissrf';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../shared/platform/outbound/post-failure.ts';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('the class of a failure', () => {
  it.each([
    ['ABORT_ERR', 'timeout'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'reset'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['EWHATEVER', 'unknown'],
  ])('%s: %s', (code, failure) => expect(failureOf(coded(code))).toBe(failure));

  it('is that of the first address when all addresses of a name failed', () =>
    expect(failureOf(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]))).toBe('refused'));
  it('tells our own guard from the network', () => expect(failureOf(new antissrf.AntiSSRFError('no'))).toBe('blocked'));
  it('survives what is no error', () => expect(failureOf('x')).toBe('unknown'));
});
