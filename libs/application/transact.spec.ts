import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import type { DomainEvent } from '@ledger/domain/decision';
import { reject } from '@ledger/domain/decision';
import { orderErasure } from '@ledger/domain/incident/decide';
import { incident } from '@ledger/domain/incident/state';
import { StoreUnavailable } from '@ledger/event-store/errors';
import type { EventStore, NewEvent } from '@ledger/event-store/port';
import {
  ARCHIVE,
  at,
  CARETAKER,
  claim,
  closed,
  correction,
  COUNCIL,
  INCIDENT_ID,
  notice,
  opened,
  retraction,
  uuidOf,
} from '../../test/support/facts';
import {
  accepted,
  command,
  isPrivileged,
  openTestLedger,
  rawBytes,
  removeFolder,
  temporaryFolder,
  type TestLedger,
} from '../../test/support/ledger';
import { factIdFor } from './incident/record-fact';
import { incidentStream } from './streams';
import type { Outcome } from './transact';

const STREAM = incidentStream(INCIDENT_ID);

let folder: string;
let ledger: TestLedger;
const others: TestLedger[] = [];

/** As another process would open the same files. */
const another: typeof openTestLedger = (of, options) => {
  const found = openTestLedger(of, options);
  others.push(found);
  return found;
};

beforeEach(() => {
  folder = temporaryFolder();
  ledger = openTestLedger(folder);
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.shut();
  await ledger.shut();
  removeFolder(folder);
});

const stored = async () => (await ledger.events()).length;
const revisions = async (stream = STREAM) => (await ledger.stream(stream)).map(({ revision }) => revision);
const privilegedStreams = async () => [
  ...new Set((await ledger.events()).map(({ stream }) => stream).filter(isPrivileged)),
];
const payloads = async (stream = STREAM) =>
  (await ledger.stream(stream)).map((event) => (event.readable ? event.payload : event));

describe('a command', () => {
  beforeEach(() => ledger.open());

  it('answers where its event lies', async () => {
    const answer = accepted(await ledger.record(claim('the box')));
    const last = (await ledger.events()).at(-1);
    expect(answer).toEqual({ outcome: 'accepted', revision: 1n, position: last?.position, replayed: false });
    expect(last).toMatchObject({ stream: STREAM, type: 'claim-made', revision: 1n });
  });

  it('with two events answers where the last one lies', async () => {
    const answer = accepted(await ledger.record(notice('the notice')));
    expect((await ledger.stream()).map(({ type }) => type)).toEqual([
      'incident-opened',
      'processor-notification-received',
      'gap-opened',
    ]);
    expect(answer).toMatchObject({ revision: 2n, position: (await ledger.events()).at(-1)?.position });
  });

  it('that is refused appends nothing, is not remembered, and may be sent again once it can be', async () => {
    const early = command();
    const amendment = correction('better', 'the box');
    expect(await ledger.record(amendment, early)).toMatchObject({
      outcome: 'rejected',
      code: 'fact-not-found',
      path: ['corrects'],
    });
    expect(await stored()).toBe(1);
    await ledger.record(claim('the box'));
    expect(await ledger.record(amendment, early)).toMatchObject({ outcome: 'accepted', replayed: false, revision: 2n });
  });

  it('for which there is nothing to do answers with the head of the stream and appends nothing', async () => {
    accepted(await ledger.close());
    const last = (await ledger.events()).at(-1);
    expect(await ledger.close()).toEqual({
      outcome: 'accepted',
      revision: 1n,
      position: last?.position,
      replayed: false,
      alreadySo: true,
    });
    expect(await stored()).toBe(2);
  });

  it('for which there is nothing to do in a stream that holds nothing has no position', async () => {
    const nothing = () => [] as DomainEvent[];
    expect(await ledger.transactor.transact('incident-none', incident, nothing, command())).toEqual({
      outcome: 'accepted',
      revision: -1n,
      position: undefined,
      replayed: false,
      alreadySo: true,
    });
  });

  it('says by whom and for whom it was recorded, and the clock is that of the server', async () => {
    const later = another(folder, { now: () => new Date('2031-02-03T04:05:06.789Z') });
    const context = { ...command(), correlationId: randomUUID() };
    await later.record(claim('the box'), context);
    expect((await ledger.stream()).at(-1)?.meta).toMatchObject({
      recordedAt: '2031-02-03T04:05:06.789Z',
      recordedBy: context.recordedBy,
      commandId: context.commandId,
      causationId: context.commandId,
      correlationId: context.correlationId,
    });
  });

  it('that an expectation of the stream guards is refused when others came first, and says where the stream is', async () => {
    await ledger.record(claim('the box'));
    const stale = { ...command(), expectedRevision: 0n };
    expect(await ledger.record(claim('a key'), stale)).toEqual({ outcome: 'revision-conflict', actual: 1n });
    expect(await ledger.record(claim('a key'), { ...command(), expectedRevision: 7n })).toMatchObject({ actual: 1n });
    expect(await stored()).toBe(2);
    expect(await ledger.record(claim('a key'), { ...command(), expectedRevision: 1n })).toMatchObject({
      outcome: 'accepted',
      revision: 2n,
    });
  });

  it('that expects a stream where there is none hears that', async () => {
    const particulars = { incidentId: uuidOf('another incident') };
    expect(await ledger.open({ ...command(), expectedRevision: 0n }, particulars)).toEqual({
      outcome: 'revision-conflict',
      actual: 'no-stream',
    });
  });
});

