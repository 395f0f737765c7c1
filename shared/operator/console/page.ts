/** The page around the console's panels: sign-in, message line, styles and the script, and the policy that allows just these. */
import { createHash } from 'node:crypto';
import { CONSOLE_SCRIPT } from './script.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 80rem; padding: 0 1rem 4rem; }
header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: baseline; justify-content: space-between; }
section { border-top: 1px solid #8884; padding: .5rem 0; overflow-x: auto; }
h2 { font-size: 1.1rem; margin: .25rem 0; } section p { margin: .25rem 0; }
table { border-collapse: collapse; width: 100%; }
caption { position: absolute; left: -100vw; }
td, th { text-align: left; vertical-align: top; padding: .25rem 1rem .25rem 0; }
button { font: inherit; margin: 0 .25rem .25rem 0; }
code { font-size: .9em; }
svg { width: 100%; height: 2rem; border-radius: 4px; }
.free { fill: #8883; } .interactive { fill: #0a7; } .orders { fill: #27c; } .polls { fill: #a5c; } .background { fill: #c80; }
.state { font-size: 1.25rem; } .paused strong, .stopped strong { color: #c50; }
.message { position: sticky; top: 0; min-height: 1.5em; background: Canvas; padding: .25rem 0; }
#token { width: min(40rem, 80vw); }`;

const digest = createHash('sha256').update(CONSOLE_SCRIPT).digest('base64');

/** Nothing but this page's own script runs, and it talks to nobody but this API. */
export const CONSOLE_POLICY = `default-src 'none'; script-src 'sha256-${digest}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export const CONSOLE_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Operator console</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><header><h1>Operator console</h1><p>All times are UTC.</p><button type="button" id="sign-out" hidden>Sign out</button></header>
<p id="message" class="message" role="status" aria-live="polite"></p>
<form id="sign-in" hidden><label for="token">Access token of an operator</label>
<p><input id="token" type="password" autocomplete="off" required> <button>Sign in</button></p>
<p>For example what <code>az account get-access-token --scope api://…/.default --query accessToken -o tsv</code> prints. It stays in this tab.</p></form>
<main id="panels"></main>
<script>${CONSOLE_SCRIPT}</script></body></html>
`;
