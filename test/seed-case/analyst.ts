import { factIdOf, SAMPLE_INCIDENT_ID } from './ids';
import {
  byCertainty,
  END_OF_18_FEBRUARY,
  END_OF_3_NOVEMBER,
  fact,
  FACTS,
  facts,
  grouped,
  INCIDENT,
  keyed,
  window,
  type Edges,
  type QuestionDraft,
} from './question';

const count = ({ certain, possible }: any): number => certain + possible;

/** The analyst counts and compares. */
export const analyst: readonly QuestionDraft[] = [
  {
    id: 'Q1',
    question: 'Count the facts by source and by kind.',
    reading:
      'Facts are assertions: 54 of 53 things, because F04 asserts again what F03 asserts. Every count gives both, and certain and possible apart.',
    query: `query Q1 {
  ledger {
    ${INCIDENT} {
      timeline(first: 200, orderBy: { field: RECORDED }) {
        counts { certain possible }
        things { certain possible }
        edges { node { ... on Fact { reference } } assertedBefore { ... on Fact { reference } } }
      }
      bySource: counts(first: 50, by: [SOURCE]) { edges { node { keys assertions { certain possible } } } }
      byKind: counts(first: 50, by: [KIND]) { edges { node { keys assertions { certain possible } } } }
    }
  }
}`,
    answer: ({ ledger: { incident } }) => {
      const groups = ({ edges }: Edges) =>
        keyed(
          edges,
          ({ node }) => node.keys[0],
          ({ node }) => count(node.assertions),
        );
      const { edges, counts, things } = incident.timeline;
      return {
        assertions: count(counts),
        things: count(things),
        assertedAgain: keyed(
          edges.filter(({ assertedBefore }: any) => assertedBefore !== null),
          fact,
          ({ assertedBefore }: any) => assertedBefore.reference,
        ),
        bySource: groups(incident.bySource),
        byKind: groups(incident.byKind),
      };
    },
  },
  {
    id: 'Q2',
    question: 'Facts whose actor is a processor, by processor.',
    reading:
      'The actor is whoever acted or to whom it happened; who passed it on stands in `via`. The unnamed processor stays unnamed: nothing is merged with it.',
    query: `query Q2 {
  ledger {
    ${INCIDENT} {
      timeline(first: 200, filter: { roles: [PROCESSOR] }, orderBy: { field: RECORDED }) {
        edges { node { ... on Fact { reference actor { ref } } } }
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) => grouped(incident.timeline.edges, ({ node }: any) => node.actor.ref, fact),
  },
  {
    id: 'Q3',
    question: 'Reports to authorities, with recipient and bounds.',
    reading:
      'All four lie somewhere between the beginning of the day of the notice and the e-mail. The source says that they were made at once, which is no time. Authorities appear in the order of their first mention.',
    query: `query Q3 {
  ledger {
    ${INCIDENT} {
      authorities(first: 10) {
        edges {
          node {
            authority { ref }
            reports { node { ... on Fact { reference occurred { when { earliest latest } } } } }
          }
        }
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) =>
      keyed(
        incident.authorities.edges,
        ({ node }: any) => node.authority.ref,
        ({ node }: any) => keyed(node.reports, fact, ({ node: of }: any) => window(of.occurred.when)),
      ),
  },
  {
    id: 'Q4',
    question: 'Who takes which stance on whether the incident causes the payment problems (C3)?',
    reading:
      'A stance is how the recorder reads a fact; the last reading stands. To report problems asserts no link, and to doubt a denial asserts none either: so the conflict is none.',
    query: `query Q4 {
  ledger {
    ${INCIDENT} {
      contestedQuestions(first: 10, filter: { references: ["C3"] }) {
        edges { positions { stance fact { node { ... on Fact { reference } } } } }
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) =>
      keyed(
        incident.contestedQuestions.edges[0].positions,
        ({ fact: of }: any) => fact(of),
        ({ stance }: any) => stance,
      ),
  },
  {
    id: 'Q5',
    question: 'Published by the end of 3 November 2021, against the end of 18 February 2022.',
    reading:
      'Two views of one incident, and what differs between them: an entry can appear, turn from possible to certain, read otherwise, or stand otherwise. F31 to F54 appear. F18 is contested in February and was not in November: what speaks against it was published only then, and nothing is dated back.',
    query: `query Q5 {
  november: ledger(asOf: { ${END_OF_3_NOVEMBER} }) { ...Published }
  february: ledger(asOf: { ${END_OF_18_FEBRUARY} }) { ...Published }
  comparison(
    incidentId: "${SAMPLE_INCIDENT_ID}"
    from: { ${END_OF_3_NOVEMBER} }
    to: { ${END_OF_18_FEBRUARY} }
  ) {
    changes(first: 200) { edges { changes node { ... on Fact { reference } } } }
  }
}

fragment Published on LedgerView {
  ${INCIDENT} {
    timeline(first: 200, orderBy: { field: RECORDED }) { ...Facts }
  }
}

${FACTS}`,
    answer: ({ november, february, comparison }) => ({
      '2021-11-03': byCertainty(november.incident.timeline),
      '2022-02-18': byCertainty(february.incident.timeline),
      difference: grouped(comparison.changes.edges, ({ changes }: any) => changes.join(' and '), fact),
    }),
  },
  {
    id: 'Q6',
    question: 'Downstream effects with no end on record.',
    reading:
      'That no end is on record does not say that it goes on. Ends come with the fact, or from a later observation of the same state.',
    query: `query Q6 {
  ledger {
    ${INCIDENT} {
      timeline(
        first: 200
        filter: { kinds: [DOWNSTREAM_EFFECT_REPORTED], continuations: [NO_END_ON_RECORD] }
        orderBy: { field: RECORDED }
      ) { ...Facts }
    }
  }
}

${FACTS}`,
    answer: ({ ledger: { incident } }) => facts(incident.timeline),
  },
  {
    id: 'Q7',
    question: "Hours from the processor's notice to the communication to members.",
    reading:
      'Two imprecise times have a range between them and never a point: more than the one, less than the other number. Elapsed time, across the end of summer time.',
    query: `query Q7 {
  ledger {
    ${INCIDENT} {
      interval(from: "${factIdOf('F03')}", to: "${factIdOf('F19')}") {
        duration { minSeconds maxSeconds }
        inOrder
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) => {
      const { duration, inOrder } = incident.interval;
      return { hours: { min: duration.minSeconds / 3600, max: duration.maxSeconds / 3600 }, noticeFirst: inOrder };
    },
  },
  {
    id: 'Q8',
    question: 'Where did the wording change between sources?',
    reading:
      'A fact that takes up another names it (`restates`, or `sameThingAs`), and the ledger compares the fragments kept of both, word by word. A hedge that is dropped is shown apart from the words: F14 to F16 said "We understand", F32 does not. F04 takes up F03, and of neither a fragment was kept.',
    query: `query Q8 {
  ledger {
    ${INCIDENT} {
      wordings(first: 50, filter: { acrossSources: true }) {
        edges {
          node {
            earlier { node { ... on Fact { reference } } }
            later { node { ... on Fact { reference } } }
            changes { before after }
            hedge
          }
        }
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) =>
      incident.wordings.edges.map(({ node: { earlier, later, changes, hedge } }: any) => ({
        earlier: fact(earlier),
        later: fact(later),
        changes,
        hedge,
      })),
  },
  {
    id: 'Q9',
    question: 'Groups of data subjects, and with which fact each first appears.',
    reading:
      'First by knowledge. Of members there are two: F14 and F19 became known within the same window, so either may have been first.',
    query: `query Q9 {
  ledger {
    ${INCIDENT} {
      cohorts(first: 50) {
        edges { node { actor { localId } first { node { ... on Fact { reference } } } } }
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) =>
      keyed(
        incident.cohorts.edges,
        ({ node }: any) => node.actor.localId,
        ({ node }: any) => node.first.map(fact),
      ),
  },
  {
    id: 'Q10',
    question: 'Gaps and questions open for more than 90 days at the end of 18 February 2022.',
    reading:
      'A gap counts from when the record first shows it, here a day in November: so it is open for more than 107 and less than 108 days. G17 to G19 show first in February. A gap that another one covers is not open.',
    query: `query Q10 {
  ledger(asOf: { ${END_OF_18_FEBRUARY} }) {
    ${INCIDENT} {
      gaps(first: 50, filter: { states: [OPEN], olderThanDays: 90 }) {
        edges { age { minSeconds maxSeconds } node { reference } }
      }
      questions(first: 50, filter: { answered: false, olderThanDays: 90 }) {
        edges { node { fact { node { ... on Fact { reference } } } } }
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) => {
      const { edges } = incident.gaps as Edges;
      const days = (seconds: number): number => seconds / 86_400;
      return {
        gaps: facts(incident.gaps),
        daysOpen: {
          min: Math.min(...edges.map(({ age }) => days(age.minSeconds))),
          max: Math.max(...edges.map(({ age }) => days(age.maxSeconds))),
        },
        questions: incident.questions.edges.map(({ node }: any) => fact(node.fact)),
      };
    },
  },
  {
    id: 'Q11',
    question: 'Incidents per processor for this controller.',
    reading:
      'Over all incidents of the controller on record. An incident that a fact merely speaks of is counted apart. For the attacks of 2019 no processor is named: F29 is told of an unknown attacker.',
    query: `query Q11 {
  ledger {
    processors(first: 50, filter: { controllers: ["controller:labour"] }) {
      edges { node { actor { ref } incidentsOnRecord priorIncidents } }
    }
    ${INCIDENT} {
      priorIncidents(first: 10) { edges { node { fact { node { ... on Fact { reference actor { ref } } } } } } }
    }
  }
}`,
    answer: ({ ledger: { processors, incident } }) => ({
      ...keyed(
        processors.edges,
        ({ node }: any) => node.actor.ref,
        ({ node }: any) => ({ happenedAtIt: node.incidentsOnRecord, earlier: node.priorIncidents }),
      ),
      earlierIncidentsReportedOf: grouped(
        incident.priorIncidents.edges.map(({ node }: any) => node.fact),
        ({ node }: any) => node.actor.ref,
        fact,
      ),
    }),
  },
];
