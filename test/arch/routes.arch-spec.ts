import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module';
import { loadConfig } from '../../src/config/env';
import { testEnvironment } from '../support/environment';
import { type Route, routesOf } from '../support/routes';

describe('routes', () => {
  let routes: Route[];

  beforeAll(async () => {
    const config = loadConfig(testEnvironment({ DATABASE_URL: 'postgres://127.0.0.1/none', EMBEDDED: 'true' }));
    // Preview: the modules are scanned, nothing is instantiated, nobody is called.
    routes = routesOf(
      await NestFactory.createApplicationContext(AppModule.forApi(config), { preview: true, logger: false, abortOnError: false }),
    );
  });

  it('there are some', () => {
    expect(routes).toContainEqual({ method: 'POST', path: '/auth/register', access: 'public' });
  });

  it('each says who may call it', () => {
    expect(routes.filter(({ access }) => access === undefined)).toEqual([]);
  });
});
