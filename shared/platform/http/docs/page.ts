/** Pure: the API document as one page without scripts or third-party requests. */
import type { Json } from '../openapi/json-schema.ts';
import { escape, markup, type Html } from './html.ts';
import { resolved, schemaHtml } from './schema-html.ts';

/** Nothing but the styles of the page itself may load. */
export const DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; grid-template-columns: minmax(14rem, 20rem) minmax(0, 1fr); margin: 0; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; box-sizing: border-box; border-right: 1px solid #8884; }
nav ul, .schema ul { list-style: none; padding-left: 1rem; margin: 0; }
main { padding: 1rem 2rem; max-width: 60rem; }
section { border-top: 1px solid #8884; padding: 1rem 0; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow: auto; padding: .75rem; background: #8881; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
.method { display: inline-block; min-width: 4.5em; font-weight: 700; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; } }`;

type Operation = { path: string; method: string; value: Json };

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(asJson) : []);
const str = (value: unknown): string => (typeof value === 'string' ? value : '');

const operationsOf = (document: Json): Operation[] =>
  Object.entries(asJson(document['paths'])).flatMap(([path, item]) =>
    Object.entries(asJson(item)).map(([method, value]) => ({ path, method: method.toUpperCase(), value: asJson(value) })),
  );

const parametersHtml = (operation: Json, document: Json): Html | undefined => {
  const rows = list(operation['parameters'])
    .map((parameter) => resolved(parameter, document))
    .map(
      (parameter) =>
        markup`<tr><td><code>${str(parameter['name'])}</code></td><td>${str(parameter['in'])}${parameter['required'] === true ? ', required' : ''}</td><td>${str(parameter['description'])} <small>${str(asJson(parameter['schema'])['pattern'])}</small></td></tr>`,
    );
  return rows.length === 0 ? undefined : markup`<h4>Parameters</h4><table>${rows}</table>`;
};

const contentHtml = (content: Json, document: Json): Html[] =>
  Object.entries(content).map(([type, media]) => {
    const { schema, example } = asJson(media);
    return markup`<details><summary>${type}</summary><div class="schema">${schemaHtml(asJson(schema), document)}</div>${
      example === undefined ? undefined : markup`<pre>${JSON.stringify(example, null, 2)}</pre>`
    }</details>`;
  });

const requestHtml = (operation: Json, document: Json): Html | undefined => {
  const content = asJson(asJson(operation['requestBody'])['content']);
  return Object.keys(content).length === 0 ? undefined : markup`<h4>Request body</h4>${contentHtml(content, document)}`;
};

const responseHtml = ([status, response]: [string, unknown], document: Json): Html => {
  const { description, content } = asJson(response);
  const body = Number(status) < 300 ? contentHtml(asJson(content), document) : [];
  return markup`<tr><td><b>${status}</b></td><td>${str(description)}${body}</td></tr>`;
};

const operationHtml = ({ path, method, value }: Operation, document: Json): Html =>
  markup`<section id="${str(value['operationId'])}"><h3><span class="method">${method}</span> <code>${path}</code></h3>
<p>${str(value['summary'])}. Role: <code>${str(value['x-role'])}</code>.</p><p>${str(value['description'])}</p>
${parametersHtml(value, document)}${requestHtml(value, document)}
<h4>Answers</h4><table>${Object.entries(asJson(value['responses'])).map((entry) => responseHtml(entry, document))}</table></section>`;

const linkHtml = ({ path, method, value }: Operation): Html =>
  markup`<li><a href="#${str(value['operationId'])}"><span class="method">${method}</span>${path.replace('/api', '')}</a></li>`;

/** Every operation of the document, with its fields, answers and examples. */
export const docsPage = (document: Json): string => {
  const info = asJson(document['info']);
  const operations = operationsOf(document);
  const groups = list(document['tags']).map((tag) => {
    const mine = operations.filter(({ value }) => Array.isArray(value['tags']) && value['tags'][0] === tag['name']);
    return { name: str(tag['name']), description: str(tag['description']), mine };
  });
  const body = markup`<nav aria-label="Operations"><h1>${str(info['title'])}</h1><p><a href="openapi.json">OpenAPI document</a></p>
${groups.map(({ name, mine }) => markup`<h2>${name}</h2><ul>${mine.map(linkHtml)}</ul>`)}</nav>
<main><p>${str(info['description'])}</p>${groups.map(
    ({ name, description, mine }) => markup`<h2>${name}</h2><p>${description}</p>${mine.map((one) => operationHtml(one, document))}`,
  )}</main>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(str(info['title']))}</title><style>${STYLE}</style></head><body>${body.html}</body></html>`;
};
