import { CORRECTED_F13 } from './expected';
import { factIdOf, SAMPLE_INCIDENT_ID } from './ids';
import type { Json } from './json';
import {
  byCertainty,
  END_OF_18_FEBRUARY,
  END_OF_3_NOVEMBER,
  fact,
  FACTS,
  facts,
  INCIDENT,
  keyed,
  PUBLIC,
  window,
  type Edges,
  type QuestionDraft,
} from './question';
import { commandId, type Step } from './step';

const place = ({ document, line }: any): string => `${document}:${line}`;

/** For what differs from run to run: its sort, where it is of that sort. */
const aUserId = (value: string): string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? 'a user id' : value;
const anInstant = (value: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? 'an instant' : value;

const CORRECTION_KNOWN = {
  zone: 'Europe/London',
  earliest: '2021-12-01T09:00:00.000Z',
  latest: '2021-12-01T09:01:00.000Z',
  basis: 'STATED_BY_CONTROLLER',
};

/** Made up for this question: no source corrects F13. */
const CORRECTION: Step = {
  mutation: 'correctFact',
  input: {
    commandId: commandId(`correction of ${factIdOf('F13')}`),
    incidentId: SAMPLE_INCIDENT_ID,
    reference: 'F13-corrected',
    corrects: factIdOf('F13'),
    nature: 'SUBSTANCE',
    statement: CORRECTED_F13,
    reason: 'Made up, to show a correction.',
    occurred: { moment: CORRECTION_KNOWN },
    known: [{ by: { role: 'PUBLIC', id: 'public' }, when: CORRECTION_KNOWN }],
    source: { document: 'made-up', line: 1 },
    actor: { role: 'CONTROLLER', id: 'labour' },
    manner: 'STATED',
  },
};

/** The auditor reconstructs. */
export const auditor: readonly QuestionDraft[] = [
  {
    id: 'A1',
    question: 'All facts by time of occurrence: which have no lower bound?',
    reading:
      'A time is a window. Facts without a lower bound come first, because they may be the oldest; then the order is by earliest, then by latest bound. It says where a line stands, not what happened first.',
    query: `query A1 {
  ledger {
    ${INCIDENT} {
      timeline(first: 200, orderBy: { field: OCCURRED }) { ...Facts }
      open: timeline(first: 200, filter: { hasLowerBound: false }, orderBy: { field: RECORDED }) { ...Facts }
    }
  }
}

${FACTS}`,
    answer: ({ ledger: { incident } }) => ({
      inOrder: facts(incident.timeline),
      noLowerBound: facts(incident.open),
    }),
  },
  {
    id: 'A2',
    question: 'When was the controller informed, by whom, on what evidence, how precisely? Is awareness determined?',
    reading:
      'One notice, asserted twice: F04 repeats F03 and is no second notice. Its time of day is on record as a gap. The gap that the ledger opened by itself, because nobody has registered this processor, is covered by G01, which asks the same. No decision on awareness is on record, so no time of awareness is given; whether the outage of F25 began before the notice cannot be shown.',
    query: `query A2 {
  ledger {
    ${INCIDENT} {
      notices(first: 10) {
        edges {
          node {
            fact {
              node {
                ... on ProcessorNotificationReceived {
                  reference
                  actor { ref }
                  occurred { when { earliest latest precision } }
                  source { document line }
                  channel
                }
              }
            }
          }
        }
      }
      corroboration: provenance(
        first: 10
        factId: "${factIdOf('F03')}"
        direction: CARRIES
        depth: 1
      ) {
        edges { node { relation from { node { ... on Fact { reference source { document line } } } } } }
      }
      decisions: timeline(first: 1, filter: { kinds: [AWARENESS_DETERMINED] }) { counts { certain possible } }
      gaps(first: 10, filter: { about: ["${factIdOf('F03')}"] }) { ...Gaps }
      risk: gaps(first: 10, filter: { topics: [RISK_ASSESSMENT] }) { ...Gaps }
      interval(from: "${factIdOf('F25')}", to: "${factIdOf('F03')}") {
        inOrder
      }
    }
  }
}

fragment Gaps on GapConnection {
  edges { state coveredBy { reference } node { reference topic } }
}`,
    answer: ({ ledger: { incident } }) => {
      const [{ node: notice }] = incident.notices.edges.map(({ node }: any) => node.fact);
      const gap = ({ state, coveredBy, node }: any): Record<string, Json> =>
        coveredBy === null ? { state, reference: node.reference } : { state, coveredBy: coveredBy.reference };
      return {
        notice: notice.reference,
        by: notice.actor.ref,
        occurred: notice.occurred.when,
        evidence: place(notice.source),
        channel: notice.channel,
        corroboratedBy: incident.corroboration.edges.map(({ node: { relation, from } }: any) => ({
          fact: fact(from),
          relation,
          evidence: place(from.node.source),
        })),
        awarenessDecisions: incident.decisions.counts.certain + incident.decisions.counts.possible,
        gapsAboutIt: keyed(incident.gaps.edges, ({ node }: any) => node.topic, gap),
        riskDecision: incident.risk.edges.map(gap)[0],
        outageBeganBeforeIt: incident.interval.inOrder,
      };
    },
  },
  {
    id: 'A5',
    question: 'What had been published at 15:44Z, and at 15:46Z, on 3 November 2021?',
    reading:
      'Published means known to `public:public`. A fact is certain when the latest bound of that knowledge has passed, possible when only the earliest has. The article came out that afternoon, before its own update at 3.45pm, and no more is known: so at 15:44 all of it is possible.',
    query: `query A5 {
  at1544: ledger(asOf: { known: { at: "2021-11-03T15:44:00Z", ${PUBLIC} } }) { ...Published }
  at1546: ledger(asOf: { known: { at: "2021-11-03T15:46:00Z", ${PUBLIC} } }) { ...Published }
}

fragment Published on LedgerView {
  ${INCIDENT} {
    timeline(first: 200, orderBy: { field: RECORDED }) { ...Facts }
  }
}

${FACTS}`,
    answer: ({ at1544, at1546 }) => ({
      '15:44Z': byCertainty(at1544.incident.timeline),
      '15:46Z': byCertainty(at1546.incident.timeline),
    }),
  },
  {
    id: 'A6',
    question: 'Had payment problems been published on 3 November 2021? And on 18 February 2022?',
    reading:
      'The two clocks are two questions. What had been published goes by knowledge. What this ledger held by then goes by recording, and is nothing: it was filled later, and the flag says so.',
    query: `query A6 {
  november: ledger(asOf: { ${END_OF_3_NOVEMBER} }) { ...Payments }
  february: ledger(asOf: { ${END_OF_18_FEBRUARY} }) { ...Payments }
  here: ledger(asOf: { recorded: "2022-02-19T00:00:00Z" }) {
    resolved { sequence flags }
    timeline(first: 1) { counts { certain possible } }
  }
}

fragment Payments on LedgerView {
  ${INCIDENT} {
    timeline(first: 200, filter: { text: "problem* payment*" }, orderBy: { field: RECORDED }) { ...Facts }
  }
}

${FACTS}`,
    answer: ({ november, february, here }) => ({
      '2021-11-03': byCertainty(november.incident.timeline),
      '2022-02-18': byCertainty(february.incident.timeline),
      onRecordHereThen: {
        ...here.resolved,
        facts: here.timeline.counts.certain + here.timeline.counts.possible,
      },
    }),
  },
  {
    id: 'A7',
    question: 'Which facts rest on unattributed or anonymous sources?',
    reading:
      'The origin is whoever stands at the beginning of what was passed on. Persons are kept under a pseudonym; where several quotations go to one of them, the fact says whether that is shown or assumed.',
    query: `query A7 {
  ledger {
    ${INCIDENT} {
      nobody: timeline(first: 200, filter: { origins: [NONE] }, orderBy: { field: RECORDED }) { ...Facts }
      persons: timeline(first: 200, filter: { origins: [PERSON] }, orderBy: { field: RECORDED }) {
        edges { identityAssumed node { ... on Fact { reference actor { ref } } } }
      }
      groups: timeline(first: 200, filter: { origins: [GROUP] }, orderBy: { field: RECORDED }) { ...Facts }
    }
  }
}

${FACTS}`,
    answer: ({ ledger: { incident } }) => ({
      noSourceNamed: facts(incident.nobody),
      anonymousPersons: [
        ...Map.groupBy<string, any>(incident.persons.edges, ({ node }) => node.actor.ref).values(),
      ].flatMap((edges) =>
        [false, true]
          .map((assumed) => ({
            facts: edges.filter(({ identityAssumed }) => identityAssumed === assumed).map(fact),
            thatTheyAreOneIsAssumed: assumed,
          }))
          .filter((person) => person.facts.length > 0),
      ),
      unnamedGroups: facts(incident.groups),
    }),
  },
  {
    id: 'A10',
    question: 'Which facts were recorded more than 24 hours after they were known?',
    reading:
      'All of them: the sample is an import, and says so. Each fact has its lag as a range, from first knowledge to recording, in seconds. The first to know counts, whoever that was.',
    query: `query A10 {
  ledger {
    ${INCIDENT} {
      timeline(first: 200, orderBy: { field: RECORDED }) {
        edges {
          recordingLag { moreThanOneDay minSeconds maxSeconds }
          node { ... on Fact { reference } }
        }
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) => {
      const { edges } = incident.timeline as Edges;
      const which = (verdict: string) =>
        edges.filter(({ recordingLag }) => recordingLag.moreThanOneDay === verdict).map(fact);
      return {
        recordedMoreThanADayLater: which('SHOWN'),
        perhaps: which('NOT_SHOWN'),
        withinADay: which('REFUTED'),
        withTheirLag: edges.filter(
          ({ recordingLag: { minSeconds, maxSeconds } }) => minSeconds !== null && maxSeconds !== null,
        ).length,
      };
    },
  },
  {
    id: 'A12',
    question: 'What did the controller know at noon on 1 November 2021, by this record?',
    reading:
      'The same facts under another knower: `known` says who knew what since when. What the record shows of F02 and F05 to F09 is that the controller came to know them at some time between the notice and the e-mail.',
    query: `query A12 {
  controller: ledger(asOf: { known: { at: "2021-11-01T12:00:00Z", by: "controller:labour" } }) { ...Known }
  published: ledger(asOf: { known: { at: "2021-11-01T12:00:00Z", ${PUBLIC} } }) { ...Known }
}

fragment Known on LedgerView {
  ${INCIDENT} {
    timeline(first: 200, orderBy: { field: RECORDED }) { ...Facts }
  }
}

${FACTS}`,
    answer: ({ controller, published }) => ({
      knownToTheController: byCertainty(controller.incident.timeline),
      published: byCertainty(published.incident.timeline),
    }),
  },
  {
    id: 'A8',
    question: 'F13 is corrected. What did it say, who corrected it, when, and why?',
    reading:
      'The fact itself never changes. The correction is an entry of its own, with its reason and its own clocks, and shows only where both reach it: neither the view of what was known on 30 November nor that of what was on record before it (the sequence `$before`) has it.',
    commands: [CORRECTION],
    query: `query A8($before: Sequence!) {
  now: ledger {
    history(factId: "${factIdOf('F13')}") {
      fact {
        node { ... on Fact { statement { value } } }
        inForce { statement { value } }
      }
      amendments {
        node {
          recorded
          recordedBy
          ... on FactCorrected {
            nature
            reason { value }
            known { by { ref } when { earliest latest } }
          }
        }
      }
    }
  }
  known: ledger(asOf: { known: { at: "2021-11-30T00:00:00Z" } }) { ...Text }
  onRecord: ledger(asOf: { sequence: $before }) { ...Text }
}

fragment Text on LedgerView {
  history(factId: "${factIdOf('F13')}") {
    fact { inForce { statement { value } } }
    amendments { node { kind } }
  }
}`,
    answer: ({ now, known, onRecord }) => {
      const text = ({ history }: any) => ({
        statement: history.fact.inForce.statement.value,
        corrections: history.amendments.length,
      });
      return {
        asRecorded: now.history.fact.node.statement.value,
        inForceNow: now.history.fact.inForce.statement.value,
        corrections: now.history.amendments.map(({ node }: any) => ({
          nature: node.nature,
          reason: node.reason.value,
          knownToThePublic: window(node.known.find(({ by }: any) => by.ref === 'public:public').when),
          recorded: anInstant(node.recorded),
          recordedBy: aUserId(node.recordedBy),
        })),
        asKnownBeforeIt: text(known),
        asOnRecordBeforeIt: text(onRecord),
      };
    },
  },
];
