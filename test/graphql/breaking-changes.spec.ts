import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readSchema, SCHEMA_FILE } from './committed-schema';
import { schemaChanges } from './schema-changes';

const git = (...args: string[]): string | undefined => {
  try {
    return execFileSync('git', args, {
      cwd: join(__dirname, '../..'),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
};

/** The schema of the last release, which is the last tag; undefined before the first. */
const released = (): { tag: string; schema: string } | undefined => {
  const tag = git('describe', '--tags', '--abbrev=0')?.trim();
  const schema = tag === undefined ? undefined : git('show', `${tag}:${SCHEMA_FILE}`);
  return tag === undefined || schema === undefined ? undefined : { tag, schema };
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

test('the schema breaks nothing that the last release promised', () => {
  const release = released();
  if (release === undefined) return say('schema changes: there is no release to compare with yet');
  const { breaking, dangerous } = schemaChanges(release.schema, readSchema());
  if (dangerous.length > 0)
    say(['schema changes since ' + release.tag + ' that belong into the change log:', ...dangerous].join('\n  '));
  expect(breaking).toEqual([]);
});

describe('a change of the schema', () => {
  const SCHEMA = `
    interface Entry { id: ID! }
    type Notice implements Entry { id: ID! channel: Channel }
    enum Channel { LETTER EMAIL }
    type Failed { code: String! }
    union Result = Notice | Failed
    input Given { id: ID! note: String }
    type Query { entry(id: ID!): Entry result(given: Given): Result }`;
  const after = (from: string, to: string) => {
    expect(SCHEMA).toContain(from);
    return schemaChanges(SCHEMA, SCHEMA.replace(from, to));
  };

  test.each([
    ['a field that is gone', 'channel: Channel }', '}', 'FIELD_REMOVED'],
    [
      'a field that may now be null',
      'type Failed { code: String! }',
      'type Failed { code: String }',
      'FIELD_CHANGED_KIND',
    ],
    ['a value that is gone', 'LETTER EMAIL', 'LETTER', 'VALUE_REMOVED_FROM_ENUM'],
    ['a member that is gone', 'Notice | Failed', 'Notice', 'TYPE_REMOVED_FROM_UNION'],
    ['a new required field of an input', 'note: String }', 'note: String at: String! }', 'REQUIRED_INPUT_FIELD_ADDED'],
    ['a new required argument', 'entry(id: ID!)', 'entry(id: ID!, at: String!)', 'REQUIRED_ARG_ADDED'],
  ])('breaks clients: %s', (_, from, to, type) => {
    expect(after(from, to).breaking).toEqual([expect.stringMatching(`^${type}: `)]);
  });

  test.each([
    [
      'a new member of a union',
      'type Failed { code: String! }\n    union Result = Notice | Failed',
      'type Failed { code: String! }\n    type Late { code: String! }\n    union Result = Notice | Failed | Late',
      'TYPE_ADDED_TO_UNION',
    ],
    ['a new value of an enum', 'LETTER EMAIL', 'LETTER EMAIL FAX', 'VALUE_ADDED_TO_ENUM'],
    ['a new optional argument', 'entry(id: ID!)', 'entry(id: ID!, at: String)', 'OPTIONAL_ARG_ADDED'],
    [
      'a new type behind an interface',
      'enum Channel',
      'type Claim implements Entry { id: ID! }\n    enum Channel',
      'TYPE_ADDED_TO_INTERFACE',
    ],
  ])('belongs into the change log: %s', (_, from, to, type) => {
    const { breaking, dangerous } = after(from, to);
    expect(breaking).toEqual([]);
    expect(dangerous).toEqual([expect.stringMatching(`^${type}: `)]);
  });

  test('is silent: a new field, a new type, another description', () => {
    expect(after('channel: Channel }', '"How." channel: Channel by: Failed }')).toEqual({
      breaking: [],
      dangerous: [],
    });
  });
});
