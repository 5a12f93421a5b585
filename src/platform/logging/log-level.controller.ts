import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../http/access';
import { LogLevel } from './log-level';
import { LOG_LEVELS } from './log-levels';

const DAY_S = 86_400;
const Change = z.strictObject({ level: z.enum(LOG_LEVELS), seconds: z.int().min(1).max(DAY_S).default(600) });

/** On the port for operations: how much this process tells. After `seconds` it is LOG_LEVEL again. */
@ApiExcludeController()
@Controller('log-level')
@Access('public')
export class LogLevelController {
  constructor(private readonly logLevel: LogLevel) {}

  @Get()
  get() {
    return { level: this.logLevel.current };
  }

  @Put()
  change(@Body({ schema: Change }) { level, seconds }: z.output<typeof Change>) {
    this.logLevel.change(level, seconds * 1_000);
    return { level, seconds };
  }
}
