/** What the operating system said, in words. Codes that are missing here are shown as they are. */
const PROBLEMS: Readonly<Record<string, { readonly problem: string; readonly hint?: string }>> = {
  EACCES: { problem: 'permission denied', hint: 'check its permissions' },
  EPERM: { problem: 'permission denied', hint: 'check its permissions' },
  EROFS: { problem: 'the file system is read-only' },
  ENOSPC: { problem: 'no space left on the disk' },
  EDQUOT: { problem: 'the disk quota is used up' },
  ENOENT: { problem: 'is not there', hint: 'check the path' },
  ENOTDIR: { problem: 'a part of the path is a file, not a folder', hint: 'check the path' },
  EISDIR: { problem: 'is a folder', hint: 'name a file' },
  EEXIST: { problem: 'exists already' },
  ENAMETOOLONG: { problem: 'the name is too long' },
  EMFILE: { problem: 'too many files are open' },
};

/** An error of the file system as what, where and how to go on. Undefined when it is none. */
export function fileProblem(error: unknown): { message: string; hint?: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  const { problem, hint } = PROBLEMS[code] ?? { problem: `${syscall} failed (${code})` };
  return { message: path === undefined ? problem : `${path}: ${problem}`, ...(hint === undefined ? {} : { hint }) };
}
