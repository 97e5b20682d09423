// spectral-entropy 1.0.0: normalised spectral entropy of every channel over the whole spectrum.

import { listText, numberText, quote } from '../../guest/json-text';
import { JsonKind, parseJson } from '../../guest/json-value';
import { channelSpectrum, DEFAULT_SEGMENT, isSegmentLength } from '../channel-spectrum';
import { channelCount, channelLabel, writeResult } from '../ddalab';

export { alloc, dealloc } from '../../guest/allocation';

const OK: i32 = 0;
const BAD_OPTIONS: i32 = 1;
const NO_DATA: i32 = 2;
const NO_RESULT: i32 = 3;

export function analyze(pointer: usize, length: i32): i32 {
  __collect();
  const options = parseJson(String.UTF8.decodeUnsafe(pointer, <usize>length));
  if (options === null || options.kind != JsonKind.Object) return refuse(BAD_OPTIONS, 'the options are not a JSON object');
  const wanted = options.get('segmentSamples');
  if (wanted !== null && !(wanted.isNumber() && isSegmentLength(wanted.number))) {
    return refuse(BAD_OPTIONS, 'segmentSamples must be a power of two from 16 to 65536');
  }
  return analyzeChannels(wanted === null ? DEFAULT_SEGMENT : <i32>wanted.number);
}

function analyzeChannels(wanted: i32): i32 {
  const count = channelCount();
  if (count < 0) return refuse(NO_DATA, 'the channels cannot be read');
  const rows: string[] = [];
  for (let channel = 0; channel < count; channel++) {
    const spectrum = channelSpectrum(channel, wanted);
    if (spectrum !== null && spectrum.segments == 0) return refuse(NO_DATA, 'a channel gave fewer samples than it has');
    const bins = spectrum === null ? 0 : spectrum.length >> 1;
    const entropy = spectrum === null ? NaN : spectrum.entropy(1, bins);
    const size = spectrum === null ? 0 : spectrum.length;
    const segments = spectrum === null ? 0 : spectrum.segments;
    rows.push(
      `{"label":${quote(channelLabel(channel))},"entropy":${numberText(entropy)},` +
        `"segmentSamples":${size.toString()},"segments":${segments.toString()},"bins":${bins.toString()}}`,
    );
  }
  return writeResult(`{"measure":"spectral-entropy","channels":${listText(rows)}}`) ? OK : NO_RESULT;
}

function refuse(code: i32, reason: string): i32 {
  writeResult(`{"error":${quote(reason)}}`);
  return code;
}