describe('the same command twice', () => {
  const box = claim('the box', { actor: CARETAKER });

  beforeEach(() => ledger.open());

  it('has one effect and one answer, and the second says that it is one', async () => {
    const context = command();
    const first = accepted(await ledger.record(box, context));
    await ledger.record(claim('a key'));
    expect(await ledger.record(box, context)).toEqual({ ...first, replayed: true });
    expect(await revisions()).toEqual([0n, 1n, 2n]);
  });

  it('is the same whatever has become of its subject since', async () => {
    const opening = command(uuidOf('the opening'));
    const other = { incidentId: uuidOf('another incident') };
    const first = accepted(await ledger.open(opening, other));
    expect(await ledger.open(opening, other)).toEqual({ ...first, replayed: true });
    const context = command();
    const recorded = accepted(await ledger.record(box, context));
    await ledger.record(retraction('away', 'the box'));
    await ledger.close();
    expect(await ledger.record(box, context)).toEqual({ ...recorded, replayed: true });
  });

  it('answers with the last of its events, also when what followed from it would not follow today', async () => {
    const context = command();
    const first = accepted(await ledger.record(notice('the notice'), context));
    await ledger.register({ partyId: ARCHIVE.id, name: ARCHIVE.name, sort: 'organisation' });
    expect(await ledger.record(notice('the notice'), context)).toEqual({ ...first, replayed: true });
    expect(await revisions()).toEqual([0n, 1n, 2n]);
  });

  it('is not held to the revision that it expected the first time', async () => {
    const context = { ...command(), expectedRevision: 0n };
    const first = accepted(await ledger.record(box, context));
    expect(await ledger.record(box, context)).toEqual({ ...first, replayed: true });
  });

  it('sent twenty times at once has one effect', async () => {
    const context = command();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ledger.record(box, context)));
    expect(await revisions()).toEqual([0n, 1n]);
    expect(answers.map((answer) => accepted(answer).revision)).toEqual(Array.from({ length: 20 }, () => 1n));
    expect(answers.filter((answer) => !accepted(answer).replayed)).toHaveLength(1);
  });

  it('sent at once to two processes has one effect', async () => {
    const second = another(folder);
    for (let round = 0; round < 10; round++) {
      const context = command();
      const fact = claim(`the box ${round}`);
      const answers = await Promise.all([ledger, second].map((one) => one.record(fact, context)));
      expect(answers.map((answer) => accepted(answer).revision)).toEqual([BigInt(round + 1), BigInt(round + 1)]);
    }
    expect(await stored()).toBe(11);
  });

  it('is known after a restart', async () => {
    const context = command();
    const first = accepted(await ledger.record(box, context));
    expect(await another(folder).record(box, context)).toEqual({ ...first, replayed: true });
  });

  it('is finished business after a crash between append and answer', async () => {
    let crash = true;
    const crashing = another(folder, {
      between: (store) =>
        wrap(store, async (...append) => {
          const result = await store.append(...append);
          if (crash) throw new StoreUnavailable('the connection was lost');
          return result;
        }),
    });
    const context = command();
    await expect(crashing.record(notice('the notice'), context)).rejects.toThrow(StoreUnavailable);
    crash = false;
    const last = (await ledger.events()).at(-1);
    const answer = { outcome: 'accepted', revision: 2n, position: last?.position, replayed: true };
    expect(await crashing.record(notice('the notice'), context)).toEqual(answer);
    expect(await ledger.record(notice('the notice'), context)).toEqual(answer);
    expect(await revisions()).toEqual([0n, 1n, 2n]);
  });

  it('is done the second time when the first never reached the store', async () => {
    let down = true;
    const cut = another(folder, {
      between: (store) =>
        wrap(store, (...append) =>
          down ? Promise.reject(new StoreUnavailable('no connection')) : store.append(...append),
        ),
    });
    const context = command();
    await expect(cut.record(box, context)).rejects.toThrow(StoreUnavailable);
    down = false;
    expect(await cut.record(box, context)).toMatchObject({ outcome: 'accepted', revision: 1n, replayed: false });
  });

  it('is compared without what was erased in between', async () => {
    const context = command();
    const first = accepted(await ledger.record(box, context));
    const kids = [...(await ledger.kids(1n)), ...(await ledger.kids(1n, `person:${CARETAKER.id}`))];
    expect(kids).toHaveLength(2);
    ledger.vault.destroy(kids);
    expect(await ledger.record(box, context)).toEqual({ ...first, replayed: true });
    expect(await ledger.record(claim('the box', { actor: CARETAKER, manner: 'hedged' }), context)).toEqual({
      outcome: 'command-reused',
      firstRevision: 1n,
    });
  });
});

