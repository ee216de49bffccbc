import fc from 'fast-check';
import { CATALOGUE } from '../catalogue';
import { isRejection, type DomainEvent } from '../decision';
import { traceOf, type Trace } from '../as-of/trace';
import { viewAt } from '../as-of/view';
import { factOf } from '../fact/fact';
import {
  ARCHIVE,
  CARETAKER,
  claim,
  closed,
  closure,
  correction,
  COUNCIL,
  INCIDENT_ID,
  notice,
  opened,
  particulars,
  retraction,
  uuidOf,
} from '../../../test/support/facts';
import { examplesOf } from '../../../test/support/spec';
import { confirmDestruction, decideOnIncident, orderErasure, recordFact, type Circumstances } from './decide';
import { INCIDENT_ACTS } from './acts';
import type { FactDraft } from '../fact/fact-draft';
import { incident, privilegedFacts, type Incident } from './state';

const given = examplesOf(incident);

const unregistered: Circumstances = { gapId: uuidOf('a gap'), actorRegistered: false };
const registered: Circumstances = { ...unregistered, actorRegistered: true };
const recording = (fact: FactDraft, around: Circumstances) => (state: Incident) => recordFact(fact, state, around);
const record = (fact: FactDraft) => recording(fact, registered);
const ask = (act: DomainEvent) => (state: Incident) => decideOnIncident(act, state);
const open = ask(opened);
const close = ask(closed);

/** An act on the incident of the case. */
const act = (type: string, payload: Readonly<Record<string, unknown>> = {}): DomainEvent => ({
  type,
  payload: { incidentId: INCIDENT_ID, ...payload },
});

const gap = (about: FactDraft, { role, id } = ARCHIVE): DomainEvent => ({
  type: 'gap-opened',
  payload: {
    incidentId: INCIDENT_ID,
    gapId: unregistered.gapId,
    about: [about.payload.factId],
    topic: 'unregistered-processor',
    actor: { role, id },
  },
});

describe('an incident', () => {
  test('is opened once', () => given().when(open).then(opened));
  test('opened before is not opened again, not even under the same particulars', () =>
    given(opened).when(open).thenRejected('incident-exists', 'incidentId'));
  test('closed is not opened again', () => given(opened, closed).when(open).thenRejected('incident-exists'));

  test('is closed', () => given(opened).when(close).then(closed));
  test('closed before is closed: nothing changes', () => given(opened, closed).when(close).thenNothing());
  test('never opened cannot be closed', () => given().when(close).thenRejected('incident-not-found', 'incidentId'));

  const reopened = act('incident-reopened', { reason: 'A second box is missing.' });
  test('is reopened after it was closed, and can be closed again', () => {
    given(opened, closed).when(ask(reopened)).then(reopened);
    given(opened, closed, reopened).when(close).then(closed);
  });
  test('that is open is not reopened: nothing changes', () => {
    given(opened).when(ask(reopened)).thenNothing();
    given(opened, closed, reopened).when(ask(reopened)).thenNothing();
  });
  test.each(
    INCIDENT_ACTS.filter(({ command }) => command !== undefined && command !== 'open-incident').map(({ type }) => type),
  )('that nobody opened takes no %s', (type) =>
    given()
      .when(ask(act(type)))
      .thenRejected('incident-not-found', 'incidentId'),
  );
});

describe('a link to another incident', () => {
  const link = (relation = 'prior', other = 'another incident') =>
    act('incident-linked', { otherIncidentId: uuidOf(other), relation });

  test('is put on record, be the other one on record or not', () => given(opened).when(ask(link())).then(link()));
  test('made before is made: nothing changes, whatever reason is given now', () =>
    given(opened, link())
      .when(ask(act('incident-linked', { ...link().payload, reason: 'The same courier.' })))
      .thenNothing());
  test('in another relation is another link, and so is one to another incident', () => {
    given(opened, link())
      .when(ask(link('related')))
      .then(link('related'));
    given(opened, link())
      .when(ask(link('prior', 'a third')))
      .then(link('prior', 'a third'));
  });
  test('to itself is refused', () =>
    given(opened)
      .when(ask(act('incident-linked', { otherIncidentId: INCIDENT_ID, relation: 'prior' })))
      .thenRejected('same-thing', 'otherIncidentId'));
});

