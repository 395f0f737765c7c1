/** Route templates, constraints and precedence of the Functions HTTP extension. */
import { describe, expect, it } from 'vitest';
import { compareTemplates, matchTemplate, pathSegments } from '../../../infra/local/host/route-match.ts';
import { parseTemplate } from '../../../infra/local/host/route-template.ts';

const match = (template: string, path: string) => matchTemplate(parseTemplate(template), pathSegments(path));

describe('a route template', () => {
  it.each([
    ['orders', '/orders', {}],
    ['orders', '/ORDERS/', {}],
    ['orders', '/orders/1', undefined],
    ['orders/{id}', '/orders/a%20b', { id: 'a b' }],
    ['orders/{id}', '/orders/a%2Fb%2fc', { id: 'a%2Fb%2fc' }],
    ['orders/{id}', '/orders/+44', { id: '+44' }],
    ['orders/{id}', '/orders/%2B44', { id: '+44' }],
    ['orders/{id}', '/orders/100%', { id: '100%' }],
    ['orders/{id}', '/orders', undefined],
    ['orders/{id}', '/orders/1/2', undefined],
    ['orders/{id?}', '/orders', {}],
    ['orders/{id?}', '/orders/7', { id: '7' }],
    ['orders/{id=1}', '/orders', { id: '1' }],
    ['files/{*rest}', '/files', {}],
    ['files/{*rest}', '/files/a/b', { rest: 'a/b' }],
    ['files/{**rest}', '/files/a', { rest: 'a' }],
    ['orders/{id}:cancel', '/orders/7:cancel', { id: '7' }],
    ['orders/{id}:cancel', '/orders/7:close', undefined],
    ['{name}.{kind}', '/a.b.c', { name: 'a.b', kind: 'c' }],
  ])('%s matches %s as %o', (template, path, expected) => expect(match(template, path)).toEqual(expected));

  it.each([
    ['{id:int}', '12', 'x'],
    ['{id:int?}', '12', '2147483648'],
    ['{id:long}', '2147483648', '1.5'],
    ['{id:guid}', '7f9c24e5-2f2b-4c3a-9d0e-1b2c3d4e5f60', '7f9c'],
    ['{id:bool}', 'True', 'yes'],
    ['{id:alpha}', 'abc', 'a1'],
    ['{id:length(3)}', 'abc', 'ab'],
    ['{id:length(2,3)}', 'ab', 'abcd'],
    ['{id:minlength(2)}', 'ab', 'a'],
    ['{id:maxlength(2)}', 'ab', 'abc'],
    ['{id:min(5)}', '5', '4'],
    ['{id:max(5)}', '5', '6'],
    ['{id:range(5,7)}', '6', '8'],
    ['{id:datetime}', '2026-11-22', 'today?'],
    ['{id:decimal}', '1.5', '1e5'],
    ['{id:double}', '1e5', 'one'],
    ['{id:regex(^\\d{{3}}$)}'.replaceAll('{{', '{').replaceAll('}}', '}'), '123', '1234'],
    ['{id:alpha:length(2)}', 'ab', 'abc'],
  ])('%s takes %s and refuses %s', (template, good, bad) => {
    expect(match(template, `/${good}`)).toEqual({ id: good });
    expect(match(template, `/${encodeURIComponent(bad)}`)).toBeUndefined();
  });

  it.each(['a/{b', '{a}{b}', '{a}/{A}', '{*rest}/a', '{a?}/b', '{a:nothing}', 'a//b', '{}'])('is refused when it is %s', (template) =>
    expect(() => parseTemplate(template)).toThrow(/Route/),
  );
});

describe('precedence', () => {
  it('puts literals before parameters, constraints before none, long before short, catch-all last', () => {
    const expected = ['orders/all', 'orders/{id:int}', 'orders/{id}/items', 'orders/{id}', 'orders/{*rest}', 'orders', '{*rest}'];
    const sorted = [...expected].reverse().sort((a, b) => compareTemplates(parseTemplate(a), parseTemplate(b)));
    expect(sorted).toEqual(expected);
  });
});
