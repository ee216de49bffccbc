import { stringify } from 'csv-stringify/sync';
import type { ExportedView } from './view';

type Values = Readonly<Record<string, unknown>>;

/**
 * A view as a table: a column for each plain value that any row holds, with dotted names where it lies deeper, and a
 * comment above that says which moment it shows. What a spreadsheet would take for a formula is made text by a `'`.
 * All rows are held until the last one is there, because only then all columns are known.
 */
export async function* tableOf({ head, rows }: ExportedView): AsyncGenerator<string, void> {
  const columns = new Map<string, number>();
  const table: unknown[][] = [];
  for await (const row of rows) {
    const cells: unknown[] = [];
    for (const [name, value] of plainValues(withoutNode(row))) {
      if (!columns.has(name)) columns.set(name, columns.size);
      cells[columns.get(name) as number] = value;
    }
    table.push(cells);
  }
  for (const [name, value] of Object.entries({ ...head, rows: table.length }))
    yield `# ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  yield csvLine([...columns.keys()]);
  for (const cells of table) yield csvLine(Array.from({ length: columns.size }, (_, index) => cells[index]));
}

const csvLine = (cells: readonly unknown[]): string =>
  stringify([cells], { escape_formulas: true, cast: { boolean: String } }).trimEnd();

/** What stands in the list is the row; what the view says of it stands beside it. */
const withoutNode = ({ node, ...beside }: Values): Values =>
  isObject(node) && Object.keys(node).every((name) => !(name in beside))
    ? { ...node, ...beside }
    : { ...(node === undefined ? {} : { node }), ...beside };

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text that may have been erased: it is itself, and says so only where it is not there. */
const isProtected = (value: object): value is { readonly state: unknown; readonly value: unknown } =>
  'state' in value && 'value' in value && Object.keys(value).length === 2;

function* plainValues(value: unknown, name = ''): Generator<[string, unknown], void> {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') return void (yield [name, value]);
  if (isProtected(value)) {
    if (value.state !== 'PRESENT') yield [`${name}.state`, value.state];
    return void (yield* plainValues(value.value, name));
  }
  const entries = Array.isArray(value)
    ? value.map((each: unknown, index): [string, unknown] => [String(index + 1), each])
    : Object.entries(value);
  for (const [step, child] of entries) yield* plainValues(child, name === '' ? step : `${name}.${step}`);
}
