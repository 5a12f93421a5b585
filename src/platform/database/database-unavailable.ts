import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/**
 * SQLSTATE classes and socket codes that say "the server is away, starting, stopping or full", not "the statement is wrong":
 * 08 connection, 53 out of resources, 57014 statement timeout, 57P shutdown and crash, 58 system error, 25P03 idle-in-transaction timeout.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQLSTATE = /^(08|53|57014|57P|58|25P03)/;
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** What `pg` says in words only: a dead connection, a full pool, a statement that outlived `query_timeout`. */
const WORDS =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|connection ended unexpectedly/i;
/** TypeORM's answers to the statements that follow the death of a transaction's connection. */
const LOST_TRANSACTION = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** Whether PostgreSQL could not be reached or would not serve; trying again later can help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (LOST_TRANSACTION.some((type) => error instanceof type)) return true;
  const cause = causeOf(error);
  if (cause instanceof AggregateError) return cause.errors.some(isDatabaseUnavailable);
  if (!(cause instanceof Error)) return false;
  const { code } = cause as { code?: unknown };
  return (typeof code === 'string' && (SOCKET.has(code) || (code.length === 5 && SQLSTATE.test(code)))) || WORDS.test(cause.message);
}

/** A deadlock, a serialization failure, a lock that was not free in time. */
const LOST_RACES = new Set(['40P01', '40001', '55P03']);

/** Whether somebody else was in the way, so that nothing of the transaction took effect; trying again at once can help. */
export function isLostRace(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof Error && LOST_RACES.has((cause as { code?: unknown }).code as string);
}

function causeOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}
