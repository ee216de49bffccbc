import { fault } from '@ledger/domain/fault';
import type { Row, RowFile } from '@ledger/application/import/importer';
import { FileRefused, linesOfText } from './text';

type Path = readonly (string | number)[];

/** One record a line; blank lines are passed over. Read line by line, however long the file is. */
export const jsonLines = (name: string): RowFile => ({ name, fieldName, rows: () => rowsByLine(name) });

async function* rowsByLine(name: string): AsyncGenerator<Row, void> {
  let line = 0;
  let rows = 0;
  for await (const text of linesOfText(name)) {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const each of lines) {
      line += 1;
      if (each.trim() === '') continue;
      rows += 1;
      yield rowOf(each, line);
    }
  }
  if (rows === 0) throw new FileRefused(name, 'holds no records');
}

const rowOf = (text: string, line: number): Row => {
  try {
    const record: unknown = JSON.parse(text);
    return { line, record, content: record, faults: [] };
  } catch (error) {
    return {
      line,
      record: undefined,
      content: undefined,
      faults: [fault('not-json', [], `is no JSON: ${(error as Error).message}`)],
    };
  }
};

/** A list of records, read as a whole. */
export const jsonList = (name: string): RowFile => ({ name, fieldName, rows: () => rowsOfList(name) });

async function* rowsOfList(name: string): AsyncGenerator<Row, void> {
  let text = '';
  for await (const piece of linesOfText(name)) text += piece;
  if (text.trim() === '') throw new FileRefused(name, 'is empty');
  const list = parsed(name, text);
  if (!Array.isArray(list))
    throw new FileRefused(name, 'must hold a list of records: [ … ]; one record a line is --format jsonl');
  if (list.length === 0) throw new FileRefused(name, 'holds no records');
  const lines = linesOfElements(text);
  for (const [index, record] of (list as readonly unknown[]).entries())
    yield { line: lines[index] ?? 1, record, content: record, faults: [] };
}

const parsed = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileRefused(name, `is no JSON: ${(error as Error).message}`);
  }
};

/** On which line each element of the list begins. The text is JSON already, so only its brackets and strings are looked at. */
const linesOfElements = (text: string): number[] => {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  let awaited = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},\n]|[^\s"[\]{},]+/gs)) {
    if (token === '\n') {
      line += 1;
      continue;
    }
    if (awaited && token !== ']') {
      lines.push(line);
      awaited = false;
    }
    if (token === '[' || token === '{') {
      depth += 1;
      awaited ||= depth === 1;
    } else if (token === ']' || token === '}') depth -= 1;
    else if (token === ',' && depth === 1) awaited = true;
  }
  return lines;
};

/** The way to a field as far as the record goes, and one step beyond where it lacks one. */
const fieldName = (path: Path, { record }: Row): string => {
  const steps: (string | number)[] = [];
  let at: unknown = isObject(record) && isObject(record['payload']) && 'type' in record ? record['payload'] : record;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) break;
    steps.push(step);
    at = (at as Record<string | number, unknown>)[step];
  }
  return steps.join('.');
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
