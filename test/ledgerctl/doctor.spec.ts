import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { gradeSpace } from '../../apps/ledgerctl/doctor/examine';
import { readConfig } from '../../apps/ledger/config';
import { openLedger } from '../../apps/ledger/ledger-resources';
import { newEvent, newEvents } from '../contracts/event-store.contract';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { claim, INCIDENT_ID } from '../support/facts';
import { accepted, command, openTestLedger, removeFolder, temporaryFolder, type TestLedger } from '../support/ledger';
import { startLedger } from '../support/ledger-server';
import { ledgerctl, LedgerctlProcess } from './ledgerctl';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  process.umask(0o077);
});
afterEach(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);

/** A ledger with three facts, one of them privileged, whose read models have seen them; `and` happens before it is closed. */
const ledgerAnd = async (and: (ledger: TestLedger) => Promise<unknown> = async () => undefined): Promise<void> => {
  const ledger = openTestLedger(folder);
  await ledger.open();
  accepted(await ledger.record(claim('tape 1')));
  accepted(await ledger.record(claim('tape 2')));
  accepted(await ledger.record(claim('tape 3'), command(), 'privileged'));
  const views = ledger.views();
  await ledger.caughtUp(views);
  await ledger.stop(views);
  await and(ledger);
  await ledger.shut();
};

const change = (name: string, sql: string): void => {
  const db = new Database(at(name));
  db.exec(sql);
  db.close();
};

interface Found {
  readonly status: number | null;
  readonly checks: readonly { check: string; grade: string; what: string; todo?: string }[];
}
const doctor = async (env: Record<string, string> = {}): Promise<Found> => {
  const { status, out, err } = await ledgerctl(['doctor', '--json'], { LEDGER_DATA: folder, ...env });
  expect(err).toBe('');
  const { ok, checks } = JSON.parse(out) as Found & { ok: boolean };
  expect(ok).toBe(status === 0);
  return { status, checks };
};
const notOk = ({ checks }: Found) =>
  checks.filter(({ grade }) => grade !== 'OK').map(({ check, grade, what }) => `${grade} ${check}: ${what}`);

/** Exactly these findings beside what is fine, and the exit code that follows from them. */
const expectFindings = async (expected: readonly (string | RegExp)[], env?: Record<string, string>): Promise<void> => {
  const found = await doctor(env);
  const patterns = expected.map((each) => (each instanceof RegExp ? expect.stringMatching(each) : each));
  expect(notOk(found)).toEqual(patterns);
  expect(found.status).toBe(notOk(found).some((line) => line.startsWith('FAIL')) ? 4 : 0);
  for (const { grade, todo } of found.checks) expect(todo === undefined).toBe(grade === 'OK');
};

test('a ledger that is well is told to be', async () => {
  await ledgerAnd();
  const { status, out } = await ledgerctl(['doctor'], { LEDGER_DATA: folder });
  expect(status).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines.filter((line) => !line.startsWith('OK '))).toEqual([]);
  expect(out).toContain('log: 4 events, 3 of them open, in 2 streams');
  expect(out).toContain('read model timeline: has come to the end of the log, event 3');
});

test('it changes nothing', async () => {
  await ledgerAnd();
  const state = () =>
    readdirSync(folder)
      .filter((name) => !/-(wal|shm)$/.test(name)) // SQLite's own
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(at(name)))
          .digest('hex'),
      ]);
  const before = state();
  await doctor();
  expect(state()).toEqual(before);
});

test('a server that runs is found, and is no problem', async () => {
  const processes = new LedgerctlProcess();
  const server = await startLedger({ data: folder });
  const { status, out } = await processes.run(['doctor'], { LEDGER_DATA: folder });
  expect(out).toContain(`server: one runs on this folder (process ${process.pid})`);
  expect(status).toBe(0);
  await server.stop();
  processes.remove();
  expect((await doctor()).checks).toContainEqual(expect.objectContaining({ what: 'none runs on this folder' }));
});

test('a wrong configuration is named, and nothing else is looked at', () =>
  expectFindings(['FAIL configuration: EVENTSTORE_URL: must begin with esdb:// or esdb+discover://'], {
    EVENTSTORE_URL: 'http://127.0.0.1',
  }));