describe('a duplicate', () => {
  const link = (factId: string, sameThingAs: string) =>
    act('duplicate-linked', { factId: uuidOf(factId), sameThingAs: uuidOf(sameThingAs) });

  test('is linked, be the facts on record or not', () =>
    given(opened)
      .when(ask(link('a', 'b')))
      .then(link('a', 'b')));
  test('linked before is linked: nothing changes', () =>
    given(opened, link('a', 'b'))
      .when(ask(link('a', 'b')))
      .thenNothing());
  test('of something else is linked beside it', () =>
    given(opened, link('a', 'b'))
      .when(ask(link('a', 'c')))
      .then(link('a', 'c')));
  test('of itself is refused', () =>
    given(opened)
      .when(ask(link('a', 'a')))
      .thenRejected('same-thing', 'sameThingAs'));
});

describe('a gap', () => {
  const gapId = uuidOf('the missing time');
  const missing = act('gap-opened', { gapId, topic: 'time-of-incident', about: [uuidOf('nothing yet')] });
  const assigned = act('gap-assigned', { gapId, owners: ['legal'] });
  const answered = act('gap-closed', { gapId, answeredBy: [], reason: 'The archive said when.' });

  test('is opened, also about a fact that is not here yet', () => given(opened).when(ask(missing)).then(missing));
  test('with an id that is taken is refused, also once that one is closed', () => {
    given(opened, missing).when(ask(missing)).thenRejected('gap-exists', 'gapId');
    given(opened, missing, answered).when(ask(missing)).thenRejected('gap-exists', 'gapId');
  });
  test('of the same topic under another id is another gap', () => {
    const other = act('gap-opened', { ...missing.payload, gapId: uuidOf('another time') });
    given(opened, missing).when(ask(other)).then(other);
  });
  test('is assigned, and assigned again: the last assignment stands', () => {
    given(opened, missing).when(ask(assigned)).then(assigned);
    given(opened, missing, assigned).when(ask(assigned)).then(assigned);
  });
  test('that is not on record can be neither assigned nor closed', () => {
    given(opened).when(ask(assigned)).thenRejected('gap-not-found', 'gapId');
    given(opened).when(ask(answered)).thenRejected('gap-not-found', 'gapId');
  });
  test('that was closed is not assigned', () =>
    given(opened, missing, answered).when(ask(assigned)).thenRejected('gap-closed', 'gapId'));
  test('is closed; closed before, nothing changes', () => {
    given(opened, missing, assigned).when(ask(answered)).then(answered);
    given(opened, missing, answered).when(ask(answered)).thenNothing();
  });
});

describe('a contested question', () => {
  const questionId = uuidOf('was there ever a box?');
  const factId = uuidOf('the box');
  const named = act('contested-question-named', { questionId, question: 'Was there ever a box?' });
  const stance = act('stance-attributed', { questionId, factId, stance: 'asserts' });
  const withdrawn = act('stance-withdrawn', { questionId, factId, reason: 'It speaks of another box.' });
  const settled = act('contested-question-settled', { questionId, answer: 'There was.', restsOn: [factId] });

  test('is named once', () => {
    given(opened).when(ask(named)).then(named);
    given(opened, named).when(ask(named)).thenRejected('contested-question-exists', 'questionId');
  });
  test('that nobody named takes no stance, loses none and is not settled', () => {
    for (const asked of [stance, withdrawn, settled])
      given(opened).when(ask(asked)).thenRejected('contested-question-not-found', 'questionId');
  });
  test('takes a stance of a fact that is not here yet', () => given(opened, named).when(ask(stance)).then(stance));
  test('takes another reading of the same fact: the last one stands', () => {
    const read = act('stance-attributed', { questionId, factId, stance: 'doubts' });
    given(opened, named, stance).when(ask(read)).then(read);
  });
  test('loses a stance that a fact takes', () => given(opened, named, stance).when(ask(withdrawn)).then(withdrawn));
  test('loses no stance that no fact takes, or that was withdrawn', () => {
    given(opened, named).when(ask(withdrawn)).thenRejected('stance-not-found', 'factId');
    given(opened, named, stance, withdrawn).when(ask(withdrawn)).thenRejected('stance-not-found', 'factId');
  });
  test('loses a stance that was taken again', () =>
    given(opened, named, stance, withdrawn, stance).when(ask(withdrawn)).then(withdrawn));
  test('knows no stance on another question', () => {
    const other = act('contested-question-named', { questionId: uuidOf('another'), question: 'Was it locked?' });
    const elsewhere = act('stance-withdrawn', { ...withdrawn.payload, questionId: uuidOf('another') });
    given(opened, named, other, stance).when(ask(elsewhere)).thenRejected('stance-not-found', 'factId');
  });
  test('is settled, and settled otherwise later', () => {
    given(opened, named, stance).when(ask(settled)).then(settled);
    given(opened, named, stance, settled).when(ask(settled)).then(settled);
  });
});

