import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Controller, Get, Header, NotFoundException, Param, Res } from '@nestjs/common';
import { consolePage } from './console-page';

const packages = createRequire(join(__dirname, 'console.js'));

/** The files that the page needs, from the installed packages: the console works without any network. */
const ASSETS: Readonly<Record<string, readonly [file: string, type: string]>> = {
  'react.js': ['react/umd/react.production.min.js', 'text/javascript'],
  'react-dom.js': ['react-dom/umd/react-dom.production.min.js', 'text/javascript'],
  'graphiql.js': ['graphiql/graphiql.min.js', 'text/javascript'],
  'graphiql.css': ['graphiql/graphiql.min.css', 'text/css'],
};

interface Reply {
  header(name: string, value: string): Reply;
  send(body: unknown): void;
}

@Controller('console')
export class ConsoleController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header(
    'content-security-policy',
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:",
  )
  page(): string {
    return consolePage();
  }

  @Get(':asset')
  asset(@Param('asset') name: string, @Res() reply: Reply): void {
    const [file, type] = Object.hasOwn(ASSETS, name) ? (ASSETS[name] ?? []) : [];
    if (file === undefined || type === undefined) throw new NotFoundException();
    const [pkg = ''] = file.split('/');
    const folder = packages.resolve(`${pkg}/package.json`).replace(/package\.json$/, '');
    reply
      .header('content-type', `${type}; charset=utf-8`)
      .header('cache-control', 'max-age=3600')
      .send(readFileSync(join(folder, file.slice(pkg.length + 1))));
  }
}
