import { Body, Controller, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { EmptyOut } from '../../../platform/http/fields';
import { DisplayName, EmailAddress, NewPassword, Password, SecondFactorCode } from '../../users';
import { RefreshSession } from '../commands/refresh-session';
import { Register } from '../commands/register';
import { SignInByEmail } from '../commands/sign-in-by-email';
import { SignIn } from '../commands/sign-in';
import { SignOut } from '../commands/sign-out';
import { BearerToken } from './bearer-token';
import { ClearsRefreshCookie, HandsRefreshCookie, RefreshCookie } from './refresh-cookie';

const RegisterBody = z
  .strictObject({ email: EmailAddress, password: NewPassword, name: DisplayName.meta({ examples: ['Ann Miller'] }) })
  .meta({ id: 'RegisterIn' });

const session = z
  .enum(['token', 'cookie'])
  .default('token')
  .meta({ description: '`cookie`: the refresh token comes as a cookie that no script can read. For pages under PUBLIC_URL.' });

const VerifyEmailBody = z
  .union(
    [
      z.strictObject({ token: z.string().min(1).max(200), session }),
      z.strictObject({ email: EmailAddress, code: z.string().regex(/^\d{6}$/, 'must be the six digits of the mail'), session }),
    ],
    { error: 'must hold either `token`, or `email` and the six digits of `code`' },
  )
  .meta({ id: 'VerifyEmailIn' });

/** Lengths only: whatever is not an address is simply nobody's. */
const LoginBody = z
  .strictObject({
    email: z.string().min(1).max(320),
    password: Password,
    code: SecondFactorCode.nullable().default(null),
    session,
  })
  .meta({ id: 'LoginIn' });

const RefreshBody = z
  .strictObject({ refreshToken: z.string().max(200).optional(), session })
  .default({ session: 'token' })
  .meta({ description: 'Without a refresh token, the cookie counts.' })
  .meta({ id: 'RefreshIn' });

const LogoutBody = z
  .strictObject({ refreshToken: z.string().max(200).optional() })
  .default({})
  .meta({ id: 'LogoutIn' });

const SignedInOut = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string().optional().meta({ description: 'Good for one use. Absent when it was handed out as a cookie.' }),
    tokenType: z.literal('Bearer'),
    expiresIn: z.number().meta({ description: 'Seconds.' }),
  })
  .meta({ id: 'SignedInOut' });

@ApiTags('Sign-in')
@Access('public')
@Controller('auth')
export class AuthController {
  constructor(private readonly commands: CommandBus) {}

  @Post('register')
  @HttpCode(202)
  @ApiOperation({
    security: [],
    operationId: 'register',
    summary: 'Register. The answer does not tell whether the address is known; the mail does, to its owner.',
  })
  @ApiResponse({ status: 202, description: 'A mail is on its way.', standardSchema: EmptyOut })
  async register(@Body({ schema: RegisterBody }) { email, password, name }: z.output<typeof RegisterBody>) {
    await this.commands.execute(new Register(email, password, name));
    return {};
  }

  @Post('verify-email')
  @HttpCode(200)
  @ApiOperation({
    security: [],
    operationId: 'verifyEmail',
    summary: 'Confirm an address by the token or the code of the mail, and sign in',
  })
  @ApiResponse({ status: 200, description: 'Confirmed and signed in.', standardSchema: SignedInOut })
  @UseInterceptors(HandsRefreshCookie)
  verifyEmail(@Body({ schema: VerifyEmailBody }) proof: z.output<typeof VerifyEmailBody>) {
    return this.commands.execute(new SignInByEmail(proof));
  }

  @Post('login')
  @HttpCode(200)
  @ApiOperation({
    security: [],
    operationId: 'login',
    summary: 'Sign in with e-mail address and password, and a code where there is a second factor',
  })
  @ApiResponse({ status: 200, description: 'Signed in.', standardSchema: SignedInOut })
  @UseInterceptors(HandsRefreshCookie)
  login(@Body({ schema: LoginBody }) { email, password, code }: z.output<typeof LoginBody>) {
    return this.commands.execute(new SignIn(email, password, code));
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({
    security: [],
    operationId: 'refresh',
    summary: 'Exchange a refresh token for new tokens. Using one a second time ends the session, except within 10 seconds.',
  })
  @ApiResponse({ status: 200, description: 'The next tokens.', standardSchema: SignedInOut })
  @UseInterceptors(HandsRefreshCookie)
  refresh(@Body({ schema: RefreshBody }) { refreshToken }: z.output<typeof RefreshBody>, @RefreshCookie() cookie: string | null) {
    return this.commands.execute(new RefreshSession(refreshToken ?? cookie ?? ''));
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({
    security: [{ bearer: [] }, {}],
    operationId: 'logout',
    summary: 'Sign out: ends the session of the access token, or of the refresh token in the body or the cookie',
  })
  @ApiResponse({ status: 204, description: 'Signed out, also when the session had ended before.' })
  @UseInterceptors(ClearsRefreshCookie)
  async logout(
    @Body({ schema: LogoutBody }) { refreshToken = null }: { refreshToken?: string | null },
    @BearerToken() accessToken: string | null,
    @RefreshCookie() cookie: string | null,
  ): Promise<void> {
    await this.commands.execute(new SignOut({ accessToken, refreshToken: refreshToken ?? cookie }));
  }
}
