/** Port: the time of this process. What decides about deliveries uses the database's `now()` instead. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}
