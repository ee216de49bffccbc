import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REJECTIONS } from '@ledger/domain/decision';
import { upper } from '../../apps/ledger/graphql/common/names';
import { MAX_SUBSCRIPTIONS } from '../../apps/ledger/graphql/common/sockets';
import { MAX_TOKENS } from '../../apps/ledger/graphql/transport';

const root = join(__dirname, '../..');

const sourcesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));

const found = (sources: readonly string[], pattern: RegExp): string[] =>
  sources.flatMap((source) => [...source.matchAll(pattern)].map(([, code = '']) => code));

const DOMAIN = sourcesUnder('libs/domain');
const EDGE = [...sourcesUnder('apps/ledger/graphql'), ...sourcesUnder('apps/ledger/http')];
const STORE = [readFileSync(join(root, 'libs/event-store/errors.ts'), 'utf8')];

/** The codes of a schema's own faults are chosen in one function. */
const codesOfSchemas = (): string[] => {
  const [chooser = ''] = found(DOMAIN, /const codeOf = ([\s\S]*?)\n\n/g);
  return found([chooser], /'([a-z]+(?:-[a-z]+)*)'/g);
};

const inCode = (): Set<string> =>
  new Set([
    ...Object.keys(REJECTIONS).map(upper),
    ...found([...DOMAIN, ...EDGE], /\b(?:fault|report)\(\s*'([a-z-]+)'/g).map(upper),
    ...found(DOMAIN, /\bchoice\('(\w+)'/g).map((field) => upper(`${field}-unknown`)),
    ...codesOfSchemas().map(upper),
    ...found(EDGE, /'([A-Z]+(?:_[A-Z]+)*)'/g).filter((code) => code.length > 4),
    ...found(STORE, /readonly code = '([a-z-]+)'/g).map(upper),
  ]);

const guide = readFileSync(join(root, 'docs/guides/errors.md'), 'utf8');
const documented = [...guide.matchAll(/^\| `([A-Z_]+)` *\|/gm)].map(([, code]) => code);

test('every code that can be answered has one line in docs/guides/errors.md, and no line is left over', () => {
  expect([...documented].sort()).toEqual([...inCode()].sort());
});

test('codes are found where they are made', () => {
  expect([...inCode()]).toEqual(
    expect.arrayContaining([
      'FACT_EXISTS',
      'BOUNDS_EMPTY',
      'BASIS_UNKNOWN',
      'TOO_LONG',
      'REQUIRED',
      'CURSOR_STALE',
      'TOO_DEEP',
      'STREAM_DAMAGED',
      'NOT_FOUND',
      'FOREIGN_HOST',
    ]),
  );
});

test('the limits that the guide names are those of the code', () => {
  expect(guide).toContain(`more than ${MAX_TOKENS.toLocaleString('en')} tokens`);
  expect(guide).toContain(`at most ${MAX_SUBSCRIPTIONS} subscriptions`);
});
