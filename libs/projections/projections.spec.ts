import { randomUUID } from 'node:crypto';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { incidentStream, PRIVILEGED_PREFIX } from '@ledger/application/streams';
import type { Outcome } from '@ledger/application/transact';
import { CATALOGUE, type EventDefinition } from '@ledger/domain/catalogue';
import { matches, type FactFilter } from '@ledger/domain/as-of/filter';
import { ORDERS, type Order } from '@ledger/domain/as-of/order';
import type { AsOf, Seen } from '@ledger/domain/as-of/view';
import type { Instant } from '@ledger/domain/time/instant';
import { KINDS } from '@ledger/domain/fact/kinds';
import { protectedFields } from '@ledger/domain/schema/protected-fields';
import { EventTampered, StoreUnavailable } from '@ledger/event-store/errors';
import type { EventStore } from '@ledger/event-store/port';
import { canonicalBytes } from '@ledger/integrity/canonical';
import { samplePayload } from '../../test/fixtures/sample-payload';
import {
  ARCHIVE,
  at,
  CARETAKER,
  claim,
  correction,
  COUNCIL,
  fact,
  INCIDENT_ID,
  notice,
  retraction,
  uuidOf,
} from '../../test/support/facts';
import {
  accepted,
  columnsOf,
  command,
  isPrivileged,
  openTestLedger,
  rawBytes,
  removeFolder,
  tablesOf,
  temporaryFolder,
  type Table,
  type TestLedger,
  type TestLedgerOptions,
} from '../../test/support/ledger';
import { actsProjection } from './acts/projection';
import { CLEAR_TEXT_IN_VIEWS } from './clear-text';
import { LedgerViews, PROJECTIONS } from './ledger-views';
import type { Projection, Sequenced } from './projection';
import { ProjectionRunner } from './runner';
import { searchProjection } from './search/projection';
import { holdsWords, searchText } from './search/query';
import { openViews, type Views } from './sqlite/views';

let folder: string;
let ledger: TestLedger;
let toClose: Database.Database[];

const start = (options?: TestLedgerOptions): void => {
  ledger = openTestLedger(folder, options);
};
beforeEach(() => {
  folder = temporaryFolder();
  toClose = [];
  start();
});
afterEach(async () => {
  for (const db of toClose) db.close();
  await ledger.shut();
  removeFolder(folder);
});

const OTHER = uuidOf('another incident');
const elsewhere = { incidentId: OTHER };
const EVERYTHING = { sequence: 1_000 };

const file = (name = 'views.db'): string => join(folder, name);
const connected = (name?: string): Views => {
  const db = openViews(file(name));
  toClose.push(db);
  return db;
};
const dump = (name?: string): Record<string, Table> => tablesOf(connected(name));

/** A little of everything: two incidents, a gap, amendments of amendments, a closing, privilege and an unknown event. */
const record = async (): Promise<void> => {
  await ledger.open();
  await ledger.open(command(), elsewhere);
  await ledger.register({ partyId: 'example-council', name: 'Example Council', sort: 'organisation' });
  await ledger.record(notice('the notice'));
  await ledger.record(claim('the box', { actor: CARETAKER, note: 'A remark.', quoted: 'not on its shelf' }));
  await ledger.record(claim('advice'), command(), 'privileged');
  await ledger.record(correction('better', 'the box', { changes: { source: { document: 'letter-8' } } }));
  await ledger.record(retraction('undone', 'better'));
  await ledger.record(claim('there', elsewhere));
  await ledger.record(retraction('away', 'the notice'));
  await ledger.record(correction('typed', 'there', { ...elsewhere, nature: 'transcription', known: [] }));
  await ledger.close();
  await appendUnknown('party-of-later-days');
};

/** An event of a later version of the software. */
const appendUnknown = async (stream = incidentStream(INCIDENT_ID)): Promise<void> => {
  const last = (await ledger.stream(stream)).at(-1);
  await ledger.store.append(stream, last?.revision ?? 'no-stream', [
    {
      id: uuidOf(`unknown in ${stream}`),
      type: 'box-weighed',
      data: canonicalBytes({ kg: '7' }),
      meta: canonicalBytes({ ...(last ?? (await ledger.stream()).at(-1))?.meta, schema: 'box-weighed/1' }),
    },
  ]);
};

const sequenced = async (): Promise<Sequenced[]> =>
  (await ledger.events())
    .filter(({ stream }) => !isPrivileged(stream))
    .map((recorded, index) => ({ sequence: index + 1, recorded, decode: () => ledger.codec.decode(recorded) }));

const applied = (name: string, items: readonly Sequenced[]): Record<string, Table> => {
  const views = connected(name);
  for (const { ddl } of PROJECTIONS) views.exec(ddl);
  for (const item of items) for (const projection of PROJECTIONS) projection.apply(views, item);
  return tablesOf(views);
};

const until = async (holds: () => boolean): Promise<void> => {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 5_000) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** The facts of the incident that a filter takes, in an order. */
const list = (
  views: LedgerViews,
  asOf: AsOf = EVERYTHING,
  filter: FactFilter = {},
  order: Order = 'recorded',
  incidentId = INCIDENT_ID,
): Seen[] => {
  const view = views.incidents.at(incidentId, asOf);
  const chosen = matches(filter, filter.text === undefined ? undefined : views.search(filter.text, incidentId));
  return view.seen.filter((seen) => chosen(seen, view)).sort(ORDERS[order]);
};
const seenAcross = (views: LedgerViews, asOf: AsOf, after?: number): Seen[] =>
  [...views.incidents.facts(asOf, after)].map(({ seen }) => seen);
/** A fact and what amends it. */
const history = (views: LedgerViews, factId: string, asOf: AsOf, incidentId?: string): Seen[] => {
  const found = views.incidents.fact(factId, asOf, incidentId);
  return found === undefined ? [] : [found.seen, ...views.incidents.amendments(factId, found.view)];
};
const gapsOf = (views: LedgerViews, incidentId: string, sequence = 99) =>
  views.incidents.at(incidentId, { sequence }).gaps;

const statementAt = (views: LedgerViews, sequence: number | undefined): unknown => {
  const event = views.timeline.event(sequence ?? 0);
  return event?.readable === true ? event.payload['statement'] : event;
};

