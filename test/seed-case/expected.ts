import { REFERENCES, type Reference } from './ids';
import type { Json } from './json';

/**
 * What the sample must answer, as data, under the letters of the questions: A an auditor's, L a lawyer's, Q an
 * analyst's. Written down from the sources, not from what the software says. Windows are half-open.
 */

const through = (first: Reference, last: Reference): readonly Reference[] =>
  REFERENCES.slice(REFERENCES.indexOf(first), REFERENCES.indexOf(last) + 1);

const ALL: readonly Reference[] = REFERENCES;

const NOTICE_DAY = { earliest: '2021-10-28T23:00:00.000Z', latest: '2021-10-29T23:00:00.000Z' };
const NOTICE_TO_EMAIL = { earliest: '2021-10-28T23:00:00.000Z', latest: '2021-11-03T15:45:00.000Z' };
const ARTICLE = { earliest: '2021-11-03T12:00:00.000Z', latest: '2021-11-03T15:45:00.000Z' };
const UPDATE = { earliest: '2021-11-03T15:45:00.000Z', latest: '2021-11-03T15:46:00.000Z' };
const FEBRUARY = { earliest: '2022-02-18T00:00:00.000Z', latest: '2022-02-19T00:00:00.000Z' };

const IN_ARTICLE = [...through('F01', 'F26'), 'F29', 'F30'] as const;
const BY_3_NOVEMBER = through('F01', 'F30');
const AFTER_3_NOVEMBER = through('F31', 'F54');

/** Who could have known first, of each fact: the controller where the record shows it, else the public. For A10. */
export const FIRST_KNOWN: readonly { readonly facts: readonly Reference[]; readonly known: typeof ARTICLE }[] = [
  { facts: ['F01', 'F03'], known: NOTICE_DAY },
  { facts: ['F02', ...through('F05', 'F09')], known: NOTICE_TO_EMAIL },
  { facts: ['F04', ...through('F10', 'F26'), 'F29', 'F30'], known: ARTICLE },
  { facts: ['F27', 'F28'], known: UPDATE },
  { facts: AFTER_3_NOVEMBER, known: FEBRUARY },
];

export const ORIGINAL_F13 = 'The data systems that belong to the Party itself were not affected by the incident.';
export const CORRECTED_F13 = 'One of the data systems that belong to the Party itself was affected by the incident.';

