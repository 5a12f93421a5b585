import { type DynamicModule, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LoggerModule, PinoLogger } from 'nestjs-pino';
import { type DestinationStream, pino, stdTimeFunctions } from 'pino';
import { callContext } from '../context/call-context';
import { traceIds } from '../tracing/trace-context';
import { VERSION } from '../version';
import { type Level, LogLevel } from './log-level';
import { RequestLog } from './request-log';

/** Never in a log, wherever it hides: credentials, and what people put into URLs, payloads and names. */
const REDACTED = ['authorization', 'cookie', 'password', 'token', 'secret', 'email', 'payload', 'url', 'body'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
]);

/** Lines are written some at a time: a system call for each would be a twentieth of what a message costs. The end of the process waits for them. */
const BUFFER = { minLength: 4_096, periodicFlush: 100, sync: false };

type LoggedError = Error & { code?: unknown };
type LogSettings = {
  readonly level: Level;
  readonly role: 'api' | 'worker' | 'keys' | 'audit' | 'retention' | 'drill' | 'queues';
  readonly destination?: DestinationStream | undefined;
};

@Module({})
class LoggingModule {}

/** JSON lines on stdout, one per request and event, ids only. */
export function loggingModule({ level, role, destination = pino.destination(BUFFER) }: LogSettings): DynamicModule {
  const common = {
    level,
    base: { service: 'posthorn', role, version: VERSION },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = LoggerModule.forRoot({
    // None: requests are told by `RequestLog`.
    forRoutes: [],
    pinoHttp: [
      {
        ...common,
        redact: { paths: REDACTED, censor: '[redacted]' },
        mixin: () => {
          const { requestId, trace } = callContext();
          return { ...(requestId === null ? {} : { requestId }), ...traceIds(trace) };
        },
        // Not the whole object: errors of `pg` carry the connection with its password, and details with row values.
        serializers: { err: ({ name, code, message, stack }: LoggedError) => ({ name, code, message, stack }) },
      },
      destination,
    ],
  });
  const ofRequests = pino(common, destination);
  const requests = {
    provide: RequestLog,
    useFactory: (host: HttpAdapterHost) => new RequestLog(host, ofRequests),
    inject: [HttpAdapterHost],
  };
  const logLevel = { provide: LogLevel, useFactory: () => new LogLevel(level, () => [PinoLogger.root, ofRequests]) };
  return { module: LoggingModule, imports: [logger], providers: [logLevel, ...(role === 'api' ? [requests] : [])], exports: [LogLevel] };
}
