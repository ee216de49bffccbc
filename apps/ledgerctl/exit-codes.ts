/** What every command ends with. The table is part of `ledgerctl --help` and of docs/guides/ledgerctl.md. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2, someRefused: 3, problemsFound: 4 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'failed: something broke or stood in the way; the message says what to do',
  2: 'wrong use: an option, an argument or a variable of the environment; nothing was done',
  3: 'done, but some of the input was refused; the report names each piece',
  4: 'problems found; the report names each and says what to do',
};