describe('every projection', () => {
  it('delivered an event twice, or the whole log twice, holds what it held after once', async () => {
    await record();
    const items = await sequenced();
    const once = applied('once.db', items);
    expect(Object.entries(once).filter(([name, rows]) => rows.length === 0 && /_v\d_/.test(name))).toEqual([]);
    expect(
      applied(
        'each-twice.db',
        items.flatMap((item) => [item, item]),
      ),
    ).toEqual(once);
    expect(applied('all-twice.db', [...items, ...items])).toEqual(once);
  });

  it('delivered an erasure twice leaves nothing behind', async () => {
    await record();
    const [kid] = await ledger.kids(3n);
    await ledger.erase(ledger.views(), [kid as string]);
    const items = await sequenced();
    const once = applied('once.db', items);
    expect(applied('all-twice.db', [...items, ...items])).toEqual(once);
  });

  it('built anew from nothing holds what it came to hold event by event', async () => {
    const live = ledger.views(file('live.db'));
    await record();
    await ledger.caughtUp(live);
    const rebuilt = ledger.views(file('rebuilt.db'));
    await ledger.caughtUp(rebuilt);
    expect(rebuilt.head()).toBe(live.head());
    expect(dump('rebuilt.db')).toEqual(dump('live.db'));
  });

  it('goes on after a restart where it stopped', async () => {
    const first = ledger.views();
    await record();
    await ledger.caughtUp(first);
    const head = first.head();
    await ledger.stop(first);
    await ledger.record(claim('late'));
    const second = ledger.views();
    await ledger.caughtUp(second);
    expect(second.head()).toBe(head + 1);
    await ledger.caughtUp(ledger.views(file('rebuilt.db')));
    expect(dump()).toEqual(dump('rebuilt.db'));
  });

  it('numbers the events of the log from 1, in its order, without a gap', async () => {
    const views = ledger.views();
    await record();
    await ledger.caughtUp(views);
    const clock = dump()['timeline_v2_clock'] as { sequence: number; position: string }[];
    const open = (await ledger.events()).filter(({ stream }) => !isPrivileged(stream));
    expect(clock.map(({ sequence, position }) => [sequence, position]).sort()).toEqual(
      open.map(({ position }, index) => [index + 1, position]).sort(),
    );
  });
});

