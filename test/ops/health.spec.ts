import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { parse } from 'yaml';
import { LedgerViews, PROJECTIONS } from '@ledger/projections/ledger-views';
import { Readiness } from '../../apps/ledger/http/readiness';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import { isPrivileged, openTestLedger, removeFolder, temporaryFolder } from '../support/ledger';
import { capture, claim, incident, newIncidentId, party, scrape, until } from './support';

let ledger: LedgerServer;
afterEach(() => ledger?.stop());

const ask = async (path: string): Promise<{ status: number; body: any }> => {
  const response = await fetch(ledger.url + path);
  return { status: response.status, body: await response.json() };
};

describe('a ledger that follows its log', () => {
  beforeEach(async () => {
    ledger = await startLedger();
    await until(async () => (await ask('/health/ready')).status === 200);
  });

  test('is live and ready, and each projection says where it is and that nothing is missing', async () => {
    const { position } = await ledger.send('registerParty', party());
    await ledger.resources.views.reached(ledger.positions.open(position as string, 'position'), 5_000);
    expect(await ask('/health/live')).toEqual({ status: 200, body: { status: 'live' } });
    expect(await ask('/health/ready')).toEqual({ status: 200, body: { status: 'ready' } });
    const { status, body } = await ask('/health');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ok',
      projections: body.projections.map(({ name }: { name: string }) => ({
        name,
        version: expect.any(Number),
        status: 'live',
        sequence: 1,
        lag: { events: 0, seconds: 0 },
      })),
    });
    expect(body.projections).toHaveLength(PROJECTIONS.length);
  });

  test('that is asked to stop is no longer ready from that moment on, and is live to its last answer', async () => {
    ledger.readiness.stop();
    expect(await ask('/health/ready')).toEqual({ status: 503, body: { status: 'stopping' } });
    expect((await ask('/health/live')).status).toBe(200);
    expect((await ask('/health')).status).toBe(200);
  });

  test('whose store is closed is not ready, and says so by a code alone', async () => {
    await ledger.resources.store.close();
    expect(await ask('/health/ready')).toEqual({ status: 503, body: { status: 'store-unavailable' } });
    expect((await ask('/health/live')).status).toBe(200);
  });
});

test('docker-compose.yml takes for healthy what is ready, and nothing else', async () => {
  const compose = parse(readFileSync(join(__dirname, '../../docker-compose.yml'), 'utf8'), { merge: true });
  const { environment, healthcheck } = compose.services.ledger;
  const [kind, , ...args] = healthcheck.test as string[];
  expect([kind, environment.LEDGER_PORT]).toEqual(['CMD', '4000']);
  const exitCode = async (): Promise<unknown> =>
    (await once(spawn(process.execPath, args, { env: { LEDGER_PORT: new URL(ledger.url).port } }), 'exit'))[0];
  ledger = await startLedger();
  await until(async () => (await ask('/health/ready')).status === 200);
  expect(await exitCode()).toBe(0);
  ledger.readiness.stop();
  expect(await exitCode()).toBe(1);
  await ledger.stop();
  expect(await exitCode()).toBe(1);
});

test('while the read models catch up at start it is not ready', async () => {
  const folder = temporaryFolder();
  const files = openTestLedger(folder);
  const { store, codec } = files;
  const views = new LedgerViews(join(folder, 'views.db'), store, codec, isPrivileged); // not started: nothing is read yet
  const readiness = new Readiness(views, store);
  expect(await readiness.missing()).toBe('catching-up');
  expect(views.health().every(({ lag }) => lag.seconds > 0)).toBe(true);
  views.start();
  await until(async () => (await readiness.missing()) === undefined);
  await views.stop();
  await files.shut();
  removeFolder(folder);
});

