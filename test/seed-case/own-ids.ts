import { v5 } from 'uuid';
import type { Question } from './questions';

/**
 * The same with ids of this run's own: a store may hold earlier runs of the sample. The controller too is another one, so
 * that what is counted over all its incidents is of this run alone.
 */
export const ownIds = (seed: string) => {
  const text = (original: string): string =>
    original
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uuid) => v5(uuid, seed))
      .replace(/(?<=["':])labour(?=["'\\ ])/g, `labour-${seed.slice(0, 8)}`);
  const value = <T>(original: T): T => JSON.parse(text(JSON.stringify(original))) as T;
  const question = (original: Question): Question => ({ ...original, ...value(original) });
  return { text, value, question };
};
