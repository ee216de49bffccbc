import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Transactor } from '@ledger/application/transact';
import { lookAt } from '@ledger/domain/as-of/incident-view';
import { ORDERS } from '@ledger/domain/as-of/order';
import { recordOf } from '@ledger/domain/as-of/record';
import { CATALOGUE } from '@ledger/domain/catalogue';
import { draftFact } from '@ledger/domain/fact/draft';
import type { FactDraft } from '@ledger/domain/fact/fact-draft';
import { decideOnIncident, recordFact } from '@ledger/domain/incident/decide';
import { incident } from '@ledger/domain/incident/state';
import { Codec } from '@ledger/event-store/codec';
import type { NewEvent, Position } from '@ledger/event-store/port';
import { openSqliteEventStore } from '@ledger/event-store/sqlite/sqlite-event-store';
import { LEDGER_UPCASTERS } from '@ledger/event-store/upcasters';
import { canonicalBytes } from '@ledger/integrity/canonical';
import { openSqliteKeyVault } from '@ledger/privacy/sqlite/sqlite-key-vault';
import { LedgerViews } from '@ledger/projections/ledger-views';

/**
 * Speed, as ratios against a floor measured in the same run on the same disk: absolute figures say more about the
 * machine than about the code. Nothing here asserts; read the medians and mind the noise.
 */
const ROUNDS = 5;
const SECONDS = 1;

const folder = mkdtempSync(join(tmpdir(), 'ledger-bench-'));
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number;

/** How often a second, the median of some rounds. */
const rate = async (work: () => Promise<number> | number): Promise<number> => {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const started = performance.now();
    let done = 0;
    while (performance.now() - started < SECONDS * 1000) done += await work();
    if (round > 0) rounds.push(done / ((performance.now() - started) / 1000));
  }
  return median(rounds);
};

const report = (name: string, value: number, floorName: string, floor: number): void =>
  console.log(
    `${name.padEnd(48)} ${value.toFixed(0).padStart(8)} /s   ${(value / floor).toFixed(2).padStart(6)} of ${floorName} (${floor.toFixed(0)} /s)`,
  );

const PAYLOAD = canonicalBytes({ text: 'x'.repeat(580) });
const event = (): NewEvent => ({
  id: randomUUID(),
  type: 'bench-done',
  data: PAYLOAD,
  meta: canonicalBytes({
    recordedAt: '2026-01-01T00:00:00.000Z',
    salt: 'AAECAwQFBgcICQoLDA0ODw',
    schema: 'bench-done/1',
  }),
});

const FACTS = 5000;

const main = async (): Promise<void> => {
  const raw = new Database(join(folder, 'floor.db'));
  raw.pragma('journal_mode = WAL');
  raw.pragma('synchronous = FULL');
  raw.exec('CREATE TABLE floor (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, data BLOB, meta BLOB)');
  const insert = raw.prepare('INSERT INTO floor (id, data, meta) VALUES (?, ?, ?)');
  const rawInsert = await rate(() => {
    const { id, data, meta } = event();
    insert.run(id, data, meta);
    return 1;
  });

  const store = openSqliteEventStore(join(folder, 'log.db'));
  const single = await rate(async () => (await store.append(randomUUID(), 'no-stream', [event()]), 1));
  report('append, one after another', single, 'a bare synced insert', rawInsert);
  const grouped = await rate(async () => {
    await Promise.all(Array.from({ length: 64 }, () => store.append(randomUUID(), 'no-stream', [event()])));
    return 64;
  });
  report('append, 64 at once', grouped, 'a bare synced insert', rawInsert);

  const page = raw.prepare('SELECT * FROM floor WHERE position > ? ORDER BY position LIMIT 1000');
  const rawRead = await rate(() => page.all(0).length);
  let after: Position | undefined;
  const read = await rate(async () => {
    const events = await store.readAll({ ...(after && { after }), limit: 1000 });
    after = events.length < 1000 ? undefined : events.at(-1)?.position;
    return events.length;
  });
  report('read the log, leaves checked', read, 'bare rows read', rawRead);

  const vault = openSqliteKeyVault(join(folder, 'keys.db'));
  const codec = new Codec(CATALOGUE, LEDGER_UPCASTERS, vault);
  const ledger = openSqliteEventStore(join(folder, 'ledger.db'));
  const transactor = new Transactor(ledger, codec, vault, () => new Date());
  const incidentId = randomUUID();
  const stream = `incident-${incidentId}`;
  const context = () => ({ commandId: randomUUID(), recordedBy: randomUUID() });
  const actor = { role: 'controller', id: 'example-council' } as const;
  const opening = {
    type: 'incident-opened',
    payload: { incidentId, reference: 'bench', title: 'Bench', controller: actor, zone: 'Europe/London' },
  };
  await transactor.transact(stream, incident, (state) => decideOnIncident(opening, state), context());
  const when = { zone: 'Europe/London', local: '2021-10-29' };
  const draft = (index: number): FactDraft =>
    draftFact('claim-made', {
      incidentId,
      factId: randomUUID(),
      occurred: { moment: { ...when, local: `2021-10-${String(1 + (index % 28)).padStart(2, '0')}` } },
      known: [{ by: { role: 'public', id: 'public' }, when, basis: 'an article' }],
      source: { document: 'S1', line: 1 + (index % 500) },
      actor,
      manner: 'claimed',
      statement: `Statement number ${index} of a long incident, about as long as such statements usually are.`,
    }) as FactDraft;
  const around = { gapId: randomUUID(), actorRegistered: true };
  let recorded = 0;
  let position: Position | undefined;
  const record = async (): Promise<number> => {
    const fact = draft(recorded++);
    const outcome = await transactor.transact(stream, incident, (state) => recordFact(fact, state, around), context());
    if (outcome.outcome === 'accepted') position = outcome.position;
    return 1;
  };
  const commands = await rate(record);
  report('record a fact: draft, decide, encrypt, append', commands, 'append, one after another', single);
  while (recorded < FACTS) await record();

  const views = new LedgerViews(join(folder, 'views.db'), ledger, codec, () => false);
  const started = performance.now();
  views.start();
  await views.reached(position as Position, 300_000);
  report(
    `read models of ${recorded} facts, from nothing`,
    recorded / ((performance.now() - started) / 1000),
    'read the log, leaves checked',
    read,
  );

  const sequence = views.head();
  const folded = await rate(() => {
    const acts = recordOf(incidentId, views.acts.of('incident', incidentId, sequence), sequence);
    [...lookAt(acts, views.timeline.traces(incidentId, sequence), { sequence }).seen].sort(ORDERS.occurred);
    return 1;
  });
  console.log(`one view of an incident with ${recorded} facts, folded: ${(1000 / folded).toFixed(1)} ms`);
  const kept = await rate(() => {
    [...views.incidents.at(incidentId, { sequence }).seen].sort(ORDERS.occurred);
    return 1;
  });
  console.log(`the same view, kept from before: ${(1000 / kept).toFixed(1)} ms`);
  const entry = await rate(() => {
    views.timeline.event(1 + Math.floor(Math.random() * recorded));
    return 1;
  });
  report('decrypt one entry for showing', entry, 'bare rows read', rawRead);

  await views.stop();
  await Promise.all([store.close(), ledger.close()]);
  vault.close();
  raw.close();
};

main()
  .finally(() => rmSync(folder, { recursive: true, force: true }))
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