describe('a command id', () => {
  beforeEach(() => ledger.open());

  const ID = uuidOf('a command');
  const later = [{ by: COUNCIL, when: at('2031-01-05') }];

  it.each<[string, () => Promise<Outcome>]>([
    ['another text', () => ledger.record(claim('the box', { statement: 'Another text.' }), command(ID))],
    ['a field more', () => ledger.record(claim('the box', { note: 'A remark.' }), command(ID))],
    ['an entry more', () => ledger.record(claim('the box', { via: [ARCHIVE] }), command(ID))],
    ['another time', () => ledger.record(claim('the box', { known: later }), command(ID))],
    ['another fact id', () => ledger.record(claim('another box'), command(ID))],
    ['another kind', () => ledger.record(notice('the box', { actor: COUNCIL }), command(ID))],
    ['another command', () => ledger.close(command(ID))],
  ])('used again with %s is refused, and nothing is appended', async (_, send) => {
    await ledger.record(claim('the box'), command(ID));
    await ledger.record(claim('a key'));
    expect(await send()).toEqual({ outcome: 'command-reused', firstRevision: 1n });
    expect(await stored()).toBe(3);
  });

  it('used by two processes at once with different content is refused to one of them: no text is lost unnoticed', async () => {
    const second = another(folder);
    for (let round = 0; round < 5; round++) {
      const context = command();
      const answers = await Promise.all([
        ledger.record(claim(`the box ${round}`, { statement: 'One text.' }), context),
        second.record(claim(`the box ${round}`, { statement: 'Another text.' }), context),
      ]);
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'command-reused']);
    }
  });

  it('is one of its stream: another stream takes it as another command', async () => {
    const other = { incidentId: uuidOf('another incident') };
    await ledger.open(command(), other);
    const first = accepted(await ledger.record(claim('the box'), command(ID)));
    const second = accepted(await ledger.record(claim('the box', other), command(ID)));
    expect([first.replayed, second.replayed]).toEqual([false, false]);
    expect(new Set((await ledger.events()).map(({ id }) => id)).size).toBe(4);
  });

  it('gives its events ids that are the same in every process, and one to each', async () => {
    await ledger.record(notice('the notice'), command(ID));
    const there = temporaryFolder();
    const twin = another(there);
    await twin.open();
    await twin.record(notice('the notice'), command(ID));
    const idsOf = async (one: TestLedger) => (await one.stream()).slice(1).map(({ id }) => id);
    expect(await idsOf(twin)).toEqual(await idsOf(ledger));
    expect(new Set(await idsOf(twin)).size).toBe(2);
    await twin.shut();
    others.splice(others.indexOf(twin), 1);
    removeFolder(there);
  });
});

