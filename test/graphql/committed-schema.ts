import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';

const root = join(__dirname, '../..');
export const SCHEMA_FILE = 'apps/ledger/graphql/schema.graphql';

/** Sorted, so that a difference shows what changed and nothing else. */
export const printed = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;

export const readSchema = (): string => readFileSync(join(root, SCHEMA_FILE), 'utf8');

/** The committed schema as `printed` has it: how the formatter breaks its lines says nothing. */
export const committed = (): string => printed(buildSchema(readSchema()));

export const writeSchema = (schema: GraphQLSchema): void => {
  writeFileSync(join(root, SCHEMA_FILE), printed(schema));
  execFileSync(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', SCHEMA_FILE], { cwd: root });
};
