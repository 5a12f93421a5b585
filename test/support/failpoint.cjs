// Preloaded into a built process, to end it at a named point as `kill -9` would; production code knows nothing of it.
//   FAILPOINT='deliveries/infra/sql-delivery-store.js SqlDeliveryStore.record before'
// The class lives in that file below dist/; `before`: as the method is called; `after`: when its promise has resolved.
const Module = require('node:module');

const [file, member, when] = process.env.FAILPOINT.split(' ');
const [className, method] = member.split('.');
const load = Module._load;

Module._load = function (request, parent, isMain) {
  const exports = load.call(this, request, parent, isMain);
  if (request.endsWith('.js') || request.startsWith('.')) arm(request, parent, exports);
  return exports;
};

const armed = new WeakSet();

function arm(request, parent, exports) {
  const target = exports?.[className];
  if (typeof target !== 'function' || armed.has(target) || !Module._resolveFilename(request, parent).endsWith(file)) return;
  armed.add(target);
  const original = target.prototype[method];
  target.prototype[method] = function (...args) {
    if (when === 'before') die();
    const result = original.apply(this, args);
    if (when === 'after') result.then(die);
    return result;
  };
}

function die() {
  process.kill(process.pid, 'SIGKILL');
}
