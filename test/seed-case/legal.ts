import { factIdOf } from './ids';
import {
  END_OF_18_FEBRUARY,
  fact,
  FACTS,
  facts,
  grouped,
  INCIDENT,
  keyed,
  window,
  type QuestionDraft,
} from './question';

/** Who told whom. Persons have random ids, which say nothing to a reader. */
const chain = (edge: any): string =>
  edge.node.via.map(({ role, ref }: any) => (role === 'PERSON' ? 'a person' : ref)).join(' > ') || 'nobody in between';

/** The lawyer prepares what is told to others. */
export const legal: readonly QuestionDraft[] = [
  {
    id: 'L5',
    question: 'Which statements may be asserted plainly, which qualified, which only attributed?',
    reading:
      "Plainly: what the controller says of itself, without a reserve, and on which it takes no side in a contested question. As its understanding: the same with a reserve. Anything else stands only as the statement of whoever made it, with the chain of who told whom. It is a rule of ours, computed; whether to use it is a lawyer's decision.",
    query: `query L5 {
  ledger {
    ${INCIDENT} {
      own: timeline(first: 200, filter: { attributions: [OWN] }, orderBy: { field: RECORDED }) { ...Facts }
      hedged: timeline(first: 200, filter: { attributions: [OWN_UNDERSTANDING] }, orderBy: { field: RECORDED }) {
        ...Facts
      }
      attributed: timeline(first: 200, filter: { attributions: [ATTRIBUTED] }, orderBy: { field: RECORDED }) {
        edges { node { ... on Fact { reference via { role ref } } } }
      }
      contested: timeline(
        first: 200
        filter: { attributions: [ATTRIBUTED], actors: ["controller:labour"], sources: ["S1E"] }
        orderBy: { field: RECORDED }
      ) {
        edges { positions { questionReference stance } node { ... on Fact { reference } } }
      }
    }
  }
}

${FACTS}`,
    answer: ({ ledger: { incident } }) => ({
      plainly: facts(incident.own),
      asItsUnderstanding: facts(incident.hedged),
      attributed: grouped(incident.attributed.edges, chain, fact),
      becauseContested: grouped(
        incident.contested.edges.flatMap((edge: any) =>
          edge.positions.map(({ questionReference }: any) => ({ questionReference, edge })),
        ),
        ({ questionReference }: any) => questionReference,
        ({ edge }: any) => fact(edge),
      ),
    }),
  },
  {
    id: 'L8',
    question: 'Where do statements about one thing disagree across channels?',
    reading:
      'A conflict is open where, in this view, one fact says yes and another no. A report, a doubt or a question takes no side: so F52 stands by, and C3, which one source denies and nobody asserts, is no conflict. What the ICO was told is not held (G04), so it cannot be compared.',
    query: `query L8 {
  ledger {
    ${INCIDENT} {
      contestedQuestions(first: 50, filter: { conflicts: [OPEN], acrossSources: true }) {
        edges {
          node { reference }
          positions { stance fact { node { ... on Fact { reference source { document } } } } }
        }
      }
      gaps(first: 10, filter: { about: ["${factIdOf('F08')}"] }) {
        edges { state owners node { reference topic } }
      }
    }
  }
}`,
    answer: ({ ledger: { incident } }) => ({
      openConflicts: keyed(
        incident.contestedQuestions.edges,
        ({ node }: any) => node.reference,
        ({ positions }: any) =>
          grouped(
            positions,
            ({ stance }: any) => stance,
            ({ fact: of }: any) => `${fact(of)} in ${of.node.source.document}`,
          ),
      ),
      reportToTheIco: keyed(
        incident.gaps.edges,
        ({ node }: any) => node.reference,
        ({ state, owners, node: { topic } }: any) => ({ topic, state, owners }),
      ),
    }),
  },
  {
    id: 'L9',
    question: 'Which earlier incidents are on record and must stay separate?',
    reading:
      'Facts of this incident speak of three earlier ones: F29 of two at once, F53 of one. They are told as what they are, each with what is said to have come of it, and never merged with this one. Whether to mention them is a judgement.',
    query: `query L9 {
  ledger {
    ${INCIDENT} {
      priorIncidents(first: 10) {
        incidents
        edges {
          node {
            incidents
            fact { node { ... on Fact { reference } } }
            outcomes { node { ... on Fact { reference } } }
          }
        }
      }
      links(first: 10) { edges { node { relation } } }
    }
  }
}`,
    answer: ({ ledger: { incident } }) => ({
      earlierIncidents: incident.priorIncidents.incidents,
      spokenOfIn: keyed(
        incident.priorIncidents.edges,
        ({ node }: any) => fact(node.fact),
        ({ node: { incidents, outcomes } }: any) => ({ incidents, outcome: outcomes.map(fact) }),
      ),
      incidentsMergedOrLinked: incident.links.edges.length,
    }),
  },
  {
    id: 'L10',
    question: 'What do we know about former members, by 18 February 2022?',
    reading:
      'They were contacted (F27); the wording of F16, hedged, may take them in; F28 asks, since 3 November, and no answer is on record. The gap G15 says what is missing.',
    query: `query L10 {
  ledger(asOf: { ${END_OF_18_FEBRUARY} }) {
    ${INCIDENT} {
      timeline(first: 50, filter: { involving: ["data-subjects:former_members"] }) { ...Facts }
      contestedQuestions(first: 10, filter: { references: ["C2"] }) {
        edges { positions { stance fact { node { ... on Fact { reference } } } } }
      }
      scope: timeline(first: 10, filter: { references: ["F16"] }) {
        edges { inForce { manner } node { ... on ScopeClaimed { reference cohort { ref } } } }
      }
      questions(first: 10, filter: { answered: false }) {
        edges {
          node {
            fact { node { ... on Fact { reference occurred { start { earliest latest } } } } }
            answers { node { kind } }
          }
        }
      }
      gaps(first: 10, filter: { topics: [COHORT] }) { edges { state node { reference } } }
    }
  }
}

${FACTS}`,
    answer: ({ ledger: { incident } }) => {
      const [{ positions }] = incident.contestedQuestions.edges;
      const [scope] = incident.scope.edges;
      const [{ node: asked }] = incident.questions.edges;
      return {
        factsAboutThem: facts(incident.timeline),
        areTheyAffected: grouped(
          positions,
          ({ stance }: any) => stance,
          ({ fact: of }: any) => fact(of),
        ),
        scopeThatMayCoverThem: { fact: fact(scope), group: scope.node.cohort.ref, manner: scope.inForce.manner },
        openQuestion: {
          fact: fact(asked.fact),
          since: window(asked.fact.node.occurred.start),
          answers: asked.answers.length,
        },
        gap: keyed(
          incident.gaps.edges,
          ({ node }: any) => node.reference,
          ({ state }: any) => state,
        ),
      };
    },
  },
];