export const EXPECTED = {
  // Facts by time of occurrence: open starts first, then by their bounds.
  A1: {
    inOrder: [
      ...['F01', 'F02', 'F53', 'F25', ...through('F36', 'F43'), 'F47', 'F51', 'F54'],
      ...['F29', 'F30', ...through('F03', 'F09'), 'F32', 'F27', ...through('F10', 'F24'), 'F26', 'F28'],
      ...['F31', 'F33', 'F34', 'F35', 'F44', 'F45', 'F46', 'F48', 'F49', 'F50', 'F52'],
    ],
    noLowerBound: ['F01', 'F02', 'F25', ...through('F36', 'F43'), 'F47', 'F51', 'F53', 'F54'],
  },

  A2: {
    notice: 'F03',
    by: 'processor:unnamed',
    occurred: { ...NOTICE_DAY, precision: 'DAY' },
    evidence: 'S1E:15',
    channel: 'UNKNOWN',
    corroboratedBy: [{ fact: 'F04', relation: 'SAME_THING_AS', evidence: 'S1:2' }],
    awarenessDecisions: 0,
    gapsAboutIt: {
      UNREGISTERED_PROCESSOR: { state: 'COVERED', coveredBy: 'G01' },
      TIME_OF_INCIDENT: { state: 'OPEN', reference: 'G02' },
      TIME_OF_NOTICE: { state: 'OPEN', reference: 'G03' },
    },
    riskDecision: { state: 'OPEN', reference: 'G11' },
    outageBeganBeforeIt: 'NOT_SHOWN',
  },

  A5: {
    '15:44Z': { certain: [], possible: IN_ARTICLE },
    '15:46Z': { certain: BY_3_NOVEMBER, possible: [] },
  },

  A6: {
    '2021-11-03': { certain: [], possible: [] },
    '2022-02-18': { certain: ['F43', 'F44', 'F46'], possible: [] },
    onRecordHereThen: { sequence: '0', flags: ['RECORDED_BEFORE_FIRST'], facts: 0 },
  },

  A7: {
    noSourceNamed: ['F25', 'F26', 'F29', 'F30', 'F35', 'F51', 'F53'],
    anonymousPersons: [
      { facts: ['F38', 'F39', 'F40'], thatTheyAreOneIsAssumed: false },
      { facts: ['F44'], thatTheyAreOneIsAssumed: false },
      { facts: through('F45', 'F50'), thatTheyAreOneIsAssumed: true },
    ],
    unnamedGroups: ['F27', 'F34', 'F36', 'F37', 'F41', 'F42', 'F43'],
  },

  A8: {
    asRecorded: ORIGINAL_F13,
    inForceNow: CORRECTED_F13,
    corrections: [
      {
        nature: 'SUBSTANCE',
        reason: 'Made up, to show a correction.',
        knownToThePublic: { earliest: '2021-12-01T09:00:00.000Z', latest: '2021-12-01T09:01:00.000Z' },
        recorded: 'an instant',
        recordedBy: 'a user id',
      },
    ],
    asKnownBeforeIt: { statement: ORIGINAL_F13, corrections: 0 },
    asOnRecordBeforeIt: { statement: ORIGINAL_F13, corrections: 0 },
  },

  A10: { recordedMoreThanADayLater: ALL, perhaps: [], withinADay: [], withTheirLag: 54 },

  A12: {
    knownToTheController: { certain: ['F01', 'F03'], possible: ['F02', ...through('F05', 'F09')] },
    published: { certain: [], possible: [] },
  },

  L5: {
    plainly: ['F05', 'F10', 'F11', 'F12', 'F17', ...through('F20', 'F24')],
    asItsUnderstanding: ['F14', 'F15', 'F16'],
    // By the chain of who told whom; without one, the author of the source speaks for itself.
    attributed: {
      'nobody in between': ['F03', ...through('F06', 'F09'), 'F13', 'F18'],
      'processor:unnamed > controller:labour': ['F01', 'F02'],
      'controller:labour > media:LabourList': ['F04', 'F19'],
      'unattributed:unnamed > media:LabourList': ['F25', 'F26', 'F29', 'F30'],
      'data-subjects:former_members > media:LabourList': ['F27'],
      'media:LabourList': ['F28'],
      'media:PublicTechnology': ['F31', 'F33'],
      'controller:labour > media:PublicTechnology': ['F32'],
      'group:activists > media:PublicTechnology': ['F34'],
      'unattributed:unnamed > media:PublicTechnology': ['F35', 'F51', 'F53'],
      'group:activists > media:PoliticsHome > media:PublicTechnology': ['F36', 'F37'],
      'a person > media:PublicTechnology': ['F38', 'F39', 'F40', 'F44'],
      'group:local_groups_London > media:PublicTechnology': ['F41'],
      'group:organisers > media:PublicTechnology': ['F42'],
      'group:members > media:PublicTechnology': ['F43'],
      'a person > media:PoliticsHome > media:PublicTechnology': through('F45', 'F50'),
      'controller:labour_spokesperson > media:PublicTechnology': ['F52'],
      'threat-actor:unnamed > processor:Blackbaud > media:PublicTechnology': ['F54'],
    },
    // Of the controller's own statements: the question on which each takes a side.
    becauseContested: { C8: through('F06', 'F09'), C1: ['F13'], C4: ['F18'] },
  },

  L8: {
    openConflicts: {
      C1: { DENIES: ['F13 in S1E'], ASSERTS: ['F25 in S1'] },
      C4: {
        ASSERTS: ['F18 in S1E'],
        DENIES: ['F34 in S2', 'F40 in S2', 'F42 in S2', 'F47 in S2'],
        REPORTS: ['F52 in S2'],
      },
    },
    reportToTheIco: { G04: { topic: 'AUTHORITY_REPORT', state: 'OPEN', owners: ['legal'] } },
  },

  L9: {
    earlierIncidents: 3,
    spokenOfIn: {
      F29: { incidents: 2, outcome: ['F30'] },
      F53: { incidents: 1, outcome: ['F54'] },
    },
    incidentsMergedOrLinked: 0,
  },

  L10: {
    factsAboutThem: ['F27'],
    areTheyAffected: { REPORTS: ['F16', 'F27'], ASKS: ['F28'] },
    scopeThatMayCoverThem: { fact: 'F16', group: 'data-subjects:other_individuals', manner: 'HEDGED' },
    openQuestion: { fact: 'F28', since: UPDATE, answers: 0 },
    gap: { G15: 'OPEN' },
  },

  Q1: {
    assertions: 54,
    things: 53,
    assertedAgain: { F04: 'F03' },
    bySource: { S1: 6, S1E: 22, S1U: 2, S2: 24 },
    byKind: {
      CLAIM_MADE: 9,
      DOWNSTREAM_EFFECT_REPORTED: 5,
      INVESTIGATION_STATUS_STATED: 5,
      ADVICE_GIVEN: 4,
      AUTHORITY_INFORMED: 4,
      SCOPE_CLAIMED: 4,
      PUBLIC_STATEMENT_MADE: 3,
      IMPACT_CLAIMED: 2,
      PRIOR_INCIDENT_OUTCOME_REPORTED: 2,
      PRIOR_INCIDENT_REPORTED: 2,
      PROCESSOR_NOTIFICATION_RECEIVED: 2,
      UNKNOWN_ACKNOWLEDGED: 2,
      COMMITMENT_MADE: 1,
      CONCESSION_MADE: 1,
      CORRESPONDENCE_REPORTED: 1,
      DATA_SUBJECTS_INFORMED: 1,
      INCIDENT_CHARACTERISED: 1,
      INCIDENT_OCCURRED: 1,
      MEDIA_REPORT_PUBLISHED: 1,
      QUESTION_OPENED: 1,
      RESPONSE_ACTION_TAKEN: 1,
      SERVICE_OUTAGE_REPORTED: 1,
    },
  },

  Q2: { 'processor:unnamed': ['F01', 'F02', 'F03'], 'processor:Blackbaud': ['F53', 'F54'] },

  Q3: {
    'authority:NCA': { F06: NOTICE_TO_EMAIL },
    'authority:NCSC': { F07: NOTICE_TO_EMAIL },
    'authority:ICO': { F08: NOTICE_TO_EMAIL },
    'authority:unspecified': { F09: NOTICE_TO_EMAIL },
  },

  Q4: { F43: 'REPORTS', F44: 'DENIES', F46: 'DOUBTS' },

  Q5: {
    '2021-11-03': { certain: BY_3_NOVEMBER, possible: [] },
    '2022-02-18': { certain: ALL, possible: [] },
    // F18 claims an adequate response, and by February others had said that it was none (C4).
    difference: { APPEARED: AFTER_3_NOVEMBER, STANDING_CHANGED: ['F18'] },
  },

  Q6: ['F36', 'F37', 'F39', 'F41', 'F43'],

  // 4 days 13 hours, and 5 days 16 hours 45 minutes.
  Q7: { hours: { min: 109, max: 136.75 }, noticeFirst: 'SHOWN' },

  Q8: [
    { earlier: 'F03', later: 'F04', changes: [], hedge: 'NONE' },
    {
      earlier: 'F14',
      later: 'F32',
      changes: [{ before: 'We understand', after: 'registered and affiliated supports' }],
      hedge: 'DROPPED',
    },
    { earlier: 'F15', later: 'F32', changes: [{ before: 'supporters', after: 'supports' }], hedge: 'DROPPED' },
    {
      earlier: 'F16',
      later: 'F32',
      changes: [{ before: 'We understand', after: 'registered and affiliated supports' }],
      hedge: 'DROPPED',
    },
    {
      earlier: 'F01',
      later: 'F33',
      changes: [{ before: 'cyber incident', after: 'cyberattack' }],
      hedge: 'NONE',
    },
    {
      earlier: 'F02',
      later: 'F35',
      changes: [{ before: 'a significant quantity of Party', after: "member's" }],
      hedge: 'NONE',
    },
  ],

  Q9: {
    members: ['F14', 'F19'],
    registered_and_affiliated_supporters: ['F15'],
    other_individuals: ['F16'],
    former_members: ['F27'],
  },

  Q10: {
    gaps: [...Array.from({ length: 16 }, (_, index) => `G${String(index + 1).padStart(2, '0')}`), 'G20'],
    daysOpen: { min: 107, max: 108 },
    questions: ['F28'],
  },

  Q11: {
    'processor:unnamed': { happenedAtIt: 1, earlier: 0 },
    'processor:Blackbaud': { happenedAtIt: 0, earlier: 1 },
    earlierIncidentsReportedOf: { 'threat-actor:unknown': ['F29'], 'processor:Blackbaud': ['F53'] },
  },
} as const satisfies Readonly<Record<string, Json>>;

export type QuestionId = keyof typeof EXPECTED;
