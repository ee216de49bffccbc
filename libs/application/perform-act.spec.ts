import { samplePayload, uuidOf } from '../../test/fixtures/sample-payload';
import {
  accepted,
  command,
  openTestLedger,
  removeFolder,
  temporaryFolder,
  type TestLedger,
} from '../../test/support/ledger';
import { ACTS, CATALOGUE, SUBJECTS, type EventDefinition, type SubjectAct } from '@ledger/domain/catalogue';
import { protectedFields } from '@ledger/domain/schema/protected-fields';
import { madeId } from './perform-act';

let folder: string;
let ledger: TestLedger;
beforeEach(() => {
  folder = temporaryFolder();
  ledger = openTestLedger(folder);
});
afterEach(async () => {
  await ledger.shut();
  removeFolder(folder);
});

type Payload = Readonly<Record<string, unknown>>;
const payloadOf = ({ type }: SubjectAct): Payload => samplePayload(CATALOGUE.get(type) as EventDefinition);
/** In the order of the catalogue each can be done, because what it needs was done before it. */
const COMMANDED = [...ACTS.values()].filter(({ command: imperative }) => imperative !== undefined);

/** The same with another text in one place, or with another thing meant: other content. */
const reworded = ({ schema }: SubjectAct, payload: Payload): Payload => {
  const pointer = protectedFields(schema, payload).find(({ subject }) => subject === undefined)?.pointer;
  if (pointer === undefined) return { ...payload, contactId: uuidOf('another contact') };
  const other = structuredClone(payload) as Record<string, unknown>;
  const steps = pointer.split('/').slice(1);
  const last = steps.pop() as string;
  steps.reduce<Record<string, unknown>>((node, step) => node[step] as Record<string, unknown>, other)[last] = 'Others.';
  return other;
};

test('every act is done to its own subject, in the stream of that', async () => {
  for (const act of COMMANDED) {
    const payload = payloadOf(act);
    accepted(await ledger.act(act.type, payload));
    const stream = await ledger.stream(`${act.subject}-${String(payload[SUBJECTS[act.subject]])}`);
    expect(stream.at(-1)).toMatchObject({ readable: true, type: act.type, payload });
  }
  expect(await ledger.events()).toHaveLength(COMMANDED.length);
});

test('every act sent twice under one command has one effect and one answer, and is refused with other content', async () => {
  for (const act of COMMANDED) {
    const [payload, context] = [payloadOf(act), command()];
    const first = accepted(await ledger.act(act.type, payload, context));
    expect(first).toMatchObject({ replayed: false });
    const before = await ledger.events();
    expect([act.type, await ledger.act(act.type, payload, context)]).toEqual([act.type, { ...first, replayed: true }]);
    expect([act.type, await ledger.act(act.type, reworded(act, payload), context)]).toMatchObject([
      act.type,
      { outcome: 'command-reused', firstRevision: first.revision },
    ]);
    expect(await ledger.events()).toEqual(before);
  }
});

test('a command of one act is not taken for one of another act on the same subject', async () => {
  const context = command();
  await ledger.open();
  accepted(
    await ledger.act('incident-closed', { incidentId: uuidOf('the lost box of tapes'), reason: 'Found.' }, context),
  );
  expect(
    await ledger.act('incident-reopened', { incidentId: uuidOf('the lost box of tapes'), reason: 'Found.' }, context),
  ).toMatchObject({ outcome: 'command-reused' });
});

test('one command id on two subjects is two commands', async () => {
  const context = command();
  for (const partyId of ['example-archive', 'example-vault'])
    expect(await ledger.register({ partyId, name: 'A party', sort: 'organisation' }, context)).toMatchObject({
      outcome: 'accepted',
      replayed: false,
    });
});

test('what is refused appends nothing, and names its reason', async () => {
  const partyId = 'example-archive';
  expect(await ledger.act('agreement-ended', { partyId, agreementId: uuidOf('a') })).toMatchObject({
    outcome: 'rejected',
    code: 'party-not-found',
  });
  expect(await ledger.events()).toEqual([]);
});

test('what holds already is accepted, says so, and appends nothing', async () => {
  const incidentId = uuidOf('the lost box of tapes');
  await ledger.open();
  const context = command();
  const before = await ledger.events();
  expect(await ledger.act('incident-reopened', { incidentId, reason: 'It is open.' }, context)).toMatchObject({
    outcome: 'accepted',
    replayed: false,
    alreadySo: true,
  });
  expect(await ledger.events()).toEqual(before);
});

describe('the id of what an act makes, where its command names none', () => {
  const makers = [...ACTS.values()].filter(({ makes }) => makes !== undefined);
  const made = (commandId: string, subjectId: string, act = makers[0] as SubjectAct) =>
    madeId(commandId, subjectId, act);
  const [one, other] = [uuidOf('one'), uuidOf('other')];

  test('is drawn from the command, so that sent again it makes the same one', () => {
    expect(made(one, 'a')).toBe(made(one, 'a'));
    expect(made(one, 'a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/);
  });
  test('is another one for another command, another subject and another thing made', () => {
    const ids = [
      made(one, 'a'),
      made(other, 'a'),
      made(one, 'b'),
      ...makers.slice(1).map((act) => made(one, 'a', act)),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(makers.map(({ makes }) => makes)).toEqual(
      expect.arrayContaining(['gapId', 'questionId', 'agreementId', 'contactId']),
    );
  });
});
