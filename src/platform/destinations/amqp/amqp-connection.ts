import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import type { ChannelModel } from 'amqplib';
import type { AmqpLogin } from './amqp-target';

/** A body frame and what else a broker may say at once. */
const MAX_FRAME_BYTES = 131_072;
const HEARTBEAT_SECONDS = 30;

type Connection = NodeJS.EventEmitter & { open(fields: object, opened: (error: Error | null) => void): void };
type Internals = {
  readonly Connection: new (socket: Socket) => Connection;
  readonly ChannelModel: new (connection: Connection) => ChannelModel;
};

// Its `connect()` makes the socket itself, and listens to errors only when the connection is open: a broker that says one thing too
// many with its last word of the opening ends the process. So it gets a socket of ours, and is listened to from the beginning.
const internals = createRequire(require.resolve('amqplib'));
const { Connection } = internals('./lib/connection.js') as Pick<Internals, 'Connection'>;
const { ChannelModel: Model } = internals('./lib/channel_model.js') as Pick<Internals, 'ChannelModel'>;

/** Logs in on a socket that is ready. */
export async function openConnection(socket: Socket, vhost: string, { user, password }: AmqpLogin): Promise<ChannelModel> {
  const connection = new Connection(socket);
  connection.on('error', () => undefined);
  await promisify(connection.open.bind(connection))({
    clientProperties: {
      product: 'Posthorn',
      capabilities: { publisher_confirms: true, 'basic.nack': true, 'connection.blocked': true, authentication_failure_close: true },
    },
    mechanism: 'PLAIN',
    response: Buffer.from(['', user, password].join('\0')),
    locale: 'en_US',
    channelMax: 1,
    frameMax: MAX_FRAME_BYTES,
    heartbeat: HEARTBEAT_SECONDS,
    maxFrameSize: MAX_FRAME_BYTES,
    virtualHost: vhost,
    capabilities: '',
    insist: 0,
  });
  return new Model(connection);
}
