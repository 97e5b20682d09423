import { readWasm } from '@plugmark/wasm';
import { expect, test } from 'vitest';

test('the browser project runs our sources in a secure context of real Chromium', () => {
  expect([isSecureContext, navigator.userAgent]).toEqual([true, expect.stringContaining('Chrome/')]);
  const empty = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  expect(readWasm(empty)).toMatchObject({ kind: 'core' });
});
