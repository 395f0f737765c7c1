/** A bare AMQP client for what the SDK never does or never shows: it attaches by hand and sees each answer. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import rhea, { type Connection, type EventContext, type Receiver } from 'rhea';

const KEY = { name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE' };

export const sharedAccess = (resource: string, expiresAtS: number): string => {
  const sr = encodeURIComponent(resource);
  const sig = encodeURIComponent(createHmac('sha256', KEY.key).update(`${sr}\n${expiresAtS}`).digest('base64'));
  return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${expiresAtS}&skn=${KEY.name}`;
};

export type RawClient = {
  connection: Connection;
  /** The status code of the answer. */
  putToken: (audience: string, token: string) => Promise<unknown>;
  /** Application properties and body of the answer to one management request. */
  manage: (queue: string, operation: string, body: object) => Promise<{ properties: Record<string, unknown>; body: unknown }>;
  close: () => Promise<void>;
};

export const connectRaw = (port: number): RawClient => {
  const container = rhea.create_container();
  // Links that are refused are looked at by their own tests.
  for (const event of ['receiver_error', 'sender_error', 'connection_error', 'disconnected']) container.on(event, () => undefined);
  const connection = container.connect({ host: '127.0.0.1', port, username: 'raw', reconnect: false });
  const putToken = async (audience: string, token: string): Promise<unknown> => {
    const { properties } = await request(connection, '$cbs', token, {
      operation: 'put-token',
      type: 'servicebus.windows.net:sastoken',
      name: audience,
    });
    return properties['status-code'];
  };
  return {
    connection,
    putToken,
    manage: (queue, operation, body) => request(connection, `${queue}/$management`, body, { operation }),
    close: async () => {
      connection.close();
      await once(connection, 'connection_close');
    },
  };
};

const request = async (connection: Connection, node: string, body: unknown, properties: object) => {
  const replyTo = `reply-to-${node}`;
  const receiver = connection.open_receiver({ source: node, target: replyTo });
  const sender = connection.open_sender(node);
  await once(sender, 'sendable');
  sender.send({ body, reply_to: replyTo, message_id: 'request', application_properties: { ...properties } });
  const [{ message }] = (await once(receiver, 'message')) as [EventContext];
  receiver.close();
  sender.close();
  if (message?.correlation_id !== 'request') throw new Error('The answer belongs to another request.');
  return { properties: message.application_properties ?? {}, body: message.body as unknown };
};

/** A receiver without credit of its own accord; settles nothing by itself. */
export const openReceiver = async (connection: Connection, address: string, filter?: Record<string, unknown>): Promise<Receiver> => {
  const source = filter ? { address, filter } : { address };
  const receiver = connection.open_receiver({ source, credit_window: 0, autoaccept: false, rcv_settle_mode: 1, snd_settle_mode: 0 });
  await once(receiver, 'receiver_open');
  return receiver;
};
