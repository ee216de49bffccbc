import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Stands in for the compiler: what it builds prints a source. Like the real one, it writes even when it fails. */
const COMPILER = `
  const fs = require('node:fs');
  const app = process.argv[3];
  const source = fs.readFileSync('libs/source.ts', 'utf8');
  fs.appendFileSync('builds', app + '\\n');
  fs.rmSync('dist/apps/' + app, { recursive: true, force: true });
  setTimeout(() => {
    fs.mkdirSync('dist/apps/' + app, { recursive: true });
    fs.writeFileSync('dist/apps/' + app + '/main.js', 'console.log(' + JSON.stringify(source) + ')');
    process.exit(source.includes('broken') ? 1 : 0);
  }, 100);
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prepare-'));
  const lock = '{}';
  write('package-lock.json', lock);
  write('node_modules/.installed-lock', createHash('sha256').update(lock).digest('hex'));
  write('node_modules/@nestjs/cli/bin/nest.js', COMPILER);
  for (const file of ['nest-cli.json', 'tsconfig.json', 'test/seed-case/sample.ts']) write(file, '');
  write('libs/source.ts', 'one');
  mkdirSync(join(root, 'apps/ledgerctl'), { recursive: true });
  cpSync(join(__dirname, 'prepare.cjs'), join(root, 'apps/ledgerctl/prepare.cjs'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (file: string, content: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
};

const run = (): Promise<{ status: number | null; printed: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'apps/ledgerctl/prepare.cjs'), 'ledger'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.on('close', (status) => resolve({ status, printed: printed.trim() }));
  });
const builds = (): number => readFileSync(join(root, 'builds'), 'utf8').trim().split('\n').length;

test('what is built from these very sources is not built again', async () => {
  expect(await run()).toEqual({ status: 0, printed: 'one' });
  expect(await run()).toEqual({ status: 0, printed: 'one' });
  expect(builds()).toBe(2); // the two programs, once each
});

test('changed sources are built, however old they say they are', async () => {
  await run();
  write('libs/source.ts', 'two');
  utimesSync(join(root, 'libs/source.ts'), 0, 0);
  expect(await run()).toEqual({ status: 0, printed: 'two' });
});

test('a failed build is never run: not at once, not the next time', async () => {
  write('libs/source.ts', 'broken');
  for (const _ of [1, 2]) {
    expect(await run()).toEqual({ status: 1, printed: '' });
    expect(existsSync(join(root, 'dist/apps/ledger'))).toBe(false);
  }
  write('libs/source.ts', 'mended');
  expect(await run()).toEqual({ status: 0, printed: 'mended' });
});

test('runs at the same time take turns, and one of them builds', async () => {
  const all = await Promise.all([run(), run(), run()]);
  expect(all).toEqual(all.map(() => ({ status: 0, printed: 'one' })));
  expect(builds()).toBe(2);
});

test('a run that was killed while it built holds nobody up', async () => {
  const killed = spawn(process.execPath, [join(root, 'apps/ledgerctl/prepare.cjs'), 'ledger'], { stdio: 'ignore' });
  while (!existsSync(join(root, 'builds'))) await new Promise((resolve) => setTimeout(resolve, 5));
  killed.kill('SIGKILL');
  await new Promise((resolve) => killed.on('close', resolve));
  expect(await run()).toEqual({ status: 0, printed: 'one' });
});
