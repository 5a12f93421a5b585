import { taskStoreContract } from './task-store.contract';
import { InMemoryTaskStore } from './in-memory-task-store';

describe('InMemoryTaskStore', () => {
  const store = new InMemoryTaskStore();
  taskStoreContract(() => ({
    store,
    pass: async (ms) => {
      store.pass(ms);
    },
    stateOf: async (id) => {
      const { status, cursor, progress, result, reason } = store.rows.get(id)!;
      return { status, cursor, progress, result, reason };
    },
  }));
});
