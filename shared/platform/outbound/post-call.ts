/** Pure: the port to foreign HTTP servers: one guarded POST and what became of it. */

export type PostRequest = { url: string; headers: Readonly<Record<string, string>>; body: string };

/** `blocked`: our own guard refused the address or the URL, nothing was sent. */
export type PostFailure = 'timeout' | 'dns' | 'refused' | 'unreachable' | 'blocked' | 'tls' | 'reset' | 'protocol' | 'unknown';

export type PostResult =
  /** Any status, redirects included: none is followed. `body` is the beginning of the answer; `headers` have lower-case names. */
  | {
      outcome: 'answered';
      status: number;
      headers: Readonly<Record<string, string>>;
      body: string;
      bodyTruncated: boolean;
      durationMs: number;
    }
  /** No status was seen; the far side may or may not have acted. */
  | { outcome: 'failed'; failure: PostFailure; durationMs: number };

/** Never rejects for anything that the far side or the network does. */
export type Post = (request: PostRequest) => Promise<PostResult>;