test('a folder that is not there is said to be', () =>
  expectFindings([/^WARN folder: .* does not exist$/], { LEDGER_DATA: at('elsewhere') }));

test('a folder that is none is said to be, and nothing else is looked at', async () => {
  writeFileSync(at('file'), '');
  await expectFindings([`FAIL folder: ${at('file')} is not a folder`], { LEDGER_DATA: at('file') });
});

test('a lock that cannot be used is named: no server can start on it', async () => {
  await ledgerAnd();
  writeFileSync(at('server.lock'), 'Dear diary, this is no database.');
  await expectFindings([`FAIL server: ${at('server.lock')} cannot be used as a lock: file is not a database`]);
});

test('a switch that was meant for one start is not forgotten', async () => {
  await ledgerAnd();
  await expectFindings([/^WARN configuration: LEDGER_LOST_KEYS is set/], {
    LEDGER_LOST_KEYS: 'i-accept-that-old-texts-cannot-be-read',
  });
});

test('what others may read is named: of the keys it is a failure', async () => {
  await ledgerAnd();
  chmodSync(at('log.db'), 0o640);
  await expectFindings([`WARN permissions: ${at('log.db')} is open to other users of this machine`]);
  chmodSync(at('keys.db'), 0o604);
  await expectFindings([
    /^WARN permissions/,
    `FAIL permissions: ${at('keys.db')} is open to other users of this machine`,
  ]);
});

test('little space is a warning, hardly any a failure', () => {
  const MiB = 1024 * 1024;
  expect([2000, 1000, 50].map((free) => gradeSpace('./data', free * MiB).grade)).toEqual(['OK', 'WARN', 'FAIL']);
});

describe('the log', () => {
  test.each([
    [
      'an event that was changed',
      `DROP TRIGGER event_is_never_changed; UPDATE event SET data = x'7b7d' WHERE position = 2`,
      /does not match its stored leaf hash/,
    ],
    [
      'an event that was taken out',
      'DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE position = 2',
      /stream \$all is damaged/,
    ],
    [
      'the last event taken out, and the trace of it',
      `DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE position = 4;
       UPDATE sqlite_sequence SET seq = 3; DROP TRIGGER head_is_never_deleted;
       DROP TRIGGER head_only_moves_forward; UPDATE stream_head SET revision = 7 WHERE stream LIKE 'incident-%'`,
      /stream incident-.* is damaged/,
    ],
  ])('%s', async (_, sql, what) => {
    await ledgerAnd();
    change('log.db', sql);
    const found = await doctor();
    expect(notOk(found)[0]).toMatch(what);
    expect(notOk(found)[0]).toMatch(/^FAIL log: /);
    expect(found.status).toBe(4);
  });

  test('a damaged page', async () => {
    await ledgerAnd();
    const bytes = readFileSync(at('log.db'));
    writeFileSync(at('log.db'), bytes.fill(0xa5, 4096 + 100, 2 * 4096));
    const found = await doctor();
    expect(notOk(found)[0]).toMatch(/^FAIL log: .*damaged/);
  });

  test('lost, with its keys still there', async () => {
    await ledgerAnd();
    for (const end of ['', '-wal', '-shm']) rmSync(at(`log.db${end}`), { force: true });
    const found = await doctor();
    expect(notOk(found)[0]).toMatch(/^FAIL log: .*log.db is not there, but keys are/);
  });

  test('an event that this version cannot read', async () => {
    const metaValues = { recordedAt: new Date().toISOString() };
    const foreseen = newEvent({ type: 'thing-foreseen', metaValues });
    await ledgerAnd((ledger) => ledger.store.append('future-1', 'no-stream', [foreseen]));
    await expectFindings([
      /^FAIL events: 1 events cannot be read, the first is thing-foreseen .* not known to this version/,
    ]);
  });

  test('a clock that ran backwards, and one that is ahead', async () => {
    const hour = 3_600_000;
    const times = [0, -hour, 500 * hour].map((offset) => new Date(Date.now() + offset));
    const ledger = openTestLedger(folder, { now: () => times.shift() ?? new Date() });
    await ledger.open();
    for (const name of ['tape 1', 'tape 2', 'tape 3']) accepted(await ledger.record(claim(name)));
    await ledger.shut();
    await expectFindings([
      /^WARN clock: 2 events were recorded at a time before an earlier event, by up to 1800\d\d\d s/,
      /^WARN clock: events were recorded in the future/,
    ]);
  });
});

