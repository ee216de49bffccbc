import type { Views } from '../sqlite/views';
import { incidentToken } from './projection';

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));

/** Whether there is anything to search for: a text without a word finds nothing, which would look like an answer. */
export const holdsWords = (text: string): boolean => wordsOf(text).length > 0;

/**
 * Sequences of the facts whose text holds every word of `words`, in any order; a word that ends in `*` stands for its
 * beginnings. No other syntax: everything else is read as words.
 */
export const searchText = (views: Views, words: string, incidentId: string | undefined): Set<number> => {
  const terms = wordsOf(words);
  if (terms.length === 0) return new Set();
  const body = terms.map((word) => {
    // A NUL would end the query before its closing quote.
    const quoted = `"${word.replace(/\*$/, '').replace(/["\0]/g, ' ')}"`;
    return word.endsWith('*') ? `${quoted} *` : quoted;
  });
  const match = [
    ...(incidentId === undefined ? [] : [`incident : "${incidentToken(incidentId)}"`]),
    `body : (${body.join(' AND ')})`,
  ].join(' AND ');
  const rows = views
    .prepare('SELECT rowid FROM search_v2_text WHERE search_v2_text MATCH ?')
    .pluck()
    .all(match) as number[];
  return new Set(rows);
};
