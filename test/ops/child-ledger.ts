import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pascal } from '../../apps/ledger/graphql/common/names';

export interface ChildLedger {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it wrote to standard error: its log. */
  log(): Record<string, any>[];
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** The member of the mutation's union; undefined when there is none. */
  readonly send: (mutation: string, input: object, headers?: Record<string, string>) => Promise<any>;
}

const root = join(__dirname, '../..');
/** The program that is shipped, in a process of its own, on a free port. */
export const startChildLedger = async (data: string, env: Record<string, string> = {}): Promise<ChildLedger> => {
  const child = spawn(process.execPath, [join(__dirname, 'run-typescript.cjs'), join(root, 'apps/ledger/main.ts')], {
    cwd: root,
    env: { PATH: process.env['PATH'], LEDGER_DATA: data, LEDGER_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const found = /answers at (http:\S+)\/graphql/.exec((output += text))?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => reject(new Error(errors)));
  });
  return {
    url,
    process: child,
    ended,
    log: () =>
      errors
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, any>),
    send: async (mutation, input, headers = {}) => {
      const query = `mutation ($input: ${pascal(mutation)}Input!) {
        ${mutation}(input: $input) { __typename ... on Recorded { position replayed } ... on ErrorResult { code } }
      }`;
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables: { input } }),
      });
      return ((await response.json()) as { data?: any }).data?.[mutation];
    },
  };
};