describe('the id of a fact whose command names none', () => {
  const COMMAND = '0b8f6e52-0c0a-4c6e-9b5c-3a5f0b1d7e11';
  const INCIDENT = '5d1c2f7a-9d40-4f7e-8a63-21c4b7e90f22';

  it('follows from the command and the incident, in every version of the software', () =>
    expect(factIdFor(COMMAND, INCIDENT)).toBe('48874296-44ae-57e1-acc1-ac3bc513b3b3'));
  it('is another one in another incident: a command id may be used in both', () =>
    expect(factIdFor(COMMAND, COMMAND)).not.toBe(factIdFor(COMMAND, INCIDENT)));
});

describe('two processes on one log', () => {
  it('both land every command once, at revisions without a gap', async () => {
    await ledger.open();
    const second = another(folder);
    // Races are lost a bounded number of times; then the same command is sent again.
    const land = async (one: TestLedger, name: string): Promise<Outcome> => {
      const context = command();
      for (;;) {
        const answer = await one.record(claim(name), context);
        if (answer.outcome !== 'revision-conflict') return answer;
      }
    };
    const send = (one: TestLedger, name: string) =>
      Promise.all(Array.from({ length: 12 }, (_, index) => land(one, `${name} ${index}`)));
    const answers = [...(await Promise.all([send(ledger, 'a'), send(second, 'b')]))].flat();
    expect(answers.filter(({ outcome }) => outcome !== 'accepted')).toEqual([]);
    expect(await revisions()).toEqual(Array.from({ length: 25 }, (_, index) => BigInt(index)));
    expect(new Set((await payloads()).map((payload) => (payload as { factId?: string }).factId)).size).toBe(25);
    expect(new Set(answers.map((answer) => accepted(answer).revision)).size).toBe(24);
  });

  it('decide by what is on record, not by what they last saw', async () => {
    await ledger.open();
    const second = another(folder);
    await second.record(claim('the box'));
    await ledger.record(retraction('away', 'the box'));
    expect(await second.record(correction('better', 'the box'))).toMatchObject({
      outcome: 'rejected',
      code: 'fact-retracted',
    });
  });

  it('give up after some lost races, and say where the stream is', async () => {
    await ledger.open();
    const hindered = another(folder, {
      between: (store) =>
        wrap(store, async (stream, expected, events) => {
          if (stream === STREAM) await ledger.record(claim(randomUUID()));
          return store.append(stream, expected, events);
        }),
    });
    const outcome = await hindered.record(claim('the box'));
    expect(outcome).toEqual({ outcome: 'revision-conflict', actual: BigInt((await stored()) - 1) });
    expect(await payloads()).not.toContainEqual(expect.objectContaining({ factId: uuidOf('the box') }));
  });
});

describe('a failure', () => {
  it('of a decision leaves the stream to the next command', async () => {
    await ledger.open();
    const bug = () => {
      throw new Error('a bug');
    };
    await expect(ledger.transactor.transact(STREAM, incident, bug, command())).rejects.toThrow('a bug');
    expect(await ledger.record(claim('the box'))).toMatchObject({ outcome: 'accepted', revision: 1n });
  });

  it('to encode appends none of the events of a command', async () => {
    await ledger.open();
    const half = () => [claim('the box'), { type: 'box-opened', payload: {} }];
    await expect(ledger.transactor.transact(STREAM, incident, half, command())).rejects.toThrow('not in the catalogue');
    expect(await stored()).toBe(1);
  });

  it('that was to be expected is an answer and no exception: what is refused, why, in words, and nothing is appended', async () => {
    const no = () => reject('fact-not-found', 'corrects');
    expect(await ledger.transactor.transact(STREAM, incident, no, command())).toEqual({
      outcome: 'rejected',
      code: 'fact-not-found',
      path: ['corrects'],
      message: 'No such fact is on record in this incident.',
    });
    expect(await stored()).toBe(0);
  });
});

