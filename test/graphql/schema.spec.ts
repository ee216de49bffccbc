import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  OperationTypeNode,
  printSchema,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql';
import { ACT_INPUTS } from '../../apps/ledger/graphql/act/mutations';
import { checkInput } from '../../apps/ledger/graphql/common/check-input';
import { pascal, upper } from '../../apps/ledger/graphql/common/names';
import { FACT_INPUTS } from '../../apps/ledger/graphql/fact/inputs';
import { KINDS } from '@ledger/domain/fact/kinds';
import { startLedger, type LedgerServer } from '../support/ledger-server';
import { committed, printed, readSchema, SCHEMA_FILE } from './committed-schema';
import { documentedQueries, operationOf, withLiterals, withVariables } from './example-queries';
import { filled, inputTypeOf } from './input-paths';

jest.setTimeout(60_000);

let ledger: LedgerServer;
let types: readonly GraphQLNamedType[];
beforeAll(async () => {
  ledger = await startLedger();
  types = Object.values(ledger.schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  await ledger.loadSample();
});
afterAll(() => ledger.stop());

interface Member {
  readonly name: string;
  readonly type: { toString(): string };
  readonly description?: string | null;
  readonly args?: readonly Member[];
}
/** The fields of an object, an interface or an input; of another type none. */
const fieldsOf = (type: GraphQLNamedType): readonly Member[] =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values<Member>(type.getFields()) : [];

const typeNamed = <T extends GraphQLNamedType>(name: string): T => ledger.schema.getType(name) as T;
const mutations = () => Object.values(typeNamed<GraphQLObjectType>('Mutation').getFields());
const implementers = (name: string) => ledger.schema.getPossibleTypes(typeNamed<GraphQLInterfaceType>(name));

test('the committed schema is the one of the code', () => {
  if (printed(ledger.schema) !== committed())
    throw new Error(`${SCHEMA_FILE} is not what the code serves: run \`npm run schema\` and commit it`);
});

test('the schema is served and committed in order, so that a difference shows what changed and nothing else', () => {
  expect(`${printSchema(ledger.schema)}\n`).toBe(printed(ledger.schema));
  expect(`${printSchema(buildSchema(readSchema()))}\n`).toBe(committed());
});

// Whoever asks for a node by its id knows what it is, and whoever sends a command what it records.
const ALIASED = ['Node.reference', 'Recorded.entry'];

test('in one interface or union a field has one type and one nullability', () => {
  const disagreeing = types.filter(isAbstractType).flatMap((abstract) => {
    const fields = new Map<string, Set<string>>();
    for (const type of ledger.schema.getPossibleTypes(abstract))
      for (const field of Object.values(type.getFields()))
        fields.set(field.name, (fields.get(field.name) ?? new Set()).add(String(field.type)));
    return [...fields].filter(([, found]) => found.size > 1).map(([name]) => `${abstract.name}.${name}`);
  });
  expect(disagreeing).toEqual(ALIASED);
});

test('every kind of entry has a type, and every type of entry a kind', () => {
  const kind = typeNamed('EntryKind');
  if (!isEnumType(kind)) throw new Error('EntryKind is no enum');
  const named = implementers('TimelineEntry').map(({ name }) => name.replace(/(?<=.)([A-Z])/g, '_$1').toUpperCase());
  expect(
    kind
      .getValues()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...named].sort());
  expect(
    implementers('Fact')
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...KINDS.keys()].map(pascal).sort());
  expect([...KINDS.keys()].map(upper).every((name) => kind.getValue(name) !== undefined)).toBe(true);
});

test('every abstract type tells its types apart without ever throwing', () => {
  const junk = [
    undefined,
    null,
    0,
    '',
    'x',
    [],
    {},
    true,
    1n,
    Symbol('x'),
    () => undefined,
    new Date(),
    Object.create(null),
    { __typename: 7 },
  ];
  for (const type of types.filter(isAbstractType)) {
    const { resolveType } = type;
    if (resolveType === undefined || resolveType === null) throw new Error(`${type.name} has no resolveType`);
    for (const value of junk) expect(() => void resolveType(value, {}, {} as never, type)).not.toThrow();
    for (const { name } of ledger.schema.getPossibleTypes(type))
      expect(resolveType({ __typename: name }, {}, {} as never, type)).toBe(name);
  }
});

