/**
 * Types and functions of a world as WIT text on one line. Everything is written, also what a document cannot hold in
 * place (a record without a name); the printer of documents refuses that before.
 */
import { splitTypeName, WIT_PRIMITIVES, type WitFunction, type WitType } from './wit.ts';
import { labelText } from './wit-names.ts';

type Composite = Exclude<WitType, string>;
type Form = Composite extends infer Each ? (Each extends Each ? keyof Each : never) : never;

/** How a reference to a type is written; a document names types of other interfaces after its `use`. */
export type NameText = (reference: string) => string;

/** `log` for `%log`-like names of the model, the whole reference for a type of another interface. */
const plainName: NameText = (reference) =>
  splitTypeName(reference).interface === undefined ? labelText(splitTypeName(reference).name) : reference;

/** One type, e.g. `list<tuple<string, u32>>`. */
export function typeText(type: WitType, name: NameText = plainName): string {
  if (typeof type === 'string') return WIT_PRIMITIVES.includes(type) ? type : name(type);
  const text = (inner: WitType): string => typeText(inner, name);
  const [form] = Object.keys(type) as Form[];
  return form === undefined ? '_' : COMPOSITES[form](type as never, text, name);
}

type Writer = (type: never, text: (type: WitType) => string, name: NameText) => string;
type Of<Key extends Form> = Extract<Composite, { readonly [Each in Key]: unknown }>;

const sequence = (items: readonly string[]): string => items.join(', ');

/** Form -> text. */
const COMPOSITES: Readonly<Record<Form, Writer>> = {
  list: ({ list, length }: Of<'list'>, text) => `list<${text(list)}${length === undefined ? '' : `, ${length}`}>`,
  length: () => '_',
  option: ({ option }: Of<'option'>, text) => `option<${text(option)}>`,
  tuple: ({ tuple }: Of<'tuple'>, text) => `tuple<${sequence(tuple.map(text))}>`,
  result({ result: { ok, err } }: Of<'result'>, text) {
    if (err !== undefined) return `result<${ok === undefined ? '_' : text(ok)}, ${text(err)}>`;
    return ok === undefined ? 'result' : `result<${text(ok)}>`;
  },
  record: ({ record }: Of<'record'>, text) =>
    `record { ${sequence(record.map(({ name, type }) => `${labelText(name)}: ${text(type)}`))} }`,
  variant: ({ variant }: Of<'variant'>, text) => `variant { ${sequence(variant.map((one) => caseText(one, text)))} }`,
  enum: (type: Of<'enum'>) => `enum { ${sequence(type.enum.map(labelText))} }`,
  flags: ({ flags }: Of<'flags'>) => `flags { ${sequence(flags.map(labelText))} }`,
  own: ({ own }: Of<'own'>, _text, name) => name(own),
  borrow: ({ borrow }: Of<'borrow'>, _text, name) => `borrow<${name(borrow)}>`,
  stream: ({ stream: { of } }: Of<'stream'>, text) => (of === undefined ? 'stream' : `stream<${text(of)}>`),
  future: ({ future: { of } }: Of<'future'>, text) => (of === undefined ? 'future' : `future<${text(of)}>`),
  map: ({ map: { key, value } }: Of<'map'>, text) => `map<${text(key)}, ${text(value)}>`,
  resource: () => 'resource',
};

/** One case of a variant: `none`, `some(u32)`. */
export function caseText(
  { name, type }: { readonly name: string; readonly type?: WitType },
  text: (type: WitType) => string,
): string {
  return type === undefined ? labelText(name) : `${labelText(name)}(${text(type)})`;
}

/** The type of a function: `func(path: string) -> result<descriptor, error-code>`. */
export function functionText({ params, result, async }: Omit<WitFunction, 'name'>, name: NameText = plainName): string {
  const list = sequence(params.map((param) => `${labelText(param.name)}: ${typeText(param.type, name)}`));
  return `${async === true ? 'async ' : ''}func(${list})${result === undefined ? '' : ` -> ${typeText(result, name)}`}`;
}
