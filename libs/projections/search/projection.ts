import { isFactType, KINDS } from '@ledger/domain/fact/kinds';
import { protectedFields } from '@ledger/domain/schema/protected-fields';
import type { ReadableEvent } from '@ledger/event-store/codec';
import type { Projection } from '../projection';
import { sql, type Views } from '../sqlite/views';

/** Of the fields that all facts have, and of what a correction changes: these can be searched. */
const SEARCHED: ReadonlySet<string> = new Set(['/statement', '/quoted', '/note', '/changes/quoted', '/changes/note']);

/** What can be searched in a fact: these, and every free text among the fields of its own kind. */
const textsOf = ({ type, payload }: ReadableEvent): string[] => {
  const kind = KINDS.get(type);
  if (kind === undefined) return [];
  const own = (pointer: string): boolean => {
    const [, field = ''] = pointer.split('/');
    return field !== 'changes' && Object.hasOwn(kind.fields, field);
  };
  return protectedFields(kind.schema, payload)
    .filter(({ pointer, subject }) => subject === undefined && (SEARCHED.has(pointer) || own(pointer)))
    .flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
};

/**
 * Full text. The one view that holds clear text (see `clear-text.ts`): an index cannot be searched under encryption. An
 * ordered erasure takes the rows out before the keys go. The incident is a token inside the index, so that a search within
 * one incident does not walk the others.
 */
export const searchProjection: Projection = {
  name: 'search',
  version: 2,
  ddl: `
    CREATE VIRTUAL TABLE IF NOT EXISTS search_v2_text USING fts5 (incident, body, tokenize = 'unicode61 remove_diacritics 2');
    INSERT INTO search_v2_text (search_v2_text, rank) VALUES ('secure-delete', 1);
    CREATE TABLE IF NOT EXISTS search_v2_key (kid TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (kid, sequence)) STRICT, WITHOUT ROWID;
  `,
  apply(views, { sequence, recorded, decode }) {
    if (!isFactType(recorded.type) && recorded.type !== 'erasure-ordered') return;
    const event = decode();
    if (!event.readable) return;
    if (event.type === 'erasure-ordered') {
      for (const kid of event.payload['kids'] as string[])
        for (const row of sql(views, 'SELECT sequence FROM search_v2_key WHERE kid = ?').all(kid) as {
          sequence: number;
        }[])
          remove(views, row.sequence);
      return;
    }
    const body = textsOf(event);
    if (body.length === 0) return;
    remove(views, sequence);
    sql(views, 'INSERT INTO search_v2_text (rowid, incident, body) VALUES (?, ?, ?)').run(
      sequence,
      incidentToken(String(event.payload['incidentId'])),
      body.join('\n'),
    );
    for (const { kid, subject } of event.keys)
      if (subject === undefined)
        sql(views, 'INSERT OR IGNORE INTO search_v2_key (kid, sequence) VALUES (?, ?)').run(kid, sequence);
  },
};

const remove = (views: Views, sequence: number): void => {
  sql(views, 'DELETE FROM search_v2_text WHERE rowid = ?').run(sequence);
};

/** A UUID as one word. */
export const incidentToken = (incidentId: string): string => `i${incidentId.replace(/[^0-9a-z]/gi, '')}`;
