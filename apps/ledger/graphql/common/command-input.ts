import { Field, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { RevisionScalar, UuidScalar } from './scalars';

/** What every command carries. Who sends it comes from the request, never from here. */
@InputType({ isAbstract: true })
export abstract class CommandInput {
  @Field(() => UuidScalar, {
    description:
      'Chosen by the caller, unique per stream. The same id with the same content is the same command: it has one effect and one answer. With other content it is refused.',
  })
  commandId: string;

  @IsOptional()
  @Field(() => RevisionScalar, {
    nullable: true,
    description: 'Refuse unless the stream is at this revision; absent: whatever it is at.',
  })
  expectedRevision?: string | null;
}
