import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevelopmentIdentity } from './development-identity';

const NAME = 'development-identity.json';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('is made once and kept, in a file of its own that only its user reads', () => {
  const { userId } = new DevelopmentIdentity(folder);
  expect(userId).toMatch(/^[0-9a-f-]{36}$/);
  expect(new DevelopmentIdentity(folder).userId).toBe(userId);
  expect(readdirSync(folder)).toEqual([NAME]);
  expect(statSync(join(folder, NAME)).mode & 0o777).toBe(0o600);
});

test.each(['', '{', 'null', '{}', '{"userId":7}', '{"userId":"jane"}', '["0b9f6a52-6c4f-4d0e-9a43-3f1a7c1f0001"]'])(
  'is never taken from a file that holds %j: the error names the file and what to do',
  (content) => {
    const file = join(folder, NAME);
    writeFileSync(file, content);
    expect(() => new DevelopmentIdentity(folder)).toThrow(`${file} holds no user id`);
    expect(() => new DevelopmentIdentity(folder)).toThrow('restore it from a backup, or delete it');
  },
);
