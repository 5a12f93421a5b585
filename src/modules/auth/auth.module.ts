import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CreateApiKeyHandler } from './commands/create-api-key';
import { RevokeApiKeyHandler } from './commands/revoke-api-key';
import { SignInByEmailHandler } from './commands/sign-in-by-email';
import { SignInHandler } from './commands/sign-in';
import { ApiKey } from './domain/api-key';
import { ApiKeyRepository } from './domain/api-key.repository';
import { TokenSigner } from './domain/token-signer';
import { ApiKeysController } from './http/api-keys.controller';
import { AuthController } from './http/auth.controller';
import { MeController } from './http/me.controller';
import { AccessGuard } from './infra/access.guard';
import { VerifyEmailPageController } from './http/verify-email-page.controller';
import { Authenticator } from './infra/authenticator';
import { JwtTokenSigner } from './infra/jwt-token-signer';
import { SigningKeys } from './infra/signing-keys';
import { TypeOrmApiKeyRepository } from './infra/typeorm-api-key.repository';
import { GetProfileHandler } from './queries/get-profile';
import { GetValidApiKeyHandler } from './queries/get-valid-api-key';
import { ListApiKeysHandler } from './queries/list-api-keys';

const commands = [SignInHandler, SignInByEmailHandler, CreateApiKeyHandler, RevokeApiKeyHandler];
const queries = [GetProfileHandler, GetValidApiKeyHandler, ListApiKeysHandler];
const adapters = [
  SigningKeys,
  Authenticator,
  { provide: TokenSigner, useClass: JwtTokenSigner },
  { provide: ApiKeyRepository, useClass: TypeOrmApiKeyRepository },
  { provide: APP_GUARD, useClass: AccessGuard },
];

@Module({
  imports: [TypeOrmModule.forFeature([ApiKey]), JwtModule.register({})],
  controllers: [AuthController, MeController, ApiKeysController, VerifyEmailPageController],
  providers: [...commands, ...queries, ...adapters],
})
export class AuthModule {}
