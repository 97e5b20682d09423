/** JSON inside a page's `<script type="application/json">`, which ends at the first `</script` whatever stands around it. */
export function dataBlock(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