describe('a fact', () => {
  const box = claim('the box');

  test('is taken as it was given, by an open incident', () => given(opened).when(record(box)).then(box));
  test('is not taken by an incident that nobody opened', () =>
    given().when(record(box)).thenRejected('incident-not-found', 'incidentId'));
  test('is taken after the incident was closed: evidence that arrives late is evidence', () =>
    given(opened, closed).when(record(box)).then(box));
  test('is taken though it contradicts another: what holds is not for the record to decide', () => {
    const other = claim('the other letter', { statement: 'No box was ever missing.' });
    given(opened, box).when(record(other)).then(other);
  });
  test('may point at a fact that is not here yet', () => {
    const part = claim('a part', { partOf: uuidOf('a letter to come'), sameThingAs: uuidOf('nothing yet') });
    given(opened).when(record(part)).then(part);
  });
  test('whose id is taken is refused, even when it says the same', () =>
    given(opened, box).when(record(box)).thenRejected('fact-exists', 'factId'));
  test('whose id is that of a correction is refused', () =>
    given(opened, box, correction('a correction', 'the box'))
      .when(record(claim('a correction')))
      .thenRejected('fact-exists', 'factId'));
});

describe('a notice from a processor that nobody registered', () => {
  const letter = notice('the notice');
  const second = notice('the second notice');

  test('is recorded, and opens a gap: a receipt is evidence', () =>
    given(opened).when(recording(letter, unregistered)).then(letter, gap(letter)));
  test('is recorded after closing too, with its gap', () =>
    given(opened, closed).when(recording(letter, unregistered)).then(letter, gap(letter)));
  test('opens one gap a stranger, not one a letter', () =>
    given(opened, letter, gap(letter)).when(recording(second, unregistered)).then(second));
  test('opens a gap of its own for another stranger', () => {
    const other = notice('another notice', { actor: { role: 'sub-processor', id: 'example-vault' } });
    given(opened, letter, gap(letter))
      .when(recording(other, unregistered))
      .then(other, gap(other, { role: 'sub-processor', id: 'example-vault', name: '' }));
  });
  test('opens none when the processor is registered', () => given(opened).when(record(letter)).then(letter));
  test('opens one too when nobody says in which role the organisation acted', () => {
    const unsaid = notice('a notice', { actor: { role: 'organisation', id: 'example-archive' } });
    given(opened)
      .when(recording(unsaid, unregistered))
      .then(unsaid, gap(unsaid, { role: 'organisation', id: 'example-archive', name: '' }));
  });
  test.each([COUNCIL, CARETAKER, { role: 'media', id: 'example-gazette' }])(
    'opens none when it is told by a $role, who is no processor',
    (actor) => {
      const told = notice('told', { actor });
      given(opened).when(recording(told, unregistered)).then(told);
    },
  );
  test('opens none where the fact is no notice', () => {
    const said = claim('said', { actor: ARCHIVE });
    given(opened).when(recording(said, unregistered)).then(said);
  });
  test('whose gap is on record under the id drawn from the fact has that one alone, when it is imported again', () => {
    given(opened, letter, gap(letter))
      .when(ask(gap(letter)))
      .thenNothing();
    const renamed = act('gap-opened', { ...gap(letter).payload, gapId: uuidOf('from elsewhere') });
    given(opened, letter, gap(letter)).when(ask(renamed)).thenNothing();
  });
  test('has its gap from an import that comes before the notice: the notice then opens none', () => {
    given(opened)
      .when(ask(gap(letter)))
      .then(gap(letter));
    given(opened, gap(letter)).when(recording(letter, unregistered)).then(letter);
  });
  test('opens none of its own where the gap asks about nobody in particular', () => {
    const vague = act('gap-opened', { gapId: uuidOf('vague'), topic: 'unregistered-processor', about: [] });
    given(opened).when(ask(vague)).then(vague);
    given(opened, vague).when(recording(letter, unregistered)).then(letter, gap(letter));
    given(opened, vague).when(ask(vague)).thenRejected('gap-exists', 'gapId');
  });
  test('opens one also where somebody asked who that is: theirs covers it', () => {
    const { topic: _, ...particulars } = gap(letter).payload;
    const byHand = act('gap-opened', { ...particulars, gapId: uuidOf('by hand'), topic: 'processor-identity' });
    given(opened, byHand).when(recording(letter, unregistered)).then(letter, gap(letter));
    given(opened, letter, gap(letter)).when(ask(byHand)).then(byHand);
  });
  test('leaves the name of the stranger out of the gap, which lies in clear', () => {
    const decision = recordFact(letter, incident.evolve(incident.initial(), opened), unregistered);
    expect(JSON.stringify((decision as DomainEvent[])[1])).not.toContain(ARCHIVE.name);
  });
});

