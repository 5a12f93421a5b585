import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { QueryBus } from '@nestjs/cqrs';
import { AccessGuard } from '../../src/modules/auth/infra/access.guard';
import { Authenticator } from '../../src/modules/auth/infra/authenticator';
import { RefusalLog } from '../../src/modules/auth/infra/refusal-log';
import { ApplicationsController } from '../../src/modules/webhooks/applications/http/applications.controller';
import { MeController } from '../../src/modules/auth/http/me.controller';
import { type Account, signUp } from '../../test/support/accounts';
import { startTestApp, type TestApp } from '../../test/support/app';
import { type Figure, median, percentile } from '../support/report';
import { signInLoad } from './sign-in-load';
import { timing } from './timing';

const ROUNDS = 300;
const CALLS = 1_000;

/** What access control costs: per request, under a storm of sign-ins, and in what its timing tells. */
export async function guard(): Promise<Figure[]> {
  return [...(await guardCost()), ...(await signInLoad()), ...(await timing())];
}

/** The guard alone, called as Nest calls it, with tokens that it verified a moment ago. */
async function guardCost(): Promise<Figure[]> {
  const app = await startTestApp({ worker: true });
  try {
    const ann = await signUp(app);
    const callers: [string, Account['apiKey'], object, string][] = [
      ['access token, account route', ann.accessToken, MeController, 'get'],
      ['access token, tenant route', ann.accessToken, ApplicationsController, 'list'],
      ['API key, tenant route', ann.apiKey, ApplicationsController, 'list'],
    ];
    const figures: Figure[] = [];
    for (const [what, token, controller, method] of callers) {
      const rounds = await measure(app, token, controller, method);
      figures.push(
        { what: `guard, ${what}, median`, value: median(rounds), unit: 'µs', target: 30 },
        { what: `guard, ${what}, p99 of rounds`, value: percentile(rounds, 99), unit: 'µs' },
      );
    }
    return figures;
  } finally {
    await app.stop();
  }
}

async function measure({ http }: TestApp, token: string, controller: object, method: string): Promise<number[]> {
  // The one of the application is a global guard, and those cannot be asked for.
  const accessGuard = new AccessGuard(
    http.get(Reflector),
    http.get(Authenticator, { strict: false }),
    http.get(QueryBus),
    http.get(RefusalLog, { strict: false }),
  );
  const handler = (controller as { prototype: Record<string, () => unknown> }).prototype[method];
  if (!handler) throw new Error(`There is no ${method} to be guarded.`);
  const call = () => {
    const request = { headers: { authorization: `Bearer ${token}` }, params: {}, query: {} };
    return accessGuard.canActivate(new ExecutionContextHost([request, {}], controller as never, handler));
  };
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await call();
    const start = performance.now();
    for (let n = 0; n < CALLS; n++) await call();
    rounds.push(((performance.now() - start) * 1_000) / CALLS);
  }
  return rounds.slice(ROUNDS / 10);
}
