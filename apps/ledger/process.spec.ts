import { requireNode } from './process';

test.each(['18.20.0', '20.20.2', '22.13.9'])('Node %s is refused in words, before the driver would end it', (version) =>
  expect(() => requireNode(version)).toThrow(/needs 22\.14 or newer/),
);
test.each(['22.14.0', '24.21.0', '26.0.0'])('Node %s will do', (version) =>
  expect(() => requireNode(version)).not.toThrow(),
);
