// plain-text: a dprint plugin, schema version 4, written against its raw interface. It asks the host for nothing.

import { listText } from '../guest/json-text';
import { JsonKind, parseJson } from '../guest/json-value';
import { Configuration, readConfiguration } from './configuration';
import { formatBytes } from './format-bytes';
import { giveBytes, giveText, takeBytes, takeText } from './shared-bytes';

export { clear_shared_bytes, get_shared_bytes_ptr } from './shared-bytes';

const NO_CHANGE: i32 = 0;
const CHANGE: i32 = 1;
const ERROR: i32 = 2;
const LICENSE = 'Apache-2.0 (https://www.apache.org/licenses/LICENSE-2.0)';
const INFO =
  '{"name":"plain-text","version":"1.0.0","configKey":"plainText","helpUrl":"","configSchemaUrl":"","updateUrl":null}';

const configurations: Map<i32, Configuration> = new Map<i32, Configuration>();
let overrides: string = '';
let formatted: Uint8Array = new Uint8Array(0);
let error: string = '';

export function dprint_plugin_version_4(): i32 {
  return 4;
}

export function get_plugin_info(): i32 {
  return giveText(INFO);
}

export function get_license_text(): i32 {
  return giveText(LICENSE);
}

export function register_config(id: i32): void {
  __collect();
  configurations.set(id, readConfiguration(takeText()));
}

export function release_config(id: i32): void {
  configurations.delete(id);
}

export function get_config_diagnostics(id: i32): i32 {
  return giveText(listText(configurationOf(id).diagnostics));
}

export function get_resolved_config(id: i32): i32 {
  return giveText(configurationOf(id).toJson());
}

export function get_config_file_matching(_id: i32): i32 {
  return giveText('{"fileExtensions":["txt","text"],"fileNames":[]}');
}

/** Nothing was ever renamed, so there is nothing to change in an older configuration. */
export function check_config_updates(): i32 {
  takeBytes();
  return giveText('{"kind":"ok","data":[]}');
}

/** The path does not matter to this plugin. */
export function set_file_path(): void {
  takeBytes();
}

export function set_override_config(): void {
  overrides = takeText();
}

export function format(id: i32): i32 {
  __collect();
  return formatWith(id, takeBytes());
}

/** White space at the end of a line is a matter of the whole line, so a range is formatted as part of the file. */
export function format_range(id: i32, _start: i32, _end: i32): i32 {
  return format(id);
}

export function get_formatted_text(): i32 {
  return giveBytes(formatted);
}

export function get_error_text(): i32 {
  return giveText(error);
}

function formatWith(id: i32, input: Uint8Array): i32 {
  const configuration = configurationOf(id).copy();
  if (overrides.length > 0) {
    const settings = parseJson(overrides);
    overrides = '';
    if (settings === null || settings.kind != JsonKind.Object) return fail('the override configuration is not a JSON object');
    configuration.apply(settings);
    if (configuration.complaint.length > 0) return fail(configuration.complaint);
  }
  formatted = formatBytes(input, configuration);
  return same(input, formatted) ? NO_CHANGE : CHANGE;
}

function configurationOf(id: i32): Configuration {
  return configurations.has(id) ? configurations.get(id) : new Configuration();
}

function fail(reason: string): i32 {
  error = reason;
  return ERROR;
}

function same(a: Uint8Array, b: Uint8Array): bool {
  return a.length == b.length && memory.compare(a.dataStart, b.dataStart, <usize>a.length) == 0;
}
