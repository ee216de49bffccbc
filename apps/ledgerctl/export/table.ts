import { stringify } from 'csv-stringify/sync';
import type { ExportedView } from './view';

type Values = Readonly<Record<string, unknown>>;

/**
 * A view as a table: a column for each plain value that any row holds, with dotted names where it lies deeper, and a
 * comment above that says which moment it shows. What a spreadsheet would take for a formula is made text by a `'`.
 */
export const tableOf = (view: ExportedView): string => {
  const rows = view.rows.map((row) => new Map(plainValues(withoutNode(row))));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  return (
    comments(view).join('') +
    stringify([columns, ...rows.map((row) => columns.map((column) => row.get(column)))], {
      escape_formulas: true,
      cast: { boolean: String },
    })
  );
};

const comments = ({ rows, ...moment }: ExportedView): string[] => [
  ...Object.entries(moment).map(
    ([name, value]) => `# ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`,
  ),
  `# rows: ${rows.length}\n`,
];

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
