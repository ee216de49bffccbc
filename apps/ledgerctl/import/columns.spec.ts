import { ALL_ASKED, kebab } from '@ledger/application/import/asked';
import { columnAt, pathOf, recordOf, TEMPLATE_COLUMNS } from './columns';

test('every field of every kind and act has a column by its name, in any spelling', () => {
  const otherwise: Readonly<Record<string, readonly (string | number)[]>> = {
    source: ['source', 'document'],
    known: ['known', 0, 'when'],
  };
  for (const { schema } of ALL_ASKED)
    for (const field of Object.keys(schema.shape))
      for (const name of [field, kebab(field).replaceAll('-', '_'), kebab(field).replaceAll('-', ' ').toUpperCase()])
        expect([name, pathOf(name)]).toEqual([name, otherwise[field] ?? [field]]);
});

test.each([
  ['incident', 'incidentId'],
  ['observed', 'occurred.observed'],
  ['occurred_ended', 'occurred.end'],
  ['ended', 'ended'], // a field of an act
  ['occurred_ended_text', 'occurred.end.text'],
  ['occurred_until', 'occurred.until'],
  ['occurred_time_basis', 'occurred.basis'],
  ['delivered_zone', 'delivered.zone'],
  ['valid_until', 'validUntil'], // a field, no companion
  ['actor_role', 'actor.role'],
  ['recipient_name', 'recipient.name'],
  ['known_by', 'known.0.by'],
  ['Known By 2', 'known.1.by'],
  ['known_text_3', 'known.2.when.text'],
  ['known_by_name', 'known.0.by.name'],
  ['known_basis', 'known.0.basis'],
  ['known_time_basis_2', 'known.1.when.basis'],
  ['known.2.basis', 'known.1.basis'],
  ['effects.confidentiality', 'effects.confidentiality'],
  ['numbers.1.min', 'numbers.0.min'],
  ['contact.redacted_in_source', 'contact.redactedInSource'],
  ['changes.source.document', 'changes.source.document'],
])('the column %s leads to %s', (name, path) => expect(pathOf(name)?.join('.')).toBe(path));

test.each([
  'colour',
  '',
  'kind.type',
  'actor.colour',
  'actor.1',
  'statement_text',
  'manner_until',
  'known_by_0',
  'numbers.min',
  '__proto__',
  'effects.x',
])('%j is no column', (name) => expect(pathOf(name)).toBeUndefined());

test('every column of the template leads somewhere, and no two to one place', () => {
  const paths = TEMPLATE_COLUMNS.map((name) => pathOf(name)?.join('.'));
  expect(new Set(paths).size).toBe(TEMPLATE_COLUMNS.length);
  expect(paths).not.toContain(undefined);
});

test('cells become a record, whatever their order', () => {
  const cells = [
    { path: ['occurred', 'until'], text: 'b' },
    { path: ['occurred'], text: 'a' },
    { path: ['actor'], text: 'c' },
    { path: ['actor', 'name'], text: 'd' },
    { path: ['known', 1, 'by'], text: 'e' },
  ];
  const record = { occurred: { '': 'a', until: 'b' }, actor: { '': 'c', name: 'd' }, known: [undefined, { by: 'e' }] };
  expect(recordOf(cells)).toEqual(record);
  expect(recordOf(cells.toReversed())).toEqual(record);
});

test('what is wrong is told by the column of the table, or by the one that it lacks', () => {
  const columns = ['Who', 'When', 'line'].map((name, index) => ({
    name,
    path: [['actor'], ['occurred'], ['source', 'line']][index]!,
  }));
  expect(columnAt(['actor', 'id'], columns)).toBe('Who');
  expect(columnAt(['occurred', 'moment', 'local'], columns)).toBe('When');
  expect(columnAt(['occurred', 'state', 'start'], columns)).toBe('When');
  expect(columnAt(['source', 'document'], columns)).toBe('source');
  expect(columnAt(['source'], columns)).toBe('line');
  expect(columnAt(['known', 0, 'by'], columns)).toBe('known_by');
  expect(columnAt(['numbers', 0, 'min'], columns)).toBe('numbers.1.min');
  expect(columnAt([], columns)).toBe('');
});
