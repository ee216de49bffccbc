/** Shown as tabs in the console and executed by a test. One operation each; they need no variables. */
export interface ExampleQuery {
  readonly title: string;
  readonly query: string;
}

export const EXAMPLE_QUERIES: readonly ExampleQuery[] = [
  {
    title: 'What is on record',
    query: `# Which incidents are on record?
query Incidents {
  ledger {
    resolved { sequence recorded }
    incidents(first: 10) {
      edges { node { incident { id reference } title { value state } status opened } }
    }
  }
}
`,
  },
];
