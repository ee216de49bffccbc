import { Controller, Get, Res } from '@nestjs/common';
import { LedgerViews } from '@ledger/projections/ledger-views';

interface Reply {
  status(code: number): Reply;
  send(body: unknown): void;
}

@Controller('health')
export class HealthController {
  constructor(private readonly views: LedgerViews) {}

  /** 200 while every read model moves; 503 names the one that has stopped. */
  @Get()
  health(@Res() reply: Reply): void {
    const projections = this.views.health();
    const stopped = projections.some(({ status }) => status === 'stopped');
    reply.status(stopped ? 503 : 200).send({ status: stopped ? 'degraded' : 'ok', projections });
  }
}
