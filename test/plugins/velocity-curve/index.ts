// velocity-curve: reshapes the velocity of a MIDI note. Pure: one JSON object in, one out.

import { numberText, quote } from '../guest/json-text';
import { JsonKind, JsonValue, parseJson } from '../guest/json-value';

export { alloc, dealloc } from '../guest/allocation';

@external('conductor', 'set_result')
declare function resultFrom(pointer: usize, length: i32): void;

const OK: i32 = 0;
const BAD_PARAMS: i32 = 1;
const MAX_VELOCITY: f64 = 127;

export function init(): void {}

export function execute(pointer: usize, length: i32): i32 {
  __collect();
  const params = parseJson(String.UTF8.decodeUnsafe(pointer, <usize>length));
  if (params === null || params.kind != JsonKind.Object) return refuse('the parameters are not a JSON object');
  const velocity = numberOf(params, 'velocity', NaN);
  if (!(velocity >= 0 && velocity <= MAX_VELOCITY)) return refuse('velocity must be a number from 0 to 127');
  const low = numberOf(params, 'min', 1);
  const high = numberOf(params, 'max', MAX_VELOCITY);
  if (!(low >= 1 && high <= MAX_VELOCITY && low <= high)) return refuse('min and max must satisfy 1 <= min <= max <= 127');
  const amount = numberOf(params, 'amount', 1);
  if (!(amount >= 0 && amount <= 1)) return refuse('amount must be a number from 0 to 1');
  const curve = params.get('curve');
  const name = curve === null ? 'linear' : curve.text;
  const x = (velocity - 1) / (MAX_VELOCITY - 1);
  const shaped = shape(name, max<f64>(x, 0), numberOf(params, 'gamma', 2));
  if (isNaN(shaped)) return refuse('curve must be linear, power, logarithmic, s-curve or fixed, and gamma above 0');
  // A note-on with velocity 0 is a note-off (MIDI 1.0), so silence stays silence whatever the curve.
  if (velocity == 0) return answer(name, 0);
  const mixed = x + amount * (shaped - x);
  return answer(name, Math.floor(low + max<f64>(mixed, 0) * (high - low) + 0.5));
}

/** The curve at x, both from 0 to 1; NaN for an unknown name or a gamma that is not above 0. */
function shape(name: string, x: f64, gamma: f64): f64 {
  if (name == 'linear') return x;
  if (name == 'power') return gamma > 0 ? Math.pow(x, gamma) : NaN;
  if (name == 'logarithmic') return Math.log1p(9 * x) / Math.LN10;
  if (name == 's-curve') return x * x * (3 - 2 * x);
  if (name == 'fixed') return 1;
  return NaN;
}

function numberOf(params: JsonValue, key: string, otherwise: f64): f64 {
  const value = params.get(key);
  if (value === null) return otherwise;
  return value.isNumber() ? value.number : NaN;
}

function answer(curve: string, velocity: f64): i32 {
  setResult(`{"curve":${quote(curve)},"velocity":${numberText(velocity)}}`);
  return OK;
}

function refuse(reason: string): i32 {
  setResult(`{"error":${quote(reason)}}`);
  return BAD_PARAMS;
}

function setResult(json: string): void {
  const bytes = String.UTF8.encode(json);
  resultFrom(changetype<usize>(bytes), bytes.byteLength);
}
