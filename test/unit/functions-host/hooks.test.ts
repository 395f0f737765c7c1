/** Hooks, log levels and start-up rules of the worker, through the real library. */
import { app } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import { createHosts } from '../../support/functions-host.ts';

const hosts = createHosts();
afterEach(() => hosts.closeAll());

describe('hooks', () => {
  it('run around the app and each invocation, in the order of registration', async () => {
    const order: string[] = [];
    const host = await hosts.start(() => {
      app.hook.appStart(() => void order.push('appStart'));
      app.hook.preInvocation(() => void order.push('pre 1'));
      app.hook.preInvocation(() => void order.push('pre 2'));
      app.hook.postInvocation(() => void order.push('post'));
      app.hook.appTerminate(() => void order.push('appTerminate'));
      app.get('hello', async () => {
        order.push('handler');
        return { body: 'hello' };
      });
    });
    await fetch(`${host.url}/api/hello`);
    await host.close();
    expect(order).toEqual(['appStart', 'pre 1', 'pre 2', 'handler', 'post', 'appTerminate']);
  });

  it('may replace inputs, handler and result, and share data', async () => {
    const host = await hosts.start(() => {
      app.hook.preInvocation((context) => {
        context.hookData.mark = 'shared';
        const handler = context.functionHandler;
        context.functionHandler = async (...inputs) => ({ body: `wrapped ${((await handler(...inputs)) as { body: string }).body}` });
      });
      app.hook.postInvocation((context) => {
        context.result = { body: `${(context.result as { body: string }).body}, ${String(context.hookData.mark)}` };
      });
      app.get('hello', async () => ({ body: 'hello' }));
    });
    expect(await (await fetch(`${host.url}/api/hello`)).text()).toBe('wrapped hello, shared');
  });

  it('may turn a failure into an answer, and a preInvocation hook that throws fails the invocation', async () => {
    const host = await hosts.start(() => {
      app.hook.preInvocation((context) => {
        if (context.invocationContext.functionName === 'refused') throw new Error('not allowed');
      });
      app.hook.postInvocation((context) => {
        if (context.error !== null) context.result = { status: 503 };
        context.error = undefined;
      });
      app.get('broken', () => Promise.reject<{ body: string }>(new Error('broken')));
      app.get('refused', async () => ({ body: 'never' }));
    });
    expect((await fetch(`${host.url}/api/broken`)).status).toBe(503);
    expect((await fetch(`${host.url}/api/refused`)).status).toBe(500);
  });

  it('on the log may redact what the app logs, but not what the system does', async () => {
    const host = await hosts.start(() => {
      app.hook.log((context) => {
        context.message = context.message.replaceAll('secret', '***');
      });
      app.get('talks', async (_request, context) => {
        context.log('the secret is out');
        return { body: 'said' };
      });
    });
    await fetch(`${host.url}/api/talks`);
    expect(host.logs.filter((line) => line.includes('is out'))).toEqual(['[information] Function.talks.User: the *** is out']);
  });
});

describe('logs', () => {
  it('pass by the level of their category in host.json', async () => {
    const logLevel = { default: 'Warning', 'Function.talks.User': 'Debug' };
    const host = await hosts.start(
      () =>
        app.get('talks', async (_request, context) => {
          context.trace('traced');
          context.debug('debugged');
          return { body: 'said' };
        }),
      { hostJson: { logging: { logLevel } } },
    );
    await fetch(`${host.url}/api/talks`);
    expect(host.logs).toEqual(['[debug] Function.talks.User: debugged']);
  });
});

describe('registering', () => {
  const handler = async () => ({ body: '' });

  it('a name twice is refused', async () => {
    await expect(hosts.start(() => ['same', 'same'].forEach((name) => app.get(name, handler)))).rejects.toThrow('already been registered');
  });

  it('after the start is refused', async () => {
    await hosts.start(() => app.get('early', handler));
    expect(() => app.get('late', handler)).toThrow('only be registered during app startup');
  });

  it('nothing is refused', async () => {
    await expect(hosts.start(() => undefined)).rejects.toThrow('no function');
  });
});
