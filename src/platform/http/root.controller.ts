import { Controller, Get, Header, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from './access';
import { ERROR_PAGE_POLICY, errorPage } from './error-reference';

/** Who opens the address in a browser finds the documentation. */
@ApiExcludeController()
@Controller()
@Access('public')
export class RootController {
  @Get()
  @Redirect('/docs', 307)
  root(): void {
    // The decorator answers.
  }

  /** Where the `type` of a problem leads. */
  @Get('docs/errors')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', ERROR_PAGE_POLICY)
  @Header('x-content-type-options', 'nosniff')
  errors(): string {
    return errorPage();
  }
}
