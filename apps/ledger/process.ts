const [MAJOR, MINOR] = [22, 14];

/** The database driver ends an older Node without a word, so it is not let that far. */
export const requireNode = (version = process.versions.node): void => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return;
  throw new Error(
    `Node ${version} is too old: the ledger needs ${MAJOR}.${MINOR} or newer, best 24 LTS. \`npm start\` and \`npm run demo\` bring their own.`,
  );
};

/**
 * Resolves when the process is asked to end. Asked again, it goes on ending: a terminal asks every process of its group,
 * and the one that started us passes it on.
 */
export const askedToStop = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });

/** What nobody caught leaves the process in no state to go on. Node would print its words, which may quote what was sent. */
export const endOnFault = (log: { fatal(object: { err: unknown }, message: string): void }): void => {
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'nobody caught this: the process ends');
    process.exit(1);
  });
};
