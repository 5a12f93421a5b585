import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { DisplayName, EmailAddress, NewPassword, RegisterUser } from '../../users';
import { SignInByEmail } from '../commands/sign-in-by-email';
import { SignIn } from '../commands/sign-in';

const RegisterBody = z.strictObject({ email: EmailAddress, password: NewPassword, name: DisplayName });

const VerifyEmailBody = z.union(
  [
    z.strictObject({ token: z.string().min(1).max(200) }),
    z.strictObject({ email: EmailAddress, code: z.string().regex(/^\d{6}$/, 'must be the six digits of the mail') }),
  ],
  { error: 'must hold either `token`, or `email` and the six digits of `code`' },
);

/** Lengths only: whatever is not an address is simply nobody's. */
const LoginBody = z.strictObject({ email: z.string().min(1).max(320), password: z.string().min(1).max(1_024) });

const SignedInOut = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.number().meta({ description: 'Seconds.' }),
});

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
  @ApiResponse({ status: 202, description: 'A mail is on its way.', standardSchema: z.object({}) })
  async register(@Body({ schema: RegisterBody }) { email, password, name }: z.output<typeof RegisterBody>) {
    await this.commands.execute(new RegisterUser(email, password, name));
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
  verifyEmail(@Body({ schema: VerifyEmailBody }) proof: z.output<typeof VerifyEmailBody>) {
    return this.commands.execute(new SignInByEmail(proof));
  }

  @Post('login')
  @HttpCode(200)
  @ApiOperation({ security: [], operationId: 'login', summary: 'Sign in with e-mail address and password' })
  @ApiResponse({ status: 200, description: 'Signed in.', standardSchema: SignedInOut })
  login(@Body({ schema: LoginBody }) { email, password }: z.output<typeof LoginBody>) {
    return this.commands.execute(new SignIn(email, password));
  }
}
