/** Request and response over a pair of links, as $cbs and $management use it. */
import { invalidField } from './conditions.ts';
import { Dispositions } from './dispositions.ts';
import { messages, openLink, type AmqpContext, type AmqpLink } from './rhea.ts';

export type Request = { body: unknown; properties: Record<string, unknown> };
export type Response = { properties: Record<string, unknown>; body?: unknown };
export type Respond = (request: Request) => Promise<Response>;

type Decoded = { body?: unknown; application_properties?: Record<string, unknown>; message_id?: unknown; reply_to?: string };

const REQUEST_CREDIT = 500;

/** The links on which the answers leave, by name and by target address: clients use either as reply-to. */
export class ReplyLinks {
  readonly #links = new Map<string, AmqpLink>();

  add(link: AmqpLink): void {
    link.set_source({ address: link.source?.address ?? null });
    link.set_target({ address: link.target?.address ?? null });
    for (const name of this.#names(link)) this.#links.set(name, link);
    openLink(link);
  }

  find(replyTo: string): AmqpLink | undefined {
    return this.#links.get(replyTo);
  }

  remove(link: AmqpLink): void {
    for (const name of this.#names(link)) if (this.#links.get(name) === link) this.#links.delete(name);
  }

  #names(link: AmqpLink): string[] {
    return [link.name, link.target?.address ?? link.name];
  }
}

/** Answers each request on `link` by `respond`, in whatever order the answers come. */
export const serveRequests = (link: AmqpLink, replies: ReplyLinks, respond: Respond): void => {
  const dispositions = new Dispositions(link.session, 'receiver');
  link.set_target({ address: link.target?.address ?? null });
  link.set_source({ address: link.source?.address ?? null });
  link.on('message', (context) => void answer(context, dispositions, replies, respond));
  openLink(link);
  link.add_credit(REQUEST_CREDIT);
};

const answer = async (context: AmqpContext, dispositions: Dispositions, replies: ReplyLinks, respond: Respond): Promise<void> => {
  const { delivery, receiver } = context;
  if (!delivery || !receiver) return;
  receiver.add_credit(1);
  const request = decode(context.message as Buffer);
  const reply = replies.find(request?.reply_to ?? '');
  if (!request || !reply) return dispositions.settle(delivery, invalidField('The request cannot be read, or names no link to reply to.'));
  dispositions.settle(delivery);
  const response = await respond({ body: request.body, properties: request.application_properties ?? {} }).catch(toBroken);
  if (!reply.is_open()) return;
  const message = { body: response.body ?? {}, application_properties: response.properties, correlation_id: request.message_id };
  reply.send(message).settled = true;
};

const decode = (bytes: Buffer): Decoded | undefined => {
  try {
    return messages.decode(bytes) as Decoded;
  } catch {
    return undefined;
  }
};

/** A request whose contents make no sense must not take the emulator down; both nodes' names for a status are set. */
const toBroken = (error: unknown): Response => {
  const description = `The request cannot be processed: ${error instanceof Error ? error.message : String(error)}`;
  const status = { statusCode: 400, statusDescription: description, errorCondition: invalidField('').condition };
  return { properties: { ...status, 'status-code': 400, 'status-description': description } };
};
