/** An element that the page was built with. */
export function part<E extends Element = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks #${id}`);
  return found as unknown as E;
}

/** Addresses of this site, from the base path the page was built for. */
export function linkFrom(base: string): (path: string) => string {
  return (path) => `${base}${path}`;
}

/** A file of this site by its address; `path` is how an error names it. */
export async function fetchOwn(address: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(address, { credentials: 'omit', ...init });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response;
}

/** A link that saves text as a file. */
export function saveLink(name: string, type: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.textContent = name;
  return link;
}

/** Calls back with the first file that is chosen, or dropped anywhere on the page. */
export function takeFiles(input: HTMLInputElement, area: Element, take: (file: File) => void): void {
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) take(file);
  });
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop'])
    document.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.toggle('is-over', name === 'dragenter' || name === 'dragover');
    });
  document.addEventListener('drop', ({ dataTransfer }) => {
    const file = dataTransfer?.files[0];
    if (file === undefined) return;
    input.value = '';
    take(file);
  });
}
