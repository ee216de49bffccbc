import { actBlocks, edited, guide, kindBlocks } from './add-a-fact.edits'; // before anything of ours is loaded
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, type GraphQLSchema } from 'graphql';
import { askedBy } from '@ledger/application/import/asked';
import { CATALOGUE } from '@ledger/domain/catalogue';
import { draftFact, isFaults } from '@ledger/domain/fact/draft';
import { decideOnIncident } from '@ledger/domain/incident/decide';
import { incident } from '@ledger/domain/incident/state';
import { catalogueSchemas } from '@ledger/event-store/json-schema';
import { leafHash } from '@ledger/integrity/leaf';
import { checkInput } from '../../apps/ledger/graphql/common/check-input';
import { FACT_INPUTS } from '../../apps/ledger/graphql/fact/inputs';
import { exportedEvents } from '../../apps/ledgerctl/export/events';
import { codecFor, codecWith, goldenFile, goldenIndex, recordedOf, type GoldenEvent } from '../fixtures/golden';
import { samplePayload, uuidOf } from '../fixtures/sample-payload';
import { printed, readSchema } from '../graphql/committed-schema';
import { schemaChanges } from '../graphql/schema-changes';
import { startLedger, type LedgerServer, type MutationAnswer } from '../support/ledger-server';
import { fileAbove, typeErrors } from './edited-sources';

jest.setTimeout(60_000);

/**
 * The guide, carried out: its edits are made on copies of the sources, in memory, and a ledger is started from them. What
 * is said to follow is held against it.
 */
const root = join(__dirname, '../..');

let ledger: LedgerServer;
let before: GraphQLSchema;
beforeAll(async () => {
  ledger = await startLedger();
  before = buildSchema(readSchema());
});
afterAll(() => ledger?.stop());

const INCIDENT = `inc_${randomUUID()}`;
const US = { role: 'CONTROLLER', id: 'example-council' };
const AUTHORITY = { role: 'AUTHORITY', id: 'example-authority' };
const ARCHIVE = { role: 'PROCESSOR', id: 'example-archive', name: 'Example Archive Ltd' };
const day = (local: string) => ({ zone: 'Europe/London', local });
const visit = (fields: object = {}): Record<string, unknown> => ({
  commandId: randomUUID(),
  incidentId: INCIDENT,
  reference: 'V1',
  occurred: { moment: day('2031-02-03') },
  known: [{ by: US, when: day('2031-02-04') }],
  source: { document: 'letter-9' },
  actor: AUTHORITY,
  manner: 'STATED',
  statement: 'The authority looked at the shelves.',
  visited: ARCHIVE,
  announced: 'UNANNOUNCED',
  reportNumber: 'windmill 7',
  ...fields,
});

const accepted = (answer: MutationAnswer): MutationAnswer => {
  expect(answer.issues ?? answer.code).toBeUndefined();
  return answer;
};
const ask = async (query: string) => {
  const { data, errors } = await ledger.gql(query);
  expect(errors).toBeUndefined();
  return data;
};
let position: string | undefined;
const inIncident = async (selection: string, asOf = '') =>
  (await ask(`{ ledger(consistentTo: "${position}"${asOf}) { incident(id: "${INCIDENT}") { ${selection} } } }`)).ledger
    .incident;

/** What the edits add to the committed schema. */
const added = () => Object.keys(ledger.schema.getTypeMap()).filter((name) => before.getType(name) === undefined);
const addedMutations = () => {
  const names = (schema: GraphQLSchema) => Object.keys(schema.getMutationType()?.getFields() ?? {});
  return names(ledger.schema).filter((name) => !names(before).includes(name));
};

