import type { ExportedView } from './view';

/** A view as JSON: its head, then `rows`, one a line. */
export async function* jsonOf({ head, rows }: ExportedView): AsyncGenerator<string, void> {
  yield JSON.stringify({ ...head, rows: [] }, undefined, 2).replace(/\]\n\}$/, '');
  let before: string | undefined;
  for await (const row of rows) {
    if (before !== undefined) yield `    ${before},`;
    before = JSON.stringify(row);
  }
  if (before !== undefined) yield `    ${before}`;
  yield '  ]';
  yield '}';
}
