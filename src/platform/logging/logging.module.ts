import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import { VERSION } from '../version';

/** Never in a log, wherever it hides: credentials, and what people put into URLs, payloads and names. */
const REDACTED = ['authorization', 'cookie', 'password', 'token', 'secret', 'email', 'payload', 'url', 'body'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
]);

type LoggedError = Error & { code?: unknown };

/** JSON lines on stdout, one per request and event, ids only. */
export function loggingModule({ level, role }: { level: string; role: 'api' | 'worker' | 'keys' | 'audit' }): DynamicModule {
  return LoggerModule.forRoot({
    // Not the default route: with Fastify it matches only what is under the global prefix.
    forRoutes: ['*path'],
    pinoHttp: {
      level,
      base: { service: 'posthorn', role, version: VERSION },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[redacted]' },
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId' },
      customLogLevel: (_request, { statusCode }, error) => (error || statusCode >= 500 ? 'error' : 'info'),
      serializers: {
        req: ({ method, url }: { method: string; url: string }) => ({ method, path: url.split('?')[0]?.slice(0, 300) }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
        // Not the whole object: errors of `pg` carry the connection with its password, and details with row values.
        err: ({ name, code, message, stack }: LoggedError) => ({ name, code, message, stack }),
      },
    },
  });
}
