// The plugin's three settings, out of dprint's `{"plugin": {...}, "global": {...}}`, with a diagnostic for each property that
// is unknown or has a value that is not allowed.

import { quote } from '../guest/json-text';
import { JsonKind, JsonValue, parseJson } from '../guest/json-value';

export class Configuration {
  trimTrailingWhitespace: bool = true;
  finalNewline: bool = true;
  /** `lf`, `crlf`, or `auto`: as the first line of the file ends. */
  newLineKind: string = 'auto';
  /** What is wrong, as dprint's diagnostics in JSON, and the first of them in words. */
  readonly diagnostics: string[] = [];
  complaint: string = '';

  toJson(): string {
    return (
      `{"trimTrailingWhitespace":${this.trimTrailingWhitespace ? 'true' : 'false'},` +
      `"finalNewline":${this.finalNewline ? 'true' : 'false'},"newLineKind":${quote(this.newLineKind)}}`
    );
  }

  /** The same settings without the diagnostics. */
  copy(): Configuration {
    const copy = new Configuration();
    copy.trimTrailingWhitespace = this.trimTrailingWhitespace;
    copy.finalNewline = this.finalNewline;
    copy.newLineKind = this.newLineKind;
    return copy;
  }

  /** Takes over the settings of an object; those it does not name stay as they are. */
  apply(settings: JsonValue): void {
    for (let i = 0; i < settings.keys.length; i++) this.set(settings.keys[i], settings.items[i]);
  }

  private set(key: string, value: JsonValue): void {
    if (key == 'trimTrailingWhitespace' && value.kind == JsonKind.Boolean) this.trimTrailingWhitespace = value.number != 0;
    else if (key == 'finalNewline' && value.kind == JsonKind.Boolean) this.finalNewline = value.number != 0;
    else if (key == 'newLineKind' && isNewLineKind(value.text)) this.newLineKind = value.text;
    else if (key != 'locked' && key != 'associations') this.complain(key);
  }

  private complain(key: string): void {
    const known = key == 'trimTrailingWhitespace' || key == 'finalNewline' || key == 'newLineKind';
    const message = known ? 'This value is not allowed here' : 'Unknown property in configuration';
    if (this.complaint == '') this.complaint = message + ': ' + key;
    this.diagnostics.push(`{"propertyName":${quote(key)},"message":${quote(message)}}`);
  }
}

export function readConfiguration(text: string): Configuration {
  const configuration = new Configuration();
  const root = parseJson(text);
  const shared = root !== null ? root.get('global') : null;
  const newLineKind = shared !== null ? shared.get('newLineKind') : null;
  if (newLineKind !== null && isNewLineKind(newLineKind.text)) configuration.newLineKind = newLineKind.text;
  const own = root !== null ? root.get('plugin') : null;
  if (own !== null) configuration.apply(own);
  return configuration;
}

function isNewLineKind(text: string): bool {
  return text == 'lf' || text == 'crlf' || text == 'auto';
}
