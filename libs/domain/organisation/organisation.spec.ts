import { examplesOf } from '../../../test/support/spec';
import { opened } from '../../../test/support/facts';
import { decideOnOrganisation, organisation } from './organisation';

const given = examplesOf(organisation);

const profile = (size: string, name = 'Example Council') => ({
  type: 'organisation-profile-stated',
  payload: { organisationId: 'example-council', name, size },
});

describe('the profile of an organisation', () => {
  test('is stated', () =>
    given()
      .when(() => decideOnOrganisation(profile('small')))
      .then(profile('small')));
  test('is stated anew, and stated again: every statement stands for its own time', () => {
    given(profile('small'))
      .when(() => decideOnOrganisation(profile('large')))
      .then(profile('large'));
    given(profile('small'))
      .when(() => decideOnOrganisation(profile('small')))
      .then(profile('small'));
  });
  test('leaves nothing behind that a later decision hangs on', () =>
    expect(
      [opened, profile('small')].reduce((state, event) => organisation.evolve(state, event), organisation.initial()),
    ).toEqual(organisation.initial()));
});
