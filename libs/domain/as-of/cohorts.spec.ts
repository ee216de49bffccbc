import { amends, factIds, known, look, PUBLIC_REF, since, type TraceFields } from '../../../test/support/traces';
import { cohortsOf } from './cohorts';

const RESIDENTS = 'data-subjects:residents';
const STAFF = 'data-subjects:staff';
const about = (cohort: string, ...known: ReturnType<typeof since>[]): TraceFields => ({
  parties: { cohort },
  ...(known.length > 0 && { known }),
});
const cohorts = (...of: Parameters<typeof look>) =>
  cohortsOf(look(...of)).map(({ actor, facts, first }) => [actor, factIds(facts), factIds(first)]);

describe('a group of data subjects', () => {
  test('is spoken of by the facts that name it, and by those in which it speaks itself', () =>
    expect(
      cohorts({
        box: about(STAFF, since(5, 6)),
        said: { actor: RESIDENTS, known: [since(3, 4)] },
        both: { actor: STAFF, parties: { cohort: RESIDENTS }, known: [since(8, 9)] },
        other: {},
      }),
    ).toEqual([
      [STAFF, ['box', 'both'], ['box']],
      [RESIDENTS, ['said', 'both'], ['said']],
    ]));
  test('named by a fact in which it speaks is in that fact once', () =>
    expect(cohorts({ said: { actor: RESIDENTS, parties: { cohort: RESIDENTS } } })).toEqual([
      [RESIDENTS, ['said'], ['said']],
    ]));
  test('is one also where a fact names a group in another role as its cohort, and none where it is named otherwise', () =>
    expect(
      cohorts({ box: about('group:volunteers'), told: { parties: { recipient: RESIDENTS }, via: [RESIDENTS] } }),
    ).toEqual([['group:volunteers', ['box'], ['box']]]));
  test('is not spoken of by what was retracted', () => {
    const facts = { box: about(STAFF, since(2, 3)), key: about(STAFF, since(8, 9)), away: amends('box', 'retraction') };
    expect(cohorts(facts)).toEqual([[STAFF, ['key'], ['key']]]);
  });
  test('appears with the fact known first, not with the one recorded first', () =>
    expect(cohorts({ late: about(STAFF, since(8, 9)), early: about(STAFF, since(3, 4)) })).toEqual([
      [STAFF, ['late', 'early'], ['early']],
    ]));
  test('may have appeared first with any of several facts whose times overlap', () => {
    const facts = {
      wide: about(STAFF, since(3, 10)),
      inside: about(STAFF, since(5, 6)),
      touching: about(STAFF, since(6, 8)),
      open: about(STAFF, since(null, 20)),
      after: about(STAFF, since(11, 12)),
    };
    expect(cohorts(facts)).toEqual([
      [STAFF, ['wide', 'inside', 'touching', 'open', 'after'], ['wide', 'inside', 'open']],
    ]);
  });
  test('certainly appeared earlier where somebody certainly knew it earlier, whoever else may have known it', () =>
    expect(
      cohorts({ early: about(STAFF, since(null, null, PUBLIC_REF), since(3, 4)), late: about(STAFF, since(8, 9)) }),
    ).toEqual([[STAFF, ['early', 'late'], ['early']]]));
  test('appears to one knower with what that one knew first', () => {
    const facts = {
      box: about(STAFF, since(2, 3), since(20, 21, PUBLIC_REF)),
      key: about(STAFF, since(8, 9), since(9, 10, PUBLIC_REF)),
    };
    expect(cohorts(facts, [], known(30))).toEqual([[STAFF, ['box', 'key'], ['box']]]);
    expect(cohorts(facts, [], known(30, PUBLIC_REF))).toEqual([[STAFF, ['box', 'key'], ['key']]]);
  });
});
