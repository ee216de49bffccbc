import { isFactType } from '@ledger/domain/fact/kinds';
import type { Projection } from '../projection';
import { sql, type Views } from '../sqlite/views';

/** The fields that can be searched; each is free text under the fact's own key. */
const SEARCHED = ['statement', 'quoted', 'note', 'reason'];
/** Of what a correction changes. */
const SEARCHED_CHANGES = ['quoted', 'note'];

const textsIn = (value: unknown, fields: readonly string[]): string[] =>
  fields
    .map((field) => (value as Record<string, unknown> | undefined)?.[field])
    .filter((text) => typeof text === 'string');

/**
 * Full text. The one view that holds clear text (see `clear-text.ts`): an index cannot be searched under encryption. An
 * ordered erasure takes the rows out before the keys go. The incident is a token inside the index, so that a search within
 * one incident does not walk the others.
 */
export const searchProjection: Projection = {
  name: 'search',
  version: 1,
  ddl: `
    CREATE VIRTUAL TABLE IF NOT EXISTS search_v1_text USING fts5 (incident, body, tokenize = 'unicode61 remove_diacritics 2');
    INSERT INTO search_v1_text (search_v1_text, rank) VALUES ('secure-delete', 1);
    CREATE TABLE IF NOT EXISTS search_v1_key (kid TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (kid, sequence)) STRICT, WITHOUT ROWID;
  `,
  apply(views, { sequence, recorded, decode }) {
    if (!isFactType(recorded.type) && recorded.type !== 'erasure-ordered') return;
    const event = decode();
    if (!event.readable) return;
    if (event.type === 'erasure-ordered') {
      for (const kid of event.payload['kids'] as string[])
        for (const row of sql(views, 'SELECT sequence FROM search_v1_key WHERE kid = ?').all(kid) as {
          sequence: number;
        }[])
          remove(views, row.sequence);
      return;
    }
    const body = [...textsIn(event.payload, SEARCHED), ...textsIn(event.payload['changes'], SEARCHED_CHANGES)];
    if (body.length === 0) return;
    remove(views, sequence);
    sql(views, 'INSERT INTO search_v1_text (rowid, incident, body) VALUES (?, ?, ?)').run(
      sequence,
      incidentToken(String(event.payload['incidentId'])),
      body.join('\n'),
    );
    for (const { kid, subject } of event.keys)
      if (subject === undefined)
        sql(views, 'INSERT OR IGNORE INTO search_v1_key (kid, sequence) VALUES (?, ?)').run(kid, sequence);
  },
};

const remove = (views: Views, sequence: number): void => {
  sql(views, 'DELETE FROM search_v1_text WHERE rowid = ?').run(sequence);
};

/** A UUID as one word. */
export const incidentToken = (incidentId: string): string => `i${incidentId.replace(/[^0-9a-z]/gi, '')}`;