describe('a correction', () => {
  const box = claim('the box');
  const first = correction('first', 'the box');

  test('is taken of a fact that stands', () => given(opened, box).when(record(first)).then(first));
  test('is taken of a fact corrected before: the newest text is corrected by correcting the fact again', () => {
    const second = correction('second', 'the box');
    given(opened, box, first).when(record(second)).then(second);
  });
  test('of a fact that is not on record is refused', () =>
    given(opened).when(record(first)).thenRejected('fact-not-found', 'corrects'));
  test('of itself is refused: it is not on record', () =>
    given(opened)
      .when(record(correction('itself', 'itself')))
      .thenRejected('fact-not-found', 'corrects'));
  test('of a retracted fact is refused', () =>
    given(opened, box, retraction('away', 'the box')).when(record(first)).thenRejected('fact-retracted', 'corrects'));
  test('of a correction is refused', () =>
    given(opened, box, first)
      .when(record(correction('second', 'first')))
      .thenRejected('not-correctable', 'corrects'));
  test('of a retraction is refused', () =>
    given(opened, box, retraction('away', 'the box'))
      .when(record(correction('second', 'away')))
      .thenRejected('not-correctable', 'corrects'));
  test('of a correction is refused also once that one was retracted and restored', () =>
    given(opened, box, first, retraction('away', 'first'), retraction('not away', 'away'))
      .when(record(correction('second', 'first')))
      .thenRejected('not-correctable', 'corrects'));
  test('of a fact in an incident that nobody opened is refused for want of the incident', () =>
    given(box).when(record(first)).thenRejected('incident-not-found', 'incidentId'));
});

