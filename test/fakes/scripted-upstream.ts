/** An HTTPS server that counts what reaches it and answers as each test says. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificates, trust } from '../../infra/local/lib/certificates.ts';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';

export type SeenRequest = { method: string; path: string; headers: IncomingHttpHeaders; rawHeaders: string[]; body: string };
export type Respond = (response: ServerResponse, request: SeenRequest) => void;

export type ScriptedUpstream = {
  url: string;
  requests: SeenRequest[];
  /** Sockets that were opened, in order. */
  connections: Socket[];
  /** What the next requests get. */
  respond: Respond;
  /** Runs when a connection is opened, before TLS. */
  onConnection: () => void;
  reset: () => void;
  close: () => Promise<void>;
};

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Respond =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** This process trusts its certificate from then on. */
export const startScriptedUpstream = async (): Promise<ScriptedUpstream> => {
  const folder = mkdtempSync(join(tmpdir(), 'scripted-'));
  const { ca, cert, key } = await ensureCertificates(folder);
  trust(ca);
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers, rawHeaders } = request;
      const seen = { method, path, headers, rawHeaders, body: Buffer.concat(chunks).toString() };
      self.requests.push(seen);
      self.respond(response, seen);
    });
  });
  server.on('connection', (socket: Socket) => {
    self.connections.push(socket);
    self.onConnection();
  });
  const port = await listen(server, 0, 'port');
  const self: ScriptedUpstream = {
    url: `https://127.0.0.1:${port}`,
    requests: [],
    connections: [],
    respond: json(200, {}),
    onConnection: () => undefined,
    reset: () => {
      Object.assign(self, { requests: [], connections: [], respond: json(200, {}), onConnection: () => undefined });
      server.closeAllConnections();
    },
    close: async () => {
      await closeServer(server);
      rmSync(folder, { recursive: true });
    },
  };
  return self;
};
