import { connectionReason } from '../connection-reason';

/** Why a message did not get into a queue; `said` is what the broker gave as the cause. */
export type AmqpFailure = { readonly reason: string; readonly said?: string };

/** Each with what it means, who must act and what to try. */
export const AMQP_REASONS = {
  amqp_login:
    'The broker refused the login, or the endpoint has none; its owner must set the header `Authorization: Basic …` with a user of the broker.',
  amqp_vhost:
    'The broker does not let this user into the virtual host of the URL, or has none of that name; its owner must correct either.',
  amqp_forbidden: 'The user may not write to the exchange; the owner of the endpoint must give the user of the broker that permission.',
  amqp_no_exchange: 'The broker has no exchange of that name; the owner of the endpoint must declare it, or correct the URL.',
  amqp_unroutable:
    'The broker has no queue for the message; the owner of the endpoint must bind one to the exchange, or correct the routing key.',
  amqp_nacked: 'The broker did not take the message, as when a queue is full; the owner of the endpoint must look at its queues.',
  amqp_blocked:
    'The broker takes no messages for want of memory or disk; its owner must free some, and what is waiting comes by itself then.',
  amqp_closed: 'The broker hung up; the owner of the endpoint must look at what it said, and at its log at that time.',
  timeout_confirm: 'The broker did not confirm the message in time; its owner must look at its load, or raise `timeoutMs` of the endpoint.',
};

const MAX_SAID = 1_000;
/** As the library words what a broker said at last, before and after the login. */
const REFUSED_LOGIN = /^Handshake terminated by server: 403 /;
const REFUSED_VHOST = /^Expected ConnectionOpenOk; got <ConnectionClose /;
const LAST_WORD = / with message "([^]*)"$/;
const HUNG_UP = ['Heartbeat timeout', 'Unexpected close'];

const BY_CODE: Readonly<Record<number, string>> = { 403: 'amqp_forbidden', 404: 'amqp_no_exchange' };

/** What an error of the socket, of the library or of the broker means. */
export function amqpFailure(error: unknown): AmqpFailure {
  const reason = connectionReason(error);
  if (reason) return { reason };
  const { name, code, message = '' } = (error ?? {}) as { name?: string; code?: unknown; message?: string };
  // Only while it is made: nobody ends what is under way in any other way than by its deadline.
  if (name === 'AbortError') return { reason: 'timeout_connect' };
  const said = LAST_WORD.exec(message)?.[1]?.slice(0, MAX_SAID);
  if (REFUSED_LOGIN.test(message)) return { reason: 'amqp_login', ...(said && { said }) };
  if (REFUSED_VHOST.test(message)) return { reason: 'amqp_vhost' };
  if (typeof code === 'number') return { reason: BY_CODE[code] ?? 'amqp_closed', ...(said && { said }) };
  return { reason: HUNG_UP.includes(message) ? 'connection_lost' : 'bad_response' };
}
