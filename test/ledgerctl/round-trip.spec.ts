import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTS, CATALOGUE } from '@ledger/domain/catalogue';
import { KINDS } from '@ledger/domain/fact/kinds';
import { samplePayload } from '../fixtures/sample-payload';
import { ARCHIVE, CARETAKER, claim, correction, INCIDENT_ID, notice, retraction, uuidOf } from '../support/facts';
import { accepted, command, openTestLedger, removeFolder, temporaryFolder } from '../support/ledger';
import { startEventStoreDbDouble } from '../double/eventstoredb-double';
import { startLedger } from '../support/ledger-server';
import { ledgerctl } from './ledgerctl';

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);

interface Exported {
  readonly sequence: number;
  readonly type: string;
  readonly commandId: string;
  readonly consequence?: true;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Exports the ledger in one folder into a file. */
const exported = async (data: string): Promise<{ file: string; events: Exported[] }> => {
  const file = at(`${data}.jsonl`);
  const ended = await ledgerctl(['export', 'events', '--quiet', '--to', file], { LEDGER_DATA: at(data) });
  expect(ended).toEqual({ status: 0, out: '', err: '' });
  return {
    file,
    events: readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Exported),
  };
};
const imported = (file: string, data: string) => ledgerctl(['import', '--quiet', file], { LEDGER_DATA: at(data) });

/** All that is the same wherever it is recorded. */
const contents = (events: readonly Exported[]) =>
  events.map(({ sequence, type, commandId, consequence, payload }) => ({
    sequence,
    type,
    commandId,
    consequence,
    payload,
  }));

test('the sample case goes out, into an empty ledger, and out again: the same events in the same order', async () => {
  const server = await startLedger({ data: at('one') });
  await server.loadSample();
  await server.stop();
  const first = await exported('one');
  expect(first.events.length).toBeGreaterThan(100);
  expect(await imported(first.file, 'two')).toMatchObject({
    status: 0,
    err: '',
    out: expect.stringContaining(' 0 were refused.'),
  });
  const second = await exported('two');
  expect(contents(second.events)).toEqual(contents(first.events));
  // Recorded anew: by whom, when and in which course is that of the import.
  const [before, after] = [first.events[0], second.events[0]] as unknown as Record<string, string>[];
  for (const name of ['recordedAt', 'recordedBy', 'correlationId']) expect(after![name]).not.toBe(before![name]);
});

test('so do a correction, a retraction, a gap that the ledger opened itself, acts of a party and the acts that follow', async () => {
  const ledger = openTestLedger(folder);
  await ledger.open();
  for (const fact of [
    notice('the notice'), // from an archive that is not registered: a gap opens
    claim('the claim', { partOf: uuidOf('the notice'), actor: CARETAKER }),
    correction('the correction', 'the claim'),
    correction('the slip', 'the claim', { nature: 'transcription', known: [] }),
    retraction('the retraction', 'the notice', { statement: undefined }),
    notice('another notice'),
  ])
    accepted(await ledger.record(fact));
  const partyId = ARCHIVE.id;
  const when = {
    earliest: '2031-01-01T00:00:00.000Z',
    latest: null,
    zone: 'UTC',
    precision: 'bound',
    qualifier: 'exact',
    basis: 'inferred',
  };
  for (const [type, payload] of [
    ['party-registered', { partyId, name: 'Example Archive Ltd', sort: 'organisation' }],
    [
      'agreement-recorded',
      { partyId, agreementId: uuidOf('a'), sort: 'processing', counterparty: 'example-council', validFrom: when },
    ],
    ['sub-processor-engaged', { partyId, subProcessor: 'example-tapes', since: when }],
    ['organisation-profile-stated', { ...samplePayload(CATALOGUE.get('organisation-profile-stated')!) }],
    [
      'gap-opened',
      { incidentId: INCIDENT_ID, gapId: uuidOf('g'), topic: 'other', about: [uuidOf('the claim')], actor: ARCHIVE },
    ],
    ['gap-assigned', { incidentId: INCIDENT_ID, gapId: uuidOf('g'), owners: ['legal'] }],
    ['gap-closed', { incidentId: INCIDENT_ID, gapId: uuidOf('g'), answeredBy: [], reason: 'r' }],
    ['contested-question-named', { incidentId: INCIDENT_ID, questionId: uuidOf('q'), question: 'Was it lost?' }],
    [
      'stance-attributed',
      { incidentId: INCIDENT_ID, questionId: uuidOf('q'), factId: uuidOf('the claim'), stance: 'asserts' },
    ],
    [
      'stance-attributed',
      { incidentId: INCIDENT_ID, questionId: uuidOf('q'), factId: uuidOf('the claim'), stance: 'doubts' },
    ],
    [
      'stance-attributed',
      { incidentId: INCIDENT_ID, questionId: uuidOf('q'), factId: uuidOf('the claim'), stance: 'asserts' },
    ],
    ['incident-closed', { incidentId: INCIDENT_ID, reason: 'r' }],
    ['incident-reopened', { incidentId: INCIDENT_ID, reason: 'r' }],
    ['incident-closed', { incidentId: INCIDENT_ID, reason: 'r' }],
  ] as const)
    accepted(await ledger.act(type, payload));
  await ledger.shut();

  const { file, events } = await exported('.');
  expect(events.filter(({ consequence }) => consequence).map(({ type }) => type)).toEqual(['gap-opened']);
  expect(await imported(file, 'two')).toMatchObject({ status: 0, err: '' });
  expect(contents((await exported('two')).events)).toEqual(contents(events));

  // Into the ledger that it came from it brings nothing: there it is already, down to the last stance.
  expect(await imported(file, '.')).toMatchObject({
    status: 0,
    out: `Of ${events.length} rows, 0 were recorded, ${events.length} were there already, 0 were refused.\n`,
  });
  expect((await exported('.')).events).toEqual(events);
});

