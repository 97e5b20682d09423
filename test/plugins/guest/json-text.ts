// JSON text out of values, for the example plugins (AssemblyScript).

import { JsonKind, JsonValue } from './json-value';

export function quote(text: string): string {
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code == 0x22 || code == 0x5c) out += '\\' + text.charAt(i);
    else if (code == 0x0a) out += '\\n';
    else if (code == 0x0d) out += '\\r';
    else if (code == 0x09) out += '\\t';
    else if (code < 0x20) out += '\\u00' + hexDigit(code >> 4) + hexDigit(code & 15);
    else out += text.charAt(i);
  }
  return out + '"';
}

function hexDigit(value: i32): string {
  return '0123456789abcdef'.charAt(value);
}

/** A number JSON can carry; null for what it cannot, which in the examples means "not defined". */
export function numberText(value: f64): string {
  if (!isFinite(value)) return 'null';
  const text = value.toString();
  return text.endsWith('.0') ? text.substring(0, text.length - 2) : text;
}

export function listText(items: string[]): string {
  return '[' + items.join(',') + ']';
}

export function jsonText(value: JsonValue): string {
  switch (value.kind) {
    case JsonKind.Boolean:
      return value.number != 0 ? 'true' : 'false';
    case JsonKind.Number:
      return numberText(value.number);
    case JsonKind.Text:
      return quote(value.text);
    case JsonKind.List:
      return listText(itemTexts(value));
    case JsonKind.Object:
      return objectText(value);
    default:
      return 'null';
  }
}

function itemTexts(value: JsonValue): string[] {
  const texts: string[] = [];
  for (let i = 0; i < value.items.length; i++) texts.push(jsonText(value.items[i]));
  return texts;
}

function objectText(value: JsonValue): string {
  const members = itemTexts(value);
  for (let i = 0; i < members.length; i++) members[i] = quote(value.keys[i]) + ':' + members[i];
  return '{' + members.join(',') + '}';
}
