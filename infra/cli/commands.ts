/** All commands of the CLI, in the order in which help lists them. */
import type { Command } from './command.ts';
import { customerCommands } from './commands/customers.ts';
import { gatewayCommands } from './commands/gateway.ts';
import { numberCommands } from './commands/numbers.ts';
import { orderCommands } from './commands/orders.ts';
import { partnerCommands } from './commands/partners.ts';
import { rangeCommands } from './commands/ranges.ts';
import { rfiCommands } from './commands/rfis.ts';
import { statusCommands } from './commands/status.ts';
import { listenCommand } from './commands/webhooks-listen.ts';
import { webhookCommands } from './commands/webhooks.ts';

export const COMMANDS: readonly Command[] = [
  ...statusCommands,
  ...customerCommands,
  ...orderCommands,
  ...numberCommands,
  ...rfiCommands,
  ...webhookCommands,
  listenCommand,
  ...partnerCommands,
  ...rangeCommands,
  ...gatewayCommands,
];
