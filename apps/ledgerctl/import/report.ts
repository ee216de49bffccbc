import { closeSync, openSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import type { Verdict } from '@ledger/application/import/importer';

/** What became of each row, into a file that replaces an earlier one: CSV or one JSON object a line. */
export class Report {
  private readonly fd: number;
  private readonly csv: boolean;

  constructor(file: string) {
    this.csv = /\.csv$/i.test(file);
    this.fd = openSync(file, 'w', 0o600);
    if (this.csv) this.write(stringify([COLUMNS]));
  }

  add(verdict: Verdict): void {
    const { faults, ...row } = verdict;
    if (!this.csv) return this.write(`${JSON.stringify(faults.length === 0 ? row : verdict)}\n`);
    const all = (part: 'field' | 'code' | 'reason'): string => faults.map((fault) => fault[part]).join('; ');
    const cells = { ...row, field: all('field'), code: all('code'), reason: all('reason') };
    this.write(stringify([cells], { columns: COLUMNS, escape_formulas: true }));
  }

  close(): void {
    closeSync(this.fd);
  }

  private write(text: string): void {
    writeSync(this.fd, text);
  }
}

const COLUMNS = ['file', 'line', 'outcome', 'type', 'reference', 'id', 'field', 'code', 'reason'];

/** A refused row for people: where it is, then all that is wrong with it. */
export const inWords = ({ file, line, reference, faults }: Verdict): string[] => [
  `${file}:${line}: refused${reference === undefined ? '' : ` ${reference}`}`,
  ...faults.map(({ field, reason }) => `  ${field === '' ? '' : `${field}: `}${reason}`),
];
