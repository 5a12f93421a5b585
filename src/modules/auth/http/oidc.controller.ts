import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiExcludeEndpoint, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG, type Config } from '../../../config/env';
import { DomainError } from '../../../platform/errors/domain-error';
import { Access } from '../../../platform/http/access';
import { FinishProviderSignIn } from '../commands/finish-provider-sign-in';
import { StartProviderSignIn } from '../commands/start-provider-sign-in';
import { ListIdentityProviders } from '../queries/list-identity-providers';
import { setRefreshCookie } from './refresh-cookie';

/** Comes back with the browser that we sent away, and with no other. Lax: the way back begins at the provider's site. */
const COOKIE = '__Host-posthorn_oidc';
const ATTRIBUTES = { path: '/', httpOnly: true, secure: true, sameSite: 'lax', maxAge: 600 } as const;

const ProvidersOut = z
  .object({
    data: z.array(z.object({ id: z.string().meta({ examples: ['acme-sso'] }), name: z.string().meta({ examples: ['Acme SSO'] }) })),
  })
  .meta({ id: 'ProvidersOut' });

/** Pages of a browser, not calls of a program: what goes wrong leads back to our page, with the code of the error in the fragment. */
@ApiTags('Sign-in')
@Access('public')
@Controller('auth/oidc')
export class OidcController {
  private readonly home: string;

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(CONFIG) { http }: Pick<Config, 'http'>,
  ) {
    this.home = `${http.publicUrl}/`;
  }

  @Get()
  @ApiOperation({ security: [], operationId: 'listIdentityProviders', summary: 'With whose accounts people can sign in' })
  @ApiResponse({ status: 200, description: 'The OpenID providers that are configured.', standardSchema: ProvidersOut })
  list() {
    return this.queries.execute(new ListIdentityProviders());
  }

  @Get(':provider')
  @ApiExcludeEndpoint()
  start(@Param('provider') providerId: string, @Res() reply: FastifyReply) {
    return this.leading(reply, async () => {
      const { url, sealed } = await this.commands.execute(new StartProviderSignIn(providerId));
      void reply.setCookie(COOKIE, sealed, ATTRIBUTES);
      return url;
    });
  }

  @Get(':provider/callback')
  @ApiExcludeEndpoint()
  finish(@Param('provider') providerId: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.leading(reply, async () => {
      void reply.clearCookie(COOKIE, ATTRIBUTES);
      const query = request.url.split('?').slice(1).join('?');
      const tokens = await this.commands.execute(new FinishProviderSignIn(providerId, query, request.cookies[COOKIE] ?? ''));
      setRefreshCookie(reply, tokens.refreshToken);
      return this.home;
    });
  }

  private async leading(reply: FastifyReply, work: () => Promise<string>): Promise<void> {
    const target = await work().catch((error: unknown) => {
      if (error instanceof DomainError && error.kind !== 'not_found') return `${this.home}#error=${error.code}`;
      throw error;
    });
    await reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(target, 302);
  }
}
