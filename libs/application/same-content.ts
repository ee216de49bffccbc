import { isHidden } from '@ledger/domain/schema/fields';

/** Whether a stored payload says what a new one says. What has been erased since then cannot be compared and is passed over. */
export const sameContent = (stored: unknown, fresh: unknown): boolean => {
  if (isHidden(stored)) return true;
  if (typeof stored !== 'object' || stored === null || typeof fresh !== 'object' || fresh === null)
    return stored === fresh;
  if (Array.isArray(stored) !== Array.isArray(fresh)) return false;
  const names = new Set([...Object.keys(stored), ...Object.keys(fresh)]);
  return [...names].every((name) =>
    sameContent((stored as Record<string, unknown>)[name], (fresh as Record<string, unknown>)[name]),
  );
};
