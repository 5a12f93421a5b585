import { Inject, Injectable, type OnModuleInit, Optional, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { declarationProblems, fileOf, sourceFile } from '../declarations/declarations';
import { refuseTakenCodes } from '../http/error-reference';
import { routesOf } from '../http/routes';
import { observerClass, observerNames } from '../outbox/observer';

/** The Bull queues that a worker works beside those of observers; given in workers only. */
export const WORKED_QUEUES = Symbol('WORKED_QUEUES');

/** Where `@nestjs/bull` notes which queue a class works. */
const PROCESSOR_METADATA = 'bull:module_queue';

/** Before anything is made of it: what modules declare must make sense together. @throws with all that is wrong, by file */
export function refuseBadDeclarations(): void {
  refuseTakenCodes();
  refuse(declarationProblems());
}

/** Once everything is made, and before anything runs: each route says who may call it, each job finds somebody who does it. */
@Injectable()
export class BootCheck implements OnModuleInit {
  constructor(
    private readonly modules: ModulesContainer,
    @Optional() @Inject(WORKED_QUEUES) private readonly queues: readonly string[] | null,
  ) {}

  onModuleInit(): void {
    refuse([...this.openRoutes(), ...(this.queues ? [...this.deafObservers(), ...this.deadQueues(this.queues)] : [])]);
  }

  private openRoutes(): string[] {
    const open = routesOf(this.modules).filter(({ access }) => access === undefined);
    return open.map(
      ({ method, path, controller }) =>
        `${sourceOf(controller)}: the route ${method} ${path} does not say who may call it. Put @Access on it, with a permission of its module.`,
    );
  }

  private deafObservers(): string[] {
    const made = this.providers();
    return observerNames()
      .filter((name) => !made.has(observerClass(name)))
      .map((name) => `${fileOf('observer', name)}: nobody makes the observer ${name}. Add its class to the providers of its module.`);
  }

  private deadQueues(queues: readonly string[]): string[] {
    const worked = [...this.providers()].map((provider) =>
      typeof provider === 'function'
        ? (Reflect.getMetadata(PROCESSOR_METADATA, provider) as { name?: string } | undefined)?.name
        : undefined,
    );
    return queues
      .filter((queue) => !worked.includes(queue))
      .map(
        (queue) =>
          `Nobody does the jobs of ${queue}. Add a class with @Processor('${queue}') to the worker of the module that lists it, or take it out of its \`queues\`.`,
      );
  }

  private providers(): Set<unknown> {
    return new Set([...this.modules.values()].flatMap(({ providers }) => [...providers.values()].map(({ metatype }) => metatype)));
  }
}

/** Nest does not say where a class comes from; Node remembers. */
function sourceOf(controller: Type): string {
  const exporting = Object.values(require.cache).find((file) => Object.values((file?.exports ?? {}) as object).includes(controller));
  return exporting ? sourceFile(exporting.filename) : controller.name;
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`The modules do not fit together:\n${problems.map((text) => `  ${text}`).join('\n')}`);
}
