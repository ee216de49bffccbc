import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { holdLock, lockHolder } from '@ledger/event-store/sqlite/lock-file';
import { readConfig } from '../../apps/ledger/config';
import { openLedger, openLedgerLog } from '../../apps/ledger/ledger-resources';
import { newEvents } from '../contracts/event-store.contract';
import { removeFolder, temporaryFolder } from '../support/ledger';
import { LedgerctlProcess } from './ledgerctl';

let servers: LedgerctlProcess;
beforeAll(() => (servers = new LedgerctlProcess('apps/ledger/main.ts')));
afterAll(() => servers.remove());

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));
const env = () => ({ LEDGER_DATA: folder, LEDGER_PORT: '0' });
const config = () => readConfig(env());
const lock = () => join(folder, 'server.lock');

const started = async (): Promise<ChildProcess> => {
  const server = servers.start([], env());
  await once(server.stdout!, 'data');
  return server;
};
const killed = async (server: ChildProcess): Promise<void> => {
  server.kill('SIGKILL');
  await once(server, 'close');
};

test('a second server on the same folder ends with status 1 and says who holds it; the first goes on', async () => {
  const first = await started();
  const second = await servers.run([], env());
  expect(second.status).toBe(1);
  expect(second.out).toBe('');
  expect(second.err).toContain(`${folder} is in use: another process (${first.pid}) serves the ledger in this folder`);
  expect(second.err.trim().split('\n')).toHaveLength(1);
  expect(first.exitCode).toBeNull();
  await killed(first);
});

test('the folder is free at once when its server was killed', async () => {
  await killed(await started());
  expect(lockHolder(lock())).toBeUndefined();
  await killed(await started());
});

test('within one process too, a folder is opened once at a time, and free again when that is closed', async () => {
  const first = await openLedger(config());
  await expect(openLedger(config())).rejects.toThrow(`${folder} is in use: another process (${process.pid})`);
  expect(lockHolder(lock())).toEqual({ pid: process.pid });
  await first.close();
  await (await openLedger(config())).close();
});

test('an opening that failed holds nothing', async () => {
  const log = await openLedgerLog(config());
  await log.store.append('thing-1', 'no-stream', newEvents(1));
  await log.close();
  removeFolder(join(folder, 'keys.db'));
  await expect(openLedger(config())).rejects.toThrow('keys.db is missing');
  expect(lockHolder(lock())).toBeUndefined();
});

test('what only appends or reads may be open beside a server', async () => {
  const server = await openLedger(config());
  const beside = await openLedgerLog(config());
  const { position } = await beside.store.append('thing-1', 'no-stream', newEvents(1));
  expect(await server.views.reached(position!, 5_000)).toBe(true);
  expect(server.vault.find(beside.vault.take().kid)).toBeInstanceOf(Uint8Array);
  await beside.close();
  await server.close();
});

test('to be asked for disturbs neither who holds a lock nor who wants it', () => {
  expect(lockHolder(lock())).toBeUndefined();
  const held = holdLock(lock());
  for (let n = 0; n < 3; n += 1) expect(lockHolder(lock())).toEqual({ pid: process.pid });
  expect(holdLock(lock())).toBeUndefined();
  held?.release();
  expect(lockHolder(lock())).toBeUndefined();
  holdLock(lock())!.release();
});