describe('the keys', () => {
  const PERSON = `person:${CARETAKER.id}`;
  const said = (name: string) => claim(name, { actor: CARETAKER, via: [CARETAKER] });

  beforeEach(async () => {
    await ledger.open();
    await ledger.record(said('the box'));
    await ledger.record(said('a key'));
  });

  it('are one for a person in one stream, and one for the texts of each event', async () => {
    expect(await ledger.kids(1n, PERSON)).toEqual(await ledger.kids(2n, PERSON));
    expect(await ledger.kids(1n, PERSON)).toHaveLength(1);
    expect(await ledger.kids(1n)).toHaveLength(1);
    expect(await ledger.kids(1n)).not.toEqual(await ledger.kids(2n));
  });

  it('of a person are the same after a restart and in another process', async () => {
    await another(folder).record(said('a lid'));
    expect(await ledger.kids(3n, PERSON)).toEqual(await ledger.kids(1n, PERSON));
  });

  it('of a person are others in another incident: erased in one, the other stays', async () => {
    const other = { incidentId: uuidOf('another incident') };
    await ledger.open(command(), other);
    await ledger.record(claim('elsewhere', { ...other, actor: CARETAKER }));
    ledger.vault.destroy(await ledger.kids(1n, PERSON));
    const [, there] = await payloads(incidentStream(other.incidentId));
    expect(there).toMatchObject({ actor: CARETAKER });
    expect((await payloads())[1]).toMatchObject({ actor: { id: CARETAKER.id, name: { hidden: 'erased' } } });
  });

  it('that were destroyed are replaced by fresh ones, and what they had protected stays erased', async () => {
    const [gone] = await ledger.kids(1n, PERSON);
    ledger.vault.destroy([gone as string]);
    await ledger.record(said('a lid'));
    await ledger.record(said('a label'));
    const [fresh] = await ledger.kids(3n, PERSON);
    expect(fresh).not.toBe(gone);
    expect(await ledger.kids(4n, PERSON)).toEqual([fresh]);
    const names = (await payloads()).slice(1).map((payload) => (payload as { actor: { name: unknown } }).actor.name);
    expect(names).toEqual([{ hidden: 'erased' }, { hidden: 'erased' }, CARETAKER.name, CARETAKER.name]);
  });

  it('that are condemned, but not destroyed yet, take nothing new', async () => {
    const [condemned] = (await ledger.kids(1n, PERSON)) as [string];
    const payload = { incidentId: INCIDENT_ID, kids: [condemned], ground: 'A request.' };
    accepted(await ledger.decide((state) => orderErasure(payload, state, new Set([condemned]))));
    await ledger.record(said('a lid'));
    expect(await ledger.kids(4n, PERSON)).not.toEqual([condemned]);
  });

  it('hold what people said: no text and no name lies in clear in the log, nor beside it', async () => {
    const fact = notice('the notice', {
      actor: { ...ARCHIVE, name: 'Conspicuous Name Ltd' },
      statement: 'A conspicuous statement.',
      stated: ['A conspicuous thing stated.'],
      contact: { subject: uuidOf('a mailbox'), details: 'conspicuous@archive.example' },
      source: { document: 'letter-7', locator: 'conspicuous page' },
      occurred: { moment: { zone: 'UTC', local: '2031-01-03', text: 'a conspicuous Friday' } },
    });
    accepted(await ledger.record(fact));
    await ledger.close();
    const bytes = rawBytes(ledger.logFile);
    expect(bytes.includes('letter-7')).toBe(true);
    expect(bytes.toString('latin1')).not.toMatch(
      /conspicuous|example council|nobody can find|box was found|red scarf/i,
    );
  });
});