describe('a retraction', () => {
  const box = claim('the box');
  const away = retraction('away', 'the box');
  const back = retraction('back', 'away');

  test('is taken of a fact that stands', () => given(opened, box).when(record(away)).then(away));
  test('of a fact that is not on record is refused', () =>
    given(opened).when(record(away)).thenRejected('fact-not-found', 'retracts'));
  test('of a retracted fact is taken too: others knew it, for other reasons', () => {
    const again = retraction('again', 'the box', { actor: ARCHIVE, reason: 'There never was such a box.' });
    given(opened, box, away).when(record(again)).then(again);
  });
  test('is in force until the last of several is voided', () => {
    const again = retraction('again', 'the box');
    const first = correction('first', 'the box');
    given(opened, box, away, again, back).when(record(first)).thenRejected('fact-retracted', 'corrects');
    given(opened, box, away, again, back, retraction('back again', 'again')).when(record(first)).then(first);
  });
  test('is taken of a correction', () => {
    const undone = retraction('undone', 'first');
    given(opened, box, correction('first', 'the box')).when(record(undone)).then(undone);
  });
  test('is taken of a retraction', () => given(opened, box, away).when(record(back)).then(back));
  test('of a retraction lets the fact stand again: it can be corrected', () => {
    const corrected = correction('corrected', 'the box');
    given(opened, box, away, back).when(record(corrected)).then(corrected);
  });
  test('of a retraction lets the fact stand again: it can be retracted anew', () => {
    const anew = retraction('anew', 'the box');
    given(opened, box, away, back).when(record(anew)).then(anew);
  });
  test('of the retraction of a retraction takes the fact away again', () => {
    const third = retraction('third', 'back');
    given(opened, box, away, back, third)
      .when(record(correction('corrected', 'the box')))
      .thenRejected('fact-retracted', 'corrects');
  });
  test('that is voided leaves another one in force', () =>
    given(opened, box, away, back, retraction('anew', 'the box'), retraction('third', 'back'), retraction('x', 'anew'))
      .when(record(correction('corrected', 'the box')))
      .thenRejected('fact-retracted', 'corrects'));
});

describe('an erasure', () => {
  const order = { incidentId: INCIDENT_ID, kids: ['k_1'], ground: 'A request.' };
  const own = new Set(['k_1', 'k_2']);
  test('is ordered in an incident that was opened, be it closed', () => {
    given(opened)
      .when((state) => orderErasure(order, state, own))
      .then({ type: 'erasure-ordered', payload: order });
    given(opened, closed)
      .when((state) => orderErasure(order, state, own))
      .then({ type: 'erasure-ordered', payload: order });
  });
  test('is not ordered where no incident is', () =>
    given()
      .when((state) => orderErasure(order, state, own))
      .thenRejected('incident-not-found', 'incidentId'));
  test('takes no key that protects something elsewhere', () =>
    given(opened)
      .when((state) => orderErasure({ ...order, kids: ['k_1', 'k_9'] }, state, own))
      .thenRejected('key-not-found', 'kids'));
  test('that was carried out is confirmed', () => {
    const done = { incidentId: INCIDENT_ID, kids: ['k_1'] };
    given(opened)
      .when(() => confirmDestruction(done))
      .then({ type: 'keys-destroyed', payload: done });
  });
});

describe('facts under privilege', () => {
  test('are taken without an opening of their own: the incident was opened elsewhere', () => {
    const advice = claim('advice');
    examplesOf(privilegedFacts)().when(record(advice)).then(advice);
  });
  const underPrivilege = (fact: FactDraft, ...open: readonly DomainEvent[]) => {
    const { facts } = open.reduce((state, event) => incident.evolve(state, event), incident.initial());
    return examplesOf(privilegedFacts)().when(recording(fact, { ...registered, openFacts: facts }));
  };
  const box = claim('the box');
  const first = correction('first', 'the box');
  const away = retraction('away', 'the box');

  test('may correct or retract one that stands in the open: counsel says what is wrong with it', () => {
    underPrivilege(first, box).then(first);
    underPrivilege(away, box).then(away);
  });
  test('amend nothing that is on neither record', () => {
    underPrivilege(first).thenRejected('fact-not-found', 'corrects');
    underPrivilege(away).thenRejected('fact-not-found', 'retracts');
  });
  test('correct nothing that was retracted in the open, and no amendment of it', () => {
    underPrivilege(first, box, away).thenRejected('fact-retracted', 'corrects');
    underPrivilege(correction('second', 'first'), box, first).thenRejected('not-correctable', 'corrects');
  });
  test('whose id is that of an open one are refused', () =>
    underPrivilege(box, box).thenRejected('fact-exists', 'factId'));
});

