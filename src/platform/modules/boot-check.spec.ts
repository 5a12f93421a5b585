import { Processor } from '@nestjs/bull';
import { Controller, Get, Injectable, Module, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { z } from 'zod';
import { definePermission } from '../access/permission';
import { declarationProblems } from '../declarations/declarations';
import { defineError } from '../errors/define-error';
import { defineEvent, type EventDefinition } from '../events/domain-event';
import { Access } from '../http/access';
import { defineCounter } from '../metrics/metric';
import { EventObserver, Observer } from '../outbox/observer';
import { ObserverJobs } from '../outbox/observer-jobs';
import { defineSettings } from '../settings/settings';
import { BootCheck, refuseBadDeclarations, WORKED_QUEUES } from './boot-check';
import { defineModule } from './feature-module';

const HERE = 'src/platform/modules/boot-check.spec.ts';

/** The problems that these declarations add. */
function problemsOf(declare: () => unknown): string[] {
  const before = declarationProblems();
  declare();
  return declarationProblems().filter((text) => !before.includes(text));
}

const twice = (kind: string, name: string) => [`Two declarations of the ${kind} ${name}: in ${HERE} and in ${HERE}. Rename one of them.`];

class Twice extends EventObserver {
  protected override async observe(): Promise<void> {}
}

describe('what modules declare', () => {
  const Opened = defineEvent('bill.opened', z.object({ billId: z.string() }));

  it.each([
    ['event', 'bill.paid', () => defineEvent('bill.paid', z.object({}))],
    ['permission', 'bill.read', () => definePermission('bill.read', { atLeast: 'viewer', description: 'See bills.' })],
    ['metric', 'bills_total', () => defineCounter('bills_total', { help: 'Bills.' })],
    ['error code', 'bill_paid', () => defineError({ kind: 'conflict', code: 'bill_paid', advice: 'Pay another one.' })],
    ['configuration key', 'MODULE_BILLS', () => defineSettings({ MODULE_BILLS: z.string().optional().meta({ description: 'Bills.' }) })],
    ['observer', 'bills.count', () => Observer('bills.count', Opened)],
  ])('has each %s once', (kind, name, declare) => {
    expect(problemsOf(declare)).toEqual([]);
    expect(problemsOf(declare)).toEqual(twice(kind, name));
  });

  it.each([
    ['made by hand', { type: 'bill.forged', schema: z.object({}), audit: null } satisfies EventDefinition],
    ['of a file that imports this one', undefined as unknown as EventDefinition],
  ])('observes no event that nobody declared: %s', (how, event) => {
    expect(problemsOf(() => Observer(`bills.${how}`, event))).toEqual([
      `${HERE}: the observer bills.${how} observes an event that nobody declared. Take one that is made by defineEvent, from a *.events.ts.`,
    ]);
  });

  it('has one name for each observer', () => {
    const problems = problemsOf(() => {
      Observer('bills.first', Opened)(Twice);
      Observer('bills.second', Opened)(Twice);
    });
    expect(problems).toEqual([
      `${HERE}: the observer Twice has two names, bills.first and bills.second. One @Observer takes any number of events.`,
    ]);
  });

  it('has configuration keys that begin with the name of their module and say what for', () => {
    expect(problemsOf(() => defineSettings({ LIMIT: z.string() }))).toEqual([
      `${HERE} declares the configuration key LIMIT: let it begin with MODULE_`,
      `${HERE} declares the configuration key LIMIT without saying what for: add .meta({ description }).`,
    ]);
  });

  it('is in the folder of its module', () => {
    expect(problemsOf(() => defineModule({ name: 'bills' }))).toEqual([
      `${HERE} defines the module bills: call it by the name of its folder.`,
    ]);
  });

  it('is refused at boot, all at once; also an error code that Posthorn has already', () => {
    defineError({ kind: 'conflict', code: 'not_found', advice: 'Look elsewhere.' });
    expect(refuseBadDeclarations).toThrow(/^The modules do not fit together:\n {2}Two declarations of the event bill\.paid: .*\n/);
    expect(refuseBadDeclarations).toThrow(`${HERE} declares the error code not_found, which Posthorn has already. Take another one.`);
  });
});

describe('a process', () => {
  const Closed = defineEvent('bill.closed', z.object({}));

  @Observer('bills.deaf', Closed)
  class DeafObserver extends EventObserver {
    protected override async observe(): Promise<void> {}
  }

  @Processor('bills.print')
  class PrintProcessor {}

  const jobs = { provide: ObserverJobs, useValue: null };
  const worker = { provide: WORKED_QUEUES, useValue: ['bills.print'] };

  function boot(providers: Required<Parameters<typeof Module>[0]>['providers'], controllers: Type[] = []): Promise<unknown> {
    @Module({ providers: [BootCheck, jobs, ...providers], controllers })
    class Bills {}
    return Test.createTestingModule({ imports: [Bills] })
      .compile()
      .then((module) => module.init());
  }

  it('has a route only with its access', async () => {
    @Controller('bills')
    class BillsController {
      @Get()
      @Access('public')
      list() {
        return [];
      }
      @Get(':id')
      get() {
        return {};
      }
    }
    await expect(boot([], [BillsController])).rejects.toThrow(
      'BillsController: the route GET /bills/:id does not say who may call it. Put @Access on it, with a permission of its module.',
    );
  });

  it('that works has somebody for each job', async () => {
    await expect(boot([worker, Twice])).rejects.toThrow(
      `The modules do not fit together:
  ${HERE}: nobody makes the observer bills.deaf. Add its class to the providers of its module.
  Nobody does the jobs of bills.print. Add a class with @Processor('bills.print') to the worker of the module that lists it, or take it out of its \`queues\`.`,
    );
    await boot([worker, Twice, DeafObserver, PrintProcessor]);
  });

  it('that answers HTTP needs nobody for them', async () => {
    @Injectable()
    class Nothing {}
    await boot([Nothing]);
  });
});
