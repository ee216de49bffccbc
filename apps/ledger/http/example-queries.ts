/** Shown as tabs in the console and executed by a test. One operation each; they need no variables. */
export interface ExampleQuery {
  readonly title: string;
  readonly query: string;
}

export const EXAMPLE_QUERIES: readonly ExampleQuery[] = [
  {
    title: 'Timeline',
    query: `# The timeline in order of occurrence. "display" never prints a time finer than it is known.
query Timeline {
  ledger {
    resolved { sequence recorded }
    incidents(first: 1) {
      edges {
        node {
          incident { id reference }
          title { value state }
          timeline(first: 100, orderBy: { field: OCCURRED }) {
            counts { certain possible }
            edges {
              standing
              node {
                kind
                sequence
                ... on Fact {
                  reference
                  occurred { display }
                  actor { ref name { value } }
                  source { document line }
                  statement { value state }
                }
              }
            }
          }
        }
      }
    }
  }
}
`,
  },
  {
    title: 'Published at 15:44 and at 15:46',
    query: `# Two moments in one request. Between them, two facts appear and 28 turn from possible to certain.
query Published {
  at1544: ledger(asOf: { known: { at: "2021-11-03T15:44:00Z", by: "public:public" } }) {
    resolved { sequence known { at by } }
    timeline(first: 1) { counts { certain possible } }
  }
  at1546: ledger(asOf: { known: { at: "2021-11-03T15:46:00Z", by: "public:public" } }) {
    resolved { sequence known { at by } }
    timeline(first: 1) { counts { certain possible } }
  }
}
`,
  },
  {
    title: 'What the controller knew',
    query: `# What the controller itself knew at noon on 1 November 2021, by this record.
query ControllerAtNoon {
  ledger(asOf: { known: { at: "2021-11-01T12:00:00Z", by: "controller:labour" } }) {
    timeline(first: 50) {
      counts { certain possible }
      edges {
        certainty
        knownBy { when { display } basis { value } }
        node { ... on Fact { reference statement { value } } }
      }
    }
  }
}
`,
  },
  {
    title: 'The notice',
    query: `# When was the controller informed, by whom, on what evidence, how precisely?
query Notice {
  ledger {
    incidents(first: 1) {
      edges {
        node {
          timeline(first: 10, filter: { kinds: [PROCESSOR_NOTIFICATION_RECEIVED] }) {
            edges {
              node {
                ... on ProcessorNotificationReceived {
                  reference
                  channel
                  occurred { when { display precision earliest latest } }
                  actor { ref }
                  manner
                  via { ref }
                  source { document line }
                  sameThingAs { ... on Fact { reference } }
                }
              }
            }
          }
          gaps(first: 10, filter: { topics: [UNREGISTERED_PROCESSOR, PROCESSOR_IDENTITY, TIME_OF_NOTICE] }) {
            edges {
              state
              coveredBy { reference }
              node { reference topic missing { value } actor { ref } about { ... on Fact { reference } } }
            }
          }
        }
      }
    }
  }
}
`,
  },
  {
    title: 'Recorded late',
    query: `# Which facts were recorded more than 24 hours after they were known? An import never passes as contemporaneous.
query RecordedLate {
  ledger {
    timeline(first: 100) {
      edges {
        recordingLag { moreThanOneDay minSeconds maxSeconds }
        node { recorded ... on Fact { reference } }
      }
    }
  }
}
`,
  },
  {
    title: 'Contradictions',
    query: `# Where some say yes and others no. A report, a doubt or a question takes no side.
query Contradictions {
  ledger {
    incidents(first: 1) {
      edges {
        node {
          contestedQuestions(first: 20, filter: { conflicts: [OPEN] }) {
            edges {
              acrossSources
              node { reference question { value } }
              positions {
                stance
                position { value }
                fact { standing node { ... on Fact { reference source { document } } } }
              }
            }
          }
        }
      }
    }
  }
}
`,
  },
  {
    title: 'Still missing',
    query: `# What the record still lacked at the end of 18 February 2022, and for how long it had shown that.
query StillMissing {
  ledger(asOf: { known: { at: "2022-02-19T00:00:00Z", by: "public:public" } }) {
    gaps(first: 50, filter: { states: [OPEN], olderThanDays: 90 }) {
      edges {
        owners
        age { minSeconds maxSeconds }
        node { reference topic missing { value } about { ... on Fact { reference } } }
      }
    }
  }
}
`,
  },
  {
    title: 'What may be said how',
    query: `# How each statement can be carried into a letter of the controller's. Computed; whether to use it is for a lawyer.
query MayBeSaid {
  ledger {
    incidents(first: 1) {
      edges {
        node {
          own: timeline(first: 50, filter: { attributions: [OWN] }) { ...Statements }
          understanding: timeline(first: 50, filter: { attributions: [OWN_UNDERSTANDING] }) { ...Statements }
          attributed: timeline(first: 50, filter: { attributions: [ATTRIBUTED] }) { ...Statements }
        }
      }
    }
  }
}

fragment Statements on TimelineConnection {
  counts { certain possible }
  edges {
    positions { questionReference stance }
    node { ... on Fact { reference via { ref } statement { value } } }
  }
}
`,
  },
  {
    title: 'Wording',
    query: `# Where a later source puts an earlier statement into other words.
query Wording {
  ledger {
    incidents(first: 1) {
      edges {
        node {
          wordings(first: 20, filter: { acrossSources: true }) {
            edges {
              node {
                hedge
                changes { before after }
                earlier { node { ... on Fact { reference source { document } } } }
                later { node { ... on Fact { reference source { document } } } }
              }
            }
          }
        }
      }
    }
  }
}
`,
  },
  {
    title: 'Search',
    query: `# Full text within the record: every word must occur, "member*" stands for words that begin so.
query Search {
  ledger {
    timeline(first: 50, filter: { text: "member* list*" }) {
      edges { node { ... on Fact { reference statement { value } } } }
    }
  }
}
`,
  },
];
