import { installCommand } from './redis-program';

it.each([
  ['debian', 'apt-get install redis-server'],
  ['ubuntu debian', 'apt-get install redis-server'],
  ['rhel centos fedora', 'dnf install valkey'],
  ['alpine', 'apk add valkey'],
  ['arch', 'pacman -S valkey'],
  ['darwin', 'brew install redis'],
  ['', 'redis-server or valkey-server'],
])('says how to get a Redis on "%s"', (system, command) => {
  expect(installCommand(system)).toContain(command);
});
