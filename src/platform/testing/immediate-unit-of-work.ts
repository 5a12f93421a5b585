import { UnitOfWork } from '../database/unit-of-work';

/** For handlers with in-memory repositories: runs the work, promises nothing. */
export class ImmediateUnitOfWork extends UnitOfWork {
  override run<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}
