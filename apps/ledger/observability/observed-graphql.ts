import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { getOperationAST, isInputObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type {} from 'mercurius';
import { activityOf } from './activity';
import { Observation, type CommandEnd } from './observation';

type Resolve = GraphQLFieldResolver<unknown, unknown>;

/** Mutations are the commands, one for each thing that can be recorded: each is told when it is over. */
@Injectable()
export class ObservedGraphql implements OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly observation: Observation,
  ) {}

  onApplicationBootstrap(): void {
    const { graphql } = this.host.httpAdapter.getInstance<FastifyInstance>();
    this.observation.fields = inputFields(graphql.schema);
    for (const field of Object.values(graphql.schema.getMutationType()?.getFields() ?? {}))
      if (field.resolve !== undefined) field.resolve = this.observed(field.name, field.resolve);
    graphql.addHook('preExecution', async (_, document, { reply }) => {
      const current = activityOf(reply.request.raw);
      if (current !== undefined) current.operation = getOperationAST(document)?.operation;
    });
  }

  private observed(name: string, resolve: Resolve): Resolve {
    return (source, args: { input?: { partition?: string } }, context, info) =>
      this.observation.command(
        name,
        args.input?.partition === 'privileged',
        async () => (await resolve(source, args, context, info)) as CommandEnd,
      );
  }
}

const inputFields = (schema: GraphQLSchema): ReadonlySet<string> =>
  new Set(
    Object.values(schema.getTypeMap())
      .filter(isInputObjectType)
      .flatMap((type) => Object.keys(type.getFields())),
  );