test('every kind of fact and every act that can be asked for goes in as it came out', async () => {
  const changed: Readonly<Record<string, object>> = {
    'fact-corrected': { corrects: uuidOf('claim-made') },
    'fact-retracted': { retracts: uuidOf('concession-made') },
    'gap-opened': { topic: 'numbers' },
  };
  const given = [ACTS.get('incident-opened')!, ...KINDS.values(), ...ACTS.values()]
    .filter((asked, index, all) => all.indexOf(asked) === index && !('command' in asked && asked.command === undefined))
    .map((asked) => {
      const payload = samplePayload(asked);
      const { occurred } = payload as { readonly occurred?: object };
      return {
        type: asked.type,
        payload: {
          ...payload,
          ...(KINDS.has(asked.type) && { factId: uuidOf(asked.type) }),
          // The states of the sample end before they begin.
          ...(occurred !== undefined && 'end' in occurred && { occurred: { ...occurred, end: null } }),
          ...changed[asked.type],
        },
      };
    });
  expect(given).toHaveLength(CATALOGUE.size - 2);
  writeFileSync(at('given.jsonl'), given.map((event) => `${JSON.stringify(event)}\n`).join(''));
  expect(await imported(at('given.jsonl'), 'one')).toMatchObject({
    status: 0,
    err: '',
    out: expect.stringContaining(`${given.length} were recorded`),
  });
  const { events } = await exported('one');
  const asked = events.filter(({ consequence }) => consequence !== true);
  expect(asked.map(({ type, payload }) => ({ type, payload }))).toEqual(given);
});

test('what was erased is refused, each text named, and the rest goes in', async () => {
  const ledger = openTestLedger(folder);
  await ledger.open();
  accepted(await ledger.record(claim('one', { actor: CARETAKER, note: 'Typed from a copy.' })));
  accepted(await ledger.record(claim('two', { reference: 'T' })));
  accepted(await ledger.record(correction('three', 'two', { actor: CARETAKER })));
  const views = ledger.views();
  await ledger.caughtUp(views);
  accepted(
    await ledger.erase(
      views,
      [...(await ledger.kids(1n)), ...(await ledger.kids(1n, `person:${CARETAKER.id}`))],
      command(),
    ),
  );
  await ledger.shut();

  const { file, events } = await exported('.');
  const { status, err } = await imported(file, 'two');
  expect(status).toBe(3);
  const erased = 'was erased: there is no text to record; write one, or leave the record out';
  expect(err.trim().split('\n')).toEqual([
    `${file}:2: refused`,
    `  actor.name: ${erased}`,
    `  statement: ${erased}`,
    `  note: ${erased}`,
    `${file}:4: refused`,
    `  actor.name: ${erased}`,
    `${file}:5: refused`,
    '  type: follows from another command and cannot be asked for by itself',
    `${file}:6: refused`,
    '  type: follows from another command and cannot be asked for by itself',
  ]);
  expect((await exported('two')).events.map(({ type }) => type)).toEqual(['incident-opened', 'claim-made']);

  // Nor does it change the ledger that it came from.
  expect(await imported(file, '.')).toMatchObject({ status: 3 });
  expect((await exported('.')).events).toEqual(events);

  // With a text of the keeper's own, or without the name, the record goes in.
  const mended = events.slice(0, 4).map((event, index) => {
    if (index !== 1 && index !== 3) return event;
    const { note: _, ...payload } = event.payload;
    return {
      ...event,
      payload: {
        ...payload,
        actor: { role: 'person', id: CARETAKER.id },
        ...(index === 1 && { statement: 'Erased on request.' }),
      },
    };
  });
  writeFileSync(at('mended.jsonl'), mended.map((event) => `${JSON.stringify(event)}\n`).join(''));
  expect(await imported(at('mended.jsonl'), 'two')).toMatchObject({
    status: 0,
    out: expect.stringContaining('2 were recorded, 2 were there already'),
  });
});

test('a ledger whose log lies in an EventStoreDB takes and gives the same', async () => {
  const double = await startEventStoreDbDouble();
  try {
    const env = { LEDGER_DATA: at('two'), EVENTSTORE_URL: double.url };
    const ledger = openTestLedger(folder);
    await ledger.open();
    for (const fact of [notice('the notice'), claim('the claim'), correction('the correction', 'the claim')])
      accepted(await ledger.record(fact));
    await ledger.shut();
    const { file, events } = await exported('.');
    const told = (words: string) => ({ status: 0, err: '', out: expect.stringContaining(words) });
    const args = ['import', '--quiet', file];
    expect(await ledgerctl([...args, '--dry-run'], env)).toMatchObject(
      told('Of 5 rows, 4 would be recorded, 1 are there already'),
    );
    expect(await ledgerctl(args, env)).toMatchObject(told('Of 5 rows, 4 were recorded, 1 were there already'));
    expect(await ledgerctl(args, env)).toMatchObject(told('Of 5 rows, 0 were recorded, 5 were there already'));
    const { out } = await ledgerctl(['export', 'events', '--quiet'], env);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Exported);
    expect(contents(lines)).toEqual(contents(events));
  } finally {
    await double.stop();
  }
});
