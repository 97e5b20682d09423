/** The small pieces of WIT's grammar that everything else is made of: symbols, names, lists, paths, gates. */

import { isLabel } from './wit-names.ts';
import { WIT_LIMITS, type WitScanner, type WitToken } from './wit-scanner.ts';
import type { Named, SyntaxPath } from './wit-syntax.ts';

export class WitGrammar {
  readonly scanner: WitScanner;
  #items = 0;
  #depth = 0;

  constructor(scanner: WitScanner) {
    this.scanner = scanner;
  }

  is(text: string): boolean {
    const token = this.scanner.peek();
    return token.text === text && (token.kind === 'symbol' || token.kind === 'word');
  }

  /** Takes the symbol or keyword when it is next. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.scanner.next();
    return true;
  }

  expect(text: string): WitToken {
    if (!this.is(text)) throw this.unexpected(`${text}`);
    return this.scanner.next();
  }

  unexpected(wanted: string, token: WitToken = this.scanner.peek()): Error {
    return this.scanner.error('WIT_SYNTAX', token.at, `${wanted} was expected, not ${token.text}`);
  }

  name(): Named {
    const token = this.scanner.peek();
    if (token.kind === 'word') throw this.unexpected(`a name (%${token.text} if that is the name)`);
    if (token.kind !== 'name' || !isLabel(token.text)) throw this.unexpected('a name of words joined by -');
    this.scanner.next();
    this.count();
    return { name: token.text, at: token.at };
  }

  integer(): number {
    const token = this.scanner.next();
    const value = Number(token.text);
    if (token.kind !== 'integer' || !Number.isSafeInteger(value)) throw this.unexpected('a whole number', token);
    return value;
  }

  /** `( a, b, )`: items with commas between, and one more at the end where wanted. */
  list<Item>(open: string, close: string, item: () => Item): Item[] {
    this.expect(open);
    const items: Item[] = [];
    while (!this.is(close)) {
      items.push(item());
      if (!this.take(',')) break;
    }
    this.expect(close);
    return items;
  }

  /** `{ ... }` with items that end by themselves; gates before each are read and mean nothing here. */
  block<Item>(item: () => Item): Item[] {
    this.expect('{');
    const items: Item[] = [];
    for (this.gates(); !this.is('}'); this.gates()) items.push(item());
    this.expect('}');
    return items;
  }

  /** `@since(version = 0.2.0)`, `@unstable(feature = x)`, `@deprecated(version = 0.2.0)`. */
  gates(): void {
    while (this.take('@')) {
      this.name();
      if (!this.take('(')) continue;
      while (!this.is(')')) {
        this.name();
        this.expect('=');
        if (this.scanner.peek().kind === 'integer') this.scanner.version();
        else this.name();
        if (!this.take(',')) break;
      }
      this.expect(')');
    }
  }

  /** `name`, `package:from/name` or `package:from/name@1.2.3`. */
  path(): SyntaxPath {
    const first = this.name();
    if (!this.take(':')) return first;
    const from = this.name();
    this.expect('/');
    const { name } = this.name();
    const version = this.take('@') ? { version: this.scanner.version() } : {};
    return { name, at: first.at, package: `${first.name}:${from.name}`, ...version };
  }

  /** Runs `inner` one level deeper. */
  deeper<Result>(inner: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > WIT_LIMITS.depth) throw this.#limit('witDepth', 'types are nested too deeply');
    const result = inner();
    this.#depth -= 1;
    return result;
  }

  count(): void {
    this.#items += 1;
    if (this.#items > WIT_LIMITS.items) throw this.#limit('witItems', 'the document has too many names');
  }

  #limit(limit: string, message: string): Error {
    return this.scanner.error('WASM_LIMIT', this.scanner.peek().at, message, { limit });
  }
}
