import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';

type Fields = Readonly<Record<string, unknown>>;

/** Whatever is logged, line by line. */
export const capture = () => {
  const written: string[] = [];
  return {
    write: (line: string): void => void written.push(line),
    text: (): string => written.join(''),
    lines: (msg?: string): Record<string, any>[] =>
      written
        .map((line) => JSON.parse(line) as Record<string, any>)
        .filter((line) => msg === undefined || line['msg'] === msg),
  };
};

/** Inputs of commands about a made-up case; each call is another command. */
const DAY = { zone: 'Europe/London', local: '2031-01-03' };
const COUNCIL = { role: 'CONTROLLER', id: 'example-council' };

export const party = (fields: Fields = {}): Fields => ({
  commandId: randomUUID(),
  partyId: `party-${randomUUID()}`,
  name: 'Example Archive Ltd',
  sort: 'ORGANISATION',
  ...fields,
});

export const incident = (incidentId: string, fields: Fields = {}): Fields => ({
  commandId: randomUUID(),
  incidentId,
  reference: 'EX-2031-007',
  title: 'A box of tapes that nobody can find',
  controller: COUNCIL,
  zone: 'Europe/London',
  ...fields,
});

export const claim = (incidentId: string, fields: Fields = {}): Fields => ({
  commandId: randomUUID(),
  incidentId,
  occurred: { moment: DAY },
  known: [{ by: COUNCIL, when: DAY }],
  source: { document: 'letter-7' },
  actor: COUNCIL,
  manner: 'STATED',
  statement: 'A box of tapes was not on its shelf.',
  ...fields,
});

/** From a processor that nobody registered: a gap opens beside it. */
export const notice = (incidentId: string, fields: Fields = {}): Fields =>
  claim(incidentId, { actor: { role: 'PROCESSOR', id: 'example-archive' }, channel: 'LETTER', ...fields });

export const newIncidentId = (): string => `inc_${randomUUID()}`;

export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const limit = Date.now() + 10_000; !(await holds());) {
    if (Date.now() > limit) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** A connection of graphql-transport-ws that is past its greeting. */
export const connect = async (url: string, headers: Record<string, string> = {}): Promise<WebSocket> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  await once(socket, 'open');
  const greeted = once(socket, 'message');
  socket.send('{"type":"connection_init"}');
  await greeted;
  return socket;
};

export const subscribe = (socket: WebSocket, query: string, variables: Fields = {}, id = '1'): void =>
  socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));

export const ENTRIES = 'subscription { entriesRecorded { position } }';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const parseMetrics = (text: string): Sample[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)$/i.exec(line) ?? [];
      if (name === '') throw new Error(`no sample: ${line}`);
      const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)",?/g)].map(([, key = '', of = '']) => [key, of]);
      return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
    });

export const scrape = async (url: string) => {
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  const samples = parseMetrics(text);
  return {
    text,
    samples,
    contentType: response.headers.get('content-type'),
    /** The one sample with these labels; 0 where there is none yet. */
    value: (name: string, labels: Readonly<Record<string, string>> = {}): number =>
      samples.find(
        (sample) => sample.name === name && Object.entries(labels).every(([key, of]) => sample.labels[key] === of),
      )?.value ?? 0,
  };
};
