import { factIdOf, questionIdOf, SAMPLE_INCIDENT_ID, type QuestionReference, type Reference } from './ids';
import { commandId, type Step } from './step';

type Stance = 'ASSERTS' | 'DENIES' | 'DOUBTS' | 'REPORTS' | 'ASKS';

/** The question under its name, then where each fact stands on it, as we read it: `REPORTS` takes no side. */
const contested = (
  reference: QuestionReference,
  question: string,
  ...stances: readonly (readonly [Reference, Stance, position: string])[]
): readonly Step[] => {
  const questionId = questionIdOf(reference);
  const named: Step = {
    mutation: 'nameContestedQuestion',
    input: {
      commandId: commandId(questionId),
      incidentId: SAMPLE_INCIDENT_ID,
      questionId,
      reference,
      question,
    },
  };
  return [
    named,
    ...stances.map(([fact, stance, position]): Step => ({
      mutation: 'attributeStance',
      input: {
        commandId: commandId(`${questionId} ${factIdOf(fact)}`),
        incidentId: SAMPLE_INCIDENT_ID,
        questionId,
        factId: factIdOf(fact),
        stance,
        position,
      },
    })),
  ];
};

/** Where the sources stand differently, or where one interested source stands alone. */
export const contestedQuestions: readonly Step[] = [
  contested(
    'C1',
    "Were the controller's own systems affected?",
    ['F13', 'DENIES', 'The data systems of the Party itself were not.'],
    [
      'F25',
      'ASSERTS',
      'The website for members is down because of it. Whether that is one of those systems is not said.',
    ],
  ),
  contested(
    'C2',
    'Are former members affected?',
    ['F16', 'REPORTS', 'A group so open that they may be in it.'],
    ['F27', 'REPORTS', 'They were contacted, which does not say that they are affected.'],
    ['F28', 'ASKS', 'It was asked, and no answer is on record.'],
  ),
  contested(
    'C3',
    'Does the incident cause the problems with payments for membership?',
    ['F43', 'REPORTS', 'There are such problems.'],
    ['F44', 'DENIES', 'The two are not linked.'],
    ['F46', 'DOUBTS', 'Sceptical about that denial, without asserting a link.'],
  ),
  contested(
    'C4',
    'Was the response adequate?',
    ['F18', 'ASSERTS', 'All that the Party can do is being done.'],
    ['F34', 'DENIES', 'The Party responded poorly.'],
    ['F40', 'DENIES', 'The solution came late, and communication was poor.'],
    ['F42', 'DENIES', 'Communication by the central party was poor.'],
    ['F47', 'DENIES', 'It falls short of adequate.'],
    ['F52', 'REPORTS', 'Refers people to the membership team.'],
  ),
  contested(
    'C5',
    'Are selections of candidates behind schedule?',
    ['F39', 'ASSERTS', 'They were held up, in London.'],
    ['F41', 'ASSERTS', 'Significantly, in London.'],
    ['F52', 'REPORTS', 'Hundreds have been chosen throughout the country, which is another scope.'],
  ),
  contested(
    'C6',
    'When was the attack?',
    ['F03', 'ASSERTS', 'Before the processor told of it, on 29 October.'],
    ['F33', 'ASSERTS', 'In November, by the headline.'],
    ['F32', 'ASSERTS', 'Particulars were confirmed in November: that dates the disclosure.'],
  ),
  contested(
    'C7',
    'What was it?',
    ['F01', 'ASSERTS', 'A cyber incident.'],
    ['F26', 'ASSERTS', 'It is not clear whether somebody hostile was behind it.'],
    ['F33', 'ASSERTS', 'A cyberattack.'],
    ['F34', 'ASSERTS', 'A data breach.'],
    ['F35', 'ASSERTS', 'A breach through which data became inaccessible.'],
  ),
  contested(
    'C8',
    'Were the authorities told at once?',
    ['F06', 'ASSERTS', 'The NCA was, with no time given.'],
    ['F07', 'ASSERTS', 'The NCSC was, with no time given.'],
    ['F08', 'ASSERTS', 'The ICO was, with no time given.'],
    ['F09', 'ASSERTS', 'Others, not named, may have been.'],
  ),
  contested('C9', 'How long after the incident at Blackbaud was it?', ['F53', 'ASSERTS', 'A few months.']),
  contested(
    'C10',
    'Who is to blame?',
    ['F49', 'ASSERTS', 'Not the Party, for the breach itself.'],
    ['F34', 'ASSERTS', 'The Party, for its response.'],
    ['F50', 'ASSERTS', 'The Party, for its response.'],
  ),
  contested('C11', 'Was the data taken from Blackbaud destroyed?', [
    'F54',
    'REPORTS',
    'That was promised. Nothing shows that it was done.',
  ]),
  contested('C12', 'Did 2019 involve a data breach?', ['F30', 'DENIES', 'There was none in the attacks of that year.']),
  contested('C13', 'Whose data is it?', ['F02', 'ASSERTS', "The Party's."], ['F35', 'ASSERTS', "Its members'."]),
].flat();