describe('a fact under privilege', () => {
  const advice = claim('advice', { statement: 'What counsel advised.' });
  const privileged = (context = command()) => ledger.record(advice, context, 'privileged');

  it('is not taken for an incident that nobody opened, and leaves no stream behind', async () => {
    expect(await privileged()).toMatchObject({ outcome: 'rejected', code: 'incident-not-found', path: ['incidentId'] });
    expect(await stored()).toBe(0);
  });

  it('lies in a stream of its own, whose name does not give the incident away', async () => {
    await ledger.open();
    accepted(await privileged());
    const [stream, ...rest] = await privilegedStreams();
    expect(rest).toEqual([]);
    expect(await ledger.stream(stream)).toMatchObject([{ type: 'claim-made', revision: 0n }]);
    expect(await revisions()).toEqual([0n]);
    for (const part of INCIDENT_ID.split('-')) expect(stream).not.toContain(part);
  });

  it('does not name its incident anywhere, in clear or under a guess at it', async () => {
    await ledger.open();
    await privileged();
    const event = (await ledger.events()).at(-1);
    const bytes = Buffer.concat([event?.data ?? Buffer.of(), event?.meta ?? Buffer.of()]).toString();
    expect(`${event?.stream} ${event?.id} ${bytes}`).not.toContain(INCIDENT_ID);
    expect(bytes).toContain((event?.stream ?? '').replace('privileged-', ''));
  });

  it('lies beside the others of its incident, after a restart too, and apart from those of another', async () => {
    await ledger.open();
    await privileged();
    accepted(await another(folder).record(claim('more advice'), command(), 'privileged'));
    expect(await privilegedStreams()).toHaveLength(1);
    const other = { incidentId: uuidOf('another incident') };
    await ledger.open(command(), other);
    await ledger.record(claim('other advice', other), command(), 'privileged');
    expect(await privilegedStreams()).toHaveLength(2);
  });

  it('has keys of its own, also for a person whom the open record names', async () => {
    await ledger.open();
    await ledger.record(claim('the box', { actor: CARETAKER }));
    await ledger.record(claim('advice', { actor: CARETAKER }), command(), 'privileged');
    ledger.vault.destroy(await ledger.kids(1n, `person:${CARETAKER.id}`));
    const [found] = await payloads((await privilegedStreams())[0]);
    expect(found).toMatchObject({ actor: CARETAKER });
  });

  it('sent twice is one, and its id used for another is refused', async () => {
    await ledger.open();
    const context = command();
    const first = accepted(await privileged(context));
    expect(await privileged(context)).toEqual({ ...first, replayed: true });
    expect(await another(folder).record(advice, context, 'privileged')).toEqual({ ...first, replayed: true });
    expect(await ledger.record(claim('other advice'), context, 'privileged')).toEqual({
      outcome: 'command-reused',
      firstRevision: 0n,
    });
    expect(await stored()).toBe(2);
  });

  it('is amended there, and cannot be amended in the open', async () => {
    await ledger.open();
    await privileged();
    expect(await ledger.record(correction('better', 'advice'))).toMatchObject({ code: 'fact-not-found' });
    expect(await ledger.record(correction('better', 'advice'), command(), 'privileged')).toMatchObject({
      outcome: 'accepted',
    });
  });

  it('may say that an open one is wrong, which stays as it is', async () => {
    await ledger.open();
    await ledger.record(claim('the box'));
    for (const amendment of [correction('better', 'the box'), retraction('away', 'the box')])
      accepted(await ledger.record(amendment, command(), 'privileged'));
    accepted(await ledger.record(correction('open', 'the box')));
    expect(await revisions()).toEqual([0n, 1n, 2n]);
  });

  it('is the same when it is sent again, whatever has become of the open one since', async () => {
    await ledger.open();
    await ledger.record(claim('the box'));
    const context = command();
    const send = () => ledger.record(correction('better', 'the box'), context, 'privileged');
    const first = accepted(await send());
    await ledger.record(retraction('away', 'the box'));
    expect(await send()).toEqual({ ...first, replayed: true });
  });

  it('is not one that is on the open record: neither its command nor its id is taken twice', async () => {
    await ledger.open();
    const context = command();
    accepted(await ledger.record(advice, context));
    expect(await privileged(context)).toEqual({ outcome: 'command-reused', firstRevision: 1n });
    expect(await privileged()).toMatchObject({ outcome: 'rejected', code: 'fact-exists', path: ['factId'] });
    expect(await stored()).toBe(2);
  });

  it('is nothing that an answer in the open gives away: it is as if there were none', async () => {
    await ledger.open();
    const context = command();
    const first = accepted(await privileged(context));
    expect(await ledger.record(advice, context)).toMatchObject({ outcome: 'accepted', revision: 1n, replayed: false });
    expect(await privileged(context)).toEqual({ ...first, replayed: true });
  });
});