describe('the keys', () => {
  test('one that is missing', async () => {
    let kid: string | undefined;
    await ledgerAnd(async (ledger) => ([kid] = await ledger.kids(1n)));
    change('keys.db', `DELETE FROM data_key WHERE kid = '${kid}'`);
    await expectFindings([/^FAIL keys of the log: 1 keys that the log names are missing/]);
  });

  test.each(['gone', 'empty', 'something else'])('the whole file %s', async (how) => {
    await ledgerAnd();
    if (how === 'gone') rmSync(at('keys.db'));
    else writeFileSync(at('keys.db'), how === 'empty' ? '' : 'Dear diary');
    await expectFindings([/^FAIL keys of the log: \d keys/, /^FAIL key file: /]);
  });

  test('an erasure that was ordered and never finished, with the incident', async () => {
    await ledgerAnd(async (ledger) => {
      const views = ledger.views();
      await ledger.stop(views); // it lets go of nothing any more
      await expect(ledger.erase(views, await ledger.kids(1n))).rejects.toThrow('the keys are kept');
    });
    await expectFindings([`FAIL erasures: an erasure was ordered and never confirmed, in incident ${INCIDENT_ID}`]);
  });

  test('an erasure that was carried out is fine, until a key file from before comes back', async () => {
    await ledgerAnd(async (ledger) => {
      copyFileSync(at('keys.db'), at('kept'));
      accepted(await ledger.erase(ledger.views(), await ledger.kids(1n)));
    });
    await expectFindings([]);
    copyFileSync(at('kept'), at('keys.db'));
    await expectFindings([/^FAIL erasures: keys that were destroyed are there again, of incident/]);
  });
});

describe('the read models', () => {
  test('behind, while nobody feeds them, are no problem', async () => {
    await ledgerAnd(async (ledger) => accepted(await ledger.record(claim('tape 4'))));
    const { checks, status } = await doctor();
    expect(checks).toContainEqual(
      expect.objectContaining({ check: 'read model search', what: expect.stringContaining('1 events behind') }),
    );
    expect(status).toBe(0);
  });

  test('of another log', async () => {
    await ledgerAnd();
    const views = readFileSync(at('views.db'));
    for (const name of readdirSync(folder)) rmSync(at(name));
    await ledgerAnd();
    writeFileSync(at('views.db'), views);
    const found = notOk(await doctor());
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toMatch(/^WARN read model .*: shows another log/);
  });

  test('that are no views at all', async () => {
    await ledgerAnd();
    writeFileSync(at('views.db'), 'Dear diary, this is no database.');
    await expectFindings([/^WARN read models: .*views.db cannot be read/]);
  });
});

test('what killed runs have left is named', async () => {
  await ledgerAnd();
  const left = [at('development-identity.json.123'), at('views.building.db'), `${folder}.partial-99999999`];
  for (const file of left) writeFileSync(file, '');
  await expectFindings([`WARN leftovers: a killed run has left ${left.join(', ')}`]);
  rmSync(left[2]!);
});

test('rebuilt read models that wait for a start are told of', async () => {
  await ledgerAnd();
  writeFileSync(at('views.next.db'), '');
  const { checks } = await doctor();
  expect(checks).toContainEqual(expect.objectContaining({ check: 'rebuild', grade: 'OK' }));
});

test('a ledger on EventStoreDB: one that answers, one that does not, and a log that was left behind', async () => {
  const double = await startEventStoreDbDouble();
  mkdirSync(at('data'));
  const place = { LEDGER_DATA: at('data'), EVENTSTORE_URL: double.url };
  const ledger = await openLedger(readConfig(place));
  await ledger.close();
  await expectFindings([], place);

  const left = openTestLedger(at('data'));
  await left.store.append('incident-left', 'no-stream', newEvents(1));
  await left.shut();
  await expectFindings([/^WARN log: .*log.db holds events too/], place);

  await double.stop();
  const found = await doctor(place);
  expect(notOk(found)).toContainEqual(expect.stringMatching(/^FAIL log: EventStoreDB did not answer/));
  expect(found.status).toBe(4);
});
