/** One spelling: kebab-case in the log, the others derived. */
export const pascal = (kebab: string): string =>
  kebab.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
export const camel = (kebab: string): string => pascal(kebab).replace(/^./, (letter) => letter.toLowerCase());
export const upper = (kebab: string): string => kebab.replaceAll('-', '_').toUpperCase();