describe('the guide', () => {
  test('names files and folders that are there', () => {
    const named = [...guide.matchAll(/`((?:libs|apps|test|docs)\/[^`\s]+)`/g)].map(([, path]) => path as string);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const models = [
      'libs/domain/as-of/notices.ts',
      'apps/ledger/graphql/analysis/groups.ts',
      'libs/projections/ledger-views.ts',
    ];
    expect(models.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...guide.matchAll(/npm (?:run )?(\w+)/g)].map(([, name]) => name as string);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  test('edits one file for a kind of fact and four for an act, and the compiler has nothing to say', () => {
    expect(kindBlocks.map(fileAbove)).toEqual(['libs/domain/fact/kinds.ts']);
    expect(actBlocks.map(fileAbove)).toEqual([
      'libs/domain/incident/acts.ts',
      'libs/domain/incident/decide.ts',
      'libs/domain/incident/state.ts',
      'libs/domain/as-of/record.ts',
    ]);
    expect(typeErrors(edited)).toEqual([]);
  });

  test('names tests that go through all kinds and acts', () => {
    const files = [
      'test/fixtures/golden.spec.ts',
      'test/fixtures/catalogue.spec.ts',
      'test/graphql/schema.spec.ts',
      'libs/event-store/codec.spec.ts',
      'libs/domain/fact/draft.spec.ts',
      'libs/domain/schema/protected-fields.spec.ts',
      'libs/domain/incident/decide.spec.ts',
    ];
    const all = /\b(CATALOGUE|KINDS|INCIDENT_ACTS)\b/;
    expect(files.filter((file) => !all.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});

describe('what `npm run fixtures` would write', () => {
  const committed = JSON.parse(readFileSync(join(root, 'docs/event-catalogue.schema.json'), 'utf8')) as {
    $defs: Record<string, object>;
  };

  test('is a golden event for each of the two, and nothing else', () => {
    const missing = [...CATALOGUE.values()].map(goldenFile).filter((name) => !(name in goldenIndex()));
    expect(missing.sort()).toEqual(['gap-reopened.v1.json', 'site-visited.v1.json']);
  });

  test('is an entry of the catalogue for each, with the list of its own, and leaves all others as they are', () => {
    const { $defs } = JSON.parse(JSON.stringify(catalogueSchemas(CATALOGUE))) as typeof committed;
    const { 'site-visited/1': kind, 'gap-reopened/1': act, Announcement: list, ...others } = $defs;
    expect([kind, act, list].every((one) => one !== undefined)).toBe(true);
    expect(others).toEqual(committed.$defs);
    expect(kind).toMatchObject({ description: expect.stringMatching(/Art\. 58\(1\)\(f\)/) });
  });

  test.each(['site-visited', 'gap-reopened'])(
    'reads back: the golden event of %s, with and without its keys',
    (type) => {
      const definition = CATALOGUE.get(type);
      if (definition === undefined) throw new Error(`${type} is not in the catalogue`);
      const payload = samplePayload(definition);
      const key = Buffer.alloc(32, 7);
      const subjects: string[] = [];
      const keyOf = (subject = '') => ({ kid: `k_${subjects.push(subject)}`, key });
      const envelope = {
        id: uuidOf('an event'),
        stream: `incident-${uuidOf('an incident')}`,
        recordedAt: '2031-02-03T04:05:06.789Z',
        commandId: uuidOf('a command'),
        correlationId: uuidOf('a request'),
        causationId: uuidOf('a command'),
        recordedBy: uuidOf('a user'),
      };
      const { data, meta } = codecWith(() => 'missing').encode({ type, payload }, envelope, keyOf);
      const event = {
        id: envelope.id,
        stream: envelope.stream,
        type,
        revision: '0',
        data: text(data),
        meta: text(meta),
      };
      const keys = Object.fromEntries(subjects.map((_, index) => [`k_${index + 1}`, key.toString('base64url')]));
      const golden = { event, keys, payload, leaf: '' } as GoldenEvent;
      expect(codecFor(golden).decode(recordedOf(golden))).toMatchObject({ readable: true, payload });
      expect(leafHash(recordedOf(golden))).toHaveLength(32);
      const erased = codecWith(() => 'destroyed').decode(recordedOf(golden));
      expect(JSON.stringify(erased.readable && erased.payload)).toContain('{"hidden":"erased"}');
      const ajv = new Ajv2020({ strict: true }).addVocabulary(['x-protected']);
      ajv.addSchema(catalogueSchemas(CATALOGUE), 'catalogue');
      expect(ajv.getSchema(`catalogue#/$defs/${type}~11`)?.(payload)).toBe(true);
    },
  );
});

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('what `npm run schema` would write', () => {
  test('has these types and mutations more, and breaks nothing', () => {
    expect(added().sort()).toEqual([
      'Announcement',
      'GapReopened',
      'RecordSiteVisitInput',
      'RecordSiteVisitResult',
      'ReopenGapInput',
      'ReopenGapResult',
      'SiteVisitRecorded',
      'SiteVisited',
    ]);
    expect(addedMutations().sort()).toEqual(['recordSiteVisit', 'reopenGap']);
    const { breaking, dangerous } = schemaChanges(readSchema(), printed(ledger.schema));
    expect(breaking).toEqual([]);
    expect(dangerous).toContain('VALUE_ADDED_TO_ENUM: SITE_VISITED was added to enum type EntryKind.');
  });

  test('describes all of it in sentences', () => {
    const undescribed = added().flatMap((name) => {
      const type = ledger.schema.getType(name);
      const own = isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
      const values = isEnumType(type) ? type.getValues() : [];
      return [{ name, description: type?.description }, ...own, ...values]
        .filter(({ description }) => !/\S.*[.?!`)]$/s.test(description ?? ''))
        .map((one) => `${name}.${one.name}`);
    });
    expect(undescribed).toEqual([]);
  });

  test('takes the input that the guide names and answers with the result that it names', () => {
    const mutations = ledger.schema.getMutationType()?.getFields() ?? {};
    for (const [, name = '', input = ''] of guide.matchAll(/`(\w+)\(input: (\w+!)\)`/g))
      expect([name, String(mutations[name]?.args[0]?.type)]).toEqual([name, input]);
    expect(String(mutations['recordSiteVisit']?.type)).toBe('RecordSiteVisitResult!');
    expect(String(mutations['reopenGap']?.type)).toBe('ReopenGapResult!');
  });
});

describe('the visit of the regulator', () => {
  beforeAll(async () => {
    accepted(
      await ledger.send('openIncident', {
        commandId: randomUUID(),
        incidentId: INCIDENT,
        reference: 'EX-2031-007',
        title: 'Lost tapes',
        controller: US,
        zone: 'Europe/London',
      }),
    );
  });

  test('is recorded, answered as SiteVisitRecorded, and shown as SiteVisited', async () => {
    const input = visit();
    const { data, errors } = await ledger.gql(
      `mutation ($input: RecordSiteVisitInput!) { recordSiteVisit(input: $input) { __typename ... on SiteVisitRecorded { position
        entry { __typename kind actor { ref } visited { ref name { value } } announced reportNumber { value } } } } }`,
      { input },
    );
    expect(errors).toBeUndefined();
    expect(data.recordSiteVisit).toEqual({
      __typename: 'SiteVisitRecorded',
      position: expect.any(String),
      entry: {
        __typename: 'SiteVisited',
        kind: 'SITE_VISITED',
        actor: { ref: 'authority:example-authority' },
        visited: { ref: 'processor:example-archive', name: { value: 'Example Archive Ltd' } },
        announced: 'UNANNOUNCED',
        reportNumber: { value: 'windmill 7' },
      },
    });
    position = data.recordSiteVisit.position;
    expect(await ledger.send('recordSiteVisit', input)).toMatchObject({ replayed: true });
  });

  const WRONG = { visited: { role: 'PERSON', id: 'jane-doe' }, reportNumber: 'x'.repeat(201) };

  test('that is not well-formed is refused, with each bad field and why', async () => {
    const { __typename, issues } = await ledger.send('recordSiteVisit', visit(WRONG));
    expect(__typename).toBe('InvalidInput');
    expect(issues?.map(({ path, code }) => [path.join('.'), code]).sort()).toEqual([
      ['reportNumber', 'TOO_LONG'],
      ['visited.id', 'INVALID'],
    ]);
  });

  test('is checked by its input class, and by the domain on its own', () => {
    const type = FACT_INPUTS.get('site-visited');
    if (type === undefined) throw new Error('there is no input type');
    expect(checkInput(type, visit(WRONG)).map(({ path }) => path.join('.'))).toEqual(['reportNumber']);
    const drafted = draftFact('site-visited', { ...visit(WRONG), announced: 'perhaps' });
    if (!isFaults(drafted)) throw new Error('it was taken');
    const refused = drafted.map(({ path }) => path.join('.'));
    expect(refused).toEqual(expect.arrayContaining(['reportNumber', 'announced']));
  });

  test('of which a field is missing, or a value unknown, never reaches the domain', async () => {
    const { visited: _, ...missing } = visit();
    for (const [input, path] of [
      [missing, 'visited'],
      [visit({ announced: 'PERHAPS' }), 'announced'],
    ] as const)
      await expect(ledger.send('recordSiteVisit', input)).rejects.toThrow(path);
  });

  test('lies in the log with its choice in clear, its number under its own key, the name under that of the visited', async () => {
    const event = (await ledger.resources.store.readAll({ limit: 100 })).find(({ type }) => type === 'site-visited');
    if (event === undefined) throw new Error('it is not in the log');
    const stored = text(event.data);
    expect(JSON.parse(stored)).toMatchObject({
      announced: 'unannounced',
      visited: { role: 'processor', id: 'example-archive' },
    });
    for (const hidden of ['windmill', 'Example Archive Ltd', 'looked at the shelves'])
      expect(stored).not.toContain(hidden);
    const { _enc } = JSON.parse(stored) as { _enc: { kid: string; fields: string[] }[] };
    const under = new Map(_enc.map(({ kid, fields }) => [kid, fields]));
    const decoded = ledger.resources.codec.decode(event);
    if (!decoded.readable) throw new Error('it cannot be read');
    const fieldsOf = (subject: string | undefined) =>
      decoded.keys.filter((use) => use.subject === subject).flatMap(({ kid }) => under.get(kid) ?? []);
    expect(fieldsOf(undefined)).toEqual(expect.arrayContaining(['/statement', '/reportNumber']));
    expect(fieldsOf('processor:example-archive')).toEqual(['/visited/name']);
  });

  const seen = async (filter: string) => {
    const { timeline } = await inIncident(
      `timeline(filter: { ${filter} }) { edges { node { ... on Fact { reference } } } }`,
    );
    return timeline.edges.map(({ node }: any) => node.reference);
  };

  test('is found by its kind, by words of its own fields, and by whom it names', async () => {
    expect(await seen('kinds: [SITE_VISITED]')).toEqual(['V1']);
    expect(await seen('text: "windmill"')).toEqual(['V1']);
    expect(await seen('involving: ["processor:example-archive"]')).toEqual(['V1']);
    expect(await seen('kinds: [CLAIM_MADE]')).toEqual([]);
  });

  test('is counted by its kind', async () => {
    const { counts } = await inIncident('counts(by: [KIND]) { edges { node { keys assertions { certain } } } }');
    expect(counts.edges).toContainEqual({ node: { keys: ['SITE_VISITED'], assertions: { certain: 1 } } });
  });

  test('has a line on the timeline, in words, and among the kinds its title', async () => {
    const { timeline } = await inIncident(
      'timeline { edges { certainty standing inForce { occurred { display } statement { value } } node { kind } } }',
    );
    expect(timeline.edges).toContainEqual({
      certainty: 'CERTAIN',
      standing: 'UNCONTESTED',
      inForce: { occurred: { display: '3 Feb 2031' }, statement: { value: 'The authority looked at the shelves.' } },
      node: { kind: 'SITE_VISITED' },
    });
    const kinds = ledger.schema.getType('EntryKind');
    if (!isEnumType(kinds)) throw new Error('EntryKind is no enum');
    expect(kinds.getValue('SITE_VISITED')?.description).toMatch(/^Visit on site\. /);
  });

  test('puts the visited among the processors, and is among the facts of the authority', async () => {
    const { processors, authorities } = await inIncident(
      `processors { edges { node { actor { ref } } } }
       authorities { edges { node { authority { ref } facts { edges { node { ... on Fact { reference } } } } } } }`,
    );
    expect(processors.edges).toEqual([{ node: { actor: { ref: 'processor:example-archive' } } }]);
    expect(authorities.edges).toEqual([
      {
        node: { authority: { ref: 'authority:example-authority' }, facts: { edges: [{ node: { reference: 'V1' } }] } },
      },
    ]);
  });

  test('is exported in clear, and an import takes it by any of its names', async () => {
    const { store, codec } = ledger.resources;
    const exported = [];
    for await (const event of exportedEvents(store, codec)) exported.push(event);
    expect(exported.find(({ type }) => type === 'site-visited')?.payload).toMatchObject({
      announced: 'unannounced',
      reportNumber: 'windmill 7',
      visited: { role: 'processor', id: 'example-archive', name: 'Example Archive Ltd' },
    });
    for (const name of ['site-visited', 'SiteVisited', 'site-visit', 'record-site-visit'])
      expect(askedBy(name)?.type).toBe('site-visited');
  });

  test('can be corrected and retracted, and every earlier view shows it as it was', async () => {
    const { timeline } = await inIncident(
      'timeline(filter: { references: ["V1"] }) { edges { node { id sequence } } }',
    );
    const [{ id, sequence }] = timeline.edges.map(({ node }: any) => node);
    const { visited: _, announced: __, reportNumber: ___, ...common } = visit({ reference: 'V2' });
    position = accepted(
      await ledger.send('correctFact', {
        ...common,
        corrects: id,
        nature: 'SUBSTANCE',
        statement: 'The authority looked at two shelves.',
        reason: 'A later letter.',
      }),
    ).position;
    const account = async (asOf = '') => {
      const { ledger: view } = await ask(
        `{ ledger(consistentTo: "${position}"${asOf}) { history(factId: "${id}") { fact { standing inForce { statement { value } } } } } }`,
      );
      return view.history.fact;
    };
    const BEFORE = {
      standing: 'UNCONTESTED',
      inForce: { statement: { value: 'The authority looked at the shelves.' } },
    };
    expect(await account()).toMatchObject({ standing: 'CORRECTED', inForce: { statement: { value: /two/ } } });
    expect(await account(`, asOf: { sequence: "${sequence}" }`)).toEqual(BEFORE);
    position = accepted(
      await ledger.send('retractFact', {
        ...common,
        commandId: randomUUID(),
        reference: 'V3',
        retracts: id,
        reason: 'A rumour.',
      }),
    ).position;
    expect(await account()).toMatchObject({ standing: 'RETRACTED' });
    expect(await account(`, asOf: { sequence: "${sequence}" }`)).toEqual(BEFORE);
  });
});

describe('the gap that was opened again', () => {
  const gapId = `gap_${randomUUID()}`;
  const on = (fields: object = {}) => ({ commandId: randomUUID(), incidentId: INCIDENT, gapId, ...fields });
  const REASON = 'It was the number of another windmill.';
  const stateAt = async (asOf = '') => {
    const { gaps } = await inIncident('gaps { edges { state } }', asOf);
    return gaps.edges.map(({ state }: any) => state);
  };
  const head = async () => (await ask('{ ledger { resolved { sequence } } }')).ledger.resolved.sequence as string;
  const sent = async (mutation: string, fields?: object) => {
    const answer = accepted(await ledger.send(mutation, on(fields)));
    position = answer.position;
    await inIncident('status');
    return answer;
  };

  test('is open, closed and open again, each as of its moment, and can be given to somebody and closed again', async () => {
    await sent('openGap', { topic: 'NUMBERS', missing: 'How many tapes.' });
    await sent('closeGap', { reason: 'The report says.' });
    const closed = await head();
    expect(await sent('reopenGap', { reason: REASON })).toMatchObject({ __typename: 'GapReopened', replayed: false });
    expect(await stateAt()).toEqual(['OPEN']);
    expect(await stateAt(`, asOf: { sequence: "${closed}" }`)).toEqual(['CLOSED']);
    await sent('assignGap', { owners: ['it'] });
    await sent('closeGap', { reason: 'The second report says.' });
    expect(await stateAt()).toEqual(['CLOSED']);
  });

  test('that is open already is not opened again, and one that is not on record is refused', async () => {
    await sent('reopenGap', { reason: REASON });
    const before = await head();
    await sent('reopenGap', { reason: 'Once more.' });
    expect(await head()).toBe(before);
    expect(await ledger.send('reopenGap', on({ gapId: `gap_${randomUUID()}`, reason: REASON }))).toMatchObject({
      code: 'GAP_NOT_FOUND',
      path: ['gapId'],
    });
  });

  test('says why in the log under a key of its own, and a reason that is none is refused', async () => {
    const events = (await ledger.resources.store.readAll({ limit: 100 })).filter(({ type }) => type === 'gap-reopened');
    expect(events).toHaveLength(2);
    for (const event of events) {
      expect(text(event.data)).not.toContain('windmill');
      const decoded = ledger.resources.codec.decode(event);
      if (!decoded.readable) throw new Error('it cannot be read');
      expect(decoded.payload).toMatchObject({ reason: REASON });
      expect(decoded.keys).toEqual([{ kid: expect.any(String), subject: undefined }]);
    }
    const { issues } = await ledger.send('reopenGap', on({ reason: 'x'.repeat(2001) }));
    expect(issues?.map(({ path }) => path.join('.'))).toEqual(['reason']);
  });

  test('of a record that nobody opened is refused, as every act is', async () => {
    const answer = await ledger.send('reopenGap', on({ incidentId: `inc_${randomUUID()}`, reason: REASON }));
    expect(answer).toMatchObject({ code: 'INCIDENT_NOT_FOUND', path: ['incidentId'] });
  });

  test('an act without a rule of its own needs an open record and no line', () => {
    const opened = incident.evolve(incident.initial(), { type: 'incident-opened', payload: {} });
    const act = { type: 'incident-renamed', payload: { title: 'Lost and found tapes' } };
    expect(decideOnIncident(act, opened)).toEqual([act]);
    expect(decideOnIncident(act, incident.initial())).toMatchObject({ code: 'incident-not-found' });
  });
});
