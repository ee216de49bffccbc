'use strict';
/**
 * Runs one of the product's programs on a clone that has nothing but Node >= 20 and npm: installs and builds what is
 * missing or stale, and only that, then hands over to the Node that the project brings along.
 *
 *   node apps/ledgerctl/prepare.cjs ledger | ledgerctl | jest | <file.js>  [arguments]
 *
 * Plain CommonJS without dependencies: it runs before anything is installed.
 */
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const at = (...parts) => path.join(root, ...parts);
const [program, ...args] = process.argv.slice(2);
const say = (line) => process.stderr.write(`${line}\n`);

const read = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/** Runs a step, prints a dot each second while it works, and its output only when it fails; that ends the program. */
const step = (title, command, commandArgs, onFailure = () => {}) =>
  new Promise((resolve) => {
    const started = Date.now();
    process.stderr.write(`${title} `);
    const child = spawn(command, commandArgs, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const dots = setInterval(() => process.stderr.write('.'), 1000);
    const done = (code) => {
      clearInterval(dots);
      say(code === 0 ? ` done in ${Math.round((Date.now() - started) / 1000)} s` : ' failed');
      if (code !== 0) {
        process.stderr.write(Buffer.concat(output));
        onFailure();
        process.exit(1);
      }
      resolve();
    };
    child.on('error', (error) => (output.push(Buffer.from(`${error.message}\n`)), done(1)));
    child.on('close', done);
  });

const npm = () =>
  process.env.npm_execpath
    ? [process.execPath, [process.env.npm_execpath]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];

/** Two runs at once take turns: each would take away what the other one is writing. */
const taking = async (work) => {
  const lock = path.join(os.tmpdir(), `incident-ledger-${sha256(root).slice(0, 16)}.lock`);
  const mine = `${lock}.${process.pid}`;
  const release = () => fs.rmSync(lock, { force: true });
  fs.writeFileSync(mine, String(process.pid));
  for (let waiting = false; !linked(mine, lock); waiting = true) {
    const holder = Number(read(lock));
    // Process ids come again: one that is ours was left by somebody before us.
    if (holder === process.pid || (holder > 0 && !isRunning(holder))) release();
    else if (!waiting) say(`Waiting until process ${holder} has installed and built (${lock})`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  fs.rmSync(mine);
  process.once('exit', release);
  await work();
  process.off('exit', release);
  release();
};

/** False when `to` exists. What is linked is whole from the first moment. */
const linked = (from, to) => {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
};

const isRunning = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Installed when the lock file is the one that was installed. */
const install = async () => {
  const lock = sha256(read(at('package-lock.json')));
  const stamp = at('node_modules/.installed-lock');
  if (read(stamp) === lock) return;
  const [command, first] = npm();
  await step('Installing packages (about a minute the first time)', command, [
    ...first,
    'ci',
    '--no-audit',
    '--no-fund',
  ]);
  ownNode();
  fs.writeFileSync(stamp, lock);
};

/** The Node that the project brings along, or this one where it is new enough. */
const ownNode = () => {
  const own = at('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (fs.existsSync(own)) return own;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 14)) return process.execPath;
  throw new Error(
    `Node ${process.versions.node} cannot run the ledger, and the one that the project brings along is missing, perhaps because install scripts are switched off. Allow them (npm config set ignore-scripts false) and try again, or use Node 24.`,
  );
};

const filesUnder = (name) =>
  fs.statSync(at(name)).isDirectory()
    ? fs
        .readdirSync(at(name))
        .sort()
        .flatMap((entry) => filesUnder(`${name}/${entry}`))
    : [name];

const SOURCES = ['apps', 'libs', 'test/seed-case', 'package-lock.json', 'nest-cli.json', 'tsconfig.json'];

/** Built when the last build succeeded and was made from these very sources: of a failed one, files may lie there too. */
const build = async (node) => {
  const sources = sha256(
    ...SOURCES.flatMap(filesUnder).flatMap((name) => [name, '\0', fs.readFileSync(at(name)), '\0']),
  );
  for (const app of ['ledger', 'ledgerctl']) {
    const folder = at('dist/apps', app);
    const stamp = path.join(folder, '.built-from');
    if (read(stamp) === sources) continue;
    const discard = () => fs.rmSync(folder, { recursive: true, force: true });
    fs.rmSync(stamp, { force: true });
    await step(`Building ${app}`, node, [at('node_modules/@nestjs/cli/bin/nest.js'), 'build', app], discard);
    if (!fs.existsSync(path.join(folder, 'main.js'))) throw new Error(`the build wrote no main.js into ${folder}`);
    fs.writeFileSync(stamp, sources);
  }
};

const main = async () => {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    say(`Node ${process.versions.node} is too old to start from: install Node 20 or newer (24 LTS is best).`);
    process.exit(1);
  }
  let node = process.execPath;
  await taking(async () => {
    await install();
    node = ownNode();
    if (program === 'ledger' || program === 'ledgerctl') await build(node);
  });
  const files = {
    ledger: 'dist/apps/ledger/main.js',
    ledgerctl: 'dist/apps/ledgerctl/main.js',
    jest: 'node_modules/jest/bin/jest.js',
  };
  const child = spawn(node, [at(files[program] ?? program), ...args], { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('close', (code, signal) => {
    if (signal !== null) say(`It was ended by ${signal}.`);
    process.exit(code ?? (signal === 'SIGINT' ? 130 : 143));
  });
};

main().catch((error) => {
  say(error.message);
  process.exit(1);
});