describe('every documented query', () => {
  test.each(documentedQueries().map((documented) => [documented.title, documented] as const))(
    '%s: runs three times alike, with literals and with variables',
    async (_, documented) => {
      const operation = operationOf(documented.query);
      const literal = withLiterals(ledger.schema, documented);
      const variable = withVariables(ledger.schema, { title: '', query: literal });
      if (operation === OperationTypeNode.MUTATION) {
        // Run as it stands it is answered by success or by a failure of its union, and the same each time it is repeated.
        await ledger.gql(literal);
      }
      if (operation === OperationTypeNode.SUBSCRIPTION) return;
      const answers = [];
      for (let n = 0; n < 3; n++) {
        answers.push(await ledger.gql(documented.query, documented.variables));
        answers.push(await ledger.gql(literal));
        answers.push(await ledger.gql(variable.query, variable.variables));
      }
      expect(answers[0]?.errors).toBeUndefined();
      expect(answers[0]?.data).toBeTruthy();
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    },
  );

  test('an argument given as a literal and as a variable means the same, for every type of argument', async () => {
    const query = `{
      ledger(asOf: { recorded: "2100-01-01T01:00:00+01:00", known: { at: "2021-11-03T15:46:00Z", by: "public:public" } }) {
        requested { recorded known { at by } }
        timeline(first: 2, filter: { kinds: [CLAIM_MADE, ADVICE_GIVEN], certainty: CERTAIN, standing: [UNCONTESTED] }, orderBy: { field: RECORDED }) {
          edges { node { id } }
        }
      }
    }`;
    const variable = withVariables(ledger.schema, { title: '', query });
    expect(variable.count).toBe(4);
    const literal = await ledger.gql(query);
    expect(literal.errors).toBeUndefined();
    expect(literal.data.ledger.timeline.edges).toHaveLength(2);
    expect(await ledger.gql(variable.query, variable.variables)).toEqual(literal);
    const back = withLiterals(ledger.schema, { title: '', ...variable });
    expect(await ledger.gql(back)).toEqual(literal);
  });
});

describe('every input validates what lies inside it', () => {
  const OVERSIZED = 'x'.repeat(10_000);
  const fillings = [0, 1].map((choice) => ({ text: OVERSIZED, choice }));

  test('an oversized value is refused in each place where a text or an id can stand', async () => {
    for (const { name, args } of mutations())
      for (const filling of fillings) {
        const { input, texts } = filled(inputTypeOf(args[0]?.type as never), filling);
        const { issues = [], __typename } = await ledger.send(name, input as Record<string, unknown>);
        expect(__typename).toBe('InvalidInput');
        const refused = issues.map(({ path }) => path.join('.'));
        const missed = texts.map((path) => path.join('.')).filter((path) => !refused.includes(path));
        expect([name, missed]).toEqual([name, []]);
      }
  });

  test('the classes refuse it by themselves, also where they are nested', () => {
    const classes = [...FACT_INPUTS.values(), ...ACT_INPUTS.values()];
    expect(classes).toHaveLength(mutations().length);
    for (const type of classes)
      for (const filling of fillings) {
        const { input, texts } = filled(typeNamed(type.name), filling);
        const refused = checkInput(type, input).map(({ path }) => path.join('.'));
        // A list of texts is measured by the domain, which says which of them it was.
        const nested = texts
          .filter((path) => path.length > 1 && typeof path.at(-1) === 'string')
          .map((path) => path.join('.'));
        expect([type.name, nested.filter((path) => !refused.includes(path))]).toEqual([type.name, []]);
      }
  });
});