describe('a stream with an event that this version cannot read', () => {
  const UNREADABLE = {
    outcome: 'rejected',
    code: 'stream-unreadable',
    path: [],
    message: 'The stream holds an event that this version of the software cannot read: upgrade it.',
  };
  const box = claim('the box');

  const encoded = (event: DomainEvent, commandId: string, stream = STREAM): NewEvent => {
    const recordedAt = '2031-02-03T04:05:06.789Z';
    const ids = { commandId, correlationId: commandId, causationId: commandId, recordedBy: uuidOf('a recorder') };
    return ledger.codec.encode(event, { id: randomUUID(), stream, recordedAt, ...ids }, () => ledger.vault.take());
  };
  const ofNewerSoftware = (event: DomainEvent, commandId: string) => ({
    ...encoded(event, commandId),
    type: 'box-weighed',
  });
  const underBrokenSeal = (event: DomainEvent, commandId: string) => encoded(event, commandId, 'incident-elsewhere');
  const append = async (...events: readonly NewEvent[]) => {
    const last = (await ledger.stream()).at(-1);
    await ledger.store.append(STREAM, last?.revision ?? 'no-stream', events);
  };

  describe.each([
    ['whose type is newer', ofNewerSoftware],
    ['whose seal is broken', underBrokenSeal],
  ])('%s', (_, unreadable) => {
    it('takes nothing new, since nobody can tell what is on record already', async () => {
      await ledger.open();
      await append(unreadable(box, randomUUID()));
      expect(await ledger.record(box)).toEqual(UNREADABLE);
      expect(await ledger.record(claim('a key'))).toEqual(UNREADABLE);
      expect(await ledger.record(claim('advice'), command(), 'privileged')).toEqual(UNREADABLE);
      expect(await ledger.close()).toEqual(UNREADABLE);
      expect(await another(folder).record(box)).toEqual(UNREADABLE);
      expect(await stored()).toBe(2);
    });

    it('is not opened a second time when that event is its opening', async () => {
      await append(unreadable(opened, randomUUID()));
      expect(await ledger.open()).toEqual(UNREADABLE);
      expect(await ledger.record(box)).toEqual(UNREADABLE);
      expect(await stored()).toBe(1);
    });

    it('still answers a command whose own event can be read, wherever it lies', async () => {
      const [opening, before, after, closing] = [command(), command(), command(), command()];
      const first = accepted(await ledger.open(opening));
      const second = accepted(await ledger.record(box, before));
      const third = claim('a lid');
      await append(
        unreadable(third, randomUUID()),
        encoded(correction('better', 'a lid'), after.commandId),
        encoded(closed, closing.commandId),
      );
      expect(await ledger.open(opening)).toEqual({ ...first, replayed: true });
      expect(await ledger.record(box, before)).toEqual({ ...second, replayed: true });
      expect(await ledger.record(correction('better', 'a lid'), after)).toMatchObject({ revision: 3n, replayed: true });
      expect(await ledger.close(closing)).toMatchObject({ outcome: 'accepted', revision: 4n, replayed: true });
      expect(await ledger.record(third, before)).toEqual({ outcome: 'command-reused', firstRevision: 1n });
    });

    it('does not take a command for another one when its own event cannot be read', async () => {
      const context = command();
      await ledger.open();
      await append(unreadable(box, context.commandId));
      expect(await ledger.record(box, context)).toEqual(UNREADABLE);
      expect(await ledger.close(context)).toEqual(UNREADABLE);
    });

    it('does not hold up a command over a stream beside it', async () => {
      await append(unreadable(opened, randomUUID()));
      const other = { incidentId: uuidOf('another incident') };
      accepted(await ledger.open(command(), other));
      accepted(await ledger.record(claim('the box', other)));
    });
  });

  it('answers a command with two events by the first of them', async () => {
    await ledger.open();
    const context = command();
    const letter = notice('the notice');
    await append(encoded(letter, context.commandId), ofNewerSoftware(claim('a gap'), context.commandId));
    expect(await ledger.record(letter, context)).toMatchObject({ outcome: 'accepted', revision: 2n, replayed: true });
  });

  it('is none whose texts were erased or whose keys are missing', async () => {
    await ledger.open();
    await ledger.record(box);
    ledger.vault.destroy(await ledger.kids(1n));
    accepted(await ledger.record(claim('a key')));
    const keys = new Database(ledger.keysFile);
    for (const kid of await ledger.kids(2n)) keys.prepare('DELETE FROM data_key WHERE kid = ?').run(kid);
    keys.close();
    accepted(await another(folder).record(claim('a lid')));
    expect((await payloads()).slice(1)).toMatchObject([
      { statement: { hidden: 'erased' } },
      { statement: { hidden: 'key-missing' } },
      {},
    ]);
  });
});

test('an incident begins its stream with its opening, as it was asked for', async () => {
  await ledger.open();
  await ledger.record(claim('the box'));
  const [first] = await ledger.stream();
  expect(first).toMatchObject({ revision: 0n, type: opened.type, payload: opened.payload });
});

const wrap = (store: EventStore, append: EventStore['append']): EventStore => ({
  append,
  readStream: (...read) => store.readStream(...read),
  readAll: (read) => store.readAll(read),
  subscribe: (from) => store.subscribe(from),
  close: () => store.close(),
});
