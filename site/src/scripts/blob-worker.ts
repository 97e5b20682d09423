/** A worker under the policy of this page: it is made from text through a blob: address and inherits what the page may do. */
export function blobWorker(text: string): Worker {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}