test('everything has a description that ends as a sentence does', () => {
  const undescribed: string[] = [];
  const need = (path: string, description: string | null | undefined) => {
    if (!/\S.*[.?!`)]$/s.test(description ?? '')) undescribed.push(path);
  };
  for (const type of types) {
    need(type.name, type.description);
    if (isEnumType(type)) for (const value of type.getValues()) need(`${type.name}.${value.name}`, value.description);
    for (const field of fieldsOf(type)) {
      need(`${type.name}.${field.name}`, field.description);
      for (const arg of field.args ?? []) need(`${type.name}.${field.name}(${arg.name})`, arg.description);
    }
  }
  expect(undescribed).toEqual([]);
});

// A position that somebody takes on a question is none in the log.
const TAKEN = [
  'AttributeStanceInput.position',
  'ContestedQuestionEdge.positions',
  'StanceTaken.position',
  'TimelineEdge.positions',
];

test('positions, revisions and sequences are strings: numbers of JSON end at 2^53', () => {
  const numbers = types.flatMap((type) =>
    fieldsOf(type)
      .filter(({ name }) => /position|revision|sequence|opened$/i.test(name))
      .filter(({ type: of }) => !/^(Position|Revision|Sequence)!?$/.test(of.toString()))
      .map(({ name }) => `${type.name}.${name}`),
  );
  expect(numbers.sort()).toEqual(TAKEN);
  for (const name of ['Position', 'Revision', 'Sequence', 'Instant', 'UUID'])
    expect(isScalarType(typeNamed(name))).toBe(true);
});

test('every mutation takes one required input with a required commandId, and answers with a union of its own', () => {
  for (const { name, args, type } of mutations()) {
    expect([name, args.map((arg) => [arg.name, String(arg.type)])]).toEqual([
      name,
      [['input', `${pascal(name)}Input!`]],
    ]);
    const input = inputTypeOf(args[0]?.type as never);
    expect([name, String(input.getFields()['commandId']?.type)]).toEqual([name, 'UUID!']);
    expect([name, String(type)]).toEqual([name, `${pascal(name)}Result!`]);
    const union = getNamedType(type);
    if (!isUnionType(union)) throw new Error(`${name} does not answer with a union`);
    const members = union.getTypes();
    const failures = members.filter((member) => ledger.schema.isSubType(typeNamed('ErrorResult'), member));
    expect(failures.map((member) => member.name).sort()).toEqual([
      'CommandRejected',
      'CommandReused',
      'InvalidInput',
      'RevisionConflict',
    ]);
    expect(members).toHaveLength(failures.length + 1);
    const success = members.find((member) => !failures.includes(member)) as GraphQLObjectType;
    expect(Object.keys(success.getFields())).toEqual(expect.arrayContaining(['position', 'revision', 'replayed']));
  }
});

test('only what never changes has an id: clients cache by type and id, and would mix two views', () => {
  const withId = types.filter(isObjectType).filter((type) => 'id' in type.getFields());
  const nodes = implementers('Node').map(({ name }) => name);
  expect(withId.map(({ name }) => name).sort()).toEqual([...nodes].sort());
  const state = [
    'LedgerView',
    'LedgerComparison',
    'IncidentState',
    'TimelineEdge',
    'FactInForce',
    'FactHistory',
    'ChangeEdge',
  ];
  for (const name of state) expect(Object.keys(typeNamed<GraphQLObjectType>(name).getFields())).not.toContain('id');
});

/** Lists that hold no more than one event can, or than was asked for. */
const BOUNDED = [
  ...['Query.nodes', 'CommandRejected.path', 'InvalidInput.issues', 'InputIssue.path', 'ResolvedViewPoint.flags'],
  ...['ChangeEdge.changes', 'FactGroup.keys'],
  ...['Wording.manners', 'Wording.changes', 'Gap.about', 'GapEdge.owners', 'GapEdge.answeredBy'],
  ...['NoticeDifference.missingAnew', 'NoticeDifference.nowCovered'],
  ...['NoticeDifference.nowStated', 'NoticeDifference.stillMissing'],
  ...['OrganisationProfile.establishments', 'OrganisationProfile.sectors'],
];
/** Of every command that records a fact: the links that it gives. */
const BY_NAME = /^\w+Recorded\.notOnRecord$/;
/** They grow with the record and are given whole: what is below them is not paid for as often as it is read. Add none. */
const GIVEN_WHOLE = [
  ...['FactHistory.amendments', 'AskedQuestion.answers', 'PriorIncident.outcomes', 'Cohort.first'],
  ...['AuthorityContact.acts', 'AuthorityContact.reports', 'ContestedQuestionEdge.positions'],
  ...['Party.agreements', 'Party.contactPoints', 'Party.subProcessors'],
  'ProcessorIncident.identifiedBy',
];

test('lists are given in pages, or are bounded by what one event can hold', () => {
  const facts = new Set(
    [
      ...implementers('Fact'),
      ...['Fact', 'Occurrence', 'FactInForce', 'FactChanges', 'TimelineEdge'].map((name) => typeNamed(name)),
    ].map(({ name }) => name),
  );
  const lists = types
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ type: of, name }) => String(of).startsWith('[') && name !== 'edges' && !facts.has(type.name))
        .map(({ name }) => `${type.name}.${name}`),
    );
  const unbounded = lists.filter((list) => ![...BOUNDED, ...GIVEN_WHOLE].includes(list) && !BY_NAME.test(list));
  expect(unbounded).toEqual([]);
});
