// The questions of `plugmark init`, asked of a person at a terminal. They go to stderr, as all talk does.

import type { Readable, Writable } from 'node:stream';
import { CliError } from './cli-error.ts';

export interface InitAnswers {
  readonly host: string;
  readonly template: string;
  readonly plugin: string;
}

export interface InitQuestions {
  /** Answers that are known, and the suggestion for the name. */
  readonly given: Partial<InitAnswers>;
  readonly suggestion: string;
  readonly hosts: readonly { readonly value: string; readonly label: string }[];
  readonly templates: readonly { readonly value: string; readonly label: string }[];
  /** What is wrong with a name; undefined when nothing is. */
  readonly nameProblem: (plugin: string) => string | undefined;
  readonly input: Readable;
  readonly output: Writable;
}

/** Asks what is not given. Throws USAGE when the person stops. */
export async function askInit(questions: InitQuestions): Promise<InitAnswers> {
  const { given, suggestion, hosts, templates, nameProblem, input, output } = questions;
  const { isCancel, select, text } = await import('@clack/prompts');
  const answered = (value: string | symbol): string => {
    if (isCancel(value) || typeof value !== 'string') throw new CliError('USAGE', 'stopped; nothing was written');
    return value;
  };
  const choose = async (message: string, options: InitQuestions['hosts']): Promise<string> =>
    answered(await select({ message, options: [...options], input, output }));
  const host = given.host ?? (await choose('Which application is the plugin for?', hosts));
  const template = given.template ?? (await choose('In which language?', templates));
  const plugin =
    given.plugin ??
    answered(
      await text({
        message: 'Its name, publisher/name (the publisher is your namespace at the registry)',
        initialValue: suggestion,
        validate: (value) => nameProblem(value ?? ''),
        input,
        output,
      }),
    );
  return { host, template, plugin };
}
