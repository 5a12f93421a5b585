import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import passport, { type Strategy } from 'passport';
import { AccessTokenStrategy } from './access-token.strategy';
import { TokenSigner } from '../domain/token-signer';
import { ApiKeyUsage } from './api-key-usage';
import { ApiKeyStrategy } from './api-key.strategy';
import type { RequestHeaders } from './bearer-jwt';
import type { Identity } from './identity';
import { PortalTokenStrategy } from './portal-token.strategy';
import { SigningKeys } from './signing-keys';

type Middleware = (request: RequestHeaders, response: object, next: (error: Error) => void) => void;

/** Finds out who sent a request, by the first passport strategy that knows its token. */
@Injectable()
export class Authenticator {
  private readonly strategies: readonly Strategy[];

  constructor(keys: SigningKeys, signer: TokenSigner, queries: QueryBus, usage: ApiKeyUsage) {
    this.strategies = [
      new AccessTokenStrategy(keys, queries),
      new ApiKeyStrategy('live', keys, signer, queries, usage),
      new ApiKeyStrategy('test', keys, signer, queries, usage),
      new PortalTokenStrategy(keys, queries),
    ];
  }

  /**
   * Null when no strategy accepts the token; rejects when the database could not be asked about it.
   * The strategies are handed over as objects, not by name: names are global to the process, and a test runs two applications in one.
   * `Object.create`, as passport does itself: it hangs the callbacks of one request on the object.
   */
  authenticate({ headers }: RequestHeaders): Promise<Identity | null> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, identity?: Identity | false | null) => {
        if (error) reject(error);
        else resolve(identity || null);
      };
      // Its types know lists of names only.
      const strategies = this.strategies.map((strategy): unknown => Object.create(strategy)) as string[];
      const middleware = passport.authenticate(strategies, { session: false }, settle) as Middleware;
      middleware({ headers }, {}, settle);
    });
  }
}
