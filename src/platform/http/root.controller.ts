import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from './access';

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
}
