// http-trigger: sends one HTTP request when a note is played. The address comes from the mapping's parameters; which hosts can
// be reached is Conductor's decision, by the `hosts` the user granted.

import { jsonText, numberText, quote } from '../guest/json-text';
import { JsonKind, JsonValue, parseJson } from '../guest/json-value';

export { alloc, dealloc } from '../guest/allocation';

@external('conductor', 'set_result')
declare function resultFrom(pointer: usize, length: i32): void;

@external('conductor', 'http_request')
declare function requestFrom(pointer: usize, length: i32): i32;

@external('conductor', 'http_response_read')
declare function responseInto(pointer: usize, capacity: i32): i32;

const OK: i32 = 0;
const BAD_PARAMS: i32 = 1;
const NOT_SENT: i32 = 2;
const HTTP_ERROR: i32 = 3;
const NOT_GRANTED: i32 = -1;
/** Longer answers are not read; only the status is used. */
const MAX_RESPONSE: i32 = 1 << 20;

export function init(): void {}

export function execute(pointer: usize, length: i32): i32 {
  __collect();
  const params = parseJson(String.UTF8.decodeUnsafe(pointer, <usize>length));
  if (params === null || params.kind != JsonKind.Object) return refuse(BAD_PARAMS, 'the parameters are not a JSON object');
  const url = params.get('url');
  if (url === null || !url.isText() || !url.text.startsWith('https://')) {
    return refuse(BAD_PARAMS, 'url must be an address that begins with https://');
  }
  const method = params.get('method');
  if (method !== null && !(method.text == 'GET' || method.text == 'POST')) return refuse(BAD_PARAMS, 'method must be GET or POST');
  const body = params.get('body');
  const request =
    `{"method":${quote(method === null ? 'POST' : method.text)},"url":${quote(url.text)},` +
    `"headers":{"content-type":"application/json"},"body":${quote(body === null ? '' : jsonText(body))}}`;
  return send(request);
}

function send(request: string): i32 {
  const bytes = String.UTF8.encode(request);
  const length = requestFrom(changetype<usize>(bytes), bytes.byteLength);
  if (length == NOT_GRANTED) return refuse(NOT_SENT, 'network is not granted');
  if (length < 0) return refuse(NOT_SENT, 'the request failed');
  if (length > MAX_RESPONSE) return refuse(NOT_SENT, 'the answer is longer than 1 MiB');
  const buffer = new ArrayBuffer(length);
  const read = responseInto(changetype<usize>(buffer), length);
  const response = read == length ? parseJson(String.UTF8.decode(buffer)) : null;
  const status = response !== null ? response.get('status') : null;
  if (status === null || !status.isNumber()) return refuse(NOT_SENT, 'the answer could not be read');
  setResult(`{"status":${numberText(status.number)}}`);
  return status.number >= 200 && status.number < 300 ? OK : HTTP_ERROR;
}

function refuse(code: i32, reason: string): i32 {
  setResult(`{"error":${quote(reason)}}`);
  return code;
}

function setResult(json: string): void {
  const bytes = String.UTF8.encode(json);
  resultFrom(changetype<usize>(bytes), bytes.byteLength);
}
