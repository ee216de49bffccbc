import fc from 'fast-check';
import { CATALOGUE } from '../catalogue';
import type { DomainEvent } from '../decision';
import { opened, uuidOf } from '../../../test/support/facts';
import { examplesOf } from '../../../test/support/spec';
import { decideOnParty, party, PARTY_ACTS, type Party } from './party';

const given = examplesOf(party);

const act = (type: string, payload: Readonly<Record<string, unknown>> = {}): DomainEvent => ({
  type,
  payload: { partyId: 'example-archive', ...payload },
});
const ask = (asked: DomainEvent) => (state: Party) => decideOnParty(asked, state);

const registered = act('party-registered', { name: 'Example Archive Ltd', sort: 'organisation' });

describe('a party', () => {
  test('is put on the register', () => given().when(ask(registered)).then(registered));
  test('on the register is not registered again under the same id', () =>
    given(registered)
      .when(ask(act('party-registered', { name: 'Example Holdings', sort: 'organisation' })))
      .thenRejected('party-exists', 'partyId'));
  test('is not registered by what happens elsewhere', () => given(opened).when(ask(registered)).then(registered));
  test.each(PARTY_ACTS.map(({ type }) => type).filter((type) => type !== 'party-registered'))(
    'that is on no register takes no %s',
    (type) =>
      given()
        .when(ask(act(type)))
        .thenRejected('party-not-found', 'partyId'),
  );
});

describe('an agreement', () => {
  const agreementId = uuidOf('an agreement');
  const recorded = act('agreement-recorded', { agreementId, sort: 'processing', counterparty: 'example-council' });
  const ended = act('agreement-ended', { agreementId });

  test('is recorded once under its id', () => {
    given(registered).when(ask(recorded)).then(recorded);
    given(registered, recorded).when(ask(recorded)).thenRejected('agreement-exists', 'agreementId');
    given(registered, recorded, ended).when(ask(recorded)).thenRejected('agreement-exists', 'agreementId');
  });
  test('of another id stands beside it', () => {
    const other = act('agreement-recorded', { ...recorded.payload, agreementId: uuidOf('another') });
    given(registered, recorded).when(ask(other)).then(other);
  });
  test('ends, where it is on record', () => {
    given(registered, recorded).when(ask(ended)).then(ended);
    given(registered).when(ask(ended)).thenRejected('agreement-not-found', 'agreementId');
    given(registered, recorded)
      .when(ask(act('agreement-ended', { agreementId: uuidOf('another') })))
      .thenRejected('agreement-not-found', 'agreementId');
  });
  test('may be said to have ended at another time: the last account stands', () =>
    given(registered, recorded, ended).when(ask(ended)).then(ended));
});

describe('a sub-processor', () => {
  const engaged = act('sub-processor-engaged', { subProcessor: 'example-vault' });
  const released = act('sub-processor-released', { subProcessor: 'example-vault' });

  test('is engaged; engaged before, nothing changes', () => {
    given(registered).when(ask(engaged)).then(engaged);
    given(registered, engaged).when(ask(engaged)).thenNothing();
  });
  test('is released; not engaged, nothing changes', () => {
    given(registered, engaged).when(ask(released)).then(released);
    given(registered).when(ask(released)).thenNothing();
    given(registered, engaged, released).when(ask(released)).thenNothing();
  });
  test('is engaged again after it was released', () =>
    given(registered, engaged, released).when(ask(engaged)).then(engaged));
  test('beside another one is engaged too', () => {
    const other = act('sub-processor-engaged', { subProcessor: 'example-couriers' });
    given(registered, engaged).when(ask(other)).then(other);
  });
});

describe('a contact point', () => {
  const contactId = uuidOf('the hotline');
  const added = act('contact-point-added', { contactId });
  const removed = act('contact-point-removed', { contactId });

  test('is added once under its id, also after it was removed', () => {
    given(registered).when(ask(added)).then(added);
    given(registered, added).when(ask(added)).thenRejected('contact-exists', 'contactId');
    given(registered, added, removed).when(ask(added)).thenRejected('contact-exists', 'contactId');
  });
  test('is removed; removed before, nothing changes', () => {
    given(registered, added).when(ask(removed)).then(removed);
    given(registered, added, removed).when(ask(removed)).thenNothing();
  });
  test('that is not on record is not removed', () =>
    given(registered).when(ask(removed)).thenRejected('contact-not-found', 'contactId'));
});

describe('the state of a party', () => {
  const FIELDS = ['partyId', 'agreementId', 'subProcessor', 'contactId', 'toString', '__proto__'];
  const junk: fc.Arbitrary<DomainEvent> = fc.record({
    type: fc.oneof(fc.constantFrom(...CATALOGUE.keys()), fc.string()),
    payload: fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue()),
  });
  const fold = (events: readonly DomainEvent[]) =>
    events.reduce((state, event) => party.evolve(state, event), party.initial());

  test('is folded from whatever lies in the stream, without a throw, and whatever is asked of it is answered', () =>
    fc.assert(
      fc.property(fc.array(junk), (events) => {
        const state = fold(events);
        for (const { type } of PARTY_ACTS) decideOnParty(act(type, { contactId: 'a' }), state);
      }),
    ));
  test('is left as it is by events that are not its own', () =>
    fc.assert(
      fc.property(fc.array(junk), junk, (events, other) => {
        fc.pre(!PARTY_ACTS.some(({ type }) => type === other.type));
        expect(fold([...events, other])).toEqual(fold(events));
      }),
    ));
  test('holds ids and no text, so that erasure has nothing to purge here', () => {
    const state = fold([
      registered,
      act('agreement-recorded', { agreementId: uuidOf('a'), note: 'Signed in the hall.' }),
      act('contact-point-added', { contactId: uuidOf('b'), contact: { details: 'a@archive.example' } }),
      act('sub-processor-engaged', { subProcessor: 'example-vault', purpose: 'Keeps tapes.' }),
    ]);
    const held = JSON.stringify(state, (_, value: unknown) =>
      value instanceof Map || value instanceof Set ? [...value] : value,
    );
    for (const id of [uuidOf('a'), uuidOf('b'), 'example-vault']) expect(held).toContain(id);
    for (const text of ['Ltd', 'hall', '@', 'tapes']) expect(held).not.toContain(text);
  });
});
