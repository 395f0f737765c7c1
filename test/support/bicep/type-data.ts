/** Azure's own Bicep type data, read from the folder that BICEP_TYPES_DIR names; without it the checks of types are left out, loudly. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

type Reference = { $ref: string };
export type PropertyType = { type: Reference; flags: number };

/** One element of a type file. */
export type TypeNode =
  | { $type: 'StringType'; pattern?: string; minLength?: number; maxLength?: number }
  | { $type: 'IntegerType'; minValue?: number; maxValue?: number }
  | { $type: 'BooleanType' }
  | { $type: 'AnyType' }
  | { $type: 'StringLiteralType'; value: string }
  | { $type: 'ArrayType'; itemType: Reference }
  | { $type: 'UnionType'; elements: Reference[] }
  | { $type: 'ObjectType'; name: string; properties: Record<string, PropertyType>; additionalProperties?: Reference }
  | {
      $type: 'DiscriminatedObjectType';
      name: string;
      discriminator: string;
      baseProperties: Record<string, PropertyType>;
      elements: Record<string, Reference>;
    }
  | { $type: 'ResourceType'; name: string; body: Reference; writableScopes: number };

/** A type beside the file it stands in, in which its references are looked up. */
export type DataType = { node: TypeNode; at: (reference: Reference) => DataType };
export type ResourceData = { name: string; body: DataType; scopes: number };
export type TypeData = ReadonlyMap<string, ResourceData>;

export const typesFolder = (): string => resolve(process.env['BICEP_TYPES_DIR'] ?? '../shared/bicep-types');
export const hasTypeData = (): boolean => existsSync(typesFolder());

const open = (nodes: readonly TypeNode[], reference: Reference): DataType => {
  const node = nodes[Number(reference.$ref.slice('#/'.length))];
  if (!node) throw new Error(`no type ${reference.$ref}`);
  return { node, at: (next) => open(nodes, next) };
};

/** Every resource type of the folder and `ours`, by `type@version` in lower case. */
export const readTypeData = (folder = typesFolder()): TypeData => {
  const files = globSync('*.json', { cwd: folder }).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as TypeNode[]);
  const data = new Map<string, ResourceData>();
  for (const nodes of [...files, ...SMALL_TYPES])
    for (const node of nodes)
      if (node.$type === 'ResourceType')
        data.set(node.name.toLowerCase(), { name: node.name, body: open(nodes, node.body), scopes: node.writableScopes });
  return data;
};

const SUBSCRIPTION = 4;
const EXTENSION = 16;
const REQUIRED = 1;
const ref = (n: number): Reference => ({ $ref: `#/${n}` });

/** Two types that the data does not hold, as far as the templates use them (ARM reference: resource groups, locks). */
const SMALL_TYPES: TypeNode[][] = [
  [
    { $type: 'StringType' },
    { $type: 'ObjectType', name: 'tags', properties: {}, additionalProperties: ref(0) },
    {
      $type: 'ObjectType',
      name: 'group',
      properties: {
        name: { type: ref(0), flags: REQUIRED },
        location: { type: ref(0), flags: REQUIRED },
        tags: { type: ref(1), flags: 0 },
        id: { type: ref(0), flags: 2 },
      },
    },
    { $type: 'ResourceType', name: 'Microsoft.Resources/resourceGroups@2024-03-01', body: ref(2), writableScopes: SUBSCRIPTION },
  ],
  [
    { $type: 'StringType' },
    { $type: 'StringLiteralType', value: 'CanNotDelete' },
    { $type: 'StringLiteralType', value: 'ReadOnly' },
    { $type: 'UnionType', elements: [ref(1), ref(2)] },
    { $type: 'ObjectType', name: 'lock', properties: { level: { type: ref(3), flags: REQUIRED }, notes: { type: ref(0), flags: 0 } } },
    {
      $type: 'ObjectType',
      name: 'locks',
      properties: { name: { type: ref(0), flags: REQUIRED }, properties: { type: ref(4), flags: REQUIRED } },
    },
    { $type: 'ResourceType', name: 'Microsoft.Authorization/locks@2020-05-01', body: ref(5), writableScopes: EXTENSION | 8 },
  ],
];
