import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OrganizationStatusModule } from '../organizations';
import { ChangeApiKeyHandler } from './commands/change-api-key';
import { AccountErasure } from './account-erasure.work';
import { AccountExport } from './account-export.work';
import { CloseAccountHandler } from './commands/close-account';
import { CreateApiKeyHandler } from './commands/create-api-key';
import { EndPortalAccessHandler } from './commands/end-portal-access';
import { EndSessionHandler } from './commands/end-session';
import { EndSessionsHandler } from './commands/end-sessions';
import { FinishProviderSignInHandler } from './commands/finish-provider-sign-in';
import { OpenPortalHandler } from './commands/open-portal';
import { EraseApiKeysHandler } from './commands/erase-api-keys';
import { EraseSessionsHandler } from './commands/erase-sessions';
import { OpenSessionHandler } from './commands/open-session';
import { RefreshSessionHandler } from './commands/refresh-session';
import { ForgotPasswordHandler } from './commands/forgot-password';
import { RecoverAccountHandler } from './commands/recover-account';
import { RegisterHandler } from './commands/register';
import { ReplaceEmailHandler } from './commands/replace-email';
import { ReplacePasswordHandler } from './commands/replace-password';
import { RequestExportHandler } from './commands/request-export';
import { RevokeApiKeyHandler } from './commands/revoke-api-key';
import { SignInByEmailHandler } from './commands/sign-in-by-email';
import { SignInHandler } from './commands/sign-in';
import { SignOutHandler } from './commands/sign-out';
import { WithPasswordHandler } from './commands/with-password';
import { StartProviderSignInHandler } from './commands/start-provider-sign-in';
import { ApiKey } from './domain/api-key';
import { ApiKeyRepository } from './domain/api-key.repository';
import { PortalEnds } from './domain/portal-ends';
import { Session } from './domain/session';
import { SessionRepository } from './domain/session.repository';
import { SignInThrottle } from './domain/sign-in-throttle';
import { IdentityProviders } from './domain/identity-providers';
import { TokenSigner } from './domain/token-signer';
import { AccountController } from './http/account.controller';
import { ApiKeysController } from './http/api-keys.controller';
import { AuthController } from './http/auth.controller';
import { AcceptInvitationPageController } from './http/accept-invitation-page.controller';
import { ConfirmEmailChangePageController } from './http/confirm-email-change-page.controller';
import { EmailChangeController } from './http/email-change.controller';
import { MeController } from './http/me.controller';
import { OidcController } from './http/oidc.controller';
import { PortalController } from './http/portal.controller';
import { SessionsController } from './http/sessions.controller';
import { PasswordController } from './http/password.controller';
import { ResetPasswordPageController } from './http/reset-password-page.controller';
import { SecondFactorController } from './http/second-factor.controller';
import { AccessGuard } from './infra/access.guard';
import { VerifyEmailPageController } from './http/verify-email-page.controller';
import { ApiKeyUsage } from './infra/api-key-usage';
import { Authenticator } from './infra/authenticator';
import { JwtTokenSigner } from './infra/jwt-token-signer';
import { OpenIdIdentityProviders } from './infra/openid-identity-providers';
import { PostgresSignInThrottle } from './infra/postgres-sign-in-throttle';
import { RateLimitGuard } from './infra/rate-limit.guard';
import { RefusalLog } from './infra/refusal-log';
import { SigningKeys } from './infra/signing-keys';
import { SqlPortalEnds } from './infra/sql-portal-ends';
import { TypeOrmApiKeyRepository } from './infra/typeorm-api-key.repository';
import { TypeOrmSessionRepository } from './infra/typeorm-session.repository';
import { GetApiKeyHandler } from './queries/get-api-key';
import { ErasedOrganizationKeysObserver } from './processors/erased-organization.observer';
import { GetAccountExportHandler } from './queries/get-account-export';
import { GetApiKeyGrantHandler } from './queries/get-api-key-grant';
import { GetProfileHandler } from './queries/get-profile';
import { GetValidApiKeyHandler } from './queries/get-valid-api-key';
import { IsOpenPortalHandler } from './queries/is-open-portal';
import { IsOpenSessionHandler } from './queries/is-open-session';
import { ListApiKeysHandler } from './queries/list-api-keys';
import { ListIdentityProvidersHandler } from './queries/list-identity-providers';
import { MayRegisterHandler } from './queries/may-register';
import { ListSessionsHandler } from './queries/list-sessions';

const commands = [
  RegisterHandler,
  ForgotPasswordHandler,
  RecoverAccountHandler,
  ReplacePasswordHandler,
  ReplaceEmailHandler,
  WithPasswordHandler,
  RequestExportHandler,
  CloseAccountHandler,
  EraseSessionsHandler,
  SignInHandler,
  SignInByEmailHandler,
  OpenSessionHandler,
  RefreshSessionHandler,
  SignOutHandler,
  EndSessionHandler,
  EndSessionsHandler,
  CreateApiKeyHandler,
  ChangeApiKeyHandler,
  RevokeApiKeyHandler,
  StartProviderSignInHandler,
  FinishProviderSignInHandler,
  OpenPortalHandler,
  EndPortalAccessHandler,
  EraseApiKeysHandler,
];
const queries = [
  GetAccountExportHandler,
  GetProfileHandler,
  IsOpenSessionHandler,
  ListSessionsHandler,
  GetApiKeyHandler,
  GetValidApiKeyHandler,
  ListApiKeysHandler,
  IsOpenPortalHandler,
  ListIdentityProvidersHandler,
  MayRegisterHandler,
];
const tasks = [AccountExport, AccountErasure];
const adapters = [
  SigningKeys,
  Authenticator,
  RefusalLog,
  ApiKeyUsage,
  { provide: TokenSigner, useClass: JwtTokenSigner },
  { provide: SessionRepository, useClass: TypeOrmSessionRepository },
  { provide: ApiKeyRepository, useClass: TypeOrmApiKeyRepository },
  { provide: IdentityProviders, useClass: OpenIdIdentityProviders },
  { provide: PortalEnds, useClass: SqlPortalEnds },
  { provide: SignInThrottle, useClass: PostgresSignInThrottle },
  // In this order: a limit counts for whom the first guard let in.
  { provide: APP_GUARD, useClass: AccessGuard },
  { provide: APP_GUARD, useClass: RateLimitGuard },
];

@Module({
  imports: [TypeOrmModule.forFeature([ApiKey, Session]), JwtModule.register({})],
  controllers: [
    AuthController,
    MeController,
    SessionsController,
    PasswordController,
    EmailChangeController,
    SecondFactorController,
    AccountController,
    ResetPasswordPageController,
    ConfirmEmailChangePageController,
    AcceptInvitationPageController,
    ApiKeysController,
    PortalController,
    OidcController,
    VerifyEmailPageController,
  ],
  providers: [...commands, ...tasks, ...queries, ...adapters, ErasedOrganizationKeysObserver],
})
export class AuthModule {}

/** Where nothing else of this is needed: what an API key may do. */
@Module({ imports: [OrganizationStatusModule], providers: [GetApiKeyGrantHandler] })
export class ApiKeyGrantsModule {}
