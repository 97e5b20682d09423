// A place in parsed JSON that knows its path: the decoders of documents read through it.
// Only own properties exist for it, so `__proto__` and `constructor` are ordinary keys, and every refusal has one code.
import { ClientError, type ClientErrorCode } from '../error.ts';
import { fromUtf8 } from './bytes.ts';

export class JsonCursor {
  readonly value: unknown;
  readonly path: string;
  readonly #code: ClientErrorCode;

  constructor(value: unknown, path: string, code: ClientErrorCode) {
    this.value = value;
    this.path = path;
    this.#code = code;
  }

  /** Strict UTF-8, strict JSON; `name` opens every path in errors. */
  static parse(bytes: Uint8Array, name: string, code: ClientErrorCode): JsonCursor {
    try {
      return new JsonCursor(JSON.parse(fromUtf8(bytes)), name, code);
    } catch (cause) {
      throw new ClientError(code, { path: name, expected: 'JSON' }, cause);
    }
  }

  fail(expected: string): never {
    throw new ClientError(this.#code, { path: this.path, expected });
  }

  object(): Record<string, unknown> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail('an object');
    return value as Record<string, unknown>;
  }

  /** The member `key`; a cursor on undefined when it is absent. */
  at(key: string): JsonCursor {
    const object = this.object();
    return this.#child(key, Object.hasOwn(object, key) ? object[key] : undefined);
  }

  entries(): [string, JsonCursor][] {
    return Object.entries(this.object()).map(([key, value]) => [key, this.#child(key, value)]);
  }

  items(): JsonCursor[] {
    if (!Array.isArray(this.value)) return this.fail('an array');
    return this.value.map((value, i) => this.#child(i, value));
  }

  optional<T>(read: (cursor: JsonCursor) => T): T | undefined {
    return this.value === undefined ? undefined : read(this);
  }

  string(): string {
    return typeof this.value === 'string' ? this.value : this.fail('a string');
  }

  /** A string that `pattern` matches; `expected` says so in words. */
  match(pattern: RegExp, expected: string): string {
    const text = this.string();
    return pattern.test(text) ? text : this.fail(expected);
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('true or false');
  }

  integer(minimum: number): number {
    const { value } = this;
    return Number.isSafeInteger(value) && (value as number) >= minimum
      ? (value as number)
      : this.fail(`an integer from ${minimum}`);
  }

  #child(key: string | number, value: unknown): JsonCursor {
    return new JsonCursor(value, `${this.path}.${key}`, this.#code);
  }
}