describe('a runner', () => {
  let told: string[];
  beforeEach(() => {
    told = [];
  });
  const onProblem = (projection: string, error: unknown): void =>
    void told.push(`${projection}: ${(error as Error).message}`);
  const runner = (projection: Projection, store = ledger.store): ProjectionRunner =>
    new ProjectionRunner(projection, store, ledger.codec, connected(), isPrivileged, onProblem);

  it('that finds another one writing to the same views stops and is named; the first goes on', async () => {
    const [first, second] = [runner(actsProjection), runner(actsProjection)];
    await ledger.open();
    const { position } = accepted(await ledger.record(notice('the notice')));
    first.start();
    expect(await first.reached(position as never, 5_000)).toBe(true);
    second.start();
    await until(() => second.health().status === 'stopped');
    expect(second.health()).toMatchObject({
      name: 'acts',
      version: 1,
      status: 'stopped',
      sequence: 0,
      problem: 'failed',
    });
    expect(told).toEqual(['acts: another process is writing to the same views']);
    const next = accepted(
      await ledger.record(notice('another', { actor: { role: 'processor', id: 'example-vault' } })),
    );
    expect(await first.reached(next.position as never, 5_000)).toBe(true);
    expect(first.health()).toMatchObject({ status: 'live', sequence: 5, problem: undefined });
    expect(dump()['acts_v1_act']?.map(({ type }) => type)).toEqual(['incident-opened', 'gap-opened', 'gap-opened']);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('keeps rows and checkpoint together: what a failed batch wrote is gone with it', async () => {
    await ledger.open();
    await ledger.record(claim('the box'));
    const failing: Projection = {
      name: 'failing',
      version: 1,
      ddl: 'CREATE TABLE IF NOT EXISTS failing_v1_row (sequence INTEGER PRIMARY KEY) STRICT',
      apply(views, { sequence }) {
        views.prepare('INSERT INTO failing_v1_row VALUES (?)').run(sequence);
        if (sequence === 2) throw new Error('it cannot take this one');
      },
    };
    const stopped = runner(failing);
    stopped.start();
    await until(() => stopped.health().status === 'stopped');
    expect(stopped.health()).toMatchObject({ sequence: 0, problem: 'failed' });
    expect(told).toEqual(['failing: it cannot take this one']);
    expect(dump()).toMatchObject({
      failing_v1_row: [],
      checkpoint: [{ name: 'failing', position: null, sequence: 0 }],
    });
  });

  it('of a new version builds it beside the old one, which goes once the new one is up to date', async () => {
    const views = ledger.views();
    await record();
    await ledger.caughtUp(views);
    await ledger.stop(views);
    const next: Projection = {
      name: 'search',
      version: 3,
      ddl: 'CREATE TABLE IF NOT EXISTS search_v3_row (sequence INTEGER PRIMARY KEY) STRICT',
      apply: (db, { sequence }) => void db.prepare('INSERT OR IGNORE INTO search_v3_row VALUES (?)').run(sequence),
    };
    const upgraded = runner(next);
    expect(Object.keys(dump())).toEqual(expect.arrayContaining(['search_v2_text', 'search_v2_key', 'search_v3_row']));
    upgraded.start();
    await until(() => upgraded.health().status === 'live');
    const tables = dump();
    expect(Object.keys(tables).filter((name) => name.startsWith('search'))).toEqual(['search_v3_row']);
    expect(tables['search_v3_row']).toHaveLength(views.head());
    expect(tables['checkpoint']?.filter(({ name }) => name === 'search')).toMatchObject([{ version: 3 }]);
    expect(tables['timeline_v2_clock']).toHaveLength(views.head());
    await upgraded.stop();
  });

  it('of an old version leaves what a newer one has built', async () => {
    const table = (version: number): Projection => ({
      name: 'list',
      version,
      ddl: `CREATE TABLE IF NOT EXISTS list_v${version}_row (sequence INTEGER PRIMARY KEY) STRICT`,
      apply: (db, { sequence }) => void db.prepare(`INSERT INTO list_v${version}_row VALUES (?)`).run(sequence),
    });
    await ledger.open();
    for (const version of [2, 1]) {
      const one = runner(table(version));
      one.start();
      await until(() => one.health().status === 'live');
      await one.stop();
    }
    expect(dump()).toMatchObject({ list_v1_row: [{ sequence: 1 }], list_v2_row: [{ sequence: 1 }] });
  });

  it('names neither stream nor event to whoever asks for its health; whoever runs the ledger is told once', async () => {
    const secret = uuidOf('a privileged fact');
    const failures: Error[] = Array.from({ length: 3 }, () => new StoreUnavailable('nobody is there'));
    const cut: EventStore = {
      ...ledger.store,
      // eslint-disable-next-line require-yield -- it has nothing to give
      async *subscribe() {
        throw failures.pop() ?? new EventTampered(`${PRIVILEGED_PREFIX}of-somebody`, 7n, secret);
      },
    };
    const stopped = runner(actsProjection, cut);
    stopped.start();
    await until(() => stopped.health().problem === 'store-unavailable');
    await until(() => stopped.health().status === 'stopped');
    expect(stopped.health()).toEqual({
      name: 'acts',
      version: 1,
      status: 'stopped',
      sequence: 0,
      problem: 'event-tampered',
    });
    expect(told).toEqual(['acts: nobody is there', expect.stringContaining(secret)]);
  });

  it('tells when it has moved on, until it is told to be silent', async () => {
    const views = ledger.views();
    let heard = 0;
    const silence = views.onAdvance(() => (heard += 1));
    await ledger.open();
    await ledger.caughtUp(views);
    expect(heard).toBeGreaterThanOrEqual(PROJECTIONS.length);
    silence();
    const before = heard;
    await ledger.record(claim('the box'));
    await ledger.caughtUp(views);
    expect(heard).toBe(before);
  });
});

test('a views file that is damaged, or none of ours, is thrown away and built anew', async () => {
  await record();
  const damaged = file('damaged.db');
  writeFileSync(damaged, 'this is no database, and never was one of anybody'.repeat(100));
  const views = ledger.views(damaged);
  await ledger.caughtUp(views);
  expect(views.head()).toBeGreaterThan(0);
});

describe('on another log than the one they were built from', () => {
  const rebuilt = PROJECTIONS.map(({ name }) => `${name}: rebuilt: the log is another one`).sort();
  /** Views that say what befell them; they hold what views built from nothing hold once they are caught up. */
  const opened = (store = ledger.store) => {
    const told: string[] = [];
    const views = new LedgerViews(file(), store, ledger.codec, isPrivileged, (name, error) =>
      told.push(`${name}: ${(error as Error).message}`),
    );
    views.start();
    return { views, told };
  };
  const expectAsFromNothing = async (views: LedgerViews): Promise<void> => {
    await ledger.caughtUp(views);
    await until(() => views.isLive());
    const fresh = ledger.views(file('fresh.db'));
    await ledger.caughtUp(fresh);
    expect(views.head()).toBe(fresh.head());
    // But for the pages on which it lies.
    expect({ ...dump(), sqlite_schema: [] }).toEqual({ ...dump('fresh.db'), sqlite_schema: [] });
  };
  /** The views at the end of `record`, then the log as it was at the beginning of `lost`. */
  const restored = async (lost: () => Promise<Outcome>): Promise<void> => {
    await record();
    await ledger.shut();
    cpSync(ledger.logFile, `${ledger.logFile}.backup`);
    start();
    accepted(await lost());
    const { views, told } = opened();
    await expectAsFromNothing(views);
    expect(told).toEqual([]);
    await views.stop();
    await ledger.shut();
    for (const name of ['log.db', 'log.db-wal', 'log.db-shm', 'fresh.db', 'fresh.db-wal', 'fresh.db-shm'])
      rmSync(file(name), { force: true });
    cpSync(`${ledger.logFile}.backup`, ledger.logFile);
    start();
  };

  it('views are built anew: what was lost with the log is gone from them', async () => {
    await restored(() => ledger.record(claim('lost')));
    const { views, told } = opened();
    await expectAsFromNothing(views);
    expect(told.sort()).toEqual(rebuilt);
    await views.stop();
  });

  it('views show every new fact, also when the log has grown past where they were', async () => {
    await restored(() => ledger.record(claim('lost')));
    for (const name of ['new', 'newer', 'newest']) accepted(await ledger.record(claim(name)));
    const { views, told } = opened();
    await expectAsFromNothing(views);
    expect(told.sort()).toEqual(rebuilt);
    await views.stop();
  });

  it('views show every new fact where only what they do not count was lost', async () => {
    await restored(() => ledger.record(claim('lost advice'), command(), 'privileged'));
    accepted(await ledger.record(claim('new')));
    const { views, told } = opened();
    await expectAsFromNothing(views);
    expect(told).toEqual([]);
    await views.stop();
  });

  it('nobody hears that a position was reached before the log is recognised', async () => {
    await restored(() => ledger.record(claim('lost')));
    const { position } = accepted(await ledger.record(claim('new')));
    const { views } = opened();
    expect(await views.reached(position as never, 5_000)).toBe(true);
    expect(statementAt(views, views.head())).toContain('About new');
    await views.stop();
  });

  it('views of a file that does not say from which log they are built are built anew', async () => {
    await record();
    const old = connected();
    for (const { ddl } of PROJECTIONS) old.exec(ddl);
    old.exec(`DROP TABLE checkpoint;
      CREATE TABLE checkpoint (name TEXT, version INTEGER, position TEXT, sequence INTEGER, PRIMARY KEY (name, version)) STRICT, WITHOUT ROWID;
      INSERT INTO checkpoint VALUES ('timeline', 1, '${'9'.repeat(20)}', 500)`);
    old.close();
    const { views } = opened();
    await expectAsFromNothing(views);
    await views.stop();
  });

  it('a log that cannot be reached is no other log: the views wait, and go on where they were', async () => {
    await record();
    const first = opened();
    await expectAsFromNothing(first.views);
    const head = first.views.head();
    await first.views.stop();
    let attempts = 0;
    const { views, told } = opened({
      ...ledger.store,
      subscribe: (options) => ledger.store.subscribe(options),
      readStream: (stream, options) => {
        attempts += 1;
        if (attempts <= 2 * PROJECTIONS.length) throw new StoreUnavailable('nobody is there');
        return ledger.store.readStream(stream, options);
      },
    });
    await until(() => attempts >= PROJECTIONS.length);
    expect(views.health()).toMatchObject(
      PROJECTIONS.map(() => ({ status: 'catching-up', sequence: head, problem: 'store-unavailable' })),
    );
    await until(() => views.isLive());
    expect(views.head()).toBe(head);
    expect(told.sort()).toEqual(PROJECTIONS.map(({ name }) => `${name}: nobody is there`).sort());
    await views.stop();
  });
});

describe('a projection that fails', () => {
  /** Its table is gone, as after damage to the file. */
  const failing = async (): Promise<LedgerViews> => {
    const views = ledger.views();
    await ledger.open();
    await ledger.caughtUp(views);
    connected().exec('DROP TABLE acts_v1_act');
    return views;
  };

  it('stops and is named in health; the others go on', async () => {
    const views = await failing();
    await ledger.record(notice('the notice'));
    await ledger.record(claim('the box'));
    const at = (name: string) => views.health().find((one) => one.name === name);
    await until(() => at('acts')?.status === 'stopped');
    await until(() => ['timeline', 'search'].every((name) => at(name)?.sequence === 4));
    expect(at('acts')).toMatchObject({ problem: 'failed' });
    expect(at('acts')?.sequence).toBeLessThan(3);
    expect(views.health().filter(({ status }) => status === 'live')).toHaveLength(PROJECTIONS.length - 1);
    expect(views.head()).toBe(at('acts')?.sequence);
  });

  it('answers at once whoever waits for it, and whoever asks later, that it was not reached', async () => {
    const views = await failing();
    const { position } = accepted(await ledger.record(notice('the notice')));
    const began = Date.now();
    expect(await views.reached(position as never, 20_000)).toBe(false);
    expect(await views.reached(position as never, 20_000)).toBe(false);
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('keeps the keys of an erasure: they go once every view has let go, when the command is sent again', async () => {
    const views = await failing();
    await ledger.record(notice('the notice'));
    const [kid] = (await ledger.kids(1n)) as [string];
    const context = command();
    await expect(ledger.erase(views, [kid], context)).rejects.toThrow('has not let go');
    expect(ledger.vault.find(kid)).toBeInstanceOf(Uint8Array);
    const healthy = ledger.views(file('healthy.db'));
    expect(await ledger.erase(healthy, [kid], context)).toMatchObject({ outcome: 'accepted' });
    expect(ledger.vault.find(kid)).toBe('destroyed');
    expect((await ledger.stream()).map(({ type }) => type).slice(-2)).toEqual(['erasure-ordered', 'keys-destroyed']);
  });
});

test('whoever waits longer than they wanted hears that it was not reached, and waits on nobody', async () => {
  const views = ledger.views();
  await ledger.open();
  await ledger.caughtUp(views);
  expect(await views.reached('99999999999999999999' as never, 20)).toBe(false);
  const waiting = views.reached('99999999999999999999' as never, 20_000);
  await ledger.stop(views);
  expect(await waiting).toBe(false);
});

describe('as of a recording time', () => {
  it('is everything up to the last event whose predecessors were all recorded by then, also when the clock jumped back', async () => {
    await ledger.shut();
    const clock = ['10:00', '12:00', '11:00', '13:00'].map((time) => new Date(`2031-01-03T${time}:00.000Z`));
    start({ now: () => clock.shift() as Date });
    const views = ledger.views();
    await ledger.open();
    for (const name of ['a', 'b', 'c']) await ledger.record(claim(name));
    await ledger.caughtUp(views);
    const by = (time: string) => views.timeline.sequenceRecordedBy(`2031-01-03T${time}:00.000Z`);
    expect(['09:59', '10:00', '11:00', '11:59', '12:00', '12:59', '13:00', '23:00'].map(by)).toEqual([
      0, 1, 1, 1, 3, 3, 4, 4,
    ]);
    expect([0, 1, 2, 3, 4].map((sequence) => views.timeline.recordedAt(sequence)?.slice(11, 16))).toEqual([
      undefined,
      '10:00',
      '12:00',
      '12:00',
      '13:00',
    ]);
  });
});

describe('a view as of a sequence', () => {
  it('does not change when more is recorded, corrected, retracted or closed later', async () => {
    const views = ledger.views();
    await ledger.open();
    await ledger.record(claim('the box'));
    await ledger.record(correction('better', 'the box', { statement: 'The box had been moved.' }));
    await ledger.caughtUp(views);
    const then = { sequence: views.head() };
    const look = () => ({
      facts: list(views, then),
      found: list(views, then, { text: 'moved' }).length,
      across: seenAcross(views, then),
      history: history(views, uuidOf('the box'), then),
      status: views.incidents.at(INCIDENT_ID, then).record.status,
      incidents: [...views.incidents.all(then)].length,
      gaps: gapsOf(views, INCIDENT_ID, then.sequence),
      names: views.parties.parties(then.sequence, 0, 10),
      name: views.parties.name(COUNCIL.id, then.sequence),
    });
    const before = look();
    expect(before).toMatchObject({ found: 2, status: 'open', incidents: 1, gaps: [], names: [], name: undefined });
    await ledger.record(retraction('away', 'better'));
    await ledger.record(correction('newest', 'the box'));
    await ledger.record(notice('the notice'));
    await ledger.register({ partyId: COUNCIL.id, name: COUNCIL.name, sort: 'organisation' });
    await ledger.open(command(), elsewhere);
    await ledger.close();
    await ledger.caughtUp(views);
    expect(look()).toEqual(before);
    const now = list(views);
    expect(now.find(({ trace }) => trace.factId === uuidOf('the box'))?.versions).toHaveLength(2);
    expect(views.incidents.at(INCIDENT_ID, EVERYTHING).record.status).toBe('closed');
    expect(views.parties.name(COUNCIL.id, views.head())).toBe(COUNCIL.name);
  });

  it.each([EVERYTHING, { ...EVERYTHING, known: { at: '2031-01-04T12:00:00.000Z' as Instant } }])(
    'shows of one fact the same in its incident, across all incidents, from any of them on, and in its history',
    async (asOf) => {
      const views = ledger.views();
      await record();
      await appendUnknown();
      await ledger.caughtUp(views);
      const across = seenAcross(views, asOf);
      const within = [INCIDENT_ID, OTHER].flatMap((id) => views.incidents.at(id, asOf).seen);
      expect(across).toHaveLength(8);
      expect(across).toEqual(within.sort((a, b) => a.trace.sequence - b.trace.sequence));
      for (const [index, { trace }] of across.entries())
        expect(seenAcross(views, asOf, trace.sequence)).toEqual(across.slice(index + 1));
      expect(across.map(({ trace }) => history(views, trace.factId, asOf)[0])).toEqual(across);
    },
  );

  it('keeps two incidents apart that happen to use one fact id: an amendment reaches only its own', async () => {
    const views = ledger.views();
    await ledger.open();
    await ledger.open(command(), elsewhere);
    await ledger.record(claim('the box'));
    await ledger.record(claim('the box', elsewhere));
    await ledger.record(retraction('away', 'the box', elsewhere));
    await ledger.record(claim('away'));
    await ledger.record(retraction('gone', 'away'));
    await ledger.caughtUp(views);
    const standings = (seen: Iterable<Seen>) => [...seen].map(({ trace, standing }) => [trace.sequence, standing]);
    const [box, otherBox, otherAway, away, gone] = [
      [3, 'uncontested'],
      [4, 'retracted'],
      [5, 'uncontested'],
      [6, 'retracted'],
      [7, 'uncontested'],
    ];
    expect(standings(list(views))).toEqual([box, away, gone]);
    expect(standings(seenAcross(views, EVERYTHING))).toEqual([box, otherBox, otherAway, away, gone]);
    expect(standings(history(views, uuidOf('the box'), EVERYTHING))).toEqual([box]);
    const there = history(views, uuidOf('the box'), EVERYTHING, elsewhere.incidentId);
    expect(standings(there)).toEqual([otherBox, otherAway]);
  });

  it('keeps a gap for each of two incidents whose commands have one id', async () => {
    const views = ledger.views();
    await ledger.open();
    await ledger.open(command(), elsewhere);
    const context = command();
    await ledger.record(notice('the notice'), context);
    await ledger.record(notice('the notice', elsewhere), context);
    await ledger.caughtUp(views);
    expect([INCIDENT_ID, OTHER].map((id) => gapsOf(views, id).length)).toEqual([1, 1]);
  });

  it('shows an event that cannot be understood: nobody can say who knew it, so it is possible at any time', async () => {
    const views = ledger.views();
    await ledger.open();
    await appendUnknown();
    await ledger.caughtUp(views);
    expect(list(views)).toMatchObject([{ certainty: 'certain' }]);
    const at = '2031-01-01T00:00:00.000Z' as Instant;
    expect(list(views, { ...EVERYTHING, known: { at } })).toMatchObject([
      { certainty: 'possible', trace: { type: 'box-weighed' } },
    ]);
    expect(views.timeline.event(2)).toMatchObject({ readable: false, type: 'box-weighed' });
  });
});

describe('the register of parties', () => {
  it('holds each from its registration on, in that order, in pages, and under the name that is on record', async () => {
    const views = ledger.views();
    const ids = ['example-vault', 'example-archive', 'example-council'];
    for (const partyId of ids) {
      accepted(await ledger.register({ partyId, name: `The ${partyId}`, sort: 'organisation' }));
      const subProcessor = { partyId, subProcessor: 'example-couriers', since: whenIn('2031-01-02') };
      accepted(await ledger.act('sub-processor-engaged', subProcessor));
    }
    await ledger.caughtUp(views);
    const list = (...of: [number, number, number]) => views.parties.parties(...of).map(({ partyId }) => partyId);
    expect([list(99, 0, 10), list(99, 0, 2), list(99, 1, 10), list(4, 0, 10), list(0, 0, 10)]).toEqual([
      ids,
      ids.slice(0, 2),
      ids.slice(1),
      ids.slice(0, 2),
      [],
    ]);
    expect([2, 3, 4].map((at) => views.parties.party('example-archive', at)?.subProcessors.length)).toEqual([
      undefined,
      0,
      1,
    ]);
    expect([2, 3].map((at) => views.parties.name('example-archive', at))).toEqual([undefined, 'The example-archive']);
  });

  const whenIn = (local: string) => ({
    earliest: `${local}T00:00:00.000Z`,
    latest: `${local}T12:00:00.000Z`,
    ...{ zone: 'UTC', precision: 'interval', qualifier: 'exact', basis: 'inferred' },
  });
});

describe('privilege', () => {
  it('is absent from every view: not counted, and no byte of it in any table', async () => {
    const views = ledger.views();
    await ledger.open();
    await ledger.record(claim('the box'));
    await ledger.caughtUp(views);
    const before = views.head();
    const stranger = notice('advice', {
      statement: 'Privileged marker zqprivilegedqz.',
      source: { document: 'zqcounselqz' },
    });
    accepted(await ledger.record(stranger, command(), 'privileged'));
    accepted(await ledger.record(retraction('taken back', 'advice'), command(), 'privileged'));
    await ledger.caughtUp(views);
    expect(views.head()).toBe(before);
    await ledger.record(claim('a key'));
    await ledger.caughtUp(views);
    expect(views.head()).toBe(before + 1);

    const bytes = rawBytes(file()).toString('latin1');
    const hidden = (await ledger.events()).filter(({ stream }) => isPrivileged(stream));
    expect(hidden.map(({ type }) => type)).toEqual(['processor-notification-received', 'gap-opened', 'fact-retracted']);
    for (const { id, stream, data, leaf } of hidden) {
      expect(bytes).not.toContain(id);
      expect(bytes).not.toContain(stream);
      for (const part of [data, leaf]) expect(bytes).not.toContain(Buffer.from(part).toString('latin1'));
    }
    for (const trace of ['zqprivilegedqz', 'zqcounselqz', uuidOf('advice'), uuidOf('taken back')])
      expect(bytes).not.toContain(trace);
    expect(bytes).toContain(uuidOf('a key'));
    expect(searchText(connected(), 'zqprivilegedqz', undefined).size).toBe(0);
    expect(gapsOf(views, INCIDENT_ID)).toEqual([]);
  });
});

describe('clear text in views', () => {
  it('lies where the list says and nowhere else', async () => {
    const views = ledger.views();
    const places = await recordMarked();
    await ledger.caughtUp(views);
    expect(views.health().map(({ status }) => status)).toEqual(PROJECTIONS.map(() => 'live'));

    const found = new Map<string, Set<string>>();
    for (const [column, text] of columnsOf(connected()))
      for (const [marker] of text.matchAll(/zq\d+qz/g)) found.set(column, (found.get(column) ?? new Set()).add(marker));
    const tables = new Set([...found.keys()].map((column) => column.split('.')[0] as string));
    const listed = (table: string) =>
      Object.keys(CLEAR_TEXT_IN_VIEWS).some((name) => table === name || table.startsWith(`${name}_`));
    expect([...tables].filter((table) => !listed(table))).toEqual([]);
    expect([...tables].sort()).toEqual(expect.arrayContaining(Object.keys(CLEAR_TEXT_IN_VIEWS)));

    const named = (markers: Iterable<string>) =>
      [...markers].map((marker) => `${places.get(marker)?.type} ${places.get(marker)?.pointer}`).sort();
    const searchable = [...places.keys()].filter((marker) => isSearchable(places.get(marker) as Place));
    expect(named(found.get('search_v2_text.body') ?? [])).toEqual(named(searchable));
    // The same, for what SQLite keeps outside its tables.
    const raw = new Set(
      [
        ...rawBytes(file())
          .toString('latin1')
          .matchAll(/zq\d+qz/g),
      ].map(([marker]) => marker),
    );
    expect(named(raw).filter((place) => !named(searchable).includes(place))).toEqual([]);
  });

  interface Place {
    readonly type: string;
    readonly pointer: string;
    readonly personal: boolean;
  }

  /** Of facts alone, and of nobody's name: the statement, quotation and note in force, and the texts of the kind's own fields. */
  const isSearchable = ({ type, pointer, personal }: Place): boolean => {
    const [, field = ''] = pointer.split('/');
    const own = Object.keys(KINDS.get(type)?.fields ?? {}).filter((name) => name !== 'changes');
    return (
      KINDS.has(type) &&
      !personal &&
      (own.includes(field) || /^(\/statement|(\/changes)?\/(quoted|note))$/.test(pointer))
    );
  };

  /** Every event type once, with every optional field, each protected value a marker; the map says which field it is. */
  const recordMarked = async (): Promise<Map<string, Place>> => {
    const places = new Map<string, Place>();
    await ledger.open();
    for (const definition of CATALOGUE.values()) {
      const payload = marked(definition, places);
      accepted(await ledger.decide(() => [{ type: definition.type, payload }]));
    }
    expect(places.size).toBeGreaterThan(300);
    return places;
  };

  const marked = (definition: EventDefinition, places: Map<string, Place>): Record<string, unknown> => {
    const payload = structuredClone(samplePayload(definition)) as Record<string, unknown>;
    for (const { pointer, subject } of protectedFields(definition.schema, payload)) {
      const marker = `zq${places.size}qz`;
      places.set(marker, { type: definition.type, pointer, personal: subject !== undefined });
      const steps = pointer.split('/').slice(1);
      const last = steps.pop() as string;
      const holder = steps.reduce<Record<string, unknown>>(
        (node, step) => node[step] as Record<string, unknown>,
        payload,
      );
      holder[last] = marker;
    }
    const isFact = 'factId' in payload;
    return {
      ...payload,
      ...('incidentId' in payload && { incidentId: INCIDENT_ID }),
      ...(isFact && { factId: uuidOf(`marked ${definition.type}`) }),
    };
  };
});

describe('an erasure', () => {
  const WORD = 'xylophonezq';
  const box = claim('the box', {
    statement: `They said ${WORD} about the box.`,
    note: `A ${WORD}-like remark.`,
    actor: CARETAKER,
  });
  const wordIn = (bytes: Buffer): boolean =>
    [WORD, WORD.slice(1), WORD.slice(-6)].some((part) => bytes.toString('latin1').toLowerCase().includes(part));
  const settled = async (views: LedgerViews): Promise<[text: string, person: string]> => {
    await ledger.open();
    await ledger.record(box);
    await ledger.record(claim('a key', { actor: CARETAKER }));
    await ledger.decide(() => Array.from({ length: 20 }, (_, index) => claim(`filler ${index}`)));
    await ledger.caughtUp(views);
    return [...(await ledger.kids(1n)), ...(await ledger.kids(1n, `person:${CARETAKER.id}`))] as [string, string];
  };

  it('leaves of a text that it was erased, in every view of every moment', async () => {
    const views = ledger.views();
    const [kid] = await settled(views);
    const before = list(views, { sequence: 2 });
    expect(statementAt(views, 2)).toContain(WORD);
    accepted(await ledger.erase(views, [kid]));
    await ledger.caughtUp(views);
    expect(statementAt(views, 2)).toEqual({ hidden: 'erased' });
    expect(views.timeline.event(2)).toMatchObject({
      readable: true,
      payload: { note: { hidden: 'erased' }, actor: CARETAKER, source: { document: 'letter-7' } },
    });
    expect(list(views, { sequence: 2 })).toEqual(before);
    expect(statementAt(views, 3)).toContain('About a key');
    expect(await ledger.kids(1n)).toEqual([kid]);
  });

  it('takes the text out of the search, and no other', async () => {
    const views = ledger.views();
    const [kid] = await settled(views);
    const find = (text: string) => list(views, EVERYTHING, { text }).length;
    expect([find(WORD), find('xylo*'), find('shelf')]).toEqual([1, 1, 21]);
    accepted(await ledger.erase(views, [kid]));
    expect([find(WORD), find('xylo*'), find('shelf')]).toEqual([0, 0, 21]);
  });

  it('leaves no byte of the text in the files of the views', async () => {
    const views = ledger.views();
    const [kid] = await settled(views);
    expect(wordIn(rawBytes(file()))).toBe(true);
    accepted(await ledger.erase(views, [kid]));
    expect(wordIn(rawBytes(file()))).toBe(false);
  });

  it('leaves no byte of many texts among which the index was merged over and over', async () => {
    const views = ledger.views();
    await ledger.open();
    const facts = Array.from({ length: 120 }, (_, index) =>
      claim(`fact ${index}`, { statement: `${index % 2 ? WORD : 'other'}${index} and xylem, ${randomUUID()}` }),
    );
    for (let from = 0; from < facts.length; from += 30)
      accepted(await ledger.decide(() => facts.slice(from, from + 30)));
    await ledger.caughtUp(views);
    const kids = (await ledger.stream()).flatMap((event, index) =>
      event.readable && index > 0 && index % 2 === 0 ? event.keys.filter(({ subject }) => subject === undefined) : [],
    );
    expect(wordIn(rawBytes(file()))).toBe(true);
    accepted(
      await ledger.erase(
        views,
        kids.map(({ kid }) => kid),
      ),
    );
    expect(kids).toHaveLength(60);
    expect(wordIn(rawBytes(file()))).toBe(false);
    expect(searchText(connected(), 'xylem', undefined).size).toBe(60);
  });

  it('keeps the keys while somebody still reads the files as they were, because the text is still in them', async () => {
    const views = ledger.views();
    const [kid] = await settled(views);
    views['views'].pragma('busy_timeout = 20');
    const reader = connected();
    reader.exec('BEGIN; SELECT count(*) FROM search_v2_key');
    const context = command();
    await expect(ledger.erase(views, [kid], context)).rejects.toThrow('has not let go');
    expect(ledger.vault.find(kid)).toBeInstanceOf(Uint8Array);
    reader.exec('COMMIT');
    expect(await ledger.erase(views, [kid], context)).toMatchObject({ outcome: 'accepted' });
    expect(ledger.vault.find(kid)).toBe('destroyed');
    expect(wordIn(rawBytes(file()))).toBe(false);
  });

  it('of a person leaves the texts and takes the name, in this incident', async () => {
    const views = ledger.views();
    const [, person] = await settled(views);
    accepted(await ledger.erase(views, [person]));
    await ledger.caughtUp(views);
    for (const sequence of [2, 3])
      expect(views.timeline.event(sequence)).toMatchObject({
        payload: {
          actor: { role: 'person', id: CARETAKER.id, name: { hidden: 'erased' } },
          statement: expect.any(String) as string,
        },
      });
  });

  it('changes no byte and no leaf of what lies in the log', async () => {
    const views = ledger.views();
    const kids = await settled(views);
    const before = await ledger.events();
    accepted(await ledger.erase(views, kids));
    const after = await ledger.events();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length).map(({ type }) => type)).toEqual(['erasure-ordered', 'keys-destroyed']);
    expect(wordIn(rawBytes(ledger.logFile))).toBe(false);
  });

  it('is in rebuilt views what it is in those that lived through it', async () => {
    const views = ledger.views(file('live.db'));
    const kids = await settled(views);
    accepted(await ledger.erase(views, kids));
    await ledger.caughtUp(views);
    const rebuilt = ledger.views(file('rebuilt.db'));
    await ledger.caughtUp(rebuilt);
    expect(statementAt(rebuilt, 2)).toEqual({ hidden: 'erased' });
    expect(dump('rebuilt.db')['search_v2_text']).toEqual(dump('live.db')['search_v2_text']);
    expect(dump('rebuilt.db')['timeline_v2_entry']).toEqual(dump('live.db')['timeline_v2_entry']);
    expect(wordIn(rawBytes(file('rebuilt.db')))).toBe(false);
  });

  it('sent twice is one', async () => {
    const views = ledger.views();
    const [kid] = await settled(views);
    const context = command();
    const first = accepted(await ledger.erase(views, [kid], context));
    expect(await ledger.erase(views, [kid], context)).toEqual({ ...first, replayed: true });
  });

  it('is not ordered for an incident that nobody opened, and destroys nothing', async () => {
    const views = ledger.views();
    const [kid] = await settled(views);
    expect(await ledger.erase(views, [kid], command(), OTHER)).toMatchObject({ code: 'incident-not-found' });
    expect(ledger.vault.find(kid)).toBeInstanceOf(Uint8Array);
  });
});

describe('a key that was lost', () => {
  it('is told from one that was destroyed: what it protects is missing, not erased', async () => {
    const views = ledger.views();
    await ledger.open();
    await ledger.record(claim('the box', { actor: CARETAKER }));
    await ledger.caughtUp(views);
    const keys = new Database(ledger.keysFile);
    toClose.push(keys);
    for (const kid of await ledger.kids(1n)) keys.prepare('DELETE FROM data_key WHERE kid = ?').run(kid);
    expect(statementAt(views, 2)).toEqual({ hidden: 'key-missing' });
    expect(views.timeline.event(2)).toMatchObject({ readable: true, payload: { actor: CARETAKER } });
    const rebuilt = ledger.views(file('rebuilt.db'));
    await ledger.caughtUp(rebuilt);
    expect(statementAt(rebuilt, 2)).toEqual({ hidden: 'key-missing' });
    expect(rebuilt.health().every(({ status }) => status === 'live')).toBe(true);
  });
});

describe('the search', () => {
  let db: Views;
  const texts: Readonly<Record<number, string>> = {
    1: 'The box was not on its shelf.',
    2: 'Tapes and a tape recorder; the archive AND the vault. Near the shelf: NEAR it.',
    3: 'Größe der Schachtel: naïve, body: incident. 例え — 證據',
    4: 'ABC-123 "in quotes", 50% of a*b',
  };
  const find = (words: string, incidentId?: string) => [...searchText(db, words, incidentId)].sort();

  beforeEach(async () => {
    await ledger.open();
    await ledger.open(command(), elsewhere);
    for (const [index, statement] of Object.entries(texts)) {
      const at = Number(index) === 4 ? elsewhere : {};
      accepted(await ledger.record(claim(`text ${index}`, { statement, ...at })));
    }
    db = connected();
    db.exec(searchProjection.ddl);
    // Numbered as the texts are, without what came before them.
    for (const item of (await sequenced()).slice(2))
      searchProjection.apply(db, { ...item, sequence: item.sequence - 2 });
  });

  it.each<[string, number[]]>([
    ['shelf', [1, 2]],
    ['SHELF box', [1]],
    ['box shelf', [1]],
    ['box tapes', []],
    ['tape', [2]],
    ['tape*', [2]],
    ['tap* sh*', [2]],
    ['sche*', []],
    ['schach*', [3]],
    ['grosse', []],
    ['größe', [3]],
    ['große', [3]],
    ['naive', [3]],
    ['證據', [3]],
    ['abc-123', [4]],
    ['123-abc', []],
    ['', []],
    ['   ', []],
    ['* " ( ) -', []],
  ])('finds every word of %j, in any order', (words, expected) => expect(find(words)).toEqual(expected));

  it.each<[string, number[]]>([
    ['box NOT shelf', [1]],
    ['box OR tapes', []],
    ['archive AND vault', [2]],
    ['box AND vault', []],
    ['NEAR(it)', [2]],
    ['NEAR(shelf it)', []],
    ['body:shelf', []],
    ['incident : shelf', []],
    ['incident', [3]],
    ['^the', [1, 2]],
    ['-box', [1]],
    ['+box', [1]],
    ['"box was"', [1]],
    ['"quotes', [4]],
    ['in" OR "box', []],
    ['{body} : box', []],
    ["box'; DROP TABLE search_v2_text; --", []],
    ['box\u0000shelf', []],
    ['\u0000box', [1]],
    [incidentWord(INCIDENT_ID), []],
  ])('reads %j as words, not as a language of its own', (words, expected) => expect(find(words)).toEqual(expected));

  it.each<[string, boolean]>([
    ['box', true],
    ['* 7', true],
    ['證', true],
    ['', false],
    [' \t ', false],
    ['"', false],
    ['* " ( ) -', false],
  ])('tells a text that holds words from one that can find nothing: %j', (text, holds) =>
    expect(holdsWords(text)).toBe(holds),
  );

  it('finds what a correction puts in place of quotation and note, until it is erased', async () => {
    const views = ledger.views();
    const changes = { quoted: 'behind a radiator', note: 'Read from a microfiche.' };
    accepted(await ledger.record(correction('better', 'text 1', { changes })));
    await ledger.caughtUp(views);
    const of = (text: string) => searchText(connected(), text, undefined).size;
    expect([of('radiator'), of('microfiche')]).toEqual([1, 1]);
    const last = (await ledger.stream()).at(-1)?.revision as bigint;
    accepted(await ledger.erase(views, await ledger.kids(last)));
    expect([of('radiator'), of('microfiche')]).toEqual([0, 0]);
  });

  it('finds the texts of a kind’s own fields, however deep, and no name and no contact', async () => {
    const views = ledger.views();
    const person = { ...CARETAKER, name: 'Quillfeather' };
    const draft = notice('a notice', {
      statement: 'A letter came.',
      stated: ['Tapes were in the basement.', 'The lock was a padlock.'],
      contact: { subject: uuidOf('a mailbox'), details: 'zinnia@archive.example' },
      actor: person,
      via: [{ ...person, name: 'Wimbleton' }],
      known: [{ by: { ...person, name: 'Xanadu' }, when: at('2031-01-04'), basis: 'He read yesterdaymail.' }],
    });
    accepted(await ledger.record(draft));
    accepted(
      await ledger.record(
        fact('informed', 'data-subjects-informed', {
          channel: 'letter',
          sections: [{ key: 'what', heading: 'Whathappened', summary: 'A summary of marigold.' }],
          cohort: { role: 'data-subjects', id: 'residents', name: 'Residents of Nasturtium Road' },
        }),
      ),
    );
    accepted(
      await ledger.record(
        fact('aware', 'awareness-determined', {
          ...{ dutyHolder: COUNCIL, awareFrom: at('2031-01-04'), restsOn: [] },
          ...{ reasons: 'The hydrangea memo.', whyNotEarlier: 'Only a foxglove signal.' },
        }),
      ),
    );
    await ledger.act('gap-opened', {
      ...{ incidentId: INCIDENT_ID, gapId: uuidOf('a gap'), topic: 'other', about: [], missing: 'The dandelion list.' },
    });
    await ledger.caughtUp(views);
    const of = (text: string) => views.search(text, undefined).size;
    for (const word of ['basement', 'padlock', 'whathappened', 'marigold', 'hydrangea', 'foxglove'])
      expect([word, of(word)]).toEqual([word, 1]);
    for (const word of ['quillfeather', 'wimbleton', 'xanadu', 'zinnia', 'nasturtium', 'yesterdaymail', 'dandelion'])
      expect([word, of(word)]).toEqual([word, 0]);
    const revision = (await ledger.stream()).findIndex(({ type }) => type === 'awareness-determined');
    accepted(await ledger.erase(views, await ledger.kids(BigInt(revision))));
    expect([of('hydrangea'), of('foxglove'), of('marigold')]).toEqual([0, 0, 1]);
  });

  it('keeps to one incident when asked to', () => {
    expect(find('a*', INCIDENT_ID)).toEqual([2]);
    expect(find('abc*', INCIDENT_ID)).toEqual([]);
    expect(find('abc*', OTHER)).toEqual([4]);
    expect(find('abc*', uuidOf('no incident'))).toEqual([]);
    expect(find('the', `${OTHER}" OR incident : "i*`)).toEqual([]);
  });

  it('takes any text without a throw, and finds a text by each of its own words', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: fc.constantFrom(...'"*()-+^:{}\u0000\ud83d\udc00 aAND OR'), maxLength: 12 }),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), (words, within) => void find(words, within ? INCIDENT_ID : undefined)),
      { numRuns: 500 },
    );
    for (const [index, statement] of Object.entries(texts))
      for (const word of statement.split(/\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part)))
        expect([word, find(word)]).toEqual([word, expect.arrayContaining([Number(index)])]);
  });
});

