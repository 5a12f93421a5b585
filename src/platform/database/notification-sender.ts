import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { asSystem } from '../context/call-context';
import { Sql } from './sql';

/** A notification is no truth that must survive: its commit does not wait for the disk. */
const NOTIFY = { name: 'notify', text: `SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, '')` };

/** From one notification to the next: under load it tells of several commits, and a lone one is told of at once. */
const PAUSE_MS = 5;

/**
 * NOTIFY for commits that have happened. A transaction that notifies holds a lock of the whole database until its commit is
 * on the disk, so commits that could share one flush would queue up for it: this one has a transaction of its own. At most
 * one is under way for a channel, and the next tells of all that was committed meanwhile. One that is lost, with its process
 * or the database, costs latency and nothing else: see `NotificationListener`.
 */
@Injectable()
export class NotificationSender {
  private readonly logger = new Logger(NotificationSender.name);
  private readonly underWay = new Set<string>();
  private readonly wanted = new Set<string>();

  constructor(private readonly sql: Sql) {}

  send(channel: string): void {
    this.wanted.add(channel);
    if (this.underWay.has(channel)) return;
    this.underWay.add(channel);
    void asSystem(() => this.drain(channel));
  }

  private async drain(channel: string): Promise<void> {
    try {
      while (this.wanted.delete(channel)) {
        await this.sql.run(NOTIFY, [channel]);
        await pause(PAUSE_MS, undefined, { ref: false });
      }
    } catch (error) {
      this.logger.debug({ err: error }, 'a notification was not sent');
    } finally {
      this.underWay.delete(channel);
    }
  }
}
