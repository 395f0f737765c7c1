/** A link on which a client sends messages to a queue. */
import type { Clock } from '../../lib/clock.ts';
import type { Queue } from '../engine/queue.ts';
import type { FaultEffect } from '../faults.ts';
import { splitBatch, toNewMessage } from './codec.ts';
import { busy, invalidField, messageTooLarge, sessionIdMissing } from './conditions.ts';
import { Dispositions, type Verdict } from './dispositions.ts';
import { openLink, type AmqpContext, type AmqpLink } from './rhea.ts';

/** Standard tier: one message, or one batch, is 256 KB at most. */
export const MAX_MESSAGE_BYTES = 262_144;

const BATCH_FORMAT = 0x80013700;
const SEND_CREDIT = 1000;

export type InboundOptions = {
  queue: Queue;
  newMessageId: () => string;
  clock: Clock;
  /** What is to go wrong with the next transfer. */
  strike: () => FaultEffect;
};

/** Opens the link with credit at once: without it the SDK sleeps a second before its first message. */
export const openInboundLink = (link: AmqpLink, options: InboundOptions): void => {
  const dispositions = new Dispositions(link.session, 'receiver');
  link.set_target({ address: link.target?.address ?? null });
  link.set_source({ address: link.source?.address ?? null });
  link.local.attach['max_message_size'] = MAX_MESSAGE_BYTES;
  link.on('message', (context) => onTransfer(context, options, dispositions));
  openLink(link);
  link.add_credit(SEND_CREDIT);
};

const onTransfer = (context: AmqpContext, options: InboundOptions, dispositions: Dispositions): void => {
  const { delivery, receiver } = context;
  if (!delivery || !receiver) return;
  if (receiver.credit < SEND_CREDIT / 2) receiver.add_credit(SEND_CREDIT - receiver.credit);
  const content = context.message as Buffer;
  const accept = (): Verdict => acceptTransfer(content, delivery.format, options);
  const effect = options.strike();
  switch (effect.kind) {
    case 'none':
      return dispositions.settle(delivery, accept());
    case 'busy':
      return dispositions.settle(delivery, busy);
    case 'delay':
      return void options.clock.after(effect.delayMs, () => dispositions.settle(delivery, accept()));
    case 'repeat':
      return dispositions.settle(delivery, accept() ?? accept());
  }
};

const acceptTransfer = (content: Buffer, format: number | undefined, { queue, newMessageId }: InboundOptions): Verdict => {
  if (content.length > MAX_MESSAGE_BYTES) return messageTooLarge(content.length, MAX_MESSAGE_BYTES);
  try {
    const parts = format === BATCH_FORMAT ? splitBatch(content) : [content];
    const result = queue.send(parts.map((part) => toNewMessage(part, newMessageId)));
    return result.kind === 'sent' ? undefined : sessionIdMissing;
  } catch (error) {
    return invalidField(`The message could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};
