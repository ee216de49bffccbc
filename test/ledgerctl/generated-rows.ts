import { stringify } from 'csv-stringify/sync';

/** A row that must be refused: what is wrong with it, and how that is reported. */
interface Spoiling {
  readonly field: string;
  readonly code: string;
  spoil(row: Record<string, string>, nth: number): Record<string, string>;
}

const having =
  (change: Readonly<Record<string, string>>): Spoiling['spoil'] =>
  (row) => ({ ...row, ...change });

/** Twelve ways in which a row of a spreadsheet goes wrong. */
export const SPOILED: Readonly<Record<string, Spoiling>> = {
  'no statement': { field: 'statement', code: 'required', spoil: having({ statement: '' }) },
  'a day that may be two': { field: 'occurred', code: 'time-ambiguous', spoil: having({ occurred: '03/11/2031' }) },
  'a day that does not exist': {
    field: 'occurred',
    code: 'local-not-in-calendar',
    spoil: having({ occurred: '2031-02-30' }),
  },
  'a time that the clock left out': {
    field: 'known',
    code: 'local-never-happened',
    spoil: having({ known: '2031-03-30 01:30' }),
  },
  'no such kind': { field: 'kind', code: 'unknown-kind', spoil: having({ kind: 'rumour' }) },
  'no such manner': { field: 'manner', code: 'invalid', spoil: having({ manner: 'sung' }) },
  'an actor without a role': { field: 'actor', code: 'invalid', spoil: having({ actor: 'Example Archive' }) },
  'no knower': { field: 'known_by', code: 'required', spoil: having({ known_by: '' }) },
  'a line that is none': { field: 'line', code: 'invalid', spoil: having({ line: 'third' }) },
  'part of nothing': { field: 'part_of', code: 'unknown-reference', spoil: having({ part_of: 'nowhere' }) },
  'a reference that is taken': { field: 'reference', code: 'command-reused', spoil: having({ reference: 'R0' }) },
  'a cell too many': { field: '', code: 'wrong-number-of-cells', spoil: (row) => ({ ...row, surplus: 'x' }) },
};

export interface Generated {
  readonly csv: string;
  /** `line field code` of each row that must be refused. */
  readonly refused: readonly string[];
  /** Statements of the rows that must be in. */
  readonly statements: readonly string[];
}

const COLUMNS = [
  'reference',
  'kind',
  'occurred',
  'known_by',
  'known',
  'source',
  'line',
  'actor',
  'manner',
  'statement',
  'note',
  'part_of',
];
const KINDS = ['claim', 'concession', 'characterisation', 'response-action', 'correspondence', 'acknowledged-unknown'];
const DAYS = [
  '2031-01-05',
  '2031-01',
  '..2031-02-01',
  '2031-01-02..2031-01-09',
  '2031-01-05 14:30',
  '2031-01-05T14:30:07Z',
];

/** The same table for the same seed: `rows` facts of one incident, `spoiled` of them so that they must be refused. */
export const generatedRows = (seed: number, rows: number, spoiled: number): Generated => {
  const next = random(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const bad = new Set<number>();
  while (bad.size < spoiled) bad.add(1 + Math.floor(next() * (rows - 1)));
  const ways = Object.values(SPOILED);

  const refused: string[] = [];
  const statements: string[] = [];
  const lines: string[][] = [COLUMNS];
  let line = 2;
  let nth = 0;
  for (let index = 0; index < rows; index += 1) {
    const isBad = bad.has(index);
    const row: Record<string, string> = {
      reference: next() < 0.9 || index === 0 ? `R${index}` : '',
      kind: pick(KINDS),
      occurred: pick(DAYS),
      known_by: 'controller:example-council',
      known: '2031-02-03 09:15',
      source: `letter-${1 + Math.floor(next() * 40)}`,
      line: String(1 + Math.floor(next() * 90)),
      actor: pick(['processor:example-archive', 'controller:example-council', 'media:example-gazette']),
      manner: pick(['stated', 'Reported', 'CLAIMED']),
      statement: `${isBad ? 'Spoiled' : 'Statement'} ${index}: a box of tapes, "as it was said",\nwas moved; ${'and moved '.repeat(Math.floor(next() * 12))}again.`,
      note: next() < 0.3 ? 'Typed from a copy.\nThe second page is missing.' : '',
      // Also of rows further down.
      part_of: next() < 0.2 ? 'R0' : next() < 0.02 ? `R${rows - 1}` : '',
    };
    if (index === rows - 1) row['reference'] = `R${index}`;
    const way = isBad ? ways[nth++ % ways.length] : undefined;
    const written = way?.spoil(row, index) ?? row;
    lines.push(
      [...COLUMNS, ...(written['surplus'] === undefined ? [] : ['surplus'])].map((name) => written[name] ?? ''),
    );
    if (way === undefined) statements.push(row['statement'] as string);
    else refused.push(`${line} ${way.field} ${way.code}`);
    line += 1 + Object.values(written).join('').split('\n').length - 1;
  }
  return { csv: stringify(lines), refused, statements };
};

/** mulberry32 */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
