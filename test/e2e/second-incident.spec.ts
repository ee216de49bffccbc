import {
  isInputObjectType,
  isNonNullType,
  Kind,
  parse,
  print,
  valueFromASTUntyped,
  visit,
  type FieldNode,
} from 'graphql';
import { blocksOf, readGuide } from '../guides/guide';
import { startLedger, type LedgerServer, type MutationAnswer } from '../support/ledger-server';

/**
 * A second incident, entered with the mutations of the guide and nothing else, in its order. Commands are sent on the
 * evening of the day that heads their section, one a minute.
 */
const GUIDE = 'record-an-incident.md';
const guide = readGuide(GUIDE);
const blocks = blocksOf(guide).filter(({ code }) => code.startsWith('mutation'));

const INCIDENT = 'inc_e1a00000-0000-4000-8000-000000002025';
const PRIOR = 'inc_e1a00000-0000-4000-8000-000000002023';
const factId = (reference: string) => `fact_fa000000-0000-4000-8000-${reference.replace('E', '').padStart(12, '0')}`;

type Input = Readonly<Record<string, any>>;
interface Command {
  /** `27. A correction: correctFact`. */
  readonly name: string;
  readonly section: string;
  readonly mutation: string;
  readonly input: Input;
}

/** A document with each command's whole answer selected, whatever the guide selects. */
const withAnswers = (document: string): string => {
  const [answer] = parse(`{ __typename ... on Recorded { position revision replayed }
    ... on ErrorResult { code message } ... on InvalidInput { issues { path code message } } }`).definitions;
  if (answer?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no selection');
  return print(
    visit(parse(document), {
      Field: (node: FieldNode) =>
        inputOf(node) === undefined ? undefined : { ...node, selectionSet: answer.selectionSet },
    }),
  );
};
const inputOf = (node: FieldNode): Input | undefined => {
  const input = node.arguments?.find(({ name }) => name.value === 'input');
  return input && (valueFromASTUntyped(input.value) as Input);
};

const commands: readonly Command[] = blocks.flatMap(({ section, step, code }) => {
  const found: Command[] = [];
  visit(parse(code), {
    Field(node) {
      const input = inputOf(node);
      const mutation = node.name.value;
      if (input !== undefined)
        found.push({ name: `${step}: ${node.alias?.value ?? mutation}`, section, mutation, input });
    },
  });
  return found;
});
const facts = commands.filter(({ input }) => 'occurred' in input);
const sent = (reference: string): Input => facts.find(({ input }) => input['reference'] === reference)?.input ?? {};

/** As of the evening of a section: everything recorded up to its end, and nothing after. */
const DAYS = [...new Set(blocks.map(({ section }) => section))];
const dayOf = (section: string): number => Date.parse(`${/^(\d+ \w+ \d+):/.exec(section)?.[1]} 20:00 UTC`);
const endOf = (day: string): string => {
  const section = DAYS.find((one) => one.startsWith(`${day} 2025:`));
  if (section === undefined) throw new Error(`there is no section of ${day}`);
  return new Date(dayOf(section) + 3 * 3_600_000).toISOString();
};

let ledger: LedgerServer;
/** What each command was answered the first and the second time, and how much the log grew by sending it again. */
const answers = new Map<
  string,
  { readonly first: MutationAnswer; readonly again: MutationAnswer; readonly grew: number }
>();

const eventsInLog = async () => (await ledger.resources.store.readAll({ limit: 10_000 })).length;

beforeAll(async () => {
  let clock = 0;
  ledger = await startLedger({ now: () => new Date(clock) });
  for (const { section, step, code } of blocks) {
    clock = Math.max(clock + 60_000, dayOf(section));
    const first = await ledger.gql<Record<string, MutationAnswer>>(code);
    if (first.errors !== undefined) throw new Error(`${step}: ${JSON.stringify(first.errors)}`);
    const before = await eventsInLog();
    const again = await ledger.gql<Record<string, MutationAnswer>>(withAnswers(code));
    const grew = (await eventsInLog()) - before;
    for (const [name, answer] of Object.entries(first.data))
      answers.set(`${step}: ${name}`, { first: answer, again: again.data[name] as MutationAnswer, grew });
  }
  const last = (await ledger.resources.store.readAll({ limit: 10_000 })).at(-1);
  if (last === undefined || !(await ledger.resources.views.reached(last.position, 10_000)))
    throw new Error('the views did not reach the second incident');
}, 120_000);
afterAll(() => ledger?.stop());

const ask = async <T = any>(query: string): Promise<T> => {
  const { data, errors } = await ledger.gql<T>(query);
  expect(errors).toBeUndefined();
  return data;
};
/** The incident under a moment; `moment` as `asOf` takes it. */
const incident = async (selection: string, moment = '', id = INCIDENT) => {
  const asOf = moment === '' ? '' : `(asOf: { ${moment} })`;
  return (await ask(`{ ledger${asOf} { incident(id: "${id}") { ${selection} } } }`)).ledger.incident;
};
const recorded = (instant: string) => `recorded: "${instant}"`;
const known = (at: string, by?: string) => `known: { at: "${at}"${by === undefined ? '' : `, by: "${by}"`} }`;

const REFERENCE = '... on Fact { reference }';
const of = (edges: readonly any[]): string[] => edges.map(({ node }) => node.reference);
const nodes = (connection: { readonly edges: readonly any[] }): any[] => connection.edges.map(({ node }) => node);
/** References by one property of their edges. */
const by = (edges: readonly any[], property: string, value: unknown): string[] =>
  of(edges.filter((edge) => edge[property] === value)).sort();

describe('the guide', () => {
  test('is in order of recording, and every section says on which day its commands were sent', () => {
    const days = DAYS.map(dayOf);
    expect(days.every(Number.isFinite)).toBe(true);
    expect(days).toEqual([...days].sort((a, b) => a - b));
  });

  test('uses each command id and each fact id once', () => {
    for (const used of [commands.map(({ input }) => input['commandId']), facts.map(({ input }) => input['factId'])])
      expect(new Set(used).size).toBe(used.length);
  });

  test('names other commands that there are', () => {
    const [, others = ''] = guide.split('Other commands');
    const named = [...others.matchAll(/`([a-z]\w+)`/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    const mutations = Object.keys(ledger.schema.getMutationType()?.getFields() ?? {});
    expect(mutations).toEqual(expect.arrayContaining(named));
  });

  test.each(commands.map(({ name }) => name))('%s is accepted, and sent twice has one effect', (name) => {
    const { first, again, grew } = answers.get(name) ?? {};
    expect(first).toEqual({ __typename: expect.any(String) }); // an error would bring its code and message
    expect(again).toMatchObject({ __typename: first?.__typename, replayed: true });
    expect(grew).toBe(0);
  });

  test('shows imprecise times of every sort: a part of a day, an interval, one bound, a month, a year, about, a state', () => {
    const text = JSON.stringify(commands.map(({ input }) => input));
    for (const sort of [/"precision":"PART_OF_DAY"/, /"precision":"INTERVAL"/, /"qualifier":"APPROXIMATE"/, /"state":/])
      expect(text).toMatch(sort);
    for (const local of ['2025-06', '2023', '2025-04-02T16']) expect(text).toContain(`"local":"${local}"`);
    for (const only of ['earliest', 'latest'])
      expect(text).toMatch(new RegExp(`"zone":"Europe/London","${only}":"[^"]+","basis"`));
  });
});

describe('the timeline', () => {
  test('holds every fact of the guide as it was sent: who, whence, how, and in which words', async () => {
    const { timeline } = await incident(`timeline(first: 100) { edges { node { id ... on Fact {
      reference statement { value } manner actor { ref } via { ref } source { document } } } } }`);
    const ref = ({ role, id }: Input) => `${String(role).toLowerCase().replaceAll('_', '-')}:${id}`;
    const asSent = facts.map(({ input }) => ({
      id: input['factId'],
      reference: input['reference'],
      statement: { value: input['statement'] },
      manner: input['manner'],
      actor: { ref: ref(input['actor']) },
      via: (input['via'] ?? []).map((actor: Input) => ({ ref: ref(actor) })),
      source: { document: input['source'].document },
    }));
    const byReference = (a: any, b: any) => (a.reference < b.reference ? -1 : 1);
    expect(nodes(timeline).sort(byReference)).toEqual([...asSent].sort(byReference));
  });

  test('is in order of occurrence: a year before its months, a day before its minutes', async () => {
    const { timeline } = await incident(
      `timeline(first: 100, orderBy: { field: OCCURRED }) { edges { inForce { occurred { when { earliest latest } start { earliest latest } } } node { ${REFERENCE} } } }`,
    );
    const bounds = timeline.edges.map(({ inForce: { occurred } }: any) => occurred.when ?? occurred.start);
    const key = ({ earliest, latest }: any) => `${earliest ?? ''} ${latest ?? '~'}`;
    expect(bounds.map(key)).toEqual(bounds.map(key).sort());
    const order = of(timeline.edges);
    expect(order[0]).toBe('E39');
    expect(order.indexOf('E29')).toBeLessThan(order.indexOf('E01'));
    expect(order.at(-1)).toBe('E40');
  });

  test('puts times into words that are no finer than they were given', async () => {
    const { timeline } = await incident(
      `timeline(first: 100) { edges { node { ... on Fact { reference occurred { display when { precision } } } } } }`,
    );
    const words = new Map<string, any>(nodes(timeline).map(({ reference, occurred }) => [reference, occurred]));
    expect(words.get('E01').display).toBe('16:50 on 28 Mar 2025');
    expect(words.get('E02').display).toBe('25 Mar 18:00 – 26 Mar 2025 08:00');
    expect(words.get('E05').display).toBe('31 Mar 2025');
    expect(words.get('E11').display).toBe('about 31 Mar 2025, 14:00–15:00');
    expect(words.get('E34').display).toBe('start on or after 26 Mar 2025; observed 6 May 2025; no end on record');
    expect(words.get('E37').display).toBe('Jun 2025');
    expect(words.get('E39').display).toBe('2023');
    for (const { display, when } of words.values())
      if (['DAY', 'MONTH', 'YEAR'].includes(when?.precision)) expect(display).not.toMatch(/\d\d:\d\d/);
  });

  test('says of each fact whether it was recorded within a day of being known', async () => {
    const { timeline } = await incident(
      `timeline(first: 100) { edges { recordingLag { moreThanOneDay } node { ${REFERENCE} } } }`,
    );
    const lag = new Map(
      timeline.edges.map(({ recordingLag, node }: any) => [node.reference, recordingLag.moreThanOneDay]),
    );
    expect(lag.get('E16')).toBe('REFUTED'); // sent and recorded that day
    expect(lag.get('E12')).toBe('SHOWN'); // recorded two days later
    expect(lag.get('E28')).toBe('NOT_SHOWN'); // known at some hour of the day before
  });

  test('keeps what was retracted, as that, with the reason', async () => {
    const { timeline } = await incident(
      `timeline(filter: { standing: [RETRACTED] }) { edges { retractedBy { ... on FactRetracted { reference reason { value } } } node { ... on Fact { reference actor { ref name { value } } } } } }`,
    );
    expect(timeline.edges).toEqual([
      {
        retractedBy: { reference: 'E32', reason: { value: sent('E32')['reason'] } },
        node: {
          reference: 'E31',
          actor: { ref: `person:${sent('E31')['actor'].id}`, name: { value: sent('E31')['actor'].name } },
        },
      },
    ]);
  });

  test('finds a word that stands only in the reasons of a decision', async () => {
    const { timeline } = await incident(`timeline(filter: { text: "mailbox" }) { edges { node { ${REFERENCE} } } }`);
    expect(of(timeline.edges)).toEqual(['E24']);
  });
});

describe('the organisation and its processors', () => {
  const agreementsAt = async (instant: string) => {
    const { processors } = await incident(
      `processors { edges { node { actor { ref } party { agreements(inForceAt: "${instant}") { localId inForce noticeClause { hours days from } } } } } }`,
    );
    return nodes(processors).find(({ actor }) => actor.ref === 'processor:example-cloud-archive').party.agreements;
  };
  const [earlier, current] = commands
    .filter(({ mutation }) => mutation === 'recordAgreement')
    .map(({ input }) => input['agreementId'] as string);

  test('the profile of the day of the notice is on record, and there is none of a time before it', async () => {
    const { ledger: view } = await ask(
      `{ ledger { organisation(at: "2025-03-28T16:50:00Z") { name { value } size publicAuthority } before: organisation(at: "2023-01-01T00:00:00Z") { size } } }`,
    );
    expect(view).toEqual({
      organisation: { name: { value: 'Example Housing Association' }, size: 'LARGE', publicAuthority: 'NO' },
      before: null,
    });
  });

  test('when the notice was delivered, the agreement with the clause was in force, and only that', async () => {
    expect(await agreementsAt('2025-03-28T16:50:00Z')).toEqual([
      { localId: current, inForce: 'CERTAIN', noticeClause: { hours: 24, days: null, from: 'AWARENESS' } },
    ]);
  });

  test('two years before, the earlier one was, which had no clause', async () => {
    expect(await agreementsAt('2023-03-28T16:50:00Z')).toEqual([
      { localId: earlier, inForce: 'CERTAIN', noticeClause: null },
    ]);
  });

  test('to the end of its last day the earlier one was in force, and from the beginning of the next day the other', async () => {
    expect(await agreementsAt('2024-03-31T12:00:00Z')).toEqual([
      { localId: earlier, inForce: 'CERTAIN', noticeClause: null },
    ]);
    expect(await agreementsAt('2024-03-31T23:00:00Z')).toMatchObject([{ localId: current, inForce: 'CERTAIN' }]);
  });

  test('the processor is one at which the incident happened, with its chain and whom to call; the sub-processor is another', async () => {
    const { processors } = await incident(
      `processors { edges { node { actor { ref name { value } } incidentsOnRecord priorIncidents
        party { subProcessors { localId name { value } since { display } } contactPoints { purpose contact { details { value } } } } } } }`,
    );
    expect(nodes(processors)).toEqual([
      {
        actor: { ref: 'processor:example-cloud-archive', name: { value: 'Example Cloud Archive Ltd' } },
        incidentsOnRecord: 1,
        priorIncidents: 1,
        party: {
          subProcessors: [
            {
              localId: 'example-tape-works',
              name: { value: 'Example Tape Works Ltd' },
              since: { display: 'about 2022' },
            },
          ],
          contactPoints: [{ purpose: 'INCIDENTS', contact: { details: { value: 'incidents@archive.example' } } }],
        },
      },
      {
        actor: { ref: 'sub-processor:example-tape-works', name: { value: 'Example Tape Works Ltd' } },
        incidentsOnRecord: 0,
        priorIncidents: 0,
        party: { subProcessors: [], contactPoints: [] },
      },
    ]);
  });

  test('who takes part, in which role and on whose behalf, are facts', async () => {
    const { timeline } = await incident(
      `timeline(filter: { kinds: [PARTY_JOINED] }) { edges { node { ... on PartyJoined { party { ref name { value } } engagedBy { ref } } } } }`,
    );
    expect(nodes(timeline)).toEqual(
      expect.arrayContaining([
        {
          party: { ref: 'expert:example-forensics', name: { value: 'Example Forensics LLP' } },
          engagedBy: { ref: 'controller:example-housing' },
        },
        { party: { ref: 'insurer:example-mutual', name: { value: 'Example Mutual Insurance' } }, engagedBy: null },
      ]),
    );
  });
});

describe('the notices', () => {
  test('there are two: what was typed in again from a ticket is no third one', async () => {
    const { notices } = await incident(`notices { edges { node { fact { node { ${REFERENCE} } } } } }`);
    expect(of(nodes(notices).map(({ fact }) => fact))).toEqual(['E01', 'E20']);
  });

  test('before the duplicate was linked there were three', async () => {
    const ticket = `timeline(filter: { references: ["E29"] }) { edges { assertedBefore { ${REFERENCE} } node { sequence } } }`;
    const [now] = (await incident(ticket)).timeline.edges;
    expect(now.assertedBefore).toEqual({ reference: 'E01' });
    const then = await incident(
      `${ticket} notices { edges { node { fact { node { ${REFERENCE} } } } } }`,
      `sequence: "${now.node.sequence}"`,
    );
    expect(then.timeline.edges).toEqual([{ ...now, assertedBefore: null }]);
    expect(of(nodes(then.notices).map(({ fact }) => fact))).toEqual(['E01', 'E20', 'E29']);
  });

  test('the second says what it adds to the first, topic by topic and sentence by sentence', async () => {
    const { notices } = await incident(
      `notices { edges { node { followsUp { node { ${REFERENCE} } } difference { nowCovered stillMissing missingAnew nowStated { value } } } } }`,
    );
    const [before, after] = [sent('E01'), sent('E20')];
    const added = after['stated'].filter((said: string) => !before['stated'].includes(said));
    expect(added).toHaveLength(2);
    expect(nodes(notices)).toEqual([
      { followsUp: null, difference: null },
      {
        followsUp: { node: { reference: 'E01' } },
        difference: {
          nowCovered: ['PROCESSOR_AWARENESS', 'DATA_CATEGORIES', 'MEASURES'],
          stillMissing: ['NUMBERS', 'CONSEQUENCES'],
          missingAnew: [],
          nowStated: added.map((value: string) => ({ value })),
        },
      },
    ]);
  });

  test('from when the processor knew to its notice it was more than two days, and never a point in time', async () => {
    const { interval } = await incident(
      `interval(from: "${factId('E21')}", to: "${factId('E01')}") { inOrder duration { minSeconds maxSeconds } }`,
    );
    const hour = 3600;
    expect(interval.inOrder).toBe('SHOWN');
    // From 07:00–08:00 on Wednesday to 16:50 on Friday.
    expect(interval.duration).toEqual({ minSeconds: 56 * hour + 50 * 60, maxSeconds: 57 * hour + 51 * 60 });
  });
});

describe('who knew what', () => {
  const knewOf = async (reference: string, by: string, at: string) => {
    const { timeline } = await incident(
      `timeline(filter: { references: ["${reference}"] }) { edges { certainty } }`,
      known(at, by),
    );
    return timeline.edges[0]?.certainty ?? 'NO';
  };
  const FRIDAY_EVENING = '2025-03-28T20:00:00Z';
  const MONDAY_NOON = '2025-03-31T12:00:00+01:00';
  const TUESDAY_EVENING = '2025-04-01T20:00:00+01:00';
  const KNOWERS = {
    processor: 'processor:example-cloud-archive',
    desk: 'controller:example-housing.service-desk',
    officer: 'controller:example-housing.dpo',
    board: 'controller:example-housing.board',
  };

  test.each([
    ['on Friday evening the processor alone', FRIDAY_EVENING, ['CERTAIN', 'NO', 'NO', 'NO']],
    ['on Monday at noon the desk and the officer too', MONDAY_NOON, ['CERTAIN', 'CERTAIN', 'CERTAIN', 'NO']],
    ['during the meeting perhaps the board', TUESDAY_EVENING, ['CERTAIN', 'CERTAIN', 'CERTAIN', 'POSSIBLE']],
  ])('of the notice: %s', async (_, at, expected) => {
    const found = [];
    for (const knower of Object.values(KNOWERS)) found.push(await knewOf('E01', knower, at));
    expect(found).toEqual(expected);
  });

  test('the public knew nothing before the newspaper, perhaps its article that morning, and certainly at noon', async () => {
    const publicly = async (at: string) => {
      const { timeline } = await incident(
        `timeline(first: 100) { edges { certainty node { ${REFERENCE} } } }`,
        known(at, 'public:public'),
      );
      return {
        certain: by(timeline.edges, 'certainty', 'CERTAIN'),
        possible: by(timeline.edges, 'certainty', 'POSSIBLE'),
      };
    };
    expect(await publicly('2025-04-02T20:00:00+01:00')).toEqual({ certain: [], possible: [] });
    expect(await publicly('2025-04-03T08:00:00+01:00')).toEqual({ certain: [], possible: ['E14', 'E27'] });
    expect(await publicly('2025-04-03T12:00:00+01:00')).toEqual({ certain: ['E14', 'E27'], possible: [] });
  });

  test('who came to know a fact later is among its knowers, with how', async () => {
    const { ledger: view } = await ask(
      `{ ledger { history(factId: "${factId('E01')}") { fact { knownBy { by { ref } basis { value } } } amendments { node { kind ${REFERENCE} } } } } }`,
    );
    expect(view.history.fact.knownBy).toEqual(
      expect.arrayContaining([
        { by: { ref: KNOWERS.officer }, basis: { value: sent('E03')['known'][0].basis } },
        { by: { ref: KNOWERS.board }, basis: { value: sent('E15')['known'][0].basis } },
      ]),
    );
    expect(of(view.history.amendments)).toEqual(['E03', 'E15']);
  });
});

describe('effects and scope', () => {
  test('five different answers stay five', async () => {
    const { timeline } = await incident(
      `timeline(filter: { kinds: [IMPACT_CLAIMED] }) { edges { node { ... on ImpactClaimed { system effects { confidentiality integrity availability } } } } }`,
    );
    expect(nodes(timeline)).toEqual([
      { system: 'tenancy-files', effects: { confidentiality: 'SUSPECTED', integrity: 'UNKNOWN', availability: 'YES' } },
      {
        system: 'off-site-tapes',
        effects: { confidentiality: 'RULED_OUT', integrity: 'NOT_STATED', availability: 'NO' },
      },
    ]);
  });

  const continuing = async (moment = '') => {
    const { timeline } = await incident(
      `timeline(first: 100) { edges { continuation node { ${REFERENCE} } } }`,
      moment,
    );
    return Object.fromEntries(
      timeline.edges.flatMap(({ continuation, node }: any) =>
        continuation === null ? [] : [[node.reference, continuation]],
      ),
    );
  };

  test('one effect ended, the other has no end on record', async () => {
    expect(await continuing()).toEqual({ E06: 'ENDED', E34: 'NO_END_ON_RECORD' });
  });

  test('before the end was on record, and before it was known, the first had none either', async () => {
    expect(await continuing(recorded(endOf('11 April')))).toEqual({ E06: 'NO_END_ON_RECORD' });
    expect(await continuing(known('2025-04-21T00:00:00+01:00'))).toEqual({ E06: 'NO_END_ON_RECORD' });
    expect(await continuing(known('2025-04-22T10:00:00+01:00'))).toEqual({ E06: 'PERHAPS_ENDED' });
  });

  test('each group of people has what is said of it: the later yes beside the earlier unknown', async () => {
    const { cohorts } = await incident(
      `cohorts { edges { node { actor { ref } first { node { ${REFERENCE} } } facts { edges { node { kind ... on ScopeClaimed { reference affected numbers { of min best max } } } } } } } }`,
    );
    const group = (name: string) => nodes(cohorts).find(({ actor }) => actor.ref === `data-subjects:${name}`);
    expect(nodes(cohorts)).toHaveLength(3);
    expect(of(group('former-tenants').first)).toEqual(['E09']);
    expect(nodes(group('former-tenants').facts)).toEqual([
      { kind: 'SCOPE_CLAIMED', reference: 'E09', affected: 'UNKNOWN', numbers: null },
      {
        kind: 'SCOPE_CLAIMED',
        reference: 'E35',
        affected: 'YES',
        numbers: [{ of: 'DATA_SUBJECTS', min: 2900, best: null, max: 3400 }],
      },
    ]);
    expect(nodes(group('current-tenants').facts).map(({ kind }) => kind)).toEqual([
      'SCOPE_CLAIMED',
      'DATA_SUBJECTS_INFORMED',
    ]);
    expect(nodes(group('staff').facts)).toEqual([
      { kind: 'SCOPE_CLAIMED', reference: 'E10', affected: 'NO', numbers: null },
    ]);
  });

  test('what the controller says with a reserve is its own understanding, what others say is theirs', async () => {
    const { timeline } = await incident(
      `timeline(filter: { kinds: [SCOPE_CLAIMED] }) { edges { attribution node { ${REFERENCE} } } }`,
    );
    expect(by(timeline.edges, 'attribution', 'OWN_UNDERSTANDING')).toEqual(['E08']);
    expect(by(timeline.edges, 'attribution', 'ATTRIBUTED')).toEqual(['E35']);
  });
});

describe('the authority and the people', () => {
  test('the authority has what it was told and what it did, in order, with whom each act concerns', async () => {
    const { authorities } = await incident(
      `authorities { edges { node { authority { ref name { value } }
        reports { node { ... on AuthorityInformed { reference channel followsUp { ${REFERENCE} } } } }
        acts { node { ... on AuthorityActed { reference act concerning { ref } authorityReference { value } } } } } } }`,
    );
    expect(nodes(authorities)).toHaveLength(1);
    const [{ authority, reports, acts }] = nodes(authorities);
    expect(authority).toEqual({ ref: 'authority:example-authority', name: { value: 'Example Authority' } });
    expect(reports.map(({ node }: any) => node)).toEqual([
      { reference: 'E12', channel: 'PORTAL', followsUp: null },
      { reference: 'E36', channel: 'PORTAL', followsUp: { reference: 'E12' } },
    ]);
    expect(acts.map(({ node }: any) => [node.act, node.concerning?.ref ?? null])).toEqual([
      ['ACKNOWLEDGED', 'controller:example-housing'],
      ['NO_FURTHER_ACTION', 'controller:example-housing'],
      ['REPRIMAND', 'processor:example-cloud-archive'],
      ['INVESTIGATION_CLOSED', null],
    ]);
    expect(new Set(acts.map(({ node }: any) => node.authorityReference.value)).size).toBe(2);
  });

  test('the communication has its sections in order, how many were sent, and advice and promise as parts', async () => {
    const { communications } = await incident(
      `communications { edges { node { fact { node { ... on DataSubjectsInformed { reference channel cohort { ref } original sections { key } numbers { of best } } } }
        parts { edges { node { kind ${REFERENCE} } } } } } }`,
    );
    const [{ fact, parts }, ...more] = nodes(communications);
    expect(more).toEqual([]);
    expect(fact.node).toEqual({
      reference: 'E16',
      channel: 'EMAIL',
      cohort: { ref: 'data-subjects:current-tenants' },
      original: sent('E16')['original'],
      sections: sent('E16')['sections'].map(({ key }: Input) => ({ key })),
      numbers: [{ of: 'MESSAGES', best: 12140 }],
    });
    expect(nodes(parts)).toEqual([
      { kind: 'ADVICE_GIVEN', reference: 'E17' },
      { kind: 'ADVICE_GIVEN', reference: 'E18' },
      { kind: 'COMMITMENT_MADE', reference: 'E19' },
    ]);
  });

  test('a question has its answer; the one of the press has none, and grows older', async () => {
    const moment = known('2025-05-04T00:00:00+01:00');
    const { questions, open } = await incident(
      `questions { edges { node { fact { node { ${REFERENCE} } } answers { node { ${REFERENCE} } } } } }
       open: questions(filter: { answered: false, olderThanDays: 30 }) { edges { node { fact { node { ${REFERENCE} } } } } }`,
      moment,
    );
    expect(nodes(questions).map(({ fact, answers: given }) => [fact.node.reference, of(given)])).toEqual([
      ['E25', ['E26']],
      ['E27', []],
    ]);
    expect(of(nodes(open).map(({ fact }) => fact))).toEqual(['E27']);
  });
});

describe('what is contested', () => {
  const CONTEST = `contestedQuestions { edges { conflict acrossSources settledBy { value } node { reference question { value } }
    positions { stance fact { standing node { ${REFERENCE} } } } } }`;
  const standing = async (moment = '') => {
    const { timeline } = await incident(`timeline(first: 100) { edges { standing node { ${REFERENCE} } } }`, moment);
    return by(timeline.edges, 'standing', 'CONTESTED');
  };

  test('the assurance and what speaks against it are contested, wherever they are shown; a report takes no side', async () => {
    const { contestedQuestions } = await incident(CONTEST, recorded(endOf('10 April')));
    const [{ conflict, acrossSources, settledBy, node, positions }] = contestedQuestions.edges;
    expect({ conflict, acrossSources, settledBy }).toEqual({ conflict: 'OPEN', acrossSources: true, settledBy: null });
    expect(node.question.value).toMatch(/^Did .+\?$/);
    expect(positions.map(({ stance, fact }: any) => [stance, fact.node.reference, fact.standing])).toEqual([
      ['REPORTS', 'E14', 'UNCONTESTED'],
      ['DENIES', 'E22', 'CONTESTED'],
      ['ASSERTS', 'E23', 'CONTESTED'],
    ]);
    expect(await standing()).toEqual(['E22', 'E23']);
  });

  test('before anybody knew of the other side, nothing was contested', async () => {
    const before = known('2025-04-09T18:00:00+01:00');
    const { contestedQuestions } = await incident(CONTEST, before);
    expect(contestedQuestions.edges).toMatchObject([{ conflict: 'NONE', settledBy: null }]);
    expect(await standing(before)).toEqual([]);
  });

  test('settled is what the record keeper says from then on; who took which side stays', async () => {
    const before = await incident(CONTEST, recorded(endOf('6 May')));
    const after = await incident(CONTEST, recorded(endOf('30 June')));
    expect(before.contestedQuestions.edges[0].settledBy).toBeNull();
    expect(after.contestedQuestions.edges[0].settledBy.value).toMatch(/^Yes: /);
    const stances = ({ contestedQuestions }: any) =>
      contestedQuestions.edges[0].positions.map(({ stance, fact }: any) => [stance, fact.node.reference]);
    expect(stances(after)).toEqual(stances(before));
  });
});

describe('gaps', () => {
  const GAPS = `gaps { edges { state owners due { display } age { minSeconds maxSeconds } answeredBy { ${REFERENCE} } reason { value } node { reference topic missing { value } about { ${REFERENCE} } } } }`;
  const gapsAt = async (moment: string) =>
    new Map<string, any>((await incident(GAPS, moment)).gaps.edges.map((edge: any) => [edge.node.reference, edge]));

  test('are as old as what they show at, have the owners last assigned, and a date', async () => {
    const day = 86_400;
    const gaps = await gapsAt(recorded('2025-05-01T00:00:00+01:00'));
    expect([...gaps.keys()]).toEqual(['G1', 'G2']);
    for (const { state, age } of gaps.values()) {
      expect(state).toBe('OPEN');
      expect(age).toEqual({ minSeconds: 30 * day, maxSeconds: 31 * day }); // known on 31 March, opened on 11 April
    }
    expect(gaps.get('G1')).toMatchObject({
      owners: ['it'],
      due: null,
      node: { topic: 'NUMBERS', about: [{ reference: 'E09' }] },
    });
    expect(gaps.get('G2')).toMatchObject({
      owners: ['data-protection', 'tenant-services'],
      due: { display: '30 Apr 2025' },
    });
  });

  test('one is closed by the fact that answers it, with the reason; the other is still open', async () => {
    const gaps = await gapsAt(recorded(endOf('6 May')));
    expect(gaps.get('G1')).toMatchObject({
      state: 'CLOSED',
      answeredBy: [{ reference: 'E35' }],
      reason: { value: expect.any(String) },
    });
    expect(gaps.get('G2')).toMatchObject({ state: 'OPEN', answeredBy: [], reason: null });
  });

  test('one that only a later fact closes was open to whoever did not know that fact', async () => {
    const gaps = await gapsAt(known('2025-04-15T00:00:00+01:00'));
    expect(gaps.get('G1')).toMatchObject({ state: 'OPEN', answeredBy: [], reason: null });
  });

  test('are found over the whole ledger by owner and age', async () => {
    const found = async (filter: string) =>
      nodes(
        (
          await ask(
            `{ ledger(asOf: { ${recorded('2025-05-01T00:00:00+01:00')} }) { gaps(filter: { ${filter} }) { edges { node { reference } } } } }`,
          )
        ).ledger.gaps,
      ).map(({ reference }) => reference);
    expect(await found('owners: ["tenant-services"]')).toEqual(['G2']);
    expect(await found('states: [OPEN], olderThanDays: 29')).toEqual(['G1', 'G2']);
    expect(await found('olderThanDays: 31')).toEqual([]);
  });
});

describe('the decision on awareness', () => {
  test('is a fact with its own time, whose awareness, from when, why then and why not earlier', async () => {
    const { timeline } = await incident(
      `timeline(filter: { kinds: [AWARENESS_DETERMINED] }) { edges { node { ... on AwarenessDetermined {
        actor { ref } occurred { display } dutyHolder { ref } awareFrom { display text { value } } reasons { value } whyNotEarlier { value } restsOn { ${REFERENCE} } } } } }`,
    );
    const { reasons, whyNotEarlier } = sent('E24');
    expect(nodes(timeline)).toEqual([
      {
        actor: { ref: 'controller:example-housing.dpo' },
        occurred: { display: '15:30 on 10 Apr 2025' },
        dutyHolder: { ref: 'controller:example-housing' },
        awareFrom: { display: '11:15 on 31 Mar 2025', text: { value: 'from the call on Monday' } },
        reasons: { value: reasons },
        whyNotEarlier: { value: whyNotEarlier },
        restsOn: [{ reference: 'E01' }, { reference: 'E03' }],
      },
    ]);
  });

  test('does not show before it was made, though it speaks of a time before', async () => {
    const decided = async (moment: string) =>
      (await incident('timeline(filter: { kinds: [AWARENESS_DETERMINED] }) { counts { certain possible } }', moment))
        .timeline.counts;
    expect(await decided(known('2025-04-10T12:00:00+01:00'))).toEqual({ certain: 0, possible: 0 });
    expect(await decided(known('2025-04-10T16:00:00+01:00'))).toEqual({ certain: 1, possible: 0 });
  });

  const provenance = async (reference: string, direction: string) => {
    const { provenance: found } = await incident(
      `provenance(factId: "${factId(reference)}", direction: ${direction}, depth: 5) { edges { node { depth relation from { node { ${REFERENCE} } } to { node { ${REFERENCE} } } } } }`,
    );
    return nodes(found).map(({ depth, relation, from, to }) => [
      depth,
      from.node.reference,
      relation,
      to.node.reference,
    ]);
  };

  test('rests on the notice and the call, and the call on the notice', async () => {
    expect(await provenance('E24', 'RESTS_ON')).toEqual([
      [1, 'E24', 'RESTS_ON', 'E01'],
      [1, 'E24', 'RESTS_ON', 'E03'],
      [2, 'E03', 'LEARNED', 'E01'],
    ]);
  });

  test('what hangs on the contradiction is its evidence, and it hangs on the assurance within the notice', async () => {
    expect(await provenance('E23', 'CARRIES')).toEqual([[1, 'E28', 'SUPPORTS', 'E23']]);
    expect(await provenance('E23', 'RESTS_ON')).toEqual([
      [1, 'E23', 'CONTRADICTS', 'E22'],
      [2, 'E22', 'PART_OF', 'E20'],
      [3, 'E20', 'FOLLOWS_UP', 'E01'],
    ]);
  });
});

describe('before and after the correction', () => {
  const ACCOUNT = `history(factId: "${factId('E02')}") { fact { standing inForce { statement { value } manner source { document } occurred { display } } supersededBy { ... on FactCorrected { reference reason { value } } } } }`;
  const account = async (moment: string) =>
    (await ask(`{ ledger(asOf: { ${moment} }) { ${ACCOUNT} } }`)).ledger.history.fact;
  const before = () => ({
    standing: 'UNCONTESTED',
    inForce: {
      statement: { value: sent('E02')['statement'] },
      manner: 'HEDGED',
      source: { document: 'notice-1' },
      occurred: { display: '25 Mar 18:00 – 26 Mar 2025 08:00' },
    },
    supersededBy: null,
  });
  const after = () => ({
    standing: 'CORRECTED',
    inForce: {
      statement: { value: sent('E30')['statement'] },
      manner: 'STATED',
      source: { document: 'forensic-report' },
      occurred: { display: '22 Mar – 23 Mar 2025' },
    },
    supersededBy: { reference: 'E30', reason: { value: sent('E30')['reason'] } },
  });

  test('what was on record reads one way at the end of 11 April and the other at the end of 6 May', async () => {
    expect(await account(recorded(endOf('11 April')))).toEqual(before());
    expect(await account(recorded(endOf('6 May')))).toEqual(after());
  });

  test('what was known reads one way on 4 May and the other on 6 May, and on the day between it says that it may read otherwise', async () => {
    expect(await account(known('2025-05-04T12:00:00+01:00'))).toEqual(before());
    expect(await account(known('2025-05-06T12:00:00+01:00'))).toEqual(after());
    const { ledger: view } = await ask(
      `{ ledger(asOf: { ${known('2025-05-05T12:00:00+01:00')} }) { history(factId: "${factId('E02')}") { fact { standing possiblySupersededBy { ${REFERENCE} } } } } }`,
    );
    expect(view.history.fact).toEqual({ standing: 'UNCONTESTED', possiblySupersededBy: { reference: 'E30' } });
  });

  const changes = async (from: string, to: string) => {
    const { comparison } = await ask(
      `{ comparison(incidentId: "${INCIDENT}", from: { ${from} }, to: { ${to} }) { changes(first: 100) { total edges { changes node { ${REFERENCE} } before { inForce { occurred { display } } } after { inForce { occurred { display } } } } } } }`,
    );
    expect(comparison.changes.edges).toHaveLength(comparison.changes.total);
    return comparison.changes.edges;
  };

  test('the comparison of the two evenings names the fact with both its times, the retracted one, and what was sent in between', async () => {
    const found = await changes(recorded(endOf('11 April')), recorded(endOf('6 May')));
    const between = facts.filter(({ section }) => section.startsWith('6 May')).map(({ input }) => input['reference']);
    expect(of(found.filter((edge: any) => edge.changes.join() === 'APPEARED'))).toEqual(between);
    const others = found.filter((edge: any) => edge.changes.join() !== 'APPEARED');
    expect(others).toEqual([
      {
        changes: ['TEXT_CHANGED', 'STANDING_CHANGED'],
        node: { reference: 'E02' },
        before: { inForce: { occurred: before().inForce.occurred } },
        after: { inForce: { occurred: after().inForce.occurred } },
      },
    ]);
  });

  test('the comparison of two moments of knowledge shows how the account of the public came about', async () => {
    const found = await changes(
      known('2025-04-03T08:00:00+01:00', 'public:public'),
      known('2025-04-05T00:00:00+01:00', 'public:public'),
    );
    const change = (name: string) => of(found.filter((edge: any) => edge.changes.join() === name)).sort();
    expect(change('BECAME_CERTAIN')).toEqual(['E14', 'E27']);
    expect(change('APPEARED')).toEqual(['E16', 'E17', 'E18', 'E19']);
    expect(found).toHaveLength(6);
  });
});

describe('the record as a whole', () => {
  test('was open, closed, open and closed again', async () => {
    const stamps = commands.flatMap(({ mutation }, index) =>
      /^(close|reopen)Incident$/.test(mutation) ? [index] : [],
    );
    expect(stamps).toHaveLength(3);
    const status = async (moment: string) => (await incident('status', moment)).status;
    expect(await status(recorded(endOf('6 May')))).toBe('OPEN');
    expect(await status(recorded(endOf('30 June')))).toBe('CLOSED');
    expect(await status(recorded(new Date(dayOf('12 September 2025:')).toISOString()))).toBe('OPEN');
    expect(await status(recorded(endOf('12 September')))).toBe('CLOSED');
  });

  test('is linked to the earlier incident, which stays a record of its own', async () => {
    const { links, priorIncidents } = await incident(
      `links { edges { node { relation other { id reference } reason { value } } } } priorIncidents { incidents edges { node { fact { node { ${REFERENCE} } } } } }`,
    );
    expect(nodes(links)).toEqual([
      { relation: 'PRIOR', other: { id: PRIOR, reference: 'EHA-2023-02' }, reason: { value: expect.any(String) } },
    ]);
    expect(priorIncidents.incidents).toBe(1);
    expect(of(nodes(priorIncidents).map(({ fact }) => fact))).toEqual(['E39']);
    expect((await incident('timeline { counts { certain possible } }', '', PRIOR)).timeline.counts).toEqual({
      certain: 0,
      possible: 0,
    });
  });

  test('counts assertions and things: as many facts as were sent, and one thing fewer', async () => {
    const { timeline, counts } = await incident(
      `timeline(first: 1) { counts { certain possible } things { certain possible } }
       counts(by: [KIND], first: 100) { edges { node { keys assertions { certain } things { certain } } } }`,
    );
    expect(timeline).toMatchObject({
      counts: { certain: facts.length, possible: 0 },
      things: { certain: facts.length - 1, possible: 0 },
    });
    const sum = (of: 'assertions' | 'things') =>
      nodes(counts).reduce((total: number, group) => total + group[of].certain, 0) as number;
    expect([sum('assertions'), sum('things')]).toEqual([facts.length, facts.length - 1]);
    const twice = nodes(counts).filter(({ assertions, things }) => assertions.certain !== things.certain);
    expect(twice).toEqual([
      { keys: ['PROCESSOR_NOTIFICATION_RECEIVED'], assertions: { certain: 3 }, things: { certain: 2 } },
    ]);
  });

  test('grew day by day: at the end of each section there is what was sent by then', async () => {
    let sofar = 0;
    for (const section of DAYS) {
      sofar += facts.filter((one) => one.section === section).length;
      const moment = recorded(new Date(dayOf(section) + 3 * 3_600_000).toISOString());
      const found = await incident('timeline(first: 1) { counts { certain } }', moment);
      expect([section, found?.timeline.counts.certain ?? 0]).toEqual([section, sofar]);
    }
  });

  test('reads back as the guide says', async () => {
    const query = blocksOf(guide).find(({ code }) => code.startsWith('query'))?.code ?? '';
    const { officer, april, june } = await ask(query);
    expect(of(officer.incident.timeline.edges)).toEqual(['E01', 'E03']);
    expect([april, june].map(({ history }) => history.fact.inForce.statement.value)).toEqual([
      sent('E02')['statement'],
      sent('E30')['statement'],
    ]);
  });
});

test('whatever the schema lets you leave out may be left out, save the knowers of a correction of substance', async () => {
  const another = await startLedger();
  try {
    for (const { name, mutation, input } of commands) {
      const type = another.schema.getType(`${mutation.replace(/^./, (letter) => letter.toUpperCase())}Input`);
      if (!isInputObjectType(type)) throw new Error(`${mutation} has no input type`);
      const required = Object.entries(input).filter(
        ([field]) => isNonNullType(type.getFields()[field]?.type) || (mutation === 'correctFact' && field === 'known'),
      );
      const { issues } = await another.send(mutation, Object.fromEntries(required));
      expect([name, issues]).toEqual([name, undefined]);
    }
  } finally {
    await another.stop();
  }
});