describe('the state', () => {
  const TYPES = [...CATALOGUE.keys()];
  const NAMES = [
    ...['incidentId', 'factId', 'corrects', 'retracts', 'actor', 'status', 'toString', '__proto__'],
    ...['gapId', 'questionId', 'topic', 'sameThingAs', 'otherIncidentId', 'relation'],
  ];
  const ids = fc.constantFrom('a', 'b', 'c', '');
  const junk: fc.Arbitrary<DomainEvent> = fc.record({
    type: fc.oneof(fc.constantFrom(...TYPES, 'fact-retracted'), fc.string()),
    payload: fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(ids, fc.jsonValue(), fc.record({ role: ids, id: ids }))),
  });
  const fold = (events: readonly DomainEvent[]) =>
    events.reduce((state, event) => incident.evolve(state, event), incident.initial());

  test('is folded from whatever lies in the stream, without a throw', () =>
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 30 }), (events) => {
        const state = fold(events);
        for (const fact of [claim('a'), correction('b', 'a'), retraction('c', 'a')])
          recordFact(fact, state, unregistered);
        for (const { type } of INCIDENT_ACTS) decideOnIncident(act(type, { factId: 'a', gapId: 'b' }), state);
      }),
      { numRuns: 300 },
    ));

  test('is left as it is by events that it does not know', () =>
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 10 }), fc.string(), fc.jsonValue(), (events, type, value) => {
        fc.pre(!CATALOGUE.has(type));
        const unknown = { type, payload: { factId: 'a', retracts: 'b', value } };
        expect(fold([...events, unknown])).toEqual(fold(events));
      }),
    ));

  test('holds ids and no text, so that erasure has nothing to purge here', () => {
    const questionId = uuidOf('a question');
    const factId = uuidOf('a notice');
    const state = fold([
      opened,
      notice('a notice'),
      gap(notice('a notice')),
      correction('first', 'a notice'),
      act('gap-opened', {
        gapId: uuidOf('a'),
        topic: 'other',
        about: [],
        missing: 'the shelf mark',
        owners: ['legal'],
      }),
      act('gap-closed', { gapId: uuidOf('a'), answeredBy: [], reason: 'A letter came.' }),
      act('contested-question-named', { questionId, question: 'Was it on its shelf?' }),
      act('stance-attributed', { questionId, factId, stance: 'denies', position: 'By letter.' }),
      act('duplicate-linked', { factId, sameThingAs: uuidOf('another'), reason: 'The same letter.' }),
      closed,
    ]);
    const held = JSON.stringify(state, (_, value: unknown) =>
      value instanceof Map || value instanceof Set ? [...value] : value,
    );
    expect(held).toContain(uuidOf('a notice'));
    for (const text of [ARCHIVE.name, COUNCIL.name, 'shelf', 'letter', particulars.title, closure.reason])
      expect(held).not.toContain(text);
  });

  // The decider and the view read the same amendments; where they disagreed, what is shown could not be corrected.
  test('agrees with the view of everything on record about which facts stand', () => {
    const step = fc.record({
      kind: fc.constantFrom('claim', 'correct', 'retract', 'retract'),
      back: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        let state = incident.evolve(incident.initial(), opened);
        const traces: Trace[] = [];
        steps.forEach(({ kind, back }, index) => {
          const name = `fact ${index}`;
          const target = `fact ${index - back}`;
          const draft =
            kind === 'claim' ? claim(name) : kind === 'correct' ? correction(name, target) : retraction(name, target);
          const decision = recordFact(draft, state, registered);
          if (isRejection(decision)) return;
          state = incident.evolve(state, draft);
          traces.push(traceOf(traces.length + 1, draft.type, factOf(draft)));
        });
        for (const { trace, standing } of viewAt(traces, { sequence: traces.length })) {
          const stands = state.facts.get(trace.factId)?.retractions === 0;
          expect([trace.factId, stands]).toEqual([trace.factId, standing !== 'retracted']);
        }
      }),
      { numRuns: 300 },
    );
  });
});