test('an EventStoreDB that cannot be reached makes it not ready until it can, and stops nothing', async () => {
  const double = await startEventStoreDbDouble();
  try {
    ledger = await startLedger({ eventStoreUrl: double.url });
    await until(async () => (await ask('/health/ready')).status === 200);
    await double.refuse();
    await until(async () => (await ask('/health')).body.projections[0].problem === 'store-unavailable');
    expect(await ask('/health/ready')).toEqual({ status: 503, body: { status: 'store-unavailable' } });
    const { status, body } = await ask('/health');
    expect(status).toBe(200); // it heals by itself
    expect(body.projections[0]).toMatchObject({ status: 'catching-up', lag: { seconds: expect.any(Number) } });
    expect(body.projections[0].lag.seconds).toBeGreaterThan(0);
    expect((await ask('/health/live')).status).toBe(200);
    await double.accept();
    await until(async () => (await ask('/health/ready')).status === 200);
    await ledger.send('registerParty', party());
    await until(async () => (await ask('/health')).body.projections[0].sequence === 1);
    expect((await ask('/health')).body.projections[0]).toMatchObject({ lag: { events: 0, seconds: 0 } });
  } finally {
    await ledger.stop();
    await double.stop();
  }
}, 60_000);

describe('a projection that fails', () => {
  const incidentId = newIncidentId();
  let log: ReturnType<typeof capture>;
  const at = async (name: string): Promise<any> =>
    (await ask('/health')).body.projections.find((one: { name: string }) => one.name === name);

  /** Its table is gone, as after damage to the file. */
  beforeEach(async () => {
    log = capture();
    ledger = await startLedger({ env: { LEDGER_LOG_LEVEL: 'info' }, logTo: log });
    await ledger.send('openIncident', incident(incidentId));
    await until(async () => (await at('search')).sequence === 1);
    const file = new Database(join(ledger.data, 'views.db'));
    const { version } = await at('search');
    file.exec(`DROP TABLE search_v${version}_key`);
    file.close();
    expect(await ledger.send('recordClaim', claim(incidentId))).toMatchObject({ __typename: 'ClaimRecorded' });
    await until(async () => (await at('search')).status === 'stopped');
  });

  test('is named with 503 by a code and its lag, the others go on, and commands and queries are answered', async () => {
    const answer = await ledger.send('recordClaim', claim(incidentId));
    expect(answer).toMatchObject({ __typename: 'ClaimRecorded', replayed: false });
    await until(async () => (await at('timeline')).sequence === 3);
    const { status, body } = await ask('/health');
    expect(status).toBe(503);
    expect(body.status).toBe('degraded');
    for (const { name, ...rest } of body.projections)
      if (name !== 'search')
        expect(rest).toMatchObject({ status: 'live', sequence: 3, lag: { events: 0, seconds: 0 } });
    const failed = await at('search');
    expect(failed).toMatchObject({ status: 'stopped', problem: 'failed' });
    expect(failed.sequence).toBe(1);
    expect(failed.lag.events).toBe(2);
    expect(failed.lag.seconds).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toMatch(/incident-|no such table|search_v/);

    expect((await ask('/health/ready')).body).toEqual({ status: 'projection-stopped' });
    expect((await ask('/health/live')).status).toBe(200);
    const { data, errors } = await ledger.gql('{ ledger { resolved { sequence stale } } }');
    expect(errors).toBeUndefined();
    expect(data.ledger.resolved).toEqual({ sequence: `${failed.sequence}`, stale: true });
  });

  test('shows in the metrics, and in the log with what befell it', async () => {
    const { value } = await scrape(ledger.url);
    const projection = 'search';
    expect(value('ledger_projection_status', { projection, status: 'stopped' })).toBe(1);
    expect(value('ledger_projection_status', { projection, status: 'live' })).toBe(0);
    expect(value('ledger_projection_status', { projection: 'timeline', status: 'live' })).toBe(1);
    expect(value('ledger_projection_failures_total', { projection })).toBe(1);
    expect(value('ledger_projection_lag_events', { projection })).toBeGreaterThan(0);
    expect(value('ledger_projection_lag_seconds', { projection })).toBeGreaterThan(0);
    expect(log.lines('projection').at(-1)).toMatchObject({
      level: 'error',
      projection,
      status: 'stopped',
      words: expect.stringContaining('no such table'),
      err: { type: 'SqliteError', stack: expect.stringContaining('    at ') },
    });
  });
});
