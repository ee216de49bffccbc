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

/** Runs a step, prints a dot each second while it works, and its output only when it fails. */
const step = (title, command, commandArgs, env = process.env) =>
  new Promise((resolve) => {
    const started = Date.now();
    process.stderr.write(`${title} `);
    const child = spawn(command, commandArgs, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const dots = setInterval(() => process.stderr.write('.'), 1000);
    const done = (code) => {
      clearInterval(dots);
      say(code === 0 ? ` done in ${Math.round((Date.now() - started) / 1000)} s` : ' failed');
      if (code !== 0) {
        process.stderr.write(Buffer.concat(output));
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

/** Installed when the lock file is the one that was installed. */
const install = async () => {
  const lock = createHash('sha256')
    .update(read(at('package-lock.json')))
    .digest('hex');
  const stamp = at('node_modules/.installed-lock');
  if (read(stamp) === lock) return;
  const [command, first] = npm();
  await step('Installing packages (about a minute the first time)', command, [
    ...first,
    'ci',
    '--no-audit',
    '--no-fund',
  ]);
  fs.writeFileSync(stamp, lock);
};

/** The newest change of anything that goes into the build. */
const newest = (folder) =>
  fs.readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const full = path.join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(full) : fs.statSync(full).mtimeMs);
  }, fs.statSync(folder).mtimeMs);

const build = async (node) => {
  const sources = Math.max(
    newest(at('apps')),
    newest(at('libs')),
    newest(at('test/seed-case')),
    ...['package-lock.json', 'nest-cli.json', 'tsconfig.json'].map((file) => fs.statSync(at(file)).mtimeMs),
  );
  for (const app of ['ledger', 'ledgerctl']) {
    const built = at('dist/apps', app, 'main.js');
    if (fs.existsSync(built) && fs.statSync(built).mtimeMs > sources) continue;
    await step(`Building ${app}`, node, [at('node_modules/@nestjs/cli/bin/nest.js'), 'build', app]);
    if (!fs.existsSync(built)) throw new Error(`the build wrote no ${built}`);
  }
};

const main = async () => {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    say(`Node ${process.versions.node} is too old to start from: install Node 20 or newer (24 LTS is best).`);
    process.exit(1);
  }
  await install();
  const own = at('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const node = fs.existsSync(own) ? own : process.execPath;
  if (program === 'ledger' || program === 'ledgerctl') await build(node);
  const files = {
    ledger: 'dist/apps/ledger/main.js',
    ledgerctl: 'dist/apps/ledgerctl/main.js',
    jest: 'node_modules/jest/bin/jest.js',
  };
  const child = spawn(node, [at(files[program] ?? program), ...args], { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
};

main().catch((error) => {
  say(error.message);
  process.exit(1);
});
