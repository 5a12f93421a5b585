// `npm start`: Posthorn with everything that it needs, on this machine alone.
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
process.setSourceMapsEnabled(true);
await import('../dist/local/start.js');
