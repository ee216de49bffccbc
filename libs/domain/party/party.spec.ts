import fc from 'fast-check';
import { opened } from '../../../test/support/facts';
import { examplesOf } from '../../../test/support/spec';
import { party, registerParty, type Party, type PartyParticulars } from './party';

const given = examplesOf(party);

const archive: PartyParticulars = { partyId: 'example-archive', name: 'Example Archive Ltd', sort: 'organisation' };
const registered = { type: 'party-registered', payload: archive };
const register = (payload: PartyParticulars) => (state: Party) => registerParty(payload, state);

describe('a party', () => {
  test('is put on the register', () => given().when(register(archive)).then(registered));
  test('on the register is not registered again under the same id', () =>
    given(registered)
      .when(register({ ...archive, name: 'Example Holdings' }))
      .thenRejected('party-exists', 'partyId'));
  test('is not registered by what happens elsewhere', () => given(opened).when(register(archive)).then(registered));

  test('is folded from whatever lies in the stream, without a throw', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ type: fc.string(), payload: fc.dictionary(fc.string(), fc.jsonValue()) })),
        (junk) => {
          expect(junk.reduce((state, event) => party.evolve(state, event), party.initial())).toEqual({
            registered: false,
          });
        },
      ),
    ));
});
