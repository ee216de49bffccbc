// Bundles the TypeScript file argv[2] into argv[3], so that it starts at once, again and again, without a build of the project.
const { basename, dirname, resolve } = require('node:path');
const { rspack } = require('@rspack/core');

const [entry, output] = process.argv.slice(2).map((path) => resolve(path));
const root = resolve(__dirname, '../..');
const compiler = rspack({
  mode: 'none',
  target: 'node',
  context: root,
  entry,
  output: { path: dirname(output), filename: basename(output) },
  resolve: { extensions: ['.ts', '.js'], alias: { '@ledger': resolve(root, 'libs') } },
  externals: { 'better-sqlite3': `commonjs ${require.resolve('better-sqlite3')}` },
  module: {
    rules: [
      {
        test: /\.ts$/,
        loader: 'builtin:swc-loader',
        options: { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } },
      },
    ],
  },
});
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString());
    process.exitCode = 1;
  }
  compiler.close(() => {});
});