/** The word by which the index knows an incident: not one that a reader can search for. */
function incidentWord(incidentId: string): string {
  return `i${incidentId.replaceAll('-', '')}`;
}

describe('a timeline', () => {
  it('finds by the text in force, not by one that was corrected', async () => {
    const views = ledger.views();
    await ledger.open();
    await ledger.record(claim('the box', { statement: 'A crate of tapes.' }));
    await ledger.record(
      correction('better', 'the box', { statement: 'A barrel of tapes.', reason: 'They miscounted.' }),
    );
    await ledger.caughtUp(views);
    const find = (text: string, sequence = 99) =>
      list(views, { sequence }, { text }).map(({ trace }) => trace.sequence);
    expect([find('crate'), find('barrel'), find('crate', 2), find('barrel', 2)]).toEqual([[], [2, 3], [2], []]);
  });

  it('filters by what is in force, and orders by it', async () => {
    const views = ledger.views();
    await ledger.open();
    const on = (local: string) => ({ moment: { zone: 'Europe/London', local } });
    await ledger.record(claim('late', { occurred: on('2031-01-09') }));
    await ledger.record(claim('early', { occurred: on('2031-01-02'), actor: ARCHIVE }));
    await ledger.record(claim('unknown', { occurred: { moment: { zone: 'Europe/London' } } }));
    await ledger.record(
      correction('moved', 'late', {
        changes: { occurred: on('2031-01-01'), actor: ARCHIVE },
        occurred: on('2031-01-20'),
      }),
    );
    await ledger.caughtUp(views);
    const listed = (order: 'occurred' | 'recorded', filter = {}, sequence = 99) =>
      list(views, { sequence }, filter, order).map(({ trace }) => trace.sequence);
    expect(listed('occurred')).toEqual([4, 2, 3, 5]);
    expect(listed('occurred', {}, 4)).toEqual([4, 3, 2]);
    expect(listed('recorded', { actors: ['processor:example-archive'] })).toEqual([2, 3]);
    expect(listed('recorded', { actors: ['processor:example-archive'] }, 4)).toEqual([3]);
    expect(listed('recorded', { standing: ['corrected'] })).toEqual([2]);
    expect(listed('recorded', { kinds: ['fact-corrected'] })).toEqual([5]);
    expect(listed('recorded', { sources: ['no-letter'] })).toEqual([]);
  });
});
