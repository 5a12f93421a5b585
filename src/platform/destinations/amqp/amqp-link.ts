import type { Socket } from 'node:net';
import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';
import { type ConnectionPhases, takePhases } from '../../outbound/connection-phases';
import { guardedSocket } from '../../outbound/guarded-socket';
import type { Surroundings } from '../destination-kind';
import { openConnection } from './amqp-connection';
import { type AmqpFailure, amqpFailure } from './amqp-failure';
import type { AmqpLogin, AmqpTarget } from './amqp-target';
import type { Publication } from './publication';

/** Name look-up, TCP, TLS and login. */
const OPEN_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;
/** A broker has little to say, and the library keeps what it returns: after so many bytes another connection takes over. */
const MAX_RECEIVED_BYTES = 1_048_576;

/**
 * One connection to a broker, with one channel that confirms, for one exchange: what a broker closes for the sake of one message is nobody
 * else's. A link that fails is not mended; the next attempt makes another one.
 */
export class AmqpLink {
  private readonly ending = new AbortController();
  private readonly underWay = new Set<Publication>();
  private socket: Socket | null = null;
  private phases: ConnectionPhases | null = null;
  private connection: ChannelModel | null = null;
  private channel: ConfirmChannel | null = null;
  /** What the broker said when it stopped taking messages. */
  private blocked: string | null = null;
  private retired = false;
  private closing: Promise<void> | null = null;

  /** @param changed it is idle, or good for nobody any more */
  constructor(
    { guard, resolve }: Surroundings,
    target: AmqpTarget,
    login: AmqpLogin,
    private readonly changed: () => void,
  ) {
    const timer = setTimeout(() => {
      this.ending.abort();
    }, OPEN_TIMEOUT_MS);
    const opened = guardedSocket(guard, target, { resolve, signal: this.ending.signal }).then((socket) =>
      this.logIn(socket, target, login),
    );
    opened.catch((error: unknown) => this.fail(amqpFailure(error))).finally(() => clearTimeout(timer));
  }

  get isIdle(): boolean {
    return this.underWay.size === 0;
  }

  /** No attempt may use it from now on. */
  get isRetired(): boolean {
    return this.retired;
  }

  /** What it means that nothing was confirmed in time. */
  readonly late = (): AmqpFailure =>
    this.blocked === null ? { reason: 'timeout_confirm' } : { reason: 'amqp_blocked', said: this.blocked };

  carry(publication: Publication): void {
    this.underWay.add(publication);
    void publication.outcome.then(() => this.left(publication));
    // What is published now would come whenever the broker takes messages again, and so would its repeats.
    if (this.blocked !== null) publication.fail(this.late());
    else if (this.channel) this.publish(this.channel, publication);
  }

  /** Hangs up, politely if the broker lets us. */
  async close(): Promise<void> {
    const first = this.closing === null;
    this.retired = true;
    this.closing ??= this.hangUp();
    if (first) this.changed();
    return this.closing;
  }

  private async logIn(socket: Socket, { vhost }: AmqpTarget, login: AmqpLogin): Promise<void> {
    this.socket = socket;
    this.phases = takePhases(socket);
    const connection = await openConnection(socket, vhost, login);
    this.connection = connection;
    connection.on('error', (error) => this.fail(amqpFailure(error)));
    connection.on('close', (error) => this.fail(error ? amqpFailure(error) : { reason: 'connection_lost' }));
    connection.on('blocked', (reason) => (this.blocked = reason.slice(0, 200)));
    connection.on('unblocked', () => (this.blocked = null));
    socket.on('readable', () => this.measure(socket));
    const channel = await connection.createConfirmChannel();
    channel.on('error', (error) => this.fail(amqpFailure(error)));
    channel.on('return', (message) => this.returned(message));
    this.channel = channel;
    for (const publication of this.underWay) this.publish(channel, publication);
  }

  private publish(channel: ConfirmChannel, publication: Publication): void {
    if (publication.ended) return;
    const { exchange, routingKey } = publication.target;
    try {
      publication.sent(this.socket?.remoteAddress ?? null, this.phases);
      this.phases = null;
      channel.publish(exchange, routingKey, publication.body, publication.properties, (error: Error | null) => {
        if (error === null) publication.confirmed();
        else if (error.message === 'message nacked') publication.fail({ reason: 'amqp_nacked' });
        // Otherwise the connection is about to tell what happened.
      });
    } catch {
      // The properties do not fit into a frame of the protocol.
      publication.fail({ reason: 'bad_request' });
    }
  }

  /** Comes before the confirmation, in the order of publishing. */
  private returned({ fields, properties }: Message): void {
    const { replyCode, replyText } = fields as unknown as { replyCode: number; replyText: string };
    const { routingKey } = fields;
    const { messageId } = properties as { messageId?: string };
    for (const publication of this.underWay) {
      const isIt = publication.properties.messageId === messageId && publication.target.routingKey === routingKey;
      if (!isIt || !publication.isSent || publication.returned !== null) continue;
      publication.returned = `${replyCode} ${replyText}`;
      return;
    }
  }

  private left(publication: Publication): void {
    this.underWay.delete(publication);
    // Of a broker that keeps silent the next attempt asks on a connection of its own.
    if (publication.unanswered && this.blocked === null) this.retired = true;
    if (this.isIdle || this.retired) this.changed();
  }

  private fail(failure: AmqpFailure): void {
    for (const publication of this.underWay) publication.fail(failure);
    void this.close();
  }

  private measure({ bytesRead }: Socket): void {
    if (bytesRead <= MAX_RECEIVED_BYTES) return;
    this.retired = true;
    const returnable = [...this.underWay].reduce((sum, { body }) => sum + body.length, 0);
    if (bytesRead > 2 * (MAX_RECEIVED_BYTES + returnable)) {
      this.fail({ reason: 'bad_response' });
      this.ending.abort();
    } else this.changed();
  }

  private async hangUp(): Promise<void> {
    if (this.connection) await politeEnd(this.connection);
    this.ending.abort();
  }
}

/** It may be closed already, and a broker may never say that it has heard. */
async function politeEnd(connection: ChannelModel): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    connection.once('close', end);
    connection.close().then(end, end);
  });
}
