import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

type Composite = GraphQLObjectType | GraphQLInterfaceType;

/**
 * Selections over a schema that nobody has to know: every plain value below a type, and the objects on the way to it.
 * What has an identity of its own is opened under `node`, where the list shows it, and named by its id elsewhere. Fields
 * that need arguments, and lists that have pages of their own, are left out: those are views by themselves.
 */
export class Selections {
  private readonly fragments = new Map<string, string>();
  private readonly open = new Set<string>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** All of a type, between braces. */
  of(type: Composite): string {
    return `{ ${this.fields(type)} }`;
  }

  /** To be put behind the operation that uses the selections. */
  definitions(): string {
    return [...this.fragments.values()].join('\n');
  }

  private fields(type: Composite): string {
    return Object.values(type.getFields())
      .flatMap((field) => this.field(field) ?? [])
      .join(' ');
  }

  private field(field: GraphQLField<unknown, unknown>): string | undefined {
    const type = getNamedType(field.type);
    if (field.args.some(isRequiredArgument) || isConnection(type)) return undefined;
    if (isLeafType(type)) return field.name;
    if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
    const spread = field.name !== 'node' && this.isNode(type) ? this.named(type) : this.whole(type);
    return spread === undefined ? undefined : `${field.name} { ${spread} }`;
  }

  private isNode(type: Composite): boolean {
    const all = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    return all.every((each) => each.getInterfaces().some(({ name }) => name === 'Node'));
  }

  /** Undefined within itself. */
  private whole(type: Composite): string | undefined {
    if (this.open.has(type.name)) return undefined;
    if (!this.fragments.has(type.name)) {
      this.open.add(type.name);
      const parts = [this.fields(type), ...(isInterfaceType(type) ? this.beyond(type) : [])];
      this.fragments.set(type.name, `fragment ${type.name} on ${type.name} { ${parts.join(' ')} }`);
      this.open.delete(type.name);
    }
    return `...${type.name}`;
  }

  /** What the kinds of an interface have beside it: what they share once, under the interface that they share it by. */
  private beyond(base: GraphQLInterfaceType): string[] {
    const kinds = this.schema.getPossibleTypes(base);
    const shared = [...new Set(kinds.flatMap((kind) => kind.getInterfaces()))].filter((each) => each !== base);
    const fields = (type: Composite, above: readonly GraphQLInterfaceType[]): string => {
      const own = Object.values(type.getFields())
        .filter(({ name }) => !above.some((each) => name in each.getFields()))
        .flatMap((field) => this.field(field) ?? []);
      return own.length === 0 ? '' : `... on ${type.name} { ${own.join(' ')} }`;
    };
    return [
      ...shared.map((each) => fields(each, [base])),
      ...kinds.map((kind) => fields(kind, [base, ...kind.getInterfaces()])),
    ].filter((part) => part !== '');
  }

  private named(type: Composite): string {
    const name = `Named${type.name}`;
    if (!this.fragments.has(name)) {
      const kinds = isInterfaceType(type) ? this.schema.getPossibleTypes(type) : [type];
      const holder = [type, ...kinds.flatMap((kind) => kind.getInterfaces())].find(
        (each) => 'reference' in each.getFields(),
      );
      const reference =
        holder === undefined || holder === type ? holder && 'reference' : `... on ${holder.name} { reference }`;
      const id = 'id' in type.getFields() ? 'id' : '... on Node { id }';
      this.fragments.set(name, `fragment ${name} on ${type.name} { ${[id, reference].filter(Boolean).join(' ')} }`);
    }
    return `...${name}`;
  }
}

/** A list that comes in pages. */
export const isConnection = (type: unknown): type is GraphQLObjectType =>
  isObjectType(type) && 'edges' in type.getFields() && 'pageInfo' in type.getFields();
