import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { isDatabaseUnavailable, isLostRace } from './database-unavailable';

const withCode = (code: string) => Object.assign(new Error('some words'), { code });

describe('isDatabaseUnavailable', () => {
  it.each([
    ['08006', 'connection failure'],
    ['53100', 'disk full'],
    ['53300', 'too many connections'],
    ['57014', 'statement timeout, which may come before the one of the client'],
    ['57P01', 'administrator shutdown'],
    ['57P02', 'crash shutdown'],
    ['57P03', 'starting up'],
    ['58030', 'input or output error'],
    ['25P03', 'idle in transaction for too long'],
    ['ECONNREFUSED', 'nobody listens'],
    ['ECONNRESET', 'the server is gone'],
    ['EPIPE', 'the server is gone'],
    ['ETIMEDOUT', 'no answer'],
    ['ENOTFOUND', 'no such name'],
    ['EAI_AGAIN', 'no name server'],
    ['EHOSTUNREACH', 'no route'],
    ['ENETUNREACH', 'no network'],
  ])('%s: %s', (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(true);
    expect(isDatabaseUnavailable(new QueryFailedError('SELECT 1', [], withCode(code)))).toBe(true);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('"%s"', (message) => {
    expect(isDatabaseUnavailable(new Error(message))).toBe(true);
    expect(isDatabaseUnavailable(new QueryFailedError('SELECT 1', [], new Error(message)))).toBe(true);
  });

  it('the end of a connection with an open transaction', () => {
    expect(isDatabaseUnavailable(new QueryRunnerAlreadyReleasedError())).toBe(true);
    expect(isDatabaseUnavailable(new QueryRunnerProviderAlreadyReleasedError())).toBe(true);
  });

  it('several addresses that were all tried in vain', () => {
    expect(isDatabaseUnavailable(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]))).toBe(true);
    expect(isDatabaseUnavailable(new AggregateError([new Error('other')]))).toBe(false);
  });

  it.each([
    ['a constraint', withCode('23505')],
    ['a wrong statement', withCode('42P01')],
    ['a lost race', withCode('40001')],
    ['a refused value', withCode('22P02')],
    ['a file', withCode('ENOENT')],
    ['a bug', new TypeError('x is not a function')],
    ['a thrown word', 'ECONNREFUSED'],
    ['nothing', undefined],
    ['a plain object', { code: 'ECONNREFUSED' }],
  ])('not %s', (_, error) => {
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});

describe('isLostRace', () => {
  it.each(['40P01', '40001', '55P03'])('%s', (code) => {
    expect(isLostRace(withCode(code))).toBe(true);
    expect(isLostRace(new QueryFailedError('SELECT 1', [], withCode(code)))).toBe(true);
  });

  it.each([
    ['a constraint', withCode('23505')],
    ['no connection', withCode('08006')],
    ['a bug', new TypeError('x')],
    ['nothing', undefined],
  ])('not %s', (_, error) => {
    expect(isLostRace(error)).toBe(false);
  });
});
