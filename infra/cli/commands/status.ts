/** Who one is to the API, and how it does. */
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { ApiError } from '../../client/send.ts';

const me: Command = {
  words: 'me',
  what: 'who you are to the API, and what you may do',
  examples: ['me', 'me --json'],
  run: async ({ client }) => ({ body: (await client.getMe()).body }),
};

const status: Command = {
  words: 'status',
  what: 'how the system does: budget, queues, what waits (operators)',
  examples: ['status', 'status --json'],
  run: async ({ client }) => ({ body: (await client.getStatus()).body }),
};

const ready: Command = {
  words: 'ready',
  what: 'whether the API can serve: exit status 4 when not',
  examples: ['ready'],
  run: async ({ client }) => {
    try {
      return { body: (await client.getReady()).body };
    } catch (error) {
      if (error instanceof ApiError) return { body: { status: error.code }, exit: EXIT.unavailable };
      throw error;
    }
  },
};

export const statusCommands: readonly Command[] = [me, status, ready];
